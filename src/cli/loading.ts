import { systemClock } from '../http/clock.ts';
import { loadManifests } from '../manifest/load.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Desired } from '../model/event.ts';
import { dayIn } from '../model/day.ts';
import { timeZoneOf } from './day.ts';
import { printSkipped } from './messages.ts';
import { learnPeople } from './redacting.ts';
import type { Surroundings } from './surroundings.ts';

/** Manifests as they were found, before anything is called. */
export interface Loaded {
  readonly desired: Desired;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether any diagnostic is an error. */
  readonly failed: boolean;
}

/** Reads and checks the manifests, and says what was left out. */
export function load(
  surroundings: Surroundings,
  paths: readonly string[],
  options: { readonly asOf?: string; readonly quiet?: true },
): Loaded {
  const asOf = options.asOf ?? dayIn(timeZoneOf(surroundings.env), systemClock.now());
  learnPeople(surroundings, paths);
  const { desired, diagnostics, skipped } = loadManifests(paths, { asOf });
  printSkipped(surroundings, skipped, options.quiet === true);
  return { desired, diagnostics, failed: diagnostics.some(({ severity }) => severity === 'error') };
}
