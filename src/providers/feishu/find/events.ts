import { textOf, type JsonObject } from '../../../http/json.ts';
import type { Found, FoundEvent } from '../../../model/found.ts';
import { gathering, keepNamed, type Search, textIn } from '../../find.ts';
import { malformed } from '../../problem.ts';
import { calendarPath } from '../dialect.ts';
import { timeOf } from '../read.ts';
import { calendarId } from './calendars.ts';
import { listing } from './page.ts';

/** `20990301T000000Z` or `20990301` of a rule, as an instant or a day. */
function untilOf(rule: string): string | null {
  const [, day = '', time] = /(?:^|[;:])UNTIL=(\d{8})(?:T(\d{6})Z?)?/i.exec(rule) ?? [];
  if (day === '') return null;
  const date = day.replace(/(....)(..)(..)/, '$1-$2-$3');
  return time === undefined ? date : `${date}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`;
}

function eventOf(row: JsonObject, calendar: string): FoundEvent & { readonly cancelled: boolean } {
  const id = textOf(row['event_id']);
  if (id === undefined) throw malformed('an event has no event_id');
  const rule = textIn(row, 'recurrence');
  const organizer = textIn(row, 'organizer_calendar_id');
  return {
    calendarId: calendar,
    id,
    title: textIn(row, 'summary'),
    start: timeOf(row['start_time']) ?? null,
    end: timeOf(row['end_time']) ?? null,
    recurring: rule !== null,
    until: rule === null ? null : untilOf(rule),
    seriesId: row['is_exception'] === true ? (textIn(row, 'recurring_event_id') ?? seriesOf(id)) : null,
    organizer: textIn(row['event_organizer'], 'display_name') ?? organizer,
    invitation: organizer !== null && organizer !== calendar,
    attendees: null,
    cancelled: row['status'] === 'cancelled',
  };
}

/** Occurrences are named after their series, which ends in `_0`. */
function seriesOf(id: string): string {
  return id.replace(/_\d+$/, '_0');
}

/**
 * Every event of a calendar that is not over by `fromMs` (page: `calendar-event/list`). Asked for by an anchor and not
 * by a range: a range is one answer that is cut short without a word.
 */
export async function findEvents(search: Search): Promise<Found<FoundEvent>> {
  const gathered = gathering<FoundEvent>(search);
  const calendar = await calendarId(search);
  const { fromMs } = search.query;
  const rows = await gathered.read(
    listing(
      search,
      {
        api: 'events.list',
        method: 'GET',
        path: `${calendarPath(calendar)}/events`,
        query: {
          user_id_type: 'open_id',
          anchor_time: fromMs === undefined ? undefined : String(Math.floor(fromMs / 1000)),
        },
      },
      1000,
      { rows: 'items', read: (row) => eventOf(row, calendar), keyOf: ({ id }) => id },
    ),
    'events',
  );
  const events = rows.flatMap(({ cancelled, ...event }) => (cancelled ? [] : [event]));
  keepNamed(gathered, events, search.query.texts, ({ title }) => title);
  return gathered.found();
}
