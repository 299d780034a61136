import type { Clock } from '../../http/clock.ts';
import type { PlanAccount } from '../../model/plan.ts';
import type { Origin } from '../../model/result.ts';
import type { Store } from './store.ts';

/** How long a run is taken for alive after its last heartbeat, in milliseconds. */
const defaultTtlMs = 15_000;

/** How much earlier than the store a run takes its leases for lost: what a check and the write after it may take. */
const marginMs = 50;

/** How long the store is waited for where nothing depends on its answer. */
const leaveMs = 1000;

/** What a run says of itself when it begins. */
export interface RunFacts {
  readonly id: string;
  readonly kind: 'apply' | 'revert' | 'fleet plan' | 'fleet apply';
  /** Whose it is, of several organisations; none where there is one. */
  readonly tenant?: string | null;
  readonly accounts: Readonly<Record<string, PlanAccount>>;
  readonly origin: Origin;
  /** The digest of what it applies. */
  readonly plan: string;
  /** How long one of its calls may go on, in milliseconds. */
  readonly callMs: number;
}

export interface RunTiming {
  readonly clock: Clock;
  readonly ttlMs?: number;
}

/** A run at work, as the store knows it. */
export interface StoredRun {
  readonly id: string;
  readonly store: Store;
  readonly ttlMs: number;
  /**
   * Whether its leases certainly stand: by the clock that goes on when the process is stopped, and by the one that goes on
   * when the machine is. Both are held against the moment before the last renewal was sent.
   */
  mayStart(): boolean;
  /** Ends it, and gives back what it holds. A run that cannot say so ends when its time is over. Never rejects. */
  end(exitCode: number | null): Promise<void>;
}

/** Begins a run, and keeps it alive: one row, whose heartbeat renews all that the run holds. @throws StoreError */
export async function beginRun(store: Store, facts: RunFacts, timing: RunTiming): Promise<StoredRun> {
  const { clock, ttlMs = defaultTtlMs } = timing;
  const { id, kind, tenant = null, accounts, origin, plan, callMs } = facts;
  const until = (): Readonly<Record<'now' | 'date', number>> => ({
    now: clock.now() + ttlMs - marginMs,
    date: clock.date() + ttlMs - marginMs,
  });
  let deadline = until();
  await store.query(
    `insert into rollcall.run(id, kind, account, origin, plan, call_ms, expires_at, tenant)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7 * interval '1 millisecond', $8)`,
    [id, kind, JSON.stringify(accounts), JSON.stringify(origin), plan, callMs, ttlMs, tenant],
  );
  let underWay = 0;
  let isOver = false;
  const beat = async (): Promise<void> => {
    // One that hangs does not keep the next from coming through.
    if (underWay > 1) return;
    underWay += 1;
    const next = until();
    try {
      // A run whose time is over stays dead: others may hold by now what it held.
      const renewed = await store.query(
        `update rollcall.run set expires_at = clock_timestamp() + $2 * interval '1 millisecond'
         where id = $1 and ended_at is null and expires_at > clock_timestamp() returning id`,
        [id, ttlMs],
      );
      if (renewed.length === 0) clearInterval(heartbeat);
      else if (next.now > deadline.now) deadline = next;
    } catch {
      // The next one may come through; until then the deadline stands.
    } finally {
      underWay -= 1;
    }
  };
  const heartbeat = setInterval(() => void beat(), ttlMs / 3);
  return {
    id,
    store,
    ttlMs,
    mayStart: () => !isOver && clock.now() < deadline.now && clock.date() < deadline.date,
    end: (exitCode) => {
      // What still waits to be sent, where a run ends early, is not: others may take from here on what it held.
      isOver = true;
      clearInterval(heartbeat);
      const ended = `update rollcall.run set ended_at = clock_timestamp(), exit_code = $2 where id = $1`;
      return briefly(store.query(ended, [id, exitCode]));
    },
  };
}

/** Waits for what is good to be done and does not have to be: not long, and whatever comes of it. */
export async function briefly(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, leaveMs);
  });
  await Promise.race([work.catch(() => undefined), enough]);
  clearTimeout(timer);
}
