-- What happened to a call, written down by the database itself: a log that only grows, each row of which seals the one
-- before it. What was said, judged or recorded can be compared with it later.

alter table public.recordings add column sha256 text check (sha256 ~ '^[0-9a-f]{64}$');
comment on column public.recordings.sha256 is 'Of the file in the store, in hexadecimal digits.';

create table public.call_events (
  call_id uuid not null references public.calls(id) on delete cascade,
  number int not null check (number > 0),
  at timestamptz not null,
  kind text not null,
  details jsonb not null,
  previous_hash bytea not null,
  hash bytea not null,
  primary key (call_id, number)
);
comment on table public.call_events is
  'Numbered from 1 without gaps. Written by triggers alone, when the transaction that they tell of commits.';
comment on column public.call_events.kind is
  'begun, turn, mood, gap, ended, recorded, evaluated; and what should not happen: begun_changed, turn_changed, '
  'turn_removed.';
comment on column public.call_events.hash is 'SHA-256 of previous_hash and the rest of the row (callx.call_event_hash).';

alter table public.call_events enable row level security;
alter table public.call_events force row level security;
create policy "Events are visible with their call" on public.call_events for select to authenticated
  using (exists (select from public.calls c where c.id = call_id));
create policy "Service can view the events" on public.call_events for select to service_role using (true);
create policy "Definer functions can view the events" on public.call_events for select to callx_owner using (true);
create policy "Definer functions can add events" on public.call_events for insert to callx_owner with check (true);
create policy "Events go with their call" on public.call_events for delete to callx_owner using (true);
revoke update, truncate on public.call_events from callx_owner;
grant select on public.call_events to authenticated, service_role;

create function callx.refuse_call_event_change() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' and not exists (select from public.calls c where c.id = old.call_id) then
    return old;
  end if;
  raise exception 'The log of a call only grows.' using errcode = '42501';
end
$$;
create trigger call_events_only_grow before update or delete on public.call_events
  for each row execute function callx.refuse_call_event_change();
alter table public.call_events enable always trigger call_events_only_grow;
create trigger call_events_are_not_emptied before truncate on public.call_events
  for each statement execute function callx.refuse_call_event_change();
alter table public.call_events enable always trigger call_events_are_not_emptied;

create function callx.call_event_hash(_event public.call_events) returns bytea
language sql stable
set search_path = ''
as $$
  select pg_catalog.sha256(_event.previous_hash || convert_to(
    jsonb_build_array(
      _event.call_id, _event.number, (extract(epoch from _event.at) * 1000000)::bigint, _event.kind, _event.details
    )::text, 'UTF8'
  ))
$$;

create function callx.log_call(_call_id uuid, _kind text, _details jsonb) returns void
language plpgsql
security definer
set search_path = ''
set lock_timeout = '30s'
as $$
declare
  _last record;
  _event public.call_events;
begin
  if not exists (select from public.calls c where c.id = _call_id) then
    return;
  end if;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('callx.call_events:' || _call_id::text, 0));
  select e.number, e.hash into _last from public.call_events e where e.call_id = _call_id order by e.number desc limit 1;
  _event := row(
    _call_id, coalesce(_last.number, 0) + 1, pg_catalog.clock_timestamp(), _kind, jsonb_strip_nulls(_details),
    coalesce(_last.hash, decode(repeat('00', 32), 'hex')), null
  );
  _event.hash := callx.call_event_hash(_event);
  insert into public.call_events select _event.*;
end
$$;
comment on function callx.log_call(uuid, text, jsonb) is
  'For deferred triggers alone: the lock of the chain is the last one that a transaction takes.';

create function callx.sha256_of(_value jsonb) returns text
language sql immutable
set search_path = ''
as $$ select encode(pg_catalog.sha256(convert_to(_value::text, 'UTF8')), 'hex') $$;

-- What a call was begun with: it is sealed together, so that nothing of it can be exchanged later.

create function callx.beginning_of(_call public.calls) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object(
    'user_id', _call.user_id, 'simulation_id', _call.simulation_id, 'mode', _call.mode, 'medium', _call.medium,
    'seed', _call.seed, 'model', _call.model, 'scenario_version', _call.scenario_version,
    'scenario_sha256', callx.sha256_of(_call.scenario), 'rubric_sha256', callx.sha256_of(_call.rubric)
  )
$$;

create function callx.log_of_call() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' or old.state is distinct from new.state then
    if new.state = 'live' then
      perform callx.log_call(new.id, 'begun', callx.beginning_of(new));
    elsif new.state = 'ended' then
      perform callx.log_call(new.id, 'ended', jsonb_build_object(
        'reason', new.end_reason, 'outcome', new.customer_outcome, 'duration_ms', new.duration_ms
      ));
    end if;
  elsif old.answered_at is not null and callx.beginning_of(new) is distinct from callx.beginning_of(old) then
    perform callx.log_call(new.id, 'begun_changed', callx.beginning_of(new));
  end if;
  return null;
end
$$;
create constraint trigger calls_are_logged after insert or update on public.calls
  deferrable initially deferred for each row execute function callx.log_of_call();

create function callx.words_of(_turn public.call_turns) returns jsonb
language sql immutable
set search_path = ''
as $$ select jsonb_strip_nulls(to_jsonb(_turn) - 'id' - 'call_id' - 'created_at') $$;

create function callx.log_of_turn() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    perform callx.log_call(new.call_id, 'turn', callx.words_of(new));
  elsif tg_op = 'DELETE' then
    perform callx.log_call(old.call_id, 'turn_removed', jsonb_build_object('number', old.number));
  elsif callx.words_of(new) is distinct from callx.words_of(old) then
    perform callx.log_call(new.call_id, 'turn_changed', callx.words_of(new));
  end if;
  return null;
end
$$;
create constraint trigger call_turns_are_logged after insert or update or delete on public.call_turns
  deferrable initially deferred for each row execute function callx.log_of_turn();

create function callx.log_of_part() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform callx.log_call(new.call_id, tg_argv[0], to_jsonb(new) - 'call_id');
  return null;
end
$$;
create constraint trigger call_moods_are_logged after insert or update on public.call_moods
  deferrable initially deferred for each row execute function callx.log_of_part('mood');
create constraint trigger call_gaps_are_logged after insert or update on public.call_gaps
  deferrable initially deferred for each row execute function callx.log_of_part('gap');

create function callx.log_of_recording() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform callx.log_call(new.call_id, 'recorded', jsonb_build_object(
    'sha256', new.sha256, 'size_bytes', new.size_bytes, 'duration_ms', new.duration_ms
  ));
  return null;
end
$$;
create constraint trigger recordings_are_logged after insert or update of state on public.recordings
  deferrable initially deferred for each row when (new.state = 'ready') execute function callx.log_of_recording();

create function callx.log_of_evaluation() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' or new.report is distinct from old.report then
    perform callx.log_call(new.call_id, 'evaluated', jsonb_build_object(
      'judge', new.judge, 'model', new.model, 'prompt_hash', new.prompt_hash, 'rubric_hash', new.rubric_hash,
      'overall_score', new.report -> 'overall_score', 'passed', new.report -> 'passed',
      'report_sha256', callx.sha256_of(new.report)
    ));
  end if;
  return null;
end
$$;
create constraint trigger evaluations_are_logged after insert or update on public.evaluations
  deferrable initially deferred for each row when (new.report is not null)
  execute function callx.log_of_evaluation();

-- Verification

create function callx.verify_call(
  _call_id uuid, out events int, out broken_at int, out last_hash text, out differs text[], out recording_sha256 text
)
language sql stable
security definer
set search_path = ''
as $$
  with chain as (
    select e.*, coalesce(e.hash = callx.call_event_hash(e), false) and coalesce(
      e.previous_hash = lag(e.hash) over in_order and e.number = lag(e.number) over in_order + 1,
      e.number = 1 and e.previous_hash = decode(repeat('00', 32), 'hex')
    ) as holds
    from public.call_events e where e.call_id = _call_id window in_order as (order by e.number)
  ),
  first_words as (
    select distinct on (c.details ->> 'number') (c.details ->> 'number')::int as number, c.details as words
    from chain c where c.kind = 'turn' order by c.details ->> 'number', c.number
  ),
  found as (
    select 'call' as what, 0 as place from public.calls c
    join chain b on b.kind = 'begun' where c.id = _call_id and jsonb_strip_nulls(callx.beginning_of(c)) <> b.details
    union all
    select 'call', 0 from public.calls c
    join chain b on b.kind = 'ended' where c.id = _call_id and (c.end_reason, c.duration_ms) is distinct from
      (b.details ->> 'reason', (b.details ->> 'duration_ms')::int)
    union all
    select 't' || coalesce(t.number, w.number), coalesce(t.number, w.number)
    from first_words w full join (select * from public.call_turns t where t.call_id = _call_id) t using (number)
    where callx.words_of(t) is distinct from w.words and exists (select from chain)
    union all
    select 'report', 1000000 from public.evaluations v
    where v.call_id = _call_id and v.report is not null and exists (select from chain) and callx.sha256_of(v.report) is distinct from (
      select c.details ->> 'report_sha256' from chain c where c.kind = 'evaluated' order by c.number desc limit 1
    )
  )
  select (select count(*)::int from chain), (select min(c.number) from chain c where not c.holds),
    (select encode(c.hash, 'hex') from chain c order by c.number desc limit 1),
    coalesce((select array_agg(distinct f.what) from found f), '{}'),
    (select c.details ->> 'sha256' from chain c where c.kind = 'recorded' order by c.number desc limit 1)
$$;
comment on function callx.verify_call(uuid) is
  'Computes the chain again and compares it with what is stored. broken_at: the first event that was changed or whose '
  'predecessor is missing. differs: call, t<number> of turns, report. The file of the recording has to be compared with '
  'recording_sha256 by whoever can read it.';

create function public.verify_call(
  call_id uuid, out events int, out broken_at int, out last_hash text, out differs text[], out recording_sha256 text
)
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _whose uuid := (select c.user_id from public.calls c where c.id = verify_call.call_id);
begin
  if _whose is null or not (
    _whose is not distinct from auth.uid() or callx.is_admin() or _whose = any (callx.my_trainees())
    or current_setting('role') = 'service_role'
  ) then
    raise exception 'There is no such call.' using errcode = 'P0002';
  end if;
  select v.events, v.broken_at, v.last_hash, v.differs, v.recording_sha256
    into events, broken_at, last_hash, differs, recording_sha256 from callx.verify_call(verify_call.call_id) v;
end
$$;
comment on function public.verify_call(uuid) is 'callx.verify_call for whoever may see the call, over REST.';

grant execute on function callx.verify_call(uuid) to service_role;
grant execute on function public.verify_call(uuid) to authenticated, service_role;
