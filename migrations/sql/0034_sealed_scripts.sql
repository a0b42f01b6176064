-- The company's own paper that a call is held by is sealed with it; and of its end the outcome is compared, too.

create or replace function callx.beginning_of(_call public.calls) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object(
    'user_id', _call.user_id, 'simulation_id', _call.simulation_id, 'mode', _call.mode, 'medium', _call.medium,
    'seed', _call.seed, 'model', _call.model, 'scenario_version', _call.scenario_version,
    'scenario_sha256', callx.sha256_of(_call.scenario), 'rubric_sha256', callx.sha256_of(_call.rubric),
    'call_script_sha256', callx.sha256_of(to_jsonb(_call.call_script))
  )
$$;

create or replace function callx.verify_call(
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
    join chain b on b.kind = 'ended' where c.id = _call_id and (c.end_reason, c.customer_outcome, c.duration_ms)
      is distinct from (b.details ->> 'reason', b.details ->> 'outcome', (b.details ->> 'duration_ms')::int)
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
