import { counted } from '../model/say.ts';
import { systemClock } from '../http/clock.ts';
import { type Loaded, loadManifests, type LoadOptions } from '../manifest/load.ts';
import { dayIn } from '../model/day.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Env } from '../providers/account.ts';
import { timeZoneOf } from './day.ts';
import { ManifestError } from './usage-error.ts';

/** Manifests as they were found, before anything is called. */
export interface FoundManifests extends Loaded {
  /** Whether any diagnostic is an error. */
  readonly failed: boolean;
  /** What to say where there is no Event. */
  readonly nothing: string;
}

/** Reads and checks manifests for a day, in the zone of the environment; today unless it is given. */
export function findManifests(
  paths: readonly string[],
  {
    env,
    asOf = dayIn(timeZoneOf(env), systemClock.date()),
    ...lock
  }: { readonly env: Env; readonly asOf?: string | undefined } & Pick<
    LoadOptions,
    'unlocked' | 'lines' | 'lockIn' | 'apart'
  >,
): FoundManifests {
  const loaded = loadManifests(paths, { asOf, ...lock });
  return { ...loaded, failed: hasErrors(loaded.diagnostics), nothing: nothingIn(paths, loaded) };
}

/** The same manifests. @throws ManifestError where they have errors */
export function checkedManifests<T extends { readonly diagnostics: readonly Diagnostic[] }>(manifests: T): T {
  if (hasErrors(manifests.diagnostics)) throw new ManifestError(manifests.diagnostics);
  return manifests;
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

function nothingIn(paths: readonly string[], { read, skipped }: Loaded): string {
  const where = paths.length === 0 ? './' : someOf(paths);
  const { files, rosters, directories, tenants } = read;
  if (files === 0) return `no Event in ${where}: there are no YAML files`;
  const parts = [
    rosters === 0 ? '' : counted(rosters, 'Roster'),
    directories === 0 ? '' : counted(directories, 'Directory', 'Directories'),
    tenants === 0 ? '' : `${counted(tenants, 'Tenant')} of rollcall fleet`,
    skipped.length === 0 ? '' : `${skipped.length} not of rollcall: ${someOf(skipped)}`,
  ].filter((part) => part !== '');
  const what = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return `no Event in ${where} (read ${counted(files, 'YAML file')}${what})`;
}

/** The first five names, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const more = names.length - 5;
  return names.slice(0, 5).join(', ') + (more > 0 ? `, and ${more} more` : '');
}
