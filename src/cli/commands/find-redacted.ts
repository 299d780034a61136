import type { Discovery, FindKind, FoundItems } from '../../model/found.ts';
import { given } from '../../model/given.ts';
import type { Redactor } from '../../report/redact.ts';

/** For what has no label of its own. */
const hidden = '***';

/** What was found, without names, titles, addresses and ids of people: for a look at how much there is. */
export function withoutPeople(discovery: Discovery, redactor: Redactor): Discovery {
  const { found, kind } = discovery;
  const problem = found.complete ? undefined : redactor.problem(found.problem);
  const items = found.items.map((item) => withoutNames(kind, item, redactor));
  // People who were asked for and not found are named in the words of the query.
  const missing = found.missing.map((one) => ({ ...one, query: hidden }));
  // Each item stays of the kind that it is.
  return { ...discovery, found: { ...found, items, missing, ...given({ problem }) } } as Discovery;
}

function withoutNames(kind: FindKind, item: FoundItems[FindKind], redactor: Redactor): FoundItems[FindKind] {
  if ('ids' in item) {
    const [first = ''] = Object.values(item.ids);
    const label = redactor.label({ kind: 'user', id: first });
    const ids = Object.fromEntries(
      Object.entries(item.ids).map(([type, id]) => [type, id === first ? label : hidden]),
    );
    const { email, mobile, employeeNo } = item;
    return {
      ...item,
      ids,
      name: item.name && label,
      email: email && hidden,
      mobile: mobile && hidden,
      employeeNo: employeeNo && hidden,
      asked: item.asked.map(() => label),
    };
  }
  if ('organizer' in item) {
    const { calendarId, title, organizer } = item;
    return {
      ...item,
      calendarId: redactor.calendar(calendarId),
      title: title && hidden,
      organizer: organizer && hidden,
    };
  }
  if ('title' in item) return { ...item, id: redactor.calendar(item.id), title: item.title && hidden };
  const id = kind === 'chats' ? redactor.label({ kind: 'chat', id: item.id }) : item.id;
  return { ...item, id, name: item.name && hidden };
}
