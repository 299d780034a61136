/** Whoever works with the store. One whose `expires_at` is past without an end has died. */
export const run = `create table rollcall.run(
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
