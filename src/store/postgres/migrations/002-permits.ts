/**
 * Rate windows that all processes of an account count in. A permit is a row for each unit of a call, in each lane that it
 * counts in; `counted_by` is when the platform has counted it for certain. `permits_1` is one exchange: see `Question` and
 * `Answer`. All times are the server's, read once the lanes are locked; `clock` stands in for them in tests. A platform that
 * refuses a call allows less than it documents: then a lane has fewer calls in a window (`allowed`, by its length) for all
 * processes, and a tenth more is tried after a while that doubles each time. `asker` has who lately wanted permits.
 *
 * `used_1` counts the months of DingTalk, the one platform whose row has `monthlyCalls`, and is the only place that knows its time
 * zone: this text stands for good. Another platform's months take a function of the next number that is told the zone.
 */
export const permits = `create table rollcall.lane(
  id integer generated always as identity unique,
  name text primary key,
  paused_until timestamptz not null default '-infinity',
  journey double precision,
  allowed jsonb not null default '{}',
  lowered_at timestamptz not null default '-infinity',
  raise_at timestamptz not null default 'infinity',
  recovery interval not null default '15 s',
  made_at timestamptz not null default clock_timestamp(),
  used_at timestamptz not null);
create table rollcall.permit(
  lane integer not null,
  holder uuid not null,
  seq integer not null,
  unit smallint not null,
  counted_by timestamptz not null,
  primary key (lane, holder, seq, unit));
create index on rollcall.permit(lane, counted_by);
create table rollcall.asker(
  lane integer not null,
  holder uuid not null,
  asked_at timestamptz not null,
  primary key (lane, holder));
create table rollcall.used(
  account text not null,
  day date not null,
  calls bigint not null,
  primary key (account, day));

create function rollcall.used_1(whose text, more integer, clock timestamptz default null) returns bigint
language plpgsql as $fn$
declare
  today constant date := (coalesce(clock, clock_timestamp()) at time zone 'Asia/Shanghai')::date;
begin
  if more <> 0 then
    insert into rollcall.used as u values (whose, today, more)
    on conflict (account, day) do update set calls = u.calls + excluded.calls;
  end if;
  return (select coalesce(sum(calls), 0) from rollcall.used
    where account = whose and day >= date_trunc('month', today::timestamp)::date and day <= today);
end $fn$;

create function rollcall.idle_1(clock timestamptz) returns void language plpgsql as $fn$
declare
  idle record;
begin
  for idle in select id, name from rollcall.lane where used_at < clock - interval '1 day' loop
    if pg_try_advisory_xact_lock(hashtextextended('rollcall.lane ' || idle.name, 0)) then
      delete from rollcall.lane where id = idle.id and used_at < clock - interval '1 day';
      if found then
        delete from rollcall.permit where lane = idle.id;
        delete from rollcall.asker where lane = idle.id;
      end if;
    end if;
  end loop;
end $fn$;

create function rollcall.lower_1(own integer, windows jsonb, refused jsonb, clock timestamptz) returns void
language plpgsql as $fn$
declare
  ms constant interval := '1 ms';
  tight record;
begin
  -- The wait that is asked for tells in which window there is no room.
  select w->>'perMs' as per, (w->>'calls')::integer as calls into tight from jsonb_array_elements(windows) w
  order by (w->>'perMs')::float8 < (refused->>'waitMs')::float8, (w->>'perMs')::float8 limit 1;
  if not found then return; end if;
  -- A call that was sent before the window was lowered tells nothing new.
  update rollcall.lane set lowered_at = clock, recovery = least(2 * recovery, interval '10 min'),
    raise_at = clock + least(2 * recovery, interval '10 min'),
    allowed = allowed || jsonb_build_object(tight.per,
      greatest(1, floor(0.9 * coalesce((allowed->>tight.per)::integer, tight.calls))))
  where id = own and lowered_at <= clock - (refused->>'ago')::float8 * ms;
end $fn$;

create function rollcall.raise_1(own integer, windows jsonb, clock timestamptz) returns void
language sql as $fn$
  update rollcall.lane set raise_at = clock + recovery, allowed = coalesce((
    select jsonb_object_agg(w->>'perMs', more) from jsonb_array_elements(windows) w,
      lateral (select (allowed->>(w->>'perMs'))::integer as had) h, lateral (select had + ceil(0.1 * had) as more) m
    where more < (w->>'calls')::integer), '{}')
  where id = own and raise_at <= clock and allowed <> '{}';
$fn$;

create function rollcall.permits_1(q jsonb, clock timestamptz default null) returns jsonb
language plpgsql as $fn$
declare
  hold constant interval := '10 s';
  ahead constant interval := '100 ms';
  ms constant interval := '1 ms';
  early constant interval := (q->>'early')::float8 * ms;
  whom constant uuid := (q->>'holder')::uuid;
  asked constant integer := jsonb_array_length(q->'want');
  at timestamptz;
  -- When the server came up again: permits of the last second before that may be lost, as they are not waited for.
  restarted constant timestamptz := pg_postmaster_start_time();
  own record;
  lane_id integer;
  lane_ids integer[] := '{}';
  longest interval := '0';
  paused timestamptz := '-infinity';
  shortest double precision;
  upto integer[] := '{}';
  slots timestamptz[] := '{}';
  soon timestamptz[] := '{}';
  blocks timestamptz[];
  total integer := 0;
  per interval;
  place integer;
  block timestamptz;
  waits double precision[] := '{}';
  again double precision;
  own_id integer;
  share double precision;
begin
  perform set_config('synchronous_commit', 'off', true);
  for own in select l->>'name' as name from jsonb_array_elements(q->'lanes') l order by l->>'name' collate "C" loop
    perform pg_advisory_xact_lock(hashtextextended('rollcall.lane ' || own.name, 0));
  end loop;
  at := coalesce(clock, clock_timestamp());

  for own in
    select l->>'name' as name, l->'windows' as windows, n.id, n.used_at, n.paused_until, n.journey, n.raise_at,
      l->>'name' = q->>'lane' as is_own
    from jsonb_array_elements(q->'lanes') l left join rollcall.lane n on n.name = l->>'name'
  loop
    lane_id := own.id;
    if lane_id is null then
      insert into rollcall.lane(name, used_at) values (own.name, at) returning id into lane_id;
      -- It has to be there after a crash, from which it is known what may be lost.
      perform set_config('synchronous_commit', 'on', true);
      perform rollcall.idle_1(at);
    end if;
    lane_ids := lane_ids || lane_id;
    if own.is_own then
      own_id := lane_id;
      if q->>'refused' is not null then
        perform rollcall.lower_1(own_id, own.windows, q->'refused', at);
      else
        perform rollcall.raise_1(own_id, own.windows, at) where own.raise_at <= at;
      end if;
    end if;
    if own.is_own and q->>'pause' is not null then
      own.paused_until := greatest(own.paused_until, at + (q->>'pause')::float8 * ms);
    end if;
    own.journey := least(own.journey, (q->>'journey')::float8);
    update rollcall.lane set used_at = at, paused_until = coalesce(own.paused_until, '-infinity'), journey = own.journey
    where id = lane_id and (paused_until is distinct from coalesce(own.paused_until, '-infinity')
      or journey is distinct from own.journey or used_at < at - interval '1 min');
    paused := greatest(paused, own.paused_until);
    shortest := least(shortest, own.journey);
  end loop;

  insert into rollcall.permit
  select id, whom, (c->>'seq')::integer, unit,
    case when c->>'ago' is null then at + hold else at - (c->>'ago')::float8 * ms + 2 * ms end
  from unnest(lane_ids) id, jsonb_array_elements(q->'calls') c, generate_series(1, (c->>'units')::integer) unit
  on conflict (lane, holder, seq, unit) do update set counted_by = excluded.counted_by;
  delete from rollcall.permit where lane = any(lane_ids) and holder = whom
    and seq in (select value::integer from jsonb_array_elements_text(q->'unsent'));
  select max((w->>'perMs')::float8) * ms into longest
  from jsonb_array_elements(q->'lanes') l, jsonb_array_elements(l->'windows') w;
  delete from rollcall.permit where lane = any(lane_ids) and counted_by < at - longest - hold;
  if (q->>'counted')::integer <> 0 then perform rollcall.used_1(q->>'account', (q->>'counted')::integer, at); end if;

  for i in 1 .. asked loop
    total := total + (q->'want'->(i - 1)->>'units')::integer;
    upto := upto || total;
    slots := slots || at;
    soon := soon || at;
  end loop;
  if asked > 0 then
    for own in
      select n.id, n.made_at, least((w->>'calls')::integer, (n.allowed->>(w->>'perMs'))::integer) as calls,
        (w->>'perMs')::float8 * ms as per,
        (select (s->>'calls')::integer from jsonb_array_elements(l->'windows') s order by (s->>'perMs')::float8 limit 1) as burst
      from jsonb_array_elements(q->'lanes') l join rollcall.lane n on n.name = l->>'name',
        jsonb_array_elements(l->'windows') w
    loop
      -- Those calls last counted that stand in the way of the first permit, of the second, and so on.
      if clock is null and own.made_at < restarted and restarted > at - own.per then
        -- So many calls can be lost as may be made in the shortest window.
        blocks := array(select counted_by from rollcall.permit where lane = own.id
          union all select restarted from generate_series(1, own.burst)
          order by counted_by desc offset greatest(0, own.calls - total) limit total);
      else
        blocks := array(select counted_by from rollcall.permit where lane = own.id
          order by counted_by desc offset greatest(0, own.calls - total) limit total);
      end if;
      for i in 1 .. asked loop
        place := own.calls - upto[i];
        if place < 0 and i > 1 then
          slots[i] := 'infinity';
          soon[i] := greatest(soon[i], at + own.per);
        else
          -- A call that takes more than there are waits for all of them.
          block := blocks[greatest(0, place) - greatest(0, own.calls - total) + 1];
          slots[i] := greatest(slots[i], block + own.per);
          -- One that is under way may have been counted by now.
          soon[i] := greatest(soon[i], own.per + case when block > at then greatest(at, block - hold) else block end);
        end if;
      end loop;
    end loop;
    for i in 1 .. asked loop
      if greatest(slots[i] - early, paused) > at + ahead then
        again := greatest(case when soon[i] < slots[i] then 50 else 0 end,
          extract(epoch from greatest(soon[i] - early, paused) - ahead - at) * 1000);
        exit;
      end if;
      waits := waits || (extract(epoch from slots[i] - at) * 1000)::float8;
    end loop;
    insert into rollcall.permit
    select id, whom, (q->'want'->(i - 1)->>'seq')::integer, unit, slots[i] + hold
    from unnest(lane_ids) id, generate_series(1, cardinality(waits)) i,
      generate_series(1, (q->'want'->(i - 1)->>'units')::integer) unit
    on conflict do nothing;
    insert into rollcall.asker as a select own_id, whom, at where own_id is not null
    on conflict (lane, holder) do update set asked_at = excluded.asked_at
      where a.asked_at < excluded.asked_at - interval '1 s';
    delete from rollcall.asker where lane = own_id and asked_at < at - interval '1 min';
  end if;
  -- Whoever waits asks each two seconds.
  select min(least(1, (n.allowed->>(w->>'perMs'))::float8 / (w->>'calls')::float8)) / greatest(1,
    (select count(*) from rollcall.asker where lane = own_id and asked_at > at - interval '4 s')) into share
  from rollcall.lane n, jsonb_array_elements(q->'lanes') l, jsonb_array_elements(l->'windows') w
  where n.id = own_id and l->>'name' = q->>'lane';
  return jsonb_build_object('waits', to_jsonb(waits), 'again', again, 'journey', shortest, 'share', coalesce(share, 1),
    'paused', greatest(0, case when paused > at then extract(epoch from paused - at) * 1000 else 0 end));
end $fn$;`;
