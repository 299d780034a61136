import { type Lease, type Leases, type NotHeld, lostLease } from '../applier/leases.ts';
import type { Sleep } from '../applier/run.ts';
import { type Clock, createOnAbort } from '../http/clock.ts';
import type { Problem } from '../model/diagnostic.ts';
import type { EventPlan } from '../model/plan.ts';
import type { Origin } from '../model/result.ts';
import type { ProviderId } from '../platforms/index.ts';
import type { Held } from '../store/postgres/journal.ts';
import type { Holder, Place, Tenure, take } from '../store/postgres/leases.ts';
import { StoreError } from '../store/postgres/store.ts';

export interface LeaseSettings {
  readonly clock: Clock;
  /** How long an event is waited for that another run holds, in milliseconds. */
  readonly waitMs: number;
  readonly keyOf: (event: Place) => string;
  /** Takes an event for the run, or tells who holds it. Rejects with {@link StoreError}. */
  readonly take: (key: string) => ReturnType<typeof take>;
  /** Whether what the run holds is certainly its own. */
  readonly mayStart: () => boolean;
  readonly lagMs: (provider: ProviderId) => number;
  readonly origin: Origin;
  /** The digest of what is applied: what an earlier run of the very same plan wrote is not in its way. */
  readonly plan: string;
  /**
   * When the events began to be read, by the clock, for a plan of just now: what another run wrote since is read again. Absent
   * for any other: then it is refused.
   */
  readonly plannedAt: number | undefined;
  /** Told how many events wait for other runs, each time that changes. */
  readonly onHeld?: ((count: number) => void) | undefined;
}

/** How often it is asked whether an event is there to be taken, in milliseconds. */
const askAgainMs = 1000;

type Found = Tenure | NotHeld;

/** The leases of a run in the store. */
export class StoreLeases implements Leases {
  readonly #settings: LeaseSettings;
  /** Those of now. Two events of a plan can be one of the platform: they share it. */
  readonly #own = new Map<string, { users: number; readonly found: Promise<Found>; epoch: number }>();

  readonly #onAbort = createOnAbort();

  /** Events that wait for other runs. */
  #held = 0;

  constructor(settings: LeaseSettings) {
    this.#settings = settings;
  }

  async acquire(event: EventPlan, sleep: Sleep, signal: AbortSignal): Promise<Lease | NotHeld> {
    const key = this.#settings.keyOf(event);
    const shared = this.#own.get(key);
    const own = shared ?? { users: 0, epoch: 0, found: this.#taken(event, key, sleep, signal) };
    this.#own.set(key, own);
    own.users += 1;
    const release = async (): Promise<void> => {
      own.users -= 1;
      if (own.users > 0) return;
      this.#own.delete(key);
      const found = await own.found.catch(() => null);
      if (found !== null && 'release' in found) await found.release();
    };
    try {
      const found = await own.found;
      if ('outcome' in found) {
        await release();
        return found;
      }
      own.epoch = found.epoch;
      const fresh = shared === undefined && this.#isFresh(event, found);
      return { fresh, overtaken: this.#overtaken(event, found), mayStart: this.#settings.mayStart, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** The lease that an event is written under; nothing where there is none. */
  heldBy(event: Place): Held | undefined {
    const key = this.#settings.keyOf(event);
    const own = this.#own.get(key);
    return own === undefined ? undefined : { key, epoch: own.epoch };
  }

  async #taken(event: EventPlan, key: string, sleep: Sleep, signal: AbortSignal): Promise<Found> {
    const found = await this.#awaited(key, sleep, signal);
    if ('outcome' in found) return found;
    const { plan, plannedAt, lagMs } = this.#settings;
    if (isMoved(event, found) && plannedAt === undefined && found.plan !== plan) {
      await found.release();
      return { outcome: 'refused', problem: overtaken(found.writtenBy) };
    }
    try {
      const leftMs = found.doubtMs + lagMs(event.provider);
      if (leftMs > 0) await sleep(leftMs, signal);
    } catch (error) {
      await found.release();
      throw error;
    }
    return found;
  }

  /** Takes an event, waiting for a run that holds it. */
  async #awaited(key: string, sleep: Sleep, signal: AbortSignal): Promise<Found> {
    const waiting = { isHeld: false };
    try {
      return await this.#asked(key, sleep, signal, () => {
        if (!waiting.isHeld) this.#countHeld(1);
        waiting.isHeld = true;
      });
    } finally {
      if (waiting.isHeld) this.#countHeld(-1);
    }
  }

  #countHeld(step: number): void {
    this.#held += step;
    this.#settings.onHeld?.(this.#held);
  }

  async #asked(key: string, sleep: Sleep, signal: AbortSignal, onHeld: () => void): Promise<Found> {
    const { clock, waitMs, mayStart, take } = this.#settings;
    const end = clock.now() + waitMs;
    for (;;) {
      signal.throwIfAborted();
      if (!mayStart()) return { outcome: 'not-attempted', problem: lostLease };
      try {
        const found = await this.#unlessStopped(take(key), signal);
        if (!('holder' in found)) return found;
        const left = end - clock.now();
        if (left <= 0) return { outcome: 'not-attempted', problem: heldProblem(found.holder) };
        onHeld();
        await sleep(Math.min(left, askAgainMs, Math.max(0, found.leftMs) + 10), signal);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        const { message, hint } = error;
        return { outcome: 'not-attempted', problem: { code: 'store', message, hint } };
      }
    }
  }

  /** A store that does not answer holds up no stop. */
  #unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const forget = this.#onAbort(signal, () => {
        reject(signal.reason);
      });
      work.then(resolve, reject).finally(forget);
    });
  }

  /** What was planned just now goes on after a run of the same commit, as after one that was killed, but not after another's. */
  #overtaken(event: EventPlan, found: Tenure): Problem | null {
    const { commit } = this.#settings.origin;
    const isAnothers = commit !== undefined && found.commit !== null && found.commit !== commit;
    return isAnothers && isMoved(event, found) ? overtaken(found.writtenBy) : null;
  }

  /** Whether nobody can have written the event since it was read. */
  #isFresh(event: EventPlan, { written, doubtMs }: Tenure): boolean {
    const { clock, plannedAt, lagMs } = this.#settings;
    if (plannedAt === undefined || written !== event.epoch) return false;
    return doubtMs + lagMs(event.provider) <= plannedAt - clock.now();
  }
}

function isMoved({ epoch }: EventPlan, { written }: Tenure): boolean {
  return epoch !== undefined && written !== epoch;
}

function heldProblem({ run, job, since }: Holder): NotHeld['problem'] {
  const where = job === null ? '' : ` (${job})`;
  return {
    code: 'held',
    message: `the run ${run}${where} holds this event since ${since}`,
    hint: 'Apply again once that run is done, or wait longer for it with --wait.',
  };
}

function overtaken(writer: string | null): NotHeld['problem'] {
  return {
    code: 'overtaken',
    message: `${writer === null ? 'another run' : `the run ${writer}`} has written this event since the plan was made`,
    hint: 'Plan again: what is newer is kept.',
  };
}
