-- What may be written through REST has bounds: how often a quiz is attempted, and what a scenario looks like.

create or replace function callx.limit_quiz_attempts() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  _quiz record;
  _so_far record;
begin
  if current_user in ('service_role', 'callx_owner') or new.user_id is distinct from auth.uid() then
    return new;
  end if;
  new.attempted_at := now();
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('callx.quiz_attempt ' || new.user_id::text || new.quiz_id::text, 0)
  );
  select q.max_attempts, q.cool_down_minutes into _quiz from public.quizzes q where q.id = new.quiz_id;
  select count(*) as attempts, max(a.attempted_at) as last_at,
    count(*) filter (where a.attempted_at > clock_timestamp() - interval '1 hour') as lately
  into _so_far
  from public.quiz_attempts a where a.user_id = new.user_id and a.quiz_id = new.quiz_id;
  if _so_far.attempts >= _quiz.max_attempts then
    raise exception 'No attempts are left.';
  end if;
  if _so_far.last_at + make_interval(mins => _quiz.cool_down_minutes) > clock_timestamp() then
    raise exception 'The next attempt is possible % minutes after the last one.', _quiz.cool_down_minutes;
  end if;
  if _so_far.lately >= 60 then
    raise exception 'A quiz can be attempted 60 times in an hour.';
  end if;
  return new;
end
$$;
comment on function callx.limit_quiz_attempts() is
  'Stamps the time, and holds the limits of the quiz, which keep anybody from guessing until it fits. Each attempt keeps '
  'the questions, so without a limit of their own people could fill the disk.';

-- Whoever plays or judges a call relies on this. Not valid: what an older release let in must not stop a start.
alter table public.simulation_scenarios
  add constraint simulation_scenarios_script_check check (jsonb_typeof(script) = 'object') not valid,
  add constraint simulation_scenarios_rubric_check check (jsonb_typeof(rubric) = 'object') not valid,
  add constraint simulation_scenarios_goals_check check (jsonb_typeof(goals) = 'array') not valid,
  add constraint simulation_scenarios_customer_card_check check (jsonb_typeof(customer_card) = 'object') not valid;
