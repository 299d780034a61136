import { existsSync } from 'node:fs';
import { changedEvents } from '../diff/changed-events.ts';
import { loadManifests } from '../manifest/load.ts';
import type { DesiredEvent } from '../model/event.ts';
import { UsageError } from './usage-error.ts';

/** What came of holding the manifests against those of the base. */
export interface Compared {
  /** The events that want something else than the manifests in `path`. */
  readonly events: readonly DesiredEvent[];
  readonly path: string;
  /** How many want the same and are left out. */
  readonly same: number;
  /** Errors of those manifests. Then nothing is left out, because what they want is not known. */
  readonly errors: number;
}

/**
 * The events that want something else than the manifests in `path` on the same day.
 *
 * @throws UsageError where there is no such path.
 */
export function changedFrom(events: readonly DesiredEvent[], path: string, asOf: string): Compared {
  if (!existsSync(path)) {
    throw new UsageError(`--changed-from ${path}: there is no such file or folder`, 'Name a checkout.');
  }
  const { desired, diagnostics } = loadManifests([path], { asOf });
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return { events, path, same: 0, errors };
  const changed = changedEvents(events, desired.events);
  return { events: changed, path, same: events.length - changed.length, errors: 0 };
}
