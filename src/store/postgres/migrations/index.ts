import { permits } from './002-permits.ts';

/** The runs that work with the store. One whose `expires_at` has passed without an end has died. */
const run = `create table rollcall.run(
  id text primary key,
  tenant text,
  kind text not null,
  account jsonb not null default '{}',
  origin jsonb not null default '{}',
  started_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  exit_code smallint);
create index on rollcall.run(started_at);
create index on rollcall.run(expires_at) where ended_at is null;`;

/**
 * Who may write to which event, and the lines of all runs. A lease is of a run, whose heartbeat renews all that it has;
 * `epoch` grows with each new holder, and `written` is the epoch of the last one that wrote: the run `written_by`.
 * Of a run `plan` is the digest of what it applies, and `call_ms` how long one of its calls may go on.
 */
const lease = `alter table rollcall.run add column plan text, add column call_ms double precision not null default 60000;
create table rollcall.lease(
  key text primary key,
  epoch integer not null,
  run text references rollcall.run(id) on delete set null,
  since timestamptz not null default clock_timestamp(),
  written integer not null default 0,
  written_at timestamptz,
  written_by text references rollcall.run(id) on delete set null);
create index on rollcall.lease(run);
create table rollcall.line(
  run text not null references rollcall.run(id) on delete cascade,
  seq integer not null,
  at timestamptz not null default clock_timestamp(),
  event text,
  key text,
  line jsonb not null,
  primary key(run, seq));
create index on rollcall.line(event, at);
create index on rollcall.line(key, at) where key is not null;
create index on rollcall.line using gin((line->'attendees') jsonb_path_ops);`;

/**
 * Fleet runs and their tenants. A replica is a row of `run`, whose heartbeat keeps what it has claimed; a claim of one that
 * has died is there to be taken. `attempts` counts how often a tenant was taken, save where it was given back.
 */
const claim = `create table rollcall.fleet_run(
  id integer generated always as identity primary key,
  key text not null,
  mode text not null,
  settings jsonb not null,
  max_removals integer not null,
  reserved integer not null default 0 check (reserved <= max_removals),
  stopped boolean not null default false,
  started_at timestamptz not null default clock_timestamp(),
  unique(key, mode));
create index on rollcall.fleet_run(started_at);
create table rollcall.claim(
  fleet_run integer not null references rollcall.fleet_run(id) on delete cascade,
  tenant text not null,
  place integer not null,
  run text references rollcall.run(id) on delete set null,
  attempts smallint not null default 0,
  outcome jsonb,
  done_at timestamptz,
  primary key(fleet_run, tenant));
create index on rollcall.claim(fleet_run, place) where done_at is null;
create index on rollcall.claim(run) where run is not null;
create index on rollcall.claim(tenant, fleet_run) where done_at is not null;`;

/**
 * How the server plans the statements of `permits_1`: once a connection, instead of anew in each of the first exchanges, and so
 * that it is right for tables that grow after that, by their indexes. It takes statements whose size it cannot know for long
 * ones, and would make machine code for them.
 */
const plans = `alter function rollcall.permits_1(jsonb, timestamptz)
  set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off set jit = off;`;

/**
 * What makes the store, in order. A number stands for its text for good: what has to change is added, under the next
 * number. Functions carry a number of their own (`permits_1`), because older versions go on calling theirs.
 */
export const migrations: ReadonlyMap<number, string> = new Map([
  [1, run],
  [2, permits],
  [3, lease],
  [4, claim],
  [5, plans],
]);
