import { systemClock } from '../../http/clock.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';
import { healthJson } from '../../report/told-json.ts';
import { healthText } from '../../report/text/health.ts';
import { health, providersOf } from '../../run/doctor/doctor.ts';
import { findManifests } from '../../run/manifests.ts';
import { UsageError, exitCodes } from '../../run/usage-error.ts';
import { inkFor } from '../ink.ts';
import { printDiagnostics, printSkipped } from '../messages.ts';
import type { RunOptions } from '../options.ts';
import { open, printMetered } from '../planning.ts';
import { startProgress } from '../progress.ts';
import { print, type Surroundings } from '../surroundings.ts';

export interface DoctorOptions extends RunOptions {
  readonly provider?: ProviderId;
  readonly format: string;
}

/**
 * `rollcall doctor`: whether what the manifests need is there: credentials, host, clock, permissions, calendars and events
 * that this account can change. It only reads. Exits with 1 where something needed is missing.
 */
export async function doctorCommand(
  surroundings: Surroundings,
  paths: readonly string[],
  options: DoctorOptions,
): Promise<number> {
  const { env, signal, stdout, redactor } = surroundings;
  const manifests = findManifests(paths, { env, unlocked: 'silent' });
  printSkipped(surroundings, manifests.skipped, options.quiet === true);
  printDiagnostics(surroundings, manifests.diagnostics, options.color);
  const { provider } = options;
  const providers = provider === undefined ? providersOf(manifests.desired.events, env) : [provider];
  if (providers.length === 0) {
    throw new UsageError(
      `${manifests.nothing}, and no credentials are set`,
      'Name the platform with --provider to see what it needs.',
    );
  }
  let at = providers[0];
  const progress = startProgress(surroundings, options, (done, total) => {
    const title = at === undefined ? '' : platforms[at].title;
    return total === 0 ? `Asking ${title}` : `Asking ${title}: ${done} of ${total} events`;
  });
  const found = await health(providers, manifests, {
    env,
    signal,
    concurrency: options.concurrency,
    now: () => systemClock.date(),
    shown: {
      calendar: (id) => redactor?.calendar(id) ?? id,
      problem: (problem) => redactor?.problem(problem) ?? problem,
    },
    onRead: (done, total) => {
      progress.update(done, total);
    },
    open: (one, onRequest) => {
      at = one;
      progress.update(0, 0);
      return open(surroundings, [one], options, onRequest);
    },
  }).finally(() => {
    progress.stop();
  });
  const ink = inkFor(stdout, env, options.color);
  await print(stdout, options.format === 'json' ? healthJson(found) : healthText(found, ink));
  for (const { provider: one, metered } of found.calls) printMetered(surroundings, one, metered, options);
  return found.ok ? exitCodes.done : exitCodes.error;
}
