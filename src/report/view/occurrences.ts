import type { Change, EventPlan } from '../../model/plan.ts';
import type { PlanOccurrence } from '../../model/occurrence.ts';
import type { EventView } from './event.ts';
import { movedWords, startWords } from './moment.ts';
import { count, label } from './words.ts';

/** A changed occurrence in the list of its series. Texts from outside stand as they are: formats escape. */
export interface OccurrenceView {
  readonly name: string;
  /** Where it has a title that is not the series'. */
  readonly title?: string;
  /** `Sun 2099-02-08 02:00 UTC, moved to Sun 2099-02-08 06:00 UTC` */
  readonly when: string;
  /** `differs: 1 to add, 2 to remove`, in words of our own. */
  readonly words: string;
  /** Whom the manifest would change: `+ Li Si (ou_lisi)`. */
  readonly names: readonly string[];
}

/** What there is to tell of a series' occurrences. */
export interface OccurrencesView {
  /** `2 changed occurrences, left as they are` */
  readonly words: string;
  readonly all: readonly OccurrenceView[];
}

/** The changed occurrences of a series; null where there are none. */
export function occurrencesOf(
  { occurrences = [], exceptions, event }: EventPlan,
  timeZone: string,
): OccurrencesView | null {
  if (occurrences.length === 0) return null;
  const left = occurrences.length === 1 ? 'left as it is' : 'left as they are';
  return {
    words: `${count(occurrences.length, 'changed occurrence')}, ${exceptions === 'follow' ? 'each planned by itself' : left}`,
    all: occurrences.map((one) => {
      const { summary, original, start } = one;
      return {
        name: one.name,
        ...(summary === undefined || summary === event?.summary ? {} : { title: summary }),
        when: movedWords(original, start, timeZone),
        ...differenceOf(one, exceptions === 'follow'),
      };
    }),
  };
}

function differenceOf(
  { differs }: PlanOccurrence,
  follows: boolean,
): Pick<OccurrenceView, 'words' | 'names'> {
  if (differs === undefined) return { words: follows ? '' : 'not read', names: [] };
  const { changes, missing, drift } = differs;
  const kinds: readonly (readonly [number, string])[] = [
    [countDiagnostics(changes, 'remove'), 'to remove'],
    [countDiagnostics(changes, 'add'), 'to add'],
    [missing.length, 'missing'],
    [drift.length, 'with another optional flag'],
  ];
  const told = kinds.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  if (told.length === 0) return { words: 'as the manifest wants it', names: [] };
  return {
    words: `differs: ${told.join(', ')}`,
    names: [
      ...changes.flatMap((change) =>
        'attendee' in change ? [`${change.action === 'add' ? '+' : '-'} ${label(change.attendee)}`] : [],
      ),
      ...missing.map(({ attendee }) => `missing: ${label(attendee)}`),
      ...drift.map(
        ({ attendee: { optional, ...rest } }) =>
          `${label(rest)} should be ${optional ? 'optional' : 'required'}`,
      ),
    ],
  };
}

function countDiagnostics(changes: readonly Change[], action: Change['action']): number {
  return changes.filter((change) => change.action === action).length;
}

/** The events of a plan in the order of a report: occurrences under their series. */
export function underSeries(events: readonly EventPlan[]): readonly EventPlan[] {
  if (events.every(({ series }) => series === undefined)) return events;
  const bySeries = new Map<string, EventPlan[]>();
  for (const event of events) {
    if (event.series === undefined) continue;
    const known = bySeries.get(event.series.name) ?? [];
    bySeries.set(event.series.name, known);
    known.push(event);
  }
  const own = events.filter(({ series }) => series === undefined);
  const placed = own.flatMap((event) => [event, ...(bySeries.get(event.name) ?? [])]);
  const seen = new Set(placed);
  return [...placed, ...events.filter((event) => !seen.has(event))];
}

/** When an event is: an occurrence is told by when it was to be, and where it was moved to. */
export function whenOf(
  { event, series }: EventPlan,
  timeZone: string,
): { readonly when?: string; readonly start?: string } {
  const recurring = event?.recurring === true;
  const start = event?.start ?? series?.start;
  const original = series?.original;
  if (start === undefined) return recurring ? { when: 'repeats' } : {};
  const when =
    original === undefined ? startWords(start, recurring, timeZone) : movedWords(original, start, timeZone);
  return { start, when };
}

/** The lists of series that are followed, each occurrence with what its own plan says of it. */
export function withOwnWords(events: readonly EventView[]): readonly EventView[] {
  if (events.every(({ occurrences }) => occurrences === null)) return events;
  const words = new Map(events.map(({ name, statusWords }) => [name, statusWords]));
  return events.map((event) => {
    const { occurrences } = event;
    if (occurrences === null) return event;
    const all = occurrences.all.map((one) => ({ ...one, words: one.words || (words.get(one.name) ?? '') }));
    return { ...event, occurrences: { ...occurrences, all } };
  });
}

/** `2 changed occurrences differ from their manifests and are left as they are.`; nothing where none does. */
export function differingWords(events: readonly EventPlan[]): string[] {
  const differing = events
    .flatMap(({ occurrences = [] }) => occurrences)
    .filter(({ differs }) => differs !== undefined && differs.changes.length + differs.missing.length > 0);
  if (differing.length === 0) return [];
  const rest =
    differing.length === 1
      ? 'differs from its manifest and is left as it is'
      : 'differ from their manifests and are left as they are';
  return [`${count(differing.length, 'changed occurrence')} ${rest}.`];
}
