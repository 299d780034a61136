import { guardChanges, ownAdditions } from '../diff/guards.ts';
import { type Reading, readingOf } from '../diff/reading.ts';
import { changedReplies } from '../diff/since.ts';
import { type Problem, internalProblem } from '../model/diagnostic.ts';
import {
  type Change,
  type EventPlan,
  type Violation,
  changeKey,
  isReplacement,
  replacedBy,
} from '../model/plan.ts';
import type { ApplyEvent, EventOutcome } from '../model/result.ts';
import type { EventWork } from './batch.ts';
import { Ledger } from './ledger.ts';
import { type Halt, runPhase, runReplacements } from './phase.ts';
import { adopt, askUntil, readEvent, settled } from './reread.ts';
import { type Run, isStopped } from './run.ts';
import { StreamClosed } from './stream.ts';
import { type Verification, notSeen, refusedRemovals, verify } from './verify.ts';

interface Ending {
  readonly outcome: EventOutcome;
  readonly notes?: readonly string[];
  readonly violations?: readonly Violation[];
  readonly problem?: Problem;
}

/** Applies one event's plan and tells how it ended. Nothing that is not in the plan is done. */
export async function applyEvent(plan: EventPlan, run: Run): Promise<void> {
  const ledger = new Ledger(plan);
  const work: EventWork = {
    plan,
    run,
    ledger,
    reading: readingOf(plan, []),
    since: { replies: [], left: [] },
    strays: [],
    lastWriteAt: null,
    extraCalls: 0,
    attempt: 0,
    mustFinish: false,
  };
  const ending = await endingOf(work).catch((error: unknown) => brokenEnding(work, error));
  const { outcome, notes = [], violations = [], problem } = ending;
  const event: ApplyEvent = {
    kind: 'event-done',
    name: plan.name,
    outcome,
    settled: ledger.untold(),
    newcomers: work.reading.newcomers,
    notes: [...work.since.replies, ...work.since.left, ...notes],
    violations,
    ...(problem === undefined ? {} : { problem }),
  };
  await run.emit(event);
}

/** One event's failure, of whatever kind, is its own; only a consumer that went away ends the run. */
function brokenEnding({ ledger }: EventWork, error: unknown): Ending {
  if (error instanceof StreamClosed) throw error;
  return { outcome: ledger.sent ? 'not-converged' : 'unknown', problem: internalProblem(error) };
}

async function endingOf(work: EventWork): Promise<Ending> {
  const { plan, run, ledger } = work;
  if (plan.status === 'unknown')
    return { outcome: 'unknown', ...(plan.problem === undefined ? {} : { problem: plan.problem }) };
  if (plan.status === 'refused') return { outcome: 'refused', violations: plan.violations };
  if (plan.changes.length === 0) return { outcome: 'unchanged' };
  if (isStopped(run)) return { outcome: 'not-attempted' };

  const read = await readingBeforeWrites(work);
  if ('outcome' in read) return read;
  adopt(work, read);
  const late = plan.order === 'removes-first' ? ledger.pending([...ownAdditions(plan.changes)]) : [];
  const violations = guard(work, late);
  if (violations.length > 0) return { outcome: 'refused', violations };
  const written = await write(work);
  return 'outcome' in written ? written : finish(work, written);
}

async function readingBeforeWrites(work: EventWork): Promise<Reading | Ending> {
  const { run, plan } = work;
  const fresh = run.options.readings?.get(plan.name);
  if (fresh !== undefined) return { ...fresh, newcomers: [] };
  try {
    const read = await readEvent(work);
    if (!read.ok) return { outcome: 'unknown', problem: read.problem };
    if (read.listed !== undefined) work.since.replies = changedReplies(plan, read.listed);
    return read.reading;
  } catch (error) {
    if (run.options.signal.aborted) return { outcome: 'not-attempted' };
    throw error;
  }
}

/**
 * The guards on the very changes that are about to be made. Whoever came by this plan counts as an addition, because
 * the plan's own count of managed attendees is without them. `late`: additions that are not there, or not seen to be.
 */
function guard(work: EventWork, late: readonly Change[] = []): Violation[] {
  const { plan, reading, ledger } = work;
  const pending = ledger.pending();
  if (pending.length === 0) return [];
  const replaced = replacedBy(plan.changes);
  const came = ledger
    .with('done', 'already')
    .filter((change) => change.action === 'add' && !isReplacement(change, replaced));
  return guardChanges(plan, [...came, ...pending], new Set(late), reading);
}

interface Written {
  readonly halt: Halt | null;
  readonly violations: readonly Violation[];
}

/** The phases in the plan's order; replaced flags after them, a deletion last of all. */
async function write(work: EventWork): Promise<Written | Ending> {
  const { plan, ledger } = work;
  const replaced = replacedBy(plan.changes);
  const of = (action: Change['action']): Change[] =>
    plan.changes.filter((change) => change.action === action && !isReplacement(change, replaced));
  const additions = (): Promise<Halt | null> => runPhase(work, of('add'));
  const removals = (): Promise<Halt | null> => runPhase(work, of('remove'));
  const addsFirst = plan.order === 'adds-first';

  let halt = await (addsFirst ? additions() : removals());
  if (halt !== null) return { halt, violations: [] };
  const failedAdditions = ledger.with('failed').filter(({ action }) => action === 'add');
  if (addsFirst && failedAdditions.length > 0) {
    // Whoever was to take the place of those removed did not come: count again without them.
    const removing = ledger.pending().filter(({ action }) => action !== 'add');
    const violations = removing.length === 0 ? [] : guard(work);
    if (violations.length > 0) return { halt: null, violations };
  }
  const unsafe = addsFirst ? await unseenAdditions(work) : null;
  if (unsafe !== null) return unsafe;
  halt = await (addsFirst ? removals() : additions());
  halt ??= await runReplacements(
    work,
    plan.changes.filter((change) => isReplacement(change, replaced)),
  );
  halt ??= await runPhase(work, of('unbind-chat'));
  halt ??= await runPhase(work, of('delete-event'));
  return { halt, violations: [] };
}

/**
 * Where removals pass their guard only because of additions, a listing has to show these before the removals start: a
 * platform may take an addition and do nothing. Asked until it shows enough of them, as when verifying. Null: go on.
 */
async function unseenAdditions(work: EventWork): Promise<Written | Ending | null> {
  const { ledger, plan, run } = work;
  const made = ownAdditions(plan.changes).filter((change) => ledger.with('done').includes(change));
  const removes = ledger.pending().some(({ action }) => action === 'remove');
  if (made.length === 0 || !removes || guard(work, made).length === 0) return null;
  const deadline = run.options.clock.now() + run.options.verifyTimeoutMs;
  let problem: Problem | null = null;
  let violations: Violation[] = [];
  let unseen: readonly Change[] = made;
  try {
    await settled(work);
    await askUntil(work, deadline, async () => {
      const read = await readEvent(work);
      problem = read.ok ? null : read.problem;
      if (!read.ok) return false;
      unseen = made.filter((change) => !read.reading.already.has(changeKey(change)));
      adopt(work, read.reading);
      violations = guard(work, unseen);
      return violations.length === 0;
    });
  } catch (error) {
    if (run.options.signal.aborted) return { halt: { kind: 'stopped' }, violations: [] };
    throw error;
  }
  if (problem !== null) return { outcome: 'not-converged', problem };
  if (violations.length === 0) return null;
  for (const change of unseen) ledger.settle([change], 'unknown', notSeen(change));
  return {
    outcome: 'refused',
    violations,
    notes: ['The platform accepted the additions and does not list them: nobody was removed.'],
  };
}

/** Reads what was written, and sums up. */
async function finish(work: EventWork, written: Written): Promise<Ending> {
  const { ledger, run } = work;
  const { halt, violations } = written;
  if (!ledger.sent && halt?.kind === 'stopped') return { outcome: 'not-attempted' };
  const unread = halt?.kind === 'unread' ? { problem: halt.problem } : {};
  const { signal } = run.options;
  const open = halt?.kind === 'stopped' || ledger.pending().length > 0;
  if (signal.aborted && open) return { violations, ...unread, outcome: 'interrupted' };

  // A refusal of the event as a whole says nothing of one attendee: only others are looked into.
  const looks =
    ledger.with('done', 'unknown').length > 0 || (halt === null && refusedRemovals(work).length > 0);
  const verifies = run.options.verify && !run.ended && looks;
  const seen = verifies ? await verify(work) : null;
  if (seen?.stopped === true) return { violations, ...unread, outcome: 'interrupted' };
  if (seen !== null) record(work, seen);
  const outcome = outcomeOf(work, seen);
  return {
    violations,
    outcome,
    notes: [...(seen?.notes ?? []), ...(outcome === 'not-converged' ? strayNotes(work) : [])],
    // A reading that failed is no problem any more once a later one showed everything.
    ...(outcome === 'converged' ? {} : unread),
    ...(seen === null || seen.problem === null ? {} : { problem: seen.problem }),
  };
}

function outcomeOf(work: EventWork, seen: Verification | null): EventOutcome {
  const { ledger, run } = work;
  const sent = ledger.with('done', 'unknown').length > 0;
  if (seen !== null && (seen.unseen.length > 0 || (sent && seen.problem !== null))) return 'not-converged';
  const done = ledger.with('done').length;
  if (ledger.with('failed', 'unknown').length + ledger.pending().length > 0)
    return done > 0 ? 'partial' : 'failed';
  // With exact manifests the event is as they say, or it is not done: whoever came or left meanwhile counts.
  if (work.strays.length > 0 && (done === 0 || seen !== null)) return 'not-converged';
  if (done === 0) return 'unchanged';
  if (seen !== null) return 'converged';
  return run.options.verify ? 'not-converged' : 'applied';
}

/** What others did meanwhile; the run's own changes that are not seen say so themselves. */
function strayNotes(work: EventWork): string[] {
  const own = new Set(work.ledger.with('unknown', 'failed').map(changeKey));
  const strays = work.strays.filter((change) => !own.has(changeKey(change)));
  const count = (action: Change['action']): number =>
    strays.filter((change) => change.action === action).length;
  if (strays.length === 0) return [];
  // What is in doubt of the run itself may be why: an address can come back as the user whom it belongs to.
  const cause = own.size === 0 ? '; somebody else changed the event meanwhile' : '';
  return [
    `not as the manifest says: at the last reading ${count('remove')} too many, ${count('add')} too few${cause}. ` +
      'Plan again.',
  ];
}

/** Lets the ledger say what the last reading showed. */
function record(work: EventWork, seen: Verification): void {
  const { ledger } = work;
  const accepted = new Set(ledger.with('done'));
  const before = new Set(ledger.with('already'));
  ledger.settle(seen.seen, 'done');
  ledger.settle(seen.gone, 'already');
  for (const [change, error] of seen.unseen) {
    // What is in doubt already keeps the error that says so.
    if (accepted.has(change)) ledger.settle([change], 'unknown', error);
    else if (before.has(change)) ledger.settle([change], 'failed', error);
  }
  ledger.settle(seen.declined, 'failed', {
    code: 'room-declined',
    message: 'the room declined the booking',
    hint: 'It is taken at that time, or has to be booked by a person: name another room.',
  });
}
