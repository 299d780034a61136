import { counted } from '../../model/say.ts';
import { findManifests } from '../../run/manifests.ts';
import { selectEvents } from '../../run/select.ts';
import { type FormatOptions, renderDiagnostics, reportSink } from '../formats.ts';
import type { SelectOptions } from '../options.ts';
import type { DesiredEvent } from '../../model/event.ts';
import { print, type Surroundings } from '../surroundings.ts';
import { exitCodes } from '../../run/usage-error.ts';

export type ValidateOptions = SelectOptions &
  FormatOptions & {
    readonly quiet?: true;
  };

/** What the command line says where it has no option. */
const noOptions: ValidateOptions = { target: [], exclude: [], selector: [], format: 'text', color: true };

/** `rollcall validate`: checks manifests without a network or credentials. The diagnostics are its result. */
export async function validate(
  surroundings: Surroundings,
  paths: readonly string[],
  options: ValidateOptions = noOptions,
): Promise<number> {
  const { desired, diagnostics, failed, nothing, skipped, read } = findManifests(paths, {
    env: surroundings.env,
    asOf: options.asOf,
    // Who is not in the lock yet can be looked up: nothing is wrong with the manifests.
    unlocked: 'warning',
    apart: true,
  });
  // What words messages takes part of the time that this command has.
  if (skipped.length > 0) {
    (await import('../messages.ts')).printSkipped(surroundings, skipped, options.quiet === true);
  }
  const { stdout } = surroundings;
  await print(reportSink(surroundings, options), await renderDiagnostics(surroundings, diagnostics, options));
  if (failed) return exitCodes.error;
  // The Tenants of a fleet can be checked on their own.
  const isFleet = read.tenants > 0 && desired.events.length === 0;
  const events = isFleet ? [] : await selectEvents(desired.events, options, nothing);
  if (options.format === 'text' && options.quiet !== true) {
    const counts = [
      ...(isFleet ? [] : [counted(events.length, 'event')]),
      ...(read.tenants === 0 ? [] : [counted(read.tenants, 'tenant')]),
    ];
    stdout.write(`Valid: ${counts.join(', ')}.\n${organisationWords(events)}`);
  }
  return exitCodes.done;
}

/** What rosters are expanded from, which takes a network. */
function organisationWords(events: readonly DesiredEvent[]): string {
  const parts = new Set(
    events.flatMap(({ sources = [] }) =>
      sources.map(({ provider, kind, id }) => `${provider} ${kind} ${id}`),
    ),
  );
  if (parts.size === 0) return '';
  const what = parts.size === 1 ? 'part' : 'parts';
  return `Rosters take people from ${parts.size} ${what} of the organisation, read when planning.\n`;
}
