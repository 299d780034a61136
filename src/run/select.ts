import type { DesiredEvent } from '../model/event.ts';
import type { Selection } from '../model/plan.ts';
import { UsageError } from './usage-error.ts';

/**
 * The events that the options choose: those that any target names and every selector fits, without the excluded.
 *
 * @throws UsageError where there is no event at all or a target matches none.
 */
export async function selectEvents(
  events: readonly DesiredEvent[],
  options: Selection,
  nothing: string = 'no Event was found',
): Promise<DesiredEvent[]> {
  if (events.length === 0) {
    throw new UsageError(nothing, 'Name a file or a folder that holds manifests of kind Event.');
  }
  for (const target of options.target) {
    const matches = await matcher([target]);
    if (!events.some(({ name }) => matches(name))) {
      throw new UsageError(`--target ${target} matches no event`, `There are: ${someNames(events)}.`);
    }
  }
  const targeted = options.target.length === 0 ? () => true : await matcher(options.target);
  const excluded = options.exclude.length === 0 ? () => false : await matcher(options.exclude);
  return events.filter(
    ({ name, labels }) =>
      targeted(name) && !excluded(name) && options.selector.every((pair) => fits(labels, pair)),
  );
}

/**
 * @throws UsageError where an allowance names no chosen event; such an option would look like a permission and be none.
 */
export function checkAllowances(
  events: readonly { readonly name: string }[],
  allowed: ReadonlyMap<string, unknown>,
): void {
  for (const name of allowed.keys()) {
    if (events.some((event) => event.name === name)) continue;
    throw new UsageError(
      `--allow-removals ${name} names no chosen event`,
      `It takes a full name. There are: ${someNames(events)}.`,
    );
  }
}

async function matcher(globs: readonly string[]): Promise<(name: string) => boolean> {
  const { default: picomatch } = await import('picomatch');
  return picomatch([...globs], { dot: true, nonegate: true });
}

function fits(labels: Readonly<Record<string, string>>, pair: string): boolean {
  const at = pair.indexOf('=');
  return labels[pair.slice(0, at)] === pair.slice(at + 1);
}

function someNames(events: readonly { readonly name: string }[]): string {
  const names = events.slice(0, 10).map(({ name }) => name);
  return names.join(', ') + (events.length > names.length ? ` and ${events.length - names.length} more` : '');
}
