import { type FoundManifests, findManifests } from '../run/manifests.ts';
import { printSkipped } from './messages.ts';
import type { Surroundings } from './surroundings.ts';

/** Reads and checks the manifests, and says what was left out. */
export function load(
  surroundings: Surroundings,
  paths: readonly string[],
  options: { readonly asOf?: string; readonly quiet?: true },
): FoundManifests {
  surroundings.learnPeople?.(paths);
  const found = findManifests(paths, { env: surroundings.env, asOf: options.asOf });
  printSkipped(surroundings, found.skipped, options.quiet === true);
  return found;
}
