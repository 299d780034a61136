import type { Discovery, FindKind, FoundItems } from '../../model/found.ts';
import type { Redactor } from '../../report/redact.ts';

/** What was found, without names, titles, addresses and ids of people: for a look at how much there is. */
export function withoutPeople(discovery: Discovery, redactor: Redactor): Discovery {
  const { items } = discovery.found;
  for (const item of items) learn(redactor, discovery.kind, item);
  const shown = (value: unknown): unknown => {
    if (typeof value === 'string') return redactor.line(value);
    if (Array.isArray(value)) return value.map(shown);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(one)]));
  };
  const { found, ...rest } = discovery;
  const problem = found.complete ? {} : { problem: redactor.problem(found.problem) };
  // Strings become strings, and all else stays what it is.
  return { ...rest, found: { ...(shown(found) as object), ...problem } } as Discovery;
}

function learn(redactor: Redactor, kind: FindKind, item: FoundItems[FindKind]): void {
  const hide = (text: string | null, of: 'user' | 'event'): void => {
    if (text !== null) redactor.learn({ secrets: [{ kind: of, text }], open: [] });
  };
  if ('ids' in item) {
    const ids = Object.values(item.ids);
    const [first] = ids;
    if (first !== undefined) redactor.number([{ type: 'user', id: first, name: item.name ?? undefined }]);
    for (const text of [...ids.slice(1), item.name, item.mobile, item.employeeNo]) hide(text, 'user');
    return;
  }
  if ('title' in item) hide(item.title, 'event');
  else hide(item.name, 'event');
  if ('organizer' in item) hide(item.organizer, 'user');
  if (kind === 'chats' && 'members' in item) redactor.number([{ type: 'chat', id: item.id }]);
}
