import type { Problem } from '../model/diagnostic.ts';
import type { EventPlan } from '../model/plan.ts';
import type { Sleep } from './run.ts';

/** What lets one run at a time write to an event. */
export interface Lease {
  /** Whether what was read while planning still stands: no other run has written the event since. */
  readonly fresh: boolean;
  /** The run of another commit has written it since it was planned: nobody is removed by that plan any more. Null: none has. */
  readonly overtaken: Problem | null;
  /** Whether a request may be written now. Asked in the tick in which it would be: a process can be stopped at any time. */
  mayStart(): boolean;
  /** To be called once, after the last line of the event. Never rejects. */
  release(): Promise<void>;
}

/** Why an event is left alone: it is held by another run, or another run has written it since the plan was made. */
export interface NotHeld {
  readonly outcome: 'not-attempted' | 'refused';
  readonly problem: Problem;
}

/** Who may write to which event. */
export interface Leases {
  /**
   * Takes an event before it is read for its changes. What waits, waits by `sleep`. Rejects with the signal's reason and
   * for nothing else.
   */
  acquire(event: EventPlan, sleep: Sleep, signal: AbortSignal): Promise<Lease | NotHeld>;
}

const held: Lease = { fresh: true, overtaken: null, mayStart: () => true, release: () => Promise.resolve() };

/** Of a run that is on its own. */
export const holdsAll: Leases = { acquire: () => Promise.resolve(held) };

/** A write that was not begun, because the time of the lease was over. */
export const lostLease: Problem = {
  code: 'held',
  message: 'the lease on this event was lost before everything was written; another run may hold it now',
  hint: 'Plan again. What was written is in the journal.',
};
