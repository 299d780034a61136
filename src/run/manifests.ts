import { systemClock } from '../http/clock.ts';
import { type Loaded, loadManifests } from '../manifest/load.ts';
import { dayIn } from '../model/day.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Env } from '../providers/account.ts';
import { timeZoneOf } from './day.ts';
import { ManifestError } from './usage-error.ts';

/** Manifests as they were found, before anything is called. */
export interface FoundManifests extends Loaded {
  /** Whether any diagnostic is an error. */
  readonly failed: boolean;
}

/** Reads and checks manifests for a day, in the zone of the environment; today unless it is given. */
export function findManifests(
  paths: readonly string[],
  { env, asOf }: { readonly env: Env; readonly asOf?: string | undefined },
): FoundManifests {
  const loaded = loadManifests(paths, { asOf: asOf ?? dayIn(timeZoneOf(env), systemClock.date()) });
  return { ...loaded, failed: hasErrors(loaded.diagnostics) };
}

/** The same manifests. @throws ManifestError where they have errors */
export function checkedManifests<T extends { readonly diagnostics: readonly Diagnostic[] }>(manifests: T): T {
  if (hasErrors(manifests.diagnostics)) throw new ManifestError(manifests.diagnostics);
  return manifests;
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
