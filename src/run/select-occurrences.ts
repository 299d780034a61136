import type { DesiredEvent } from '../model/event.ts';
import type { EventPlan, Selection } from '../model/plan.ts';
import { UsageError } from './usage-error.ts';

/** Which occurrences of chosen series are planned. What there is to choose from is known once they are read. */
export interface OccurrenceChoice {
  readonly chooses: (name: string) => boolean;
  /** @throws UsageError for a name of an option that no occurrence has. */
  readonly check: (planned: readonly EventPlan[]) => void;
}

/** The series that a name or glob like `NAME@2099-02-08` is about; null where it is about no occurrence. */
export function seriesNamed(glob: string): string | null {
  const at = glob.lastIndexOf('@');
  return at < 1 ? null : glob.slice(0, at);
}

/** Tells whether a name fits one of the globs. */
export async function matcher(globs: readonly string[]): Promise<(name: string) => boolean> {
  const { default: picomatch } = await import('picomatch');
  return picomatch([...globs], { dot: true, nonegate: true });
}

/** Whether occurrences of an event are read. */
export function readsOccurrences({ exceptions }: Pick<DesiredEvent, 'exceptions'>): boolean {
  return exceptions !== 'leave';
}

/** The choice that `--exclude` and `--allow-removals` make among occurrences. */
export async function choiceOfOccurrences(
  { exclude }: Selection,
  allowed: ReadonlyMap<string, unknown>,
): Promise<OccurrenceChoice> {
  const globs = await Promise.all(
    exclude
      .filter((glob) => seriesNamed(glob) !== null)
      .map(async (glob) => ({ glob, matches: await matcher([glob]) })),
  );
  const used = new Set<string>();
  return {
    chooses: (name) => {
      const excluding = globs.filter(({ matches }) => matches(name));
      for (const { glob } of excluding) used.add(glob);
      return excluding.length === 0;
    },
    check: (planned) => {
      const known = planned.flatMap(({ name, series, occurrences = [] }) =>
        series === undefined ? occurrences.map((one) => one.name) : [name],
      );
      // Of a series that could not be read nobody knows which occurrences it has.
      const unread = new Set(
        planned.flatMap(({ series }) =>
          series === undefined || series.original !== undefined ? [] : [series.name],
        ),
      );
      const isOpen = (name: string): boolean => unread.has(seriesNamed(name) ?? '');
      for (const { glob } of globs) {
        if (!used.has(glob) && !isOpen(glob)) throw matchless(`--exclude ${glob}`, known);
      }
      for (const name of allowed.keys()) {
        if (seriesNamed(name) === null || isOpen(name) || planned.some((event) => event.name === name))
          continue;
        throw matchless(`--allow-removals ${name}`, known);
      }
    },
  };
}

function matchless(what: string, known: readonly string[]): UsageError {
  return new UsageError(
    `${what} matches no changed occurrence`,
    known.length === 0 ? 'There are none.' : `Available: ${[...new Set(known)].slice(0, 5).join(', ')}.`,
  );
}
