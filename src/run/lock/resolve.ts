import { systemClock } from '../../http/clock.ts';
import { loadManifests } from '../../manifest/load.ts';
import type { Desired, DesiredEvent } from '../../model/event.ts';
import type { LockLine } from '../../model/lock.ts';
import type { Plan } from '../../model/plan.ts';
import { checkedManifests } from '../manifests.ts';
import type { PlanInput, PlanSettings } from '../plan.ts';
import type { Sessions } from '../sessions.ts';
import { ManifestError, UsageError } from '../usage-error.ts';
import { lookUp } from './look-up.ts';
import { relockFor } from './relock.ts';

/** Reads the manifests again, with these lines beside those of the lock. Ids that are not there are no errors. */
export type Reload = (lines: readonly LockLine[]) => PlanInput;

/**
 * Manifests in which nobody is missing whom the chosen events need: the lock's lines first, and people who are not in
 * it are looked up now. The lock stays as it is.
 *
 * @returns null where the lock has everybody; else sessions of all platforms that the chosen events use, which are the
 *   caller's to close
 * @throws ManifestError where somebody is not found: nothing is planned then; UsageError as planning
 */
export async function resolveNow(
  input: PlanInput,
  reload: Reload,
  settings: Pick<PlanSettings, 'signal' | 'open'> & {
    readonly choose: (input: PlanInput) => Promise<readonly DesiredEvent[]>;
  },
): Promise<{ readonly input: PlanInput; readonly sessions: Sessions } | null> {
  const { choose, signal } = settings;
  const chosen = await choose(input);
  const { needs } = relockFor(chosen);
  if (needs.length === 0) return null;
  const sessions = await settings.open(chosen.map(({ ref }) => ref.provider));
  try {
    const { lines, unresolved } = await lookUp(needs, {
      finderOf: (provider) => sessions.finderOf(provider),
      signal,
      now: () => new Date(systemClock.date()).toISOString(),
    });
    if (unresolved.length > 0) throw new ManifestError([...input.diagnostics, ...unresolved]);
    const again = reload(lines);
    const errors = again.diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new ManifestError(again.diagnostics);
    if (relockFor(await choose(again)).needs.length > 0) {
      throw new UsageError('the manifests have changed while people were looked up', 'Run it again.');
    }
    return { input: again, sessions };
  } catch (error) {
    await sessions.close();
    throw error;
  }
}

/** What manifests want of the events of a plan, with people who are not in the lock looked up. */
export async function resolvedFor(
  plan: Plan,
  loaded: PlanInput,
  reload: Reload,
  settings: Pick<PlanSettings, 'signal' | 'open'>,
): Promise<Desired> {
  const names = new Set(plan.events.map(({ name }) => name));
  const choose = ({ desired }: PlanInput): Promise<readonly DesiredEvent[]> =>
    Promise.resolve(desired.events.filter(({ name }) => names.has(name)));
  const resolved = await resolveNow(loaded, reload, { ...settings, choose });
  await resolved?.sessions.close();
  return (resolved?.input ?? loaded).desired;
}

/** Reads manifests again from where they were. @throws UsageError where that is not known */
export function reloadOf({
  desired,
  paths,
}: {
  readonly desired: Desired;
  readonly paths?: readonly string[];
}): Reload {
  if (paths === undefined) {
    throw new UsageError(
      'resolve needs to know where the manifests are',
      'Pass what loadManifests returned.',
    );
  }
  return (lines) => loadManifests(paths, { asOf: desired.asOf, unlocked: 'silent', lines });
}

/** What the manifests beside a saved plan want. @throws ManifestError where they have errors */
export function wantedIn(
  paths: readonly string[],
  asOf: string,
  plan: Plan,
  settings: Pick<PlanSettings, 'open'> & { readonly resolve?: boolean; readonly signal?: AbortSignal },
): Desired | Promise<Desired> {
  const { resolve = false, open, signal = new AbortController().signal } = settings;
  const loaded = checkedManifests(loadManifests(paths, { asOf, unlocked: resolve ? 'silent' : 'error' }));
  return resolve ? resolvedFor(plan, loaded, reloadOf(loaded), { open, signal }) : loaded.desired;
}
