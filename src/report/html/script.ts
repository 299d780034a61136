/** The script of the page as the page has it. Text goes in and out of it as text alone: it writes no HTML. */
export const script: string = `
(() => {
  'use strict';
  const byId = (id) => document.getElementById(id);
  const list = byId('list');
  const query = byId('filter-text');
  const boxes = [...document.querySelectorAll('#filter input[type=checkbox]')];
  const order = ['refused', 'unknown', 'changed', 'in-sync'];
  const events = [...list.children].map((node, index) => ({
    node,
    index,
    details: node.querySelector('details'),
    rows: [...node.querySelectorAll('.changes tbody tr')],
    removals: Number(node.dataset.removals),
    additions: Number(node.dataset.additions),
    title: node.querySelector('h3').textContent,
    start: Date.parse(node.dataset.start) || Infinity,
    status: order.indexOf(node.dataset.status),
  }));
  const people = [...document.querySelectorAll('#people li')];
  const morePeople = document.querySelector('#people > details');
  const changes = events.reduce((sum, { rows }) => sum + rows.length, 0);
  const fold = (text) => text.normalize('NFKC').toLowerCase();
  const number = (count, one, many) => count + ' ' + (count === 1 ? one : many);
  const chosen = (name) =>
    new Set(boxes.filter((box) => box.name === name && box.checked).map((box) => box.value));

  let texts = null;
  let peopleTexts = null;
  const readTexts = () =>
    events.map(({ node, rows }) => ({
      head: fold([...node.querySelectorAll('[data-find]')].map((part) => part.textContent).join(' ')),
      rows: rows.map((row) => fold([...row.cells].map((cell) => cell.textContent).join(' '))),
    }));

  let openBefore = null;
  const rememberOpen = (searching) => {
    if (searching && openBefore === null) openBefore = events.map(({ details }) => details.open);
    if (!searching && openBefore !== null) {
      events.forEach(({ details }, index) => (details.open = openBefore[index]));
      openBefore = null;
    }
  };

  const filterPeople = (words) => {
    if (words.length > 0) peopleTexts ??= people.map((person) => fold(person.textContent));
    people.forEach((person, at) => (person.hidden = !words.every((word) => peopleTexts[at].includes(word))));
    if (morePeople !== null) morePeople.open = words.length > 0;
  };

  const filter = () => {
    const words = fold(query.value).split(/\\s+/).filter((word) => word !== '');
    const providers = chosen('provider');
    const statuses = chosen('status');
    if (words.length > 0) texts ??= readTexts();
    rememberOpen(words.length > 0);
    filterPeople(words);
    let shownEvents = 0;
    let shownChanges = 0;
    events.forEach(({ node, details, rows }, index) => {
      const fits =
        (providers.size === 0 || providers.has(node.dataset.provider)) &&
        (statuses.size === 0 || statuses.has(node.dataset.status));
      const rest = words.filter((word) => !texts[index].head.includes(word));
      const hits = rows.map((row, at) => fits && rest.every((word) => texts[index].rows[at].includes(word)));
      const count = hits.filter(Boolean).length;
      rows.forEach((row, at) => (row.hidden = fits && !hits[at]));
      node.hidden = !fits || (rest.length > 0 && count === 0);
      if (node.hidden) return;
      if (words.length > 0) details.open = rest.length > 0 || openBefore[index];
      shownEvents += 1;
      shownChanges += count;
    });
    byId('none').hidden = shownEvents > 0;
    byId('clear').disabled = words.length + providers.size + statuses.size === 0;
    const of = (shown, all, one, many) =>
      shown === all ? number(all, one, many) : shown + ' of ' + number(all, one, many);
    byId('shown').textContent =
      of(shownEvents, events.length, 'event', 'events') + ', ' + of(shownChanges, changes, 'change', 'changes');
  };

  const clear = () => {
    query.value = '';
    for (const box of boxes) box.checked = false;
    filter();
  };

  const collator = new Intl.Collator(undefined, { numeric: true });
  const by = {
    name: (a, b) => a.index - b.index,
    title: (a, b) => collator.compare(a.title, b.title) || a.index - b.index,
    // Two events without a start differ by nothing, and infinity minus infinity is not a number.
    start: (a, b) => (a.start === b.start ? 0 : a.start - b.start) || a.index - b.index,
    status: (a, b) => a.status - b.status || a.index - b.index,
    removals: (a, b) => b.removals - a.removals || a.index - b.index,
    additions: (a, b) => b.additions - a.additions || a.index - b.index,
  };
  const sortEvents = () =>
    list.replaceChildren(...events.toSorted(by[byId('sort').value]).map(({ node }) => node));

  const sortTable = (head, descending) => {
    for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');
    head.ariaSort = descending ? 'descending' : 'ascending';
    const body = head.closest('table').tBodies[0];
    const keyed = [...body.rows].map((row) => [row.cells[head.cellIndex].textContent, row]);
    keyed.sort((a, b) => (descending ? -1 : 1) * collator.compare(a[0], b[0]));
    body.append(...keyed.map(([, row]) => row));
  };

  const follow = () => {
    let id = '';
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const event = events.find(({ node }) => node.id === id);
    if (event === undefined) return;
    if (event.node.hidden) clear();
    event.details.open = true;
    event.node.scrollIntoView();
    event.details.firstElementChild.focus({ preventScroll: true });
  };

  // Where a table is stacked there is no room for its head: one list sorts all tables.
  const sortAll = byId('sort-rows');
  const narrow = matchMedia('(max-width: 48rem)');
  const heads = [...document.querySelectorAll('.changes thead th')];
  const titles = [...new Set(heads.map((head) => head.textContent))];
  for (const title of ['as planned', ...titles]) sortAll.append(new Option(title));
  const planned = new Map(events.map(({ node, rows }) => [node.querySelector('.changes'), rows]));
  sortAll.addEventListener('change', () => {
    for (const head of heads) if (head.textContent === sortAll.value) sortTable(head, false);
    if (sortAll.selectedIndex > 0) return;
    for (const head of heads) head.removeAttribute('aria-sort');
    for (const [table, rows] of planned) table?.tBodies[0].append(...rows);
  });
  for (const head of heads) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
  }
  const reachHeads = () => {
    for (const { firstElementChild: button } of heads) button.tabIndex = narrow.matches ? -1 : 0;
  };
  narrow.addEventListener('change', reachHeads);
  // Of a long page the table of the events is printed, and what was opened by hand.
  const long = byId('events').classList.contains('long');
  let openOnScreen = null;
  addEventListener('beforeprint', () => {
    if (long) return;
    openOnScreen ??= events.map(({ details }) => details.open);
    for (const { details } of events) details.open = true;
  });
  addEventListener('afterprint', () => {
    if (long) return;
    events.forEach(({ details }, index) => (details.open = openOnScreen?.[index] ?? details.open));
    openOnScreen = null;
  });
  addEventListener('hashchange', follow);
  list.addEventListener('click', ({ target }) => {
    const head = target.closest('.changes th button')?.parentNode;
    if (head !== undefined) sortTable(head, head.ariaSort === 'ascending');
  });
  document.addEventListener('click', ({ target }) => {
    // A link to where the address points already changes no address.
    if (target.closest('a[href^="#event-"]')?.hash === location.hash) follow();
  });
  const openAll = (open) => () => {
    for (const { node, details } of events) if (!node.hidden) details.open = open;
  };
  byId('open-all').addEventListener('click', openAll(true));
  byId('close-all').addEventListener('click', openAll(false));
  byId('clear').addEventListener('click', () => {
    clear();
    query.focus();
  });
  byId('sort').addEventListener('change', sortEvents);
  query.addEventListener('input', filter);
  for (const box of boxes) box.addEventListener('change', filter);
  byId('filter').hidden = false;
  reachHeads();
  // Browsers keep what was typed when a page is loaded anew.
  sortEvents();
  filter();
  follow();
  // Once the page is there, browsers go to the address's place by themselves and take the focus away.
  addEventListener('load', follow);
})();
`;
