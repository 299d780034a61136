import { isObject, type JsonObject, textOf } from '../../../http/json.ts';
import type { Found, FoundEvent } from '../../../model/found.ts';
import { given } from '../../../model/given.ts';
import { ownCalendarOf } from '../../../platforms/index.ts';
import { gathering, keepNamed, type Search, textIn } from '../../find.ts';
import { malformed } from '../../problem.ts';
import { asOrganizer, eventsPath } from '../dialect.ts';
import { timeOf } from '../event.ts';
import { listing } from './page.ts';

const instant = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

/** The events of a calendar, series as they are and their changed occurrences beside them (page: `events/list`). */
export async function findEvents(search: Search): Promise<Found<FoundEvent>> {
  const { calendarId = 'primary', organizer, texts, fromMs, toMs } = search.query;
  const ref = { calendarId, ...given({ organizer }) };
  const gathered = gathering<FoundEvent>(search);
  const rows = await gathered.read(
    listing(search, {
      api: 'events.list',
      path: eventsPath(ref),
      query: { maxResults: '250', timeMin: instant(fromMs), timeMax: instant(toMs) },
      as: asOrganizer(ref),
      rows: 'items',
      read: (row) => eventOf(row, ownCalendarOf(ref)),
      keyOf: (row) => row?.id ?? '',
    }),
    'events',
  );
  keepNamed(
    gathered,
    rows.filter((row) => row !== null),
    texts,
    ({ title }) => title,
  );
  return gathered.found();
}

/** One that takes attendees and is not cancelled, or null. */
function eventOf(row: JsonObject, calendarId: string): FoundEvent | null {
  const id = textOf(row['id']);
  if (id === undefined) throw malformed('an event has no id');
  const type = row['eventType'] ?? 'default';
  if (row['status'] === 'cancelled' || type !== 'default') return null;
  const { recurrence, organizer, attendees } = row;
  const rules = Array.isArray(recurrence) ? recurrence.filter((rule) => typeof rule === 'string') : [];
  const by = isObject(organizer) ? organizer : {};
  const omitted = row['attendeesOmitted'] === true;
  return {
    calendarId,
    id,
    title: textIn(row, 'summary'),
    start: timeOf(row['start']) ?? null,
    end: timeOf(row['end']) ?? null,
    recurring: rules.length > 0,
    until: untilIn(rules),
    seriesId: textIn(row, 'recurringEventId'),
    organizer: textIn(by, 'email'),
    invitation: by['self'] !== true,
    attendees: omitted ? null : Array.isArray(attendees) ? attendees.length : 0,
  };
}

/** When a series ends, where a rule says so: as an instant, or the day. */
function untilIn(rules: readonly string[]): string | null {
  for (const rule of rules) {
    const [, year, month, day, time] = /\bUNTIL=(\d{4})(\d\d)(\d\d)(T\d{6}Z)?/.exec(rule) ?? [];
    if (year === undefined) continue;
    const date = `${year}-${month}-${day}`;
    return time === undefined ? date : `${date}${time.replace(/T(..)(..)(..)Z/, 'T$1:$2:$3Z')}`;
  }
  return null;
}
