import type { ApplyEvent } from '../../model/result.ts';
import type { PlanAccount } from '../../model/plan.ts';
import type { ProviderId } from '../../platforms/index.ts';
import { JournalError, type JournalLine, lineIn } from '../journal.ts';
import { type StoredJournal, journalOf } from '../read-journal.ts';
import type { StoredRun } from './runs.ts';
import { type Store, StoreError } from './store.ts';

/** The lease that an event of a run is written under. */
export interface Held {
  readonly key: string;
  readonly epoch: number;
}

/** Brings the lines of a run to the store. */
export interface StoreJournal {
  /** Resolves once all are there. Rejects with {@link JournalError}: then none is. */
  appendAll(events: readonly ApplyEvent[]): Promise<void>;
}

/**
 * The journal of a run in the store. A batch begins under a lease that stands, in the statement that writes its line; with
 * it the event counts as written by the run.
 */
export function storeJournal(
  run: StoredRun,
  heldBy: (event: (ApplyEvent & { readonly kind: 'batch-started' })['event']) => Held | undefined,
  now: () => number,
): StoreJournal {
  let seq = 0;
  /** Batches without an end so far, by number. */
  const open = new Map<number, string>();
  const rowOf = (event: ApplyEvent): Readonly<Record<string, unknown>> => {
    seq += 1;
    const line = lineIn(event, run.id, seq, now());
    switch (event.kind) {
      case 'batch-started': {
        // Without a lease there is none to begin a batch under.
        const held = heldBy(event.event) ?? { key: '', epoch: 0 };
        open.set(event.batch, held.key);
        return { seq, line, event: event.event.name, ...held };
      }
      case 'batch-done': {
        const key = open.get(event.batch);
        open.delete(event.batch);
        return { seq, line, event: event.name, key };
      }
      case 'event-done':
        return { seq, line, event: event.name };
      case 'run-started':
      case 'run-done':
        return { seq, line };
    }
  };
  return {
    appendAll: async (events) => {
      const rows = events.map(rowOf);
      const kept = await run.store
        .query(insertion, [run.id, JSON.stringify(rows, storable)])
        .catch(unwritten);
      if (kept.length === rows.length) return;
      throw new JournalError('this run has lost its leases, so nothing more is written', {
        hint: 'The store was not reached in time, or this process was stopped for too long. Plan again.',
        cause: undefined,
      });
    },
  };
}

/** A line with an epoch is one under a lease. All are written or none. */
const insertion = `with given as (
    select * from jsonb_to_recordset($2::jsonb) as g(seq int, event text, key text, epoch int, line jsonb)),
  alive as (
    select id from rollcall.run
    where id = $1 and ended_at is null and expires_at > clock_timestamp() for share),
  held as (
    update rollcall.lease l set written = l.epoch, written_at = clock_timestamp(), written_by = $1
    from given g, alive r where l.key = g.key and l.epoch = g.epoch and l.run = r.id returning l.key)
  insert into rollcall.line(run, seq, event, key, line)
  select $1, seq, event, key, line from given
  where (select count(*) from held) = (select count(distinct key) from given where epoch is not null)
  returning seq`;

function unwritten(error: unknown): never {
  if (!(error instanceof StoreError)) throw error;
  throw new JournalError(`a line of the journal cannot be written: ${error.message}`, {
    hint: error.hint,
    cause: error,
  });
}

/** Makes texts fit for JSON in PostgreSQL, which takes neither a zero character nor half a surrogate pair. */
export function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' && /[\0\ud800-\udfff]/.test(value)
    ? Buffer.from(value).toString().replaceAll('\0', '\ufffd')
    : value;
}

/** How a run stands. */
export interface Standing {
  /** It has not ended, and says that it is at work. */
  readonly alive: boolean;
  /** How long a call that it began and saw no end of may still be on its way, in milliseconds; null where it left none. */
  readonly leftMs: number | null;
}

/** Null where the store has no such run. @throws StoreError */
export async function standingOf(store: Store, run: string): Promise<Standing | null> {
  const [found] = await store.query<Standing>(
    `select r.ended_at is null and r.expires_at > clock_timestamp() as alive,
       case when exists(select from rollcall.line s where s.run = r.id and s.line->>'kind' = 'batch-started' and not exists(
         select from rollcall.line d where d.run = r.id
           and d.line->>'kind' = 'batch-done' and d.line->'batch' = s.line->'batch'))
       then (extract(epoch from least(r.ended_at, r.expires_at) - clock_timestamp()) * 1000 + r.call_ms)::float8
       end as "leftMs"
     from rollcall.run r where r.id = $1`,
    [run],
  );
  return found ?? null;
}

/**
 * Reads the journal of a run from the store; null where there is none. @throws JournalFileError for lines that cannot be
 * relied on, StoreError
 */
export async function readStored(store: Store, run: string): Promise<StoredJournal | null> {
  const rows = await store.query<{ line: object }>(
    'select line from rollcall.line where run = $1 order by seq',
    [run],
  );
  if (rows.length === 0) return null;
  return journalOf(
    run,
    rows.map(({ line }) => line),
  );
}

/** Lines of a run about some events. */
export interface PastLines {
  readonly run: string;
  readonly account: Readonly<Partial<Record<ProviderId, PlanAccount>>>;
  readonly lines: readonly JournalLine[];
}

/** Whose aliases are asked for: events by name, the series whose occurrences have names of their own, and keys of leases. */
export interface AliasQuestion {
  readonly names: readonly string[];
  readonly series: readonly string[];
  readonly keys: readonly string[];
}

/**
 * What runs of the last while, at most a thousand times, told of these very events where an address was found to be another's.
 * Others can have events of the same name. @throws StoreError
 */
export function linesWithAliases(
  store: Store,
  { names, series, keys }: AliasQuestion,
  lastMs: number,
): Promise<readonly PastLines[]> {
  return store.query<PastLines>(
    `with named as (
       select * from rollcall.line where event = any($1)
       union all
       select * from rollcall.line where $2::text[] <> '{}' and event like '%@%' and split_part(event, '@', 1) = any($2)),
     found as (
       select distinct run, event from named n
       where at >= clock_timestamp() - $4 * interval '1 ms'
         and (line->'error'->>'code' = 'alias' or line->'settled' @> '[{"error":{"code":"alias"}}]')
         and exists(select from rollcall.line b where b.run = n.run and b.event = n.event
           and (b.key = any($3) or regexp_replace(b.key, '_[0-9TZ]+$', '') = any($3)))
       order by run desc limit 1000)
     select r.id as run, r.account, jsonb_agg(l.line order by l.seq) as lines
     from found f join rollcall.run r on r.id = f.run join rollcall.line l on l.run = f.run and l.event = f.event
     group by r.id, r.account order by r.id desc`,
    [names, series, keys, lastMs],
  );
}
