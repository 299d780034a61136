import type { EventRef } from '../../model/event.ts';
import { calendarAndOwner } from '../../platforms/index.ts';
import { type StoredRun, briefly } from './runs.ts';
import type { Store } from './store.ts';

/** Who holds an event. */
export interface Holder {
  readonly run: string;
  /** Where its CI job is seen. */
  readonly job: string | null;
  /** Since when, as ISO 8601. */
  readonly since: string;
}

/** An event that is this run's for now. */
export interface Tenure {
  /** Grows with each new holder. */
  readonly epoch: number;
  /** The epoch of the last holder that wrote; 0: none did. */
  readonly written: number;
  /** Which run that was, where it is known, and the digest of what it applied. */
  readonly writtenBy: string | null;
  readonly plan: string | null;
  /** The commit that it was of. */
  readonly commit: string | null;
  /**
   * How long what other runs wrote may still be on its way, in milliseconds; at most 0 where it is not. A batch without an end
   * counts for as long as its call may go on after the last moment at which its run may have begun it.
   */
  readonly doubtMs: number;
  release(): Promise<void>;
}

export type Place = Pick<EventRef, 'provider' | 'calendarId' | 'eventId' | 'organizer'>;

/** What a lease is of: one event of a platform, whatever a manifest calls it. */
export function leaseKey(host: string, event: Place): string {
  const { calendar, owner } = calendarAndOwner(event);
  return [host, calendar, owner ?? '', event.eventId].map(encodeURIComponent).join('/');
}

/** A run that is over, by its own word or because its time is, holds nothing. */
const isAlive = `exists(select from rollcall.run r
  where r.id = l.run and r.ended_at is null and r.expires_at > clock_timestamp())`;

/**
 * Takes an event, or tells who holds it and how long that run is taken for alive without another heartbeat, in
 * milliseconds. @throws StoreError
 */
export async function take(
  { store, id }: StoredRun,
  key: string,
): Promise<Tenure | { readonly holder: Holder; readonly leftMs: number }> {
  for (;;) {
    const [taken] = await store.query<Pick<Tenure, 'epoch' | 'written' | 'writtenBy' | 'plan' | 'commit'>>(
      // The statement may have waited for the row: whether its run is alive was seen before that. It is taken from the holder
      // that was seen then, and from no later one.
      `insert into rollcall.lease as l(key, epoch, run) values ($1, 1, $2)
       on conflict(key) do update set epoch = l.epoch + 1, run = $2, since = clock_timestamp()
         where l.run is null or l.run = $2
           or l.epoch = (select epoch from rollcall.lease where key = $1) and not ${isAlive}
       returning epoch, written, written_by as "writtenBy", (select plan from rollcall.run where id = l.written_by),
         (select origin->>'commit' from rollcall.run where id = l.written_by) as commit`,
      [key, id],
    );
    if (taken !== undefined) {
      // By a statement of its own, which sees every line that was written under an earlier lease.
      const doubtMs = taken.epoch === 1 ? Number.NEGATIVE_INFINITY : await doubt(store, key, id);
      return { ...taken, doubtMs, release: () => release(store, key, id, taken.epoch) };
    }
    const [held] = await store.query<{ run: string; job: string | null; since: Date; left: string }>(
      `select r.id as run, r.origin->>'job' as job, l.since,
         extract(epoch from r.expires_at - clock_timestamp()) * 1000 as left
       from rollcall.lease l join rollcall.run r on r.id = l.run where l.key = $1`,
      [key],
    );
    // Released meanwhile: it is there to be taken.
    if (held === undefined) continue;
    const { run, job, since } = held;
    return { holder: { run, job, since: since.toISOString() }, leftMs: Number(held.left) };
  }
}

/** See {@link Tenure}. A run that ended for want of a line may have left a call under way. */
async function doubt(store: Store, key: string, id: string): Promise<number> {
  const [row] = await store.query<{ left: string | null }>(
    // Of a run that can have begun no call so late that it ends after the last line, batches need not be looked through.
    `with last as (select max(at) as at from rollcall.line where key = $1 and run <> $2),
     late as (
       select r.id, least(r.ended_at, r.expires_at) + r.call_ms * interval '1 millisecond' as until
       from rollcall.run r
       where r.id <> $2 and r.expires_at > clock_timestamp() - interval '1 day'
         and r.id in (select run from rollcall.line where key = $1)),
     open as (
       select max(until) as until from late
       where until > (select at from last) and exists(
         select s.line->'batch' from rollcall.line s
         where s.run = late.id and s.key = $1 and s.line->>'kind' = 'batch-started'
         except
         select d.line->'batch' from rollcall.line d
         where d.run = late.id and d.key = $1 and d.line->>'kind' = 'batch-done'))
     select extract(epoch from greatest((select at from last), (select until from open)) - clock_timestamp()) * 1000 as left`,
    [key, id],
  );
  return Number(row?.left ?? Number.NEGATIVE_INFINITY);
}

/** Without an answer it is left to the end of the run. */
function release(store: Store, key: string, id: string, epoch: number): Promise<void> {
  const freed = 'update rollcall.lease set run = null where key = $1 and run = $2 and epoch = $3';
  return briefly(store.query(freed, [key, id, epoch]));
}

/** What time it is for the store, for {@link epochsOf}. @throws StoreError */
export async function momentOf(store: Store): Promise<string> {
  const [row] = await store.query<{ now: string }>('select clock_timestamp()::text as now');
  return row?.now ?? '';
}

/** Who wrote an event last. */
export interface Written {
  /** Of the last holder that wrote; 0 where none did. */
  readonly epoch: number;
  /** It stands until another holder writes: nothing that was written under it is still to be told of. */
  readonly isCertain: boolean;
}

/**
 * By its key, the epoch of an event's last holder that wrote. A write that ended after `since` may not be in what was read since
 * then, nor is what a holder goes on to write: its epoch counts as the one before, which is not the event's any more.
 * @throws StoreError
 */
export async function epochsOf(
  store: Store,
  keys: readonly string[],
  since: string,
): Promise<ReadonlyMap<string, Written>> {
  const rows = await store.query<Written & { key: string }>(
    `select key, written - (written = epoch and ${isAlive} or wrote)::int as epoch,
       not (wrote or exists(select from rollcall.run w where w.id = l.written_by and w.ended_at is null)) as "isCertain"
     from rollcall.lease l
     cross join lateral (select exists(
       select from rollcall.line s where s.key = l.key and s.at > $2::timestamptz) as wrote) x
     where key = any($1) and written > 0`,
    [keys, since],
  );
  const found = new Map(rows.map(({ key, epoch, isCertain }) => [key, { epoch, isCertain }]));
  return new Map(keys.map((key) => [key, found.get(key) ?? { epoch: 0, isCertain: true }]));
}
