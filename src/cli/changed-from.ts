import { existsSync } from 'node:fs';
import { changedEvents } from '../diff/changed-events.ts';
import { loadManifests } from '../manifest/load.ts';
import type { DesiredEvent } from '../model/event.ts';
import { printWarning } from './messages.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';

/**
 * The events that want something else than the manifests in `path` on the same day; says how many are left out. Where
 * those manifests have errors nothing is left out, because what they want is not known.
 *
 * @throws UsageError where there is no such path.
 */
export function changedFrom(
  surroundings: Surroundings,
  events: readonly DesiredEvent[],
  path: string,
  options: { readonly asOf: string; readonly color: boolean; readonly quiet?: true },
): readonly DesiredEvent[] {
  if (!existsSync(path)) {
    throw new UsageError(`--changed-from ${path}: there is no such file or folder`, 'Name a checkout.');
  }
  const { desired, diagnostics } = loadManifests([path], { asOf: options.asOf });
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) {
    const found = `${errors} ${errors === 1 ? 'error' : 'errors'}`;
    printWarning(
      surroundings,
      `the manifests in ${path} have ${found}, so every event is planned; see: rollcall validate ${path}`,
      options.color,
    );
    return events;
  }
  const changed = changedEvents(events, desired.events);
  const same = events.length - changed.length;
  if (same > 0 && options.quiet !== true) {
    const what = same === 1 ? '1 event that wants' : `${same} events that want`;
    surroundings.stderr.write(`Left out ${what} the same as in ${path}.\n`);
  }
  return changed;
}
