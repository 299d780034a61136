import { isObject, textOf, type JsonObject } from '../../../http/json.ts';
import type { Found, FoundEvent } from '../../../model/found.ts';
import { gathering, keepNamed, type Search, textIn } from '../../find.ts';
import { malformed } from '../../problem.ts';
import { timeOf } from '../read.ts';
import { shownAttendees, viewOf } from '../view.ts';

const yearMs = 365 * 86_400_000;

interface Row {
  readonly id: string;
  /** The series that it is an occurrence of. */
  readonly series: string | null;
  /** An occurrence that was moved. */
  readonly moved: boolean;
  readonly event: Omit<FoundEvent, 'calendarId' | 'id' | 'seriesId'>;
  readonly cancelled: boolean;
}

function rowOf(row: JsonObject, caller: string): Row {
  const id = textOf(row['id']);
  if (id === undefined) throw malformed('an event has no id');
  const series = textIn(row, 'seriesMasterId');
  const start = timeOf(row['start']) ?? null;
  const original = timeOf(row['originStart']) ?? start;
  const organizer = textIn(row['organizer'], 'id');
  const attendees = row['attendees'];
  const known = Array.isArray(attendees) && attendees.length < shownAttendees;
  const ids = known ? attendees.map((one) => (isObject(one) ? one['id'] : undefined)) : [];
  return {
    id,
    series: series === id ? null : series,
    moved: start !== original,
    event: {
      title: textIn(row, 'summary'),
      start,
      end: timeOf(row['end']) ?? null,
      recurring: isObject(row['recurrence']),
      until: null,
      organizer: textIn(row['organizer'], 'displayName') ?? organizer,
      invitation: organizer !== null && organizer !== caller,
      attendees: known ? new Set(ids).size : null,
    },
    cancelled: row['status'] === 'cancelled',
  };
}

/** Ranges of at most a year, one behind the other. */
function spans(fromMs: number, toMs: number): readonly (readonly [number, number])[] {
  const starts = Array.from(
    { length: Math.max(1, Math.ceil((toMs - fromMs) / yearMs)) },
    (_, at) => fromMs + at * yearMs,
  );
  return starts.map((start) => [start, Math.min(start + yearMs, toMs)]);
}

/**
 * One event for what stands on its own and one for each series: series are shown by their occurrences, and it is the
 * series that a manifest names.
 */
function joined(rows: readonly Row[]): FoundEvent[] {
  const events = new Map<string, FoundEvent>();
  const base = { calendarId: 'primary', seriesId: null };
  for (const { id, event } of rows.filter((row) => row.series === null)) {
    events.set(id, { ...base, id, ...event });
  }
  // An occurrence that was moved may have another title too.
  const occurrences = rows.filter((row) => row.series !== null);
  for (const { series, event } of [...occurrences].sort((a, b) => Number(a.moved) - Number(b.moved))) {
    if (series === null) continue;
    const known = events.get(series);
    const first = known?.start ?? null;
    // The list of an occurrence is its own; that of the series is read where it is needed.
    if (known === undefined)
      events.set(series, { ...base, id: series, ...event, recurring: true, attendees: null });
    else if (first === null || (event.start ?? first) < first)
      events.set(series, { ...known, recurring: true, start: event.start, end: event.end });
  }
  return [...events.values()];
}

/** The events of one person in a range, a year of them where no end is given (page: `eventsview`). */
export async function findEvents(search: Search): Promise<Found<FoundEvent>> {
  const gathered = gathering<FoundEvent>(search);
  const { organizer = '', fromMs = 0, toMs = fromMs + yearMs } = search.query;
  const rows = new Map<string, Row>();
  for (const [start, end] of spans(fromMs, toMs)) {
    const part = await gathered.read(
      viewOf(
        search.client,
        { organizer, fromMs: start, toMs: end, signal: search.signal },
        {
          read: (row) => rowOf(row, organizer),
          keyOf: ({ id, series, event }) => `${id} ${series ?? ''} ${event.start ?? ''}`,
        },
      ),
      'events',
    );
    for (const row of part) if (!row.cancelled) rows.set(`${row.id} ${row.event.start ?? ''}`, row);
  }
  if (search.query.toMs === undefined) {
    gathered.notes.push(
      `Only events of the year from ${new Date(fromMs).toISOString().slice(0, 10)} on: --to searches further.`,
    );
  }
  keepNamed(gathered, joined([...rows.values()]), search.query.texts, ({ title }) => title);
  return gathered.found();
}
