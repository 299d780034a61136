import type { Problem } from '../model/diagnostic.ts';
import { given } from '../model/given.ts';
import { type Change, type Violation, changeKey } from '../model/plan.ts';
import type { EventOutcome } from '../model/result.ts';
import { plain, type Said, say } from '../model/say.ts';
import { lostLease } from './leases.ts';
import { type Verification, refusedRemovals, verify } from './verify.ts';
import type { Stop, Work } from './work.ts';

/** How the work on an event ended. */
export interface Ending {
  readonly outcome: EventOutcome;
  readonly notes?: readonly Said[];
  readonly violations?: readonly Violation[];
  readonly problem?: Problem;
}

/** Reads what was written, and sums up: the state `verify`. `stop`: why sending ended before all was through. */
export async function endingOf(work: Work, stop: Stop | null): Promise<Ending> {
  const { ledger, plan, run } = work;
  const told = toldBy(stop);
  if (!ledger.sent && (stop?.kind === 'stopped' || stop?.kind === 'held'))
    return { ...told, outcome: 'not-attempted' };
  const open = stop?.kind === 'stopped' || ledger.pending().length > 0;
  if (run.options.signal.aborted && open) return { ...told, outcome: 'interrupted' };

  // A refusal of the event as a whole says nothing of one attendee: only others are looked into.
  const judged = stop === null || stop.kind === 'guarded';
  const looks = ledger.with('done', 'unknown').length > 0 || (judged && refusedRemovals(work).length > 0);
  // Once the lease is lost a reading may show what another run does.
  const verifies = run.options.verify && !run.hasEnded(plan.provider) && stop?.kind !== 'held';
  const seen = verifies && looks ? await verify(work) : null;
  if (seen?.stopped === true) return { ...told, outcome: 'interrupted' };
  if (seen !== null) record(work, seen);
  const outcome = outcomeOf(work, stop, seen);
  const { problem, violations } = told;
  // A reading that failed is not a problem any more once a later one showed everything.
  const left = seen?.problem ?? (outcome === 'converged' ? undefined : problem);
  return {
    ...given({ violations }),
    outcome,
    notes: [...(seen?.notes ?? []), ...(outcome === 'not-converged' ? strayNotes(work) : [])],
    ...given({ problem: left }),
  };
}

function toldBy(stop: Stop | null): Pick<Ending, 'violations' | 'problem'> {
  switch (stop?.kind) {
    case 'guarded':
      return { violations: stop.violations };
    case 'unread':
    case 'moving':
      return { problem: stop.problem };
    case 'held':
      return { problem: lostLease };
    case 'stopped':
    case 'refused':
    case undefined:
      return {};
  }
}

function outcomeOf(work: Work, stop: Stop | null, seen: Verification | null): EventOutcome {
  const { ledger, run, sight } = work;
  if (stop?.kind === 'moving') return 'not-converged';
  if (ledger.lostReplies) return 'not-converged';
  const sent = ledger.with('done', 'unknown').length > 0;
  // The guards stood against all there was to do, on the reading after a conflict as on the first.
  if (stop?.kind === 'guarded' && !sent && ledger.with('failed').length === 0) return 'refused';
  if (seen !== null && (seen.unseen.length > 0 || (sent && seen.problem !== null))) return 'not-converged';
  const done = ledger.with('done').length;
  if (ledger.with('failed', 'unknown').length + ledger.pending().length > 0)
    return done > 0 ? 'partial' : 'failed';
  // With exact manifests the event is as they say, or it is not done: anyone who came or left meanwhile counts.
  if (sight.strays.length > 0 && (done === 0 || seen !== null)) return 'not-converged';
  if (done === 0) return 'unchanged';
  if (seen !== null) return 'converged';
  return run.options.verify ? 'not-converged' : 'applied';
}

/** What others did meanwhile; the run's own changes that are not seen say so themselves. */
function strayNotes({ ledger, sight }: Work): Said[] {
  const own = new Set(ledger.with('unknown', 'failed').map(changeKey));
  const strays = sight.strays.filter((change) => !own.has(changeKey(change)));
  const count = (action: Change['action']): number =>
    strays.filter((change) => change.action === action).length;
  if (strays.length === 0) return [];
  // What is in doubt of the run itself may be why: an address can come back as the user whom it belongs to.
  const cause = own.size === 0 ? '; someone else changed the event meanwhile' : '';
  return [
    say`not in the desired state: the last reading shows ${count('remove')} too many, ${count('add')} too few${plain(cause)}. Plan again.`,
  ];
}

/** Lets the ledger say what the last reading showed. */
function record({ ledger }: Work, seen: Verification): void {
  const accepted = new Set(ledger.with('done'));
  const before = new Set(ledger.with('already'));
  ledger.mark(seen.seen, 'done');
  ledger.mark(seen.gone, 'already');
  for (const [change, error] of seen.unseen) {
    // What is in doubt already keeps the error that says so.
    if (accepted.has(change)) ledger.mark([change], 'unknown', error);
    else if (before.has(change)) ledger.mark([change], 'failed', error);
  }
  ledger.mark(seen.declined, 'failed', {
    code: 'room-declined',
    message: 'the room declined the booking',
    hint: 'It is taken at that time, or a person has to book it; choose another room.',
  });
}
