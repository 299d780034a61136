import { didYouMean, nearest } from '../manifest/nearest.ts';
import type { DesiredEvent } from '../model/event.ts';
import type { Selection } from '../model/plan.ts';
import { matcher, readsOccurrences, seriesNamed } from './select-occurrences.ts';
import { UsageError } from './usage-error.ts';

/**
 * The events that the options choose: those that any target names and every selector fits, without the excluded.
 * `others` are events that the options may be about as well.
 *
 * @throws UsageError where there are no events, or where an option, or all of them together, match none: a mistyped choice would
 *   select more or less than was meant.
 */
export async function selectEvents(
  events: readonly DesiredEvent[],
  selection: Selection,
  nothing: string = 'no Event was found',
  others: readonly DesiredEvent[] = [],
): Promise<DesiredEvent[]> {
  const all = [...events, ...others];
  if (all.length === 0) {
    throw new UsageError(
      nothing,
      'Name a file or folder with manifests of kind Event; rollcall init writes a first one.',
    );
  }
  const names = [...new Set(all.map(({ name }) => name))];
  for (const [option, globs] of [
    ['--target', selection.target],
    ['--exclude', selection.exclude],
  ] as const) {
    for (const glob of globs) {
      const matches = await matcher([glob]);
      if (names.some(matches)) continue;
      const series = seriesNamed(glob);
      const about = series === null ? [] : all.filter(readsOccurrences).map(({ name }) => name);
      if (series === null || !about.some(await matcher([series]))) {
        throw matchless(`${option} ${glob}`, glob, names);
      }
      if (option === '--target') throw withSeries(glob, series);
    }
  }
  for (const pair of selection.selector) {
    if (all.some(({ labels }) => fits(labels, pair))) continue;
    const pairs = all.flatMap(({ labels }) =>
      Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    );
    throw matchless(`--selector ${pair}`, pair, [...new Set(pairs)]);
  }
  const isChosen = await chosenBy(selection);
  if (!all.some(isChosen)) throw leavesNothing(selection);
  return events.filter(isChosen);
}

function leavesNothing({ target, exclude, selector }: Selection): UsageError {
  const said = [
    ...target.map((glob) => `--target ${glob}`),
    ...exclude.map((glob) => `--exclude ${glob}`),
    ...selector.map((pair) => `--selector ${pair}`),
  ];
  const hint = 'An event must match one --target, every --selector and no --exclude.';
  return new UsageError(`no event matches ${said.join(' ')}`, hint);
}

/** Tells whether a choice takes in an event. */
export async function chosenBy(selection: Selection): Promise<(event: DesiredEvent) => boolean> {
  const { target, exclude, selector } = selection;
  const targeted = target.length === 0 ? () => true : await matcher(target);
  const excluded = exclude.length === 0 ? () => false : await matcher(exclude);
  return ({ name, labels }) =>
    targeted(name) && !excluded(name) && selector.every((pair) => fits(labels, pair));
}

/**
 * @throws UsageError where an allowance does not name a chosen event; such an option would look like a permission and be none.
 */
export function checkAllowances(
  events: readonly (Pick<DesiredEvent, 'name'> & Partial<Pick<DesiredEvent, 'exceptions'>>)[],
  allowed: ReadonlyMap<string, unknown>,
): void {
  for (const name of allowed.keys()) {
    if (events.some((event) => event.name === name || isAbout(name, event))) continue;
    throw new UsageError(
      `--allow-removals ${name} does not name a chosen event`,
      `It takes a full name. The chosen events are: ${nearestNames(
        name,
        events.map((event) => event.name),
      )}.`,
    );
  }
}

/** Whether a name can be that of an occurrence that follows an event; which there are is known once they are read. */
function isAbout(
  name: string,
  event: Pick<DesiredEvent, 'name'> & Partial<Pick<DesiredEvent, 'exceptions'>>,
): boolean {
  return event.exceptions === 'follow' && seriesNamed(name) === event.name;
}

function withSeries(glob: string, series: string): UsageError {
  return new UsageError(
    `--target ${glob} is about occurrences, which are planned with their series`,
    `Give --target ${series}; --exclude leaves out single occurrences.`,
  );
}

/** Whether labels have the value that a `KEY=VALUE` names. */
export function fits(labels: Readonly<Record<string, string>>, pair: string): boolean {
  const at = pair.indexOf('=');
  return labels[pair.slice(0, at)] === pair.slice(at + 1);
}

/** How many names an error gives; the nearest ones. */
const namesShown = 5;

/** An option whose text matches none of those that are known. */
export function matchless(
  what: string,
  text: string,
  known: readonly string[],
  one: 'event' | 'tenant' = 'event',
): UsageError {
  const near = didYouMean(text, known)?.text;
  const hint = near === undefined ? '' : `${near[0]?.toUpperCase()}${near.slice(1)} `;
  return new UsageError(
    `${what} matches no ${one}`,
    known.length === 0 ? `No ${one} has a label.` : `${hint}Available: ${nearestNames(text, known)}.`,
  );
}

/** The names that are nearest to a text, and how many more there are. */
function nearestNames(text: string, known: readonly string[]): string {
  const left = [...known];
  const shown: string[] = [];
  while (shown.length < namesShown) {
    const next = nearest(text, left) ?? left[0];
    if (next === undefined) break;
    shown.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return shown.join(', ') + (left.length > 0 ? ` and ${left.length} more` : '');
}
