import type { History, PastChange } from '../../model/history.ts';
import type { Store } from './store.ts';

/** Which changes are asked for; what is null is not asked. */
export interface HistoryFilter {
  readonly events: readonly string[] | null;
  /** Everything that somebody goes by. */
  readonly ids: readonly string[] | null;
  readonly run: string | null;
  /** A commit's name, or how it begins. */
  readonly commit: string | null;
  /** How far back, in milliseconds. */
  readonly sinceMs: number | null;
}

/** The most changes that are answered. */
const most = 10_000;

/** The names of all events that runs wrote to. */
export async function eventNames(store: Store): Promise<readonly string[]> {
  const rows = await store.query<{ event: string }>(
    `select distinct event from rollcall.line where line->>'kind' = 'batch-started'`,
  );
  return rows.map(({ event }) => event);
}

/**
 * What runs did. A person is told once a run, event and action, by the last batch; a change that was settled by reading
 * ended as that showed. @throws StoreError
 */
export async function historyOf(store: Store, filter: HistoryFilter): Promise<History> {
  const { events, ids, run, commit, sinceMs } = filter;
  const rows = await store.query<Omit<PastChange, 'at'> & { readonly at: Date }>(selection, [
    events,
    ids?.map((id) => JSON.stringify([{ id }])) ?? null,
    ids,
    run,
    commit,
    sinceMs,
    most + 1,
  ]);
  const changes = rows.slice(0, most).map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
  return { changes, complete: rows.length <= most };
}

const selection = `with told as (
  select distinct on (l.run, l.event, l.line->>'action', a->>'type', a->>'id')
    l.run, l.seq, l.at, l.event, l.line, l.line->>'action' as action, a, l.line->'batch' as batch
  from rollcall.line l left join lateral jsonb_array_elements(l.line->'attendees') a on true
  where l.line->>'kind' = 'batch-started'
    and ($1::text[] is null or l.event = any($1))
    and ($2::jsonb[] is null or (l.line->'attendees' @> any($2) and a->>'id' = any($3::text[])))
    and ($4::text is null or l.run = $4)
    and ($6::float8 is null or l.at >= clock_timestamp() - $6 * interval '1 ms')
  order by l.run, l.event, l.line->>'action', a->>'type', a->>'id', l.seq desc)
select t.at, t.run, r.kind, r.tenant, r.origin, t.action,
  jsonb_build_object('name', t.event, 'provider', t.line->'event'->'provider',
    'calendarId', t.line->'event'->'calendarId', 'eventId', t.line->'event'->'eventId') as event,
  case when a is not null then jsonb_strip_nulls(
    jsonb_build_object('type', a->'type', 'id', a->'id', 'name', a->'name')) end as attendee,
  coalesce(a->'source', t.line->'source') as source,
  coalesce(s.outcome, d.line->>'outcome', 'unknown') as outcome
from told t join rollcall.run r on r.id = t.run
left join rollcall.line d on d.run = t.run and d.line->>'kind' = 'batch-done' and d.line->'batch' = t.batch
left join lateral (
  select c->>'outcome' as outcome
  from rollcall.line e, jsonb_array_elements(e.line->'settled') c
  where e.run = t.run and e.event = t.event and e.line->>'kind' = 'event-done' and c->>'action' = t.action
    and c->'attendee'->>'id' is not distinct from a->>'id'
    and c->'attendee'->>'type' is not distinct from a->>'type' limit 1) s on true
where $5::text is null or starts_with(r.origin->>'commit', $5)
order by t.at desc, t.run desc, t.seq desc, t.a->>'id' limit $7`;
