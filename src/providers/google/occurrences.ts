import { type JsonObject, textOf } from '../../http/json.ts';
import type { EventRef } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import type { Occurrence, Occurrences, Window } from '../../model/occurrence.ts';
import type { Client } from '../client.ts';
import type { Asking } from '../find.ts';
import { readRows } from '../pages.ts';
import { malformed } from '../problem.ts';
import { asOrganizer, eventPath } from './dialect.ts';
import { timeOf, isChanged } from './event.ts';
import { listing } from './find/page.ts';
import { get } from './read.ts';

interface Row {
  readonly id: string;
  readonly event: JsonObject;
}

function occurrenceOf({ id, event }: Row, series: JsonObject): Occurrence | null {
  if (event['status'] === 'cancelled') return null;
  const start = timeOf(event['start']);
  const original = timeOf(event['originalStartTime']);
  if (start === undefined || original === undefined) throw malformed('an occurrence has no start');
  if (!isChanged(event, series)) return null;
  return { eventId: id, original, start, ...given({ summary: textOf(event['summary']) }) };
}

/**
 * One series: itself, and its occurrences, 2500 a page (page: `events/instances`). What was changed is found by holding
 * the two against each other.
 */
async function ofSeries(
  client: Client,
  ref: EventRef,
  { fromMs, toMs }: Window,
  { signal, problemOf }: Pick<Asking, 'signal' | 'problemOf'>,
): Promise<Occurrences> {
  try {
    const series = await get(client, ref, signal);
    const rows: Row[] = [];
    const problem = await readRows(
      listing(
        { client, signal },
        {
          api: 'events.instances',
          path: `${eventPath(ref)}/instances`,
          query: {
            timeMin: new Date(fromMs).toISOString(),
            timeMax: new Date(toMs).toISOString(),
            maxResults: '2500',
          },
          as: asOrganizer(ref),
          rows: 'items',
          read: (event): Row => {
            const id = textOf(event['id']);
            if (id === undefined) throw malformed('an occurrence has no id');
            return { id, event };
          },
          keyOf: ({ id }) => id,
        },
      ),
      'occurrence',
      rows,
    );
    if (problem !== null) return { complete: false, problem };
    const found = rows.map((row) => occurrenceOf(row, series)).filter((one) => one !== null);
    return { complete: true, occurrences: found };
  } catch (error) {
    return { complete: false, problem: problemOf(error) };
  }
}

/** The changed occurrences of series, each asked for by itself. */
export async function occurrences(
  client: Client,
  series: readonly EventRef[],
  window: Window,
  asking: Pick<Asking, 'signal' | 'problemOf'>,
): Promise<ReadonlyMap<string, Occurrences>> {
  const found = await Promise.all(
    series.map(async (ref): Promise<readonly [string, Occurrences]> => [
      ref.eventId,
      await ofSeries(client, ref, window, asking),
    ]),
  );
  return new Map(found);
}
