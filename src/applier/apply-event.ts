import { type Stage, stagesOf } from '../diff/edits.ts';
import { ownAdditions } from '../diff/guards.ts';
import type { Reading } from '../diff/reading.ts';
import { type Problem, internalProblem } from '../model/diagnostic.ts';
import { given } from '../model/given.ts';
import { type Change, type EventPlan, type Violation, changeKey } from '../model/plan.ts';
import type { ApplyEvent } from '../model/result.ts';
import { notesOf, say } from '../model/say.ts';
import type { Place } from '../providers/side-by-side.ts';
import { type Ending, endingOf } from './ending.ts';
import { type Lease, holdsAll } from './leases.ts';
import { Ledger } from './ledger.ts';
import { type Run, type Sleep, platformOf, stopsOf } from './run.ts';
import { Sending } from './sending.ts';
import { StreamClosed } from './stream.ts';
import { notSeen } from './verify.ts';
import { Sight } from './sight.ts';
import { type Stop, type Work, guard, guardAnew } from './work.ts';

/** Where the work on an event stands; README.md beside this file tells the way through them. */
type State =
  | { readonly at: 'read' }
  | { readonly at: 'guard'; readonly reading: Reading }
  | { readonly at: 'send'; readonly stages: readonly Stage[] }
  | { readonly at: 'see'; readonly stages: readonly Stage[] }
  | { readonly at: 'verify'; readonly stop: Stop | null }
  | { readonly at: 'end'; readonly ending: Ending };

/** Applies one event's plan and tells how it ended. Nothing that is not in the plan is done. */
export async function applyEvent(plan: EventPlan, run: Run, place: Place): Promise<void> {
  const ledger = new Ledger(plan);
  const writer = run.options.writerOf(plan.provider, place.turn);
  const sleep = sleepIn(run, place);
  const sight = new Sight(plan, run, ledger, { reader: writer, sleep });
  const broken = (error: unknown): Ending => brokenEnding(ledger, error);
  const lease = workless(plan, run) ?? (await acquire(plan, run, sleep).catch(broken));
  const ending =
    'outcome' in lease
      ? lease
      : await through({ plan, run, lease, writer, sleep, ledger, sight }).catch(broken);
  const { outcome, notes = [], violations = [], problem } = ending;
  const event: ApplyEvent = {
    kind: 'event-done',
    name: plan.name,
    outcome,
    settled: ledger.untold(),
    newcomers: sight.reading.newcomers,
    ...notesOf([...sight.since, ...ledger.costs, ...notes]),
    violations,
    ...given({ problem }),
  };
  await run.emit(event);
  if ('release' in lease) await lease.release();
}

/** Whether applying an event can take a call. */
export function needsCalls({ status, changes }: EventPlan): boolean {
  return status !== 'unknown' && status !== 'refused' && changes.length > 0;
}

/** No call is made during a sleep: another event may take the place. */
function sleepIn({ options: { clock } }: Run, place: Place): Sleep {
  return (ms, signal) => place.rest(() => clock.sleep(ms, signal));
}

async function through(work: Work): Promise<Ending> {
  const sending = new Sending(work);
  let state: State = { at: 'read' };
  while (state.at !== 'end') state = await next(work, sending, state);
  return state.ending;
}

function next(work: Work, sending: Sending, state: Exclude<State, { at: 'end' }>): Promise<State> {
  switch (state.at) {
    case 'read':
      return read(work);
    case 'guard':
      return Promise.resolve(guarded(work, state.reading));
    case 'send':
      return sent(sending, state.stages);
    case 'see':
      return see(work, state.stages);
    case 'verify':
      return endingOf(work, state.stop).then(ended);
  }
}

function ended(ending: Ending): State {
  return { at: 'end', ending };
}

/** One event's failure, of whatever kind, is its own; only a consumer that went away ends the run. */
function brokenEnding(ledger: Ledger, error: unknown): Ending {
  if (error instanceof StreamClosed) throw error;
  return { outcome: ledger.sent ? 'not-converged' : 'unknown', problem: internalProblem(error) };
}

/** How an event ends without any work; null: there is some. */
function workless(plan: EventPlan, run: Run): Ending | null {
  const { status, problem, violations, changes } = plan;
  if (status === 'unknown') return { outcome: 'unknown', ...given({ problem }) };
  if (status === 'refused') return { outcome: 'refused', violations };
  if (changes.length === 0) return { outcome: 'unchanged' };
  return stopsOf(run, plan).isStopped() ? { outcome: 'not-attempted' } : null;
}

async function acquire(plan: EventPlan, { options }: Run, sleep: Sleep): Promise<Lease | Ending> {
  const { leases = holdsAll, signal } = options;
  try {
    return await leases.acquire(plan, sleep, signal);
  } catch (error) {
    if (signal.aborted) return { outcome: 'not-attempted' };
    throw error;
  }
}

async function read({ plan, run, lease, sight }: Work): Promise<State> {
  const fresh = lease.fresh ? run.options.readings?.get(plan.name) : undefined;
  if (fresh !== undefined) return { at: 'guard', reading: { ...fresh, newcomers: [] } };
  const { signal } = run.options;
  try {
    const found = await sight.read(signal);
    return found.ok
      ? { at: 'guard', reading: found.reading }
      : ended({ outcome: 'unknown', problem: found.problem });
  } catch (error) {
    if (signal.aborted) return ended({ outcome: 'not-attempted' });
    throw error;
  }
}

function guarded(work: Work, reading: Reading): State {
  const { plan, sight } = work;
  sight.adopt(reading);
  const violations = guardAnew(work);
  if (violations.length > 0) return ended({ outcome: 'refused', violations });
  const { overtaken } = work.lease;
  if (overtaken !== null && work.ledger.pending().some(({ action }) => action !== 'add'))
    return ended({ outcome: 'refused', problem: overtaken });
  return { at: 'send', stages: stagesOf(plan.changes, plan.order, platformOf(plan).writes) };
}

async function sent(sending: Sending, [stage, ...rest]: readonly Stage[]): Promise<State> {
  if (stage === undefined) return { at: 'verify', stop: null };
  const stop = await sending.stage(stage);
  if (stop !== null) return { at: 'verify', stop };
  return { at: stage.name === 'add' ? 'see' : 'send', stages: rest };
}

/**
 * Between additions and what comes after them. Anyone who was to take the place of those removed may not have come:
 * where additions failed the guards count again without them. Where removals pass only because of additions, a listing
 * has to show these first: a platform may take an addition and do nothing. It is asked until it shows enough, as when
 * verifying.
 */
async function see(work: Work, stages: readonly Stage[]): Promise<State> {
  const { ledger, plan, run, sight } = work;
  const goOn: State = { at: 'send', stages };
  const left = ledger.pending().filter(({ action }) => action !== 'add');
  if (left.length === 0 || plan.order !== 'adds-first') return goOn;
  const violations = guard(work);
  if (violations.length > 0) return { at: 'verify', stop: { kind: 'guarded', violations } };
  const made = ownAdditions(plan.changes).filter((change) => ledger.with('done').includes(change));
  if (stages[0]?.name !== 'remove' || guard(work, made).length === 0) return goOn;
  const { signal } = run.options;
  try {
    const found = await sight.askUntil(
      signal,
      () => unseenOf(work, made, signal),
      (answer) => 'unseen' in answer && guard(work, answer.unseen).length === 0,
    );
    if ('problem' in found) return ended({ outcome: 'not-converged', problem: found.problem });
    const against = guard(work, found.unseen);
    return against.length === 0 ? goOn : ended(unseenEnding(work, found.unseen, against));
  } catch (error) {
    if (signal.aborted) return { at: 'verify', stop: { kind: 'stopped' } };
    throw error;
  }
}

type Unseen = { readonly problem: Problem } | { readonly unseen: readonly Change[] };

/** Which of these additions a reading does not show; the work goes on from it. */
async function unseenOf({ sight }: Work, made: readonly Change[], signal: AbortSignal): Promise<Unseen> {
  await sight.waitForLag(signal);
  const found = await sight.read(signal);
  if (!found.ok) return { problem: found.problem };
  sight.adopt(found.reading);
  return { unseen: made.filter((change) => !found.reading.already.has(changeKey(change))) };
}

function unseenEnding({ ledger }: Work, unseen: readonly Change[], violations: readonly Violation[]): Ending {
  for (const change of unseen) ledger.mark([change], 'unknown', notSeen(change));
  const note = say`The platform accepted the additions but does not list them, so nobody was removed.`;
  return { outcome: 'refused', violations, notes: [note] };
}
