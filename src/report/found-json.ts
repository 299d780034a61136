import type { Discovery } from '../model/found.ts';
import { visibleJson } from './escape.ts';

/** `find --format json`: `{ formatVersion, kind, provider, complete, items, missing }`. What is not known is null. */
export function foundJson(discovery: Discovery): string {
  const { kind, provider, found } = discovery;
  const { complete, missing } = found;
  const value = { formatVersion: '1', kind, provider, complete, items: itemsOf(discovery), missing };
  return visibleJson(`${JSON.stringify(value, null, 2)}\n`);
}

function itemsOf(discovery: Discovery): readonly object[] {
  switch (discovery.kind) {
    case 'calendars':
      return discovery.found.items.map(({ id, title, role, writable }) => ({ id, title, role, writable }));
    case 'events':
      return discovery.found.items.map(
        ({ calendarId, id, title, start, recurring, organizer, attendees, managedBy }) => ({
          calendarId,
          id,
          title,
          start,
          recurring,
          organizer,
          attendees,
          managedBy,
        }),
      );
    case 'people':
      return discovery.found.items.map(({ name, ids, email, status }) => ({ name, ids, email, status }));
    case 'chats':
    case 'departments':
      return discovery.found.items.map(({ id, name, members }) => ({ id, name, members }));
  }
}
