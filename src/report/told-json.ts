/** What `find` and `doctor` tell, as JSON. */

import type { Health } from '../model/finding.ts';
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

/**
 * `doctor --format json`: `{ formatVersion, ok, findings, calls }`; a finding is `{ provider, subject, name, status, needed,
 * message, hint, permission }`. What there is none of is null.
 */
export function healthJson({ ok, findings, calls }: Health): string {
  const shown = findings.map(({ provider, subject, name, status, needed, message, hint, permission }) => ({
    provider,
    subject,
    name,
    status,
    needed,
    message,
    hint,
    permission,
  }));
  return visibleJson(`${JSON.stringify({ formatVersion: '1', ok, findings: shown, calls }, null, 2)}\n`);
}
