import { textOf, type JsonObject } from '../../http/json.ts';
import type { EventRef } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import type { Occurrence, Occurrences, Window } from '../../model/occurrence.ts';
import { seriesOf } from '../../platforms/index.ts';
import type { Client } from '../client.ts';
import type { Asking } from '../find.ts';
import { readRows } from '../pages.ts';
import { endsAll, failureOf, malformed } from '../problem.ts';
import { PlatformError } from '../provider.ts';
import { calendarPath, eventPath } from './dialect.ts';
import { listing } from './find/page.ts';
import { timeOf } from './read.ts';

/** How far before and after the window originals are looked for: an occurrence may have been moved by so much. */
const marginMs = 90 * 86_400_000;

interface Row {
  readonly id: string;
  /** The series of an occurrence. */
  readonly series: string | null;
  /** Null: as the series has it, or cancelled. */
  readonly occurrence: Occurrence | null;
}

function rowOf(row: JsonObject, provider: EventRef['provider']): Row {
  const eventId = textOf(row['event_id']);
  if (eventId === undefined) throw malformed('an event has no event_id');
  const changed = row['is_exception'];
  if (typeof changed !== 'boolean') throw malformed('an event does not say whether it is an exception');
  const own = seriesOf(provider, eventId);
  const series = own?.eventId ?? null;
  if (!changed || row['status'] === 'cancelled') return { id: eventId, series, occurrence: null };
  if (own === null) throw malformed('the id of an exception does not say which occurrence it is');
  const start = timeOf(row['start_time']);
  if (start === undefined) throw malformed('an occurrence has no start');
  const original = new Date(own.start * 1000).toISOString();
  const isDay = start.length === 10;
  return {
    id: eventId,
    series,
    occurrence: {
      eventId,
      original: isDay ? original.slice(0, 10) : original.replace('.000Z', 'Z'),
      start,
      ...given({ summary: textOf(row['summary']) }),
    },
  };
}

const seconds = (ms: number): string => String(Math.floor(ms / 1000));

/** One series, 500 occurrences a page: in the usual case one call (page: `calendar-event/instances`). */
async function ofSeries(
  client: Client,
  event: EventRef,
  { fromMs, toMs }: Window,
  { signal, problemOf }: Pick<Asking, 'signal' | 'problemOf'>,
): Promise<Occurrences> {
  const read = (row: JsonObject): Row => rowOf(row, event.provider);
  const rows: Row[] = [];
  try {
    const call = {
      api: 'event.instances',
      method: 'GET',
      path: `${eventPath(event)}/instances`,
      query: { start_time: seconds(fromMs - marginMs), end_time: seconds(toMs + marginMs) },
    } as const;
    const problem = await readRows(
      listing({ client, signal }, call, 500, { rows: 'items', read, keyOf: ({ id }) => id }),
      'occurrence',
      rows,
    );
    return problem === null ? whole(rows, event.eventId) : { complete: false, problem };
  } catch (error) {
    return { complete: false, problem: problemOf(error) };
  }
}

function whole(rows: readonly Row[], series: string): Occurrences {
  return {
    complete: true,
    occurrences: rows.flatMap((row) =>
      row.occurrence === null || row.series !== series ? [] : [row.occurrence],
    ),
  };
}

/**
 * The events of a calendar, 1000 a page, exceptions among them (page: `calendar-event/list`, by an anchor: a range is one
 * answer that is cut short without a word). Null where that takes as many calls as asking for each series, or cannot be
 * read to its end.
 */
async function listed(
  client: Client,
  { provider, calendarId }: EventRef,
  fromMs: number,
  { most, signal }: { readonly most: number; readonly signal: AbortSignal },
): Promise<readonly Row[] | null> {
  const call = {
    api: 'events.list',
    method: 'GET',
    path: `${calendarPath(calendarId)}/events`,
    query: { anchor_time: seconds(fromMs - marginMs) },
  } as const;
  const read = (row: JsonObject): Row => rowOf(row, provider);
  const pages = listing({ client, signal }, call, 1000, { rows: 'items', read, keyOf: ({ id }) => id });
  let count = 0;
  const fetchPage: typeof pages.fetchPage = (token) => {
    count += 1;
    if (count > most) throw tooLong;
    return pages.fetchPage(token);
  };
  const rows: Row[] = [];
  try {
    return (await readRows({ ...pages, fetchPage }, 'event', rows)) === null ? rows : null;
  } catch (error) {
    if (endsAll(failureOf(error, signal))) throw error;
    return null;
  }
}

const tooLong = new PlatformError('event', 'too-long', 'the list of events is too long', {
  isPlatformCode: false,
});

/**
 * The changed occurrences of series of one calendar. Several series are looked for in the list of the calendar as long
 * as that takes fewer calls than asking for each of them.
 */
export async function occurrences(
  client: Client,
  series: readonly EventRef[],
  window: Window,
  asking: Pick<Asking, 'signal' | 'problemOf'>,
): Promise<ReadonlyMap<string, Occurrences>> {
  const [first] = series;
  const most = series.length - 1;
  const rows =
    first === undefined || most < 1
      ? null
      : await listed(client, first, window.fromMs, { most, signal: asking.signal });
  const found = await Promise.all(
    series.map(async (event): Promise<readonly [string, Occurrences]> => [
      event.eventId,
      // A series that is not in the list is not on this calendar: it is asked for, to be told why.
      rows?.some(({ id }) => id === event.eventId) === true
        ? whole(rows, event.eventId)
        : await ofSeries(client, event, window, asking),
    ]),
  );
  return new Map(found);
}
