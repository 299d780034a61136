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
    status: order.indexOf(node.dataset.status),
  }));
  const changes = events.reduce((sum, { rows }) => sum + rows.length, 0);
  const fold = (text) => text.normalize('NFKC').toLowerCase();
  const number = (count, one, many) => count + ' ' + (count === 1 ? one : many);
  const chosen = (name) =>
    new Set(boxes.filter((box) => box.name === name && box.checked).map((box) => box.value));

  let texts = null;
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

  const filter = () => {
    const words = fold(query.value).split(/\\s+/).filter((word) => word !== '');
    const providers = chosen('provider');
    const statuses = chosen('status');
    if (words.length > 0) texts ??= readTexts();
    rememberOpen(words.length > 0);
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

  const by = {
    name: (a, b) => a.index - b.index,
    status: (a, b) => a.status - b.status || a.index - b.index,
    removals: (a, b) => b.removals - a.removals || a.index - b.index,
    additions: (a, b) => b.additions - a.additions || a.index - b.index,
  };
  const sortEvents = () =>
    list.replaceChildren(...events.toSorted(by[byId('sort').value]).map(({ node }) => node));

  const collator = new Intl.Collator(undefined, { numeric: true });
  const sortRows = (button) => {
    const head = button.closest('th');
    const body = head.closest('table').tBodies[0];
    const descending = head.ariaSort === 'ascending';
    for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');
    head.ariaSort = descending ? 'descending' : 'ascending';
    const column = head.cellIndex;
    const keyed = [...body.rows].map((row) => [row.cells[column].textContent, row]);
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

  for (const head of document.querySelectorAll('.changes thead th')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
  }
  let openOnScreen = null;
  addEventListener('beforeprint', () => {
    openOnScreen ??= events.map(({ details }) => details.open);
    for (const { details } of events) details.open = true;
  });
  addEventListener('afterprint', () => {
    events.forEach(({ details }, index) => (details.open = openOnScreen?.[index] ?? details.open));
    openOnScreen = null;
  });
  addEventListener('hashchange', follow);
  list.addEventListener('click', ({ target }) => {
    const button = target.closest('.changes th button');
    if (button !== null) sortRows(button);
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
  // Browsers keep what was typed when a page is loaded anew.
  sortEvents();
  filter();
  follow();
  // Once the page is there, browsers go to the address's place by themselves and take the focus away.
  addEventListener('load', follow);
})();
`;
