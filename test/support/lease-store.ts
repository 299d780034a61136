import type { ApplyEvent } from '../../src/model/result.ts';
import { StoreLeases } from '../../src/run/leases.ts';
import type { Tenure } from '../../src/store/postgres/leases.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What the store does with leases, in memory and in virtual time. */

/** How long a run is taken for alive after its last heartbeat. */
export const ttlMs = 15_000;

/** How far apart these are. */
const beatMs = 5000;

/** How long a call may go on. */
export const callMs = 60_000;

interface Batch {
  readonly run: ModelRun;
  at: number;
  open: boolean;
}

/** A run that beats until it is stopped for a while, or killed. */
export class ModelRun {
  readonly #clock: VirtualClock;
  readonly #begunAt: number;
  #silentFrom = Number.POSITIVE_INFINITY;
  ended = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.#begunAt = clock.now();
  }

  /** Says nothing from now on: it is killed, or stopped for longer than it may be. */
  falls(): void {
    this.#silentFrom = Math.min(this.#silentFrom, this.#clock.now());
  }

  get expiresAt(): number {
    const beats = Math.floor((Math.min(this.#clock.now(), this.#silentFrom) - this.#begunAt) / beatMs);
    return this.#begunAt + beats * beatMs + ttlMs;
  }

  get alive(): boolean {
    return !this.ended && this.#clock.now() < this.expiresAt;
  }
}

/** One event's lease and batches. */
export class ModelStore {
  readonly #clock: VirtualClock;
  readonly #batches: Batch[] = [];
  #holder: ModelRun | null = null;
  #writer: string | null = null;
  /** The plans of which a batch was begun. */
  readonly begun: Set<string> = new Set();
  epoch = 0;
  written = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  leasesOf(
    run: ModelRun,
    settings: { readonly plan: string; readonly plannedAt: number | undefined },
  ): StoreLeases {
    return new StoreLeases({
      ...settings,
      origin: {},
      clock: this.#clock,
      waitMs: 600_000,
      lagMs: () => 2000,
      keyOf: () => 'event',
      mayStart: () => run.alive,
      take: () => Promise.resolve(this.#take(run)),
    });
  }

  /** Lines of a run. Throws where a batch would begin under a lease that is lost. */
  append(run: ModelRun, plan: string, events: readonly ApplyEvent[]): void {
    for (const event of events) {
      const own = this.#batches.findLast((batch) => batch.run === run);
      if (event.kind === 'batch-done' && own !== undefined)
        Object.assign(own, { open: false, at: this.#clock.now() });
      if (event.kind !== 'batch-started') continue;
      if (this.#holder !== run || !run.alive) throw new Error('the lease is lost');
      this.#batches.push({ run, at: this.#clock.now(), open: true });
      [this.written, this.#writer] = [this.epoch, plan];
      this.begun.add(plan);
    }
  }

  #take(
    run: ModelRun,
  ): ReturnType<ConstructorParameters<typeof StoreLeases>[0]['take']> extends Promise<infer T> ? T : never {
    const now = this.#clock.now();
    if (this.#holder !== null && this.#holder !== run && this.#holder.alive) {
      return { holder: { run: 'other', job: null, since: '' }, leftMs: this.#holder.expiresAt - now };
    }
    this.#holder = run;
    this.epoch += 1;
    const ends = this.#batches
      .filter((batch) => batch.run !== run)
      .map((batch) => (batch.open && !batch.run.ended ? batch.run.expiresAt + callMs : batch.at));
    const tenure: Tenure = {
      epoch: this.epoch,
      written: this.written,
      writtenBy: null,
      plan: this.#writer,
      commit: null,
      doubtMs: Math.max(...ends) - now,
      release: () => {
        if (this.#holder === run) this.#holder = null;
        return Promise.resolve();
      },
    };
    return tenure;
  }
}
