/**
 * Fleet runs and their tenants. A replica is a row of `run`, whose heartbeat keeps what it has claimed; a claim of one that
 * has died is there to be taken. `attempts` counts how often a tenant was taken, save where it was given back.
 */
export const claim = `create table rollcall.fleet_run(
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
