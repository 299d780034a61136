/**
 * Who may write to which event, and the lines of all runs. A lease is of a run, whose heartbeat renews all that it has;
 * `epoch` grows with each new holder, and `written` is the epoch of the last one that wrote: the run `written_by`.
 * Of a run `plan` is the digest of what it applies, and `call_ms` how long one of its calls may go on.
 */
export const lease = `alter table rollcall.run add column plan text, add column call_ms double precision not null default 60000;
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
