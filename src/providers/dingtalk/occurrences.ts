import { isObject, textOf, type JsonObject } from '../../http/json.ts';
import type { EventRef } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import type { Occurrence, Occurrences, Window } from '../../model/occurrence.ts';
import { sortedByCodePoint } from '../../model/order.ts';
import type { Client } from '../client.ts';
import type { Asking } from '../find.ts';
import { readRows } from '../pages.ts';
import { malformed } from '../problem.ts';
import { eventPath } from './dialect.ts';
import { timeOf } from './read.ts';
import { shownAttendees, viewOf } from './view.ts';

/** What tells a changed occurrence from its series: no row says that it was changed. */
interface Shown {
  readonly summary: string | undefined;
  /** Null where there may be more than the row shows. */
  readonly attendees: string | null;
}

interface Row extends Shown {
  readonly id: string;
  readonly series: string | undefined;
  readonly start: string | undefined;
  readonly original: string | undefined;
  readonly cancelled: boolean;
}

function shownIn(event: JsonObject): Shown {
  const { attendees } = event;
  const ids = Array.isArray(attendees)
    ? attendees.map((one) => (isObject(one) ? (textOf(one['id']) ?? '') : ''))
    : [];
  const isWhole = Array.isArray(attendees) && ids.length < shownAttendees;
  return {
    summary: textOf(event['summary']),
    attendees: isWhole ? JSON.stringify(sortedByCodePoint([...new Set(ids)])) : null,
  };
}

function rowOf(row: JsonObject): Row {
  const id = textOf(row['id']);
  if (id === undefined) throw malformed('an event has no id');
  return {
    id,
    series: textOf(row['seriesMasterId']),
    start: timeOf(row['start']),
    original: timeOf(row['originStart']),
    cancelled: row['status'] === 'cancelled',
    ...shownIn(row),
  };
}

/** The series itself, which the occurrences are held against. */
async function masterOf(client: Client, event: EventRef, signal: AbortSignal): Promise<Shown> {
  const { body } = await client.ask({
    api: 'event.get',
    method: 'GET',
    path: eventPath(event),
    query: { maxAttendees: String(shownAttendees) },
    operation: 'read',
    signal,
  });
  if (!isObject(body)) throw malformed('there is no event in it');
  return shownIn(body);
}

function occurrenceOf(row: Row, master: Shown): Occurrence[] {
  const { id, series, start, summary, attendees, cancelled } = row;
  if (start === undefined) throw malformed('an occurrence has no start');
  // A day without a time has its original start as a moment all the same.
  const original = start.length === 10 ? row.original?.slice(0, 10) : row.original;
  if (original === undefined) throw malformed('an occurrence does not say when it was to start');
  const others = attendees !== null && master.attendees !== null && attendees !== master.attendees;
  if (cancelled || (start === original && summary === master.summary && !others)) return [];
  if (id === series) throw malformed('an occurrence has no id of its own');
  return [{ eventId: id, original, start, ...given({ summary }) }];
}

/**
 * The changed occurrences of series of one person, from one listing of the calendar and a look at each series: those that
 * were moved, have another title, or are attended by others. The latter can be told only of fewer than 100 attendees.
 */
export async function occurrences(
  client: Client,
  series: readonly EventRef[],
  window: Window,
  { signal, problemOf }: Pick<Asking, 'signal' | 'problemOf'>,
): Promise<ReadonlyMap<string, Occurrences>> {
  const rows: Row[] = [];
  const problem = await readRows(
    viewOf(
      client,
      { organizer: series[0]?.organizer, ...window, signal },
      { read: rowOf, keyOf: ({ id, start }) => `${id} ${start ?? ''}` },
    ),
    'event',
    rows,
  );
  const found = await Promise.all(
    series.map(async (event): Promise<readonly [string, Occurrences]> => {
      const { eventId } = event;
      if (problem !== null) return [eventId, { complete: false, problem }];
      try {
        const own = rows.filter((row) => row.series === eventId);
        if (own.length === 0) return [eventId, { complete: true, occurrences: [] }];
        const master = await masterOf(client, event, signal);
        return [eventId, { complete: true, occurrences: own.flatMap((row) => occurrenceOf(row, master)) }];
      } catch (error) {
        return [eventId, { complete: false, problem: problemOf(error) }];
      }
    }),
  );
  return new Map(found);
}
