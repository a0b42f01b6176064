-- Starting, saving and handing in. What is refused says why by `detail`, a stable code.

create function callx.refuse_quiz_attempt(_user_id uuid, _quiz_id uuid) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  _quiz record;
  _so_far record;
begin
  if _user_id is distinct from auth.uid() then
    raise exception 'Quizzes are taken by oneself.' using errcode = '42501';
  end if;
  select q.max_attempts + a.extra_attempts as max_attempts, q.cool_down_minutes into _quiz
  from public.quizzes q, callx.quiz_allowance(_user_id, _quiz_id) a where q.id = _quiz_id;
  select count(*) as attempts, max(a.attempted_at) as last_at,
    count(*) filter (where a.attempted_at > clock_timestamp() - interval '1 hour') as lately
  into _so_far
  from public.quiz_attempts a where a.user_id = _user_id and a.quiz_id = _quiz_id;
  if _so_far.attempts >= _quiz.max_attempts then
    raise exception 'No attempts are left.' using detail = 'no_attempts_left';
  end if;
  if _so_far.last_at + make_interval(mins => _quiz.cool_down_minutes) > clock_timestamp() then
    raise exception 'The next attempt is possible % minutes after the last one.', _quiz.cool_down_minutes
      using detail = 'cool_down';
  end if;
  if _so_far.lately >= 60 then
    raise exception 'A quiz can be attempted 60 times in an hour.' using detail = 'too_many_attempts';
  end if;
end
$$;
comment on function callx.refuse_quiz_attempt(uuid, uuid) is
  'Holds the limits of the quiz, which keep anybody from guessing until it fits. Each attempt keeps the questions, so '
  'without a limit of their own people could fill the disk. Needs callx.lock_quiz before.';

create function callx.lock_quiz(_user_id uuid, _quiz_id uuid) returns void
language sql
set search_path = ''
as $$
  select pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('callx.quiz_attempt ' || _user_id::text || _quiz_id::text, 0)
  )
$$;
comment on function callx.lock_quiz(uuid, uuid) is 'One thing at a time happens to somebody''s attempts at a quiz.';

create function callx.has_open_sitting(_user_id uuid, _quiz_id uuid) returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select exists (
    select from callx.quiz_sittings s where s.user_id = _user_id and s.quiz_id = _quiz_id and s.ended_at is null
  )
$$;

drop trigger quiz_attempts_limit on public.quiz_attempts;
create or replace function callx.limit_quiz_attempts() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if current_user in ('service_role', 'callx_owner') or new.user_id is distinct from auth.uid() then
    return new;
  end if;
  new.attempted_at := now();
  perform callx.lock_quiz(new.user_id, new.quiz_id);
  if callx.has_open_sitting(new.user_id, new.quiz_id) then
    return new; -- the limits were held when it was started
  end if;
  if exists (select from public.quizzes q where q.id = new.quiz_id and q.needs_start) then
    raise exception 'This quiz has to be started first, by start_quiz.' using detail = 'start_first';
  end if;
  perform callx.refuse_quiz_attempt(new.user_id, new.quiz_id);
  return new;
end
$$;
comment on function callx.limit_quiz_attempts() is
  'Stamps the time and holds the limits. Its trigger runs before that of the grading, which ends the open sitting.';
create trigger quiz_attempts_check before insert on public.quiz_attempts
  for each row execute function callx.limit_quiz_attempts();

create function callx.passes(_attempt public.quiz_attempts) returns boolean
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _quiz record;
  _counting int := _attempt.score;
begin
  select q.passing_grade, q.counts into _quiz from public.quizzes q where q.id = _attempt.quiz_id;
  if _quiz.counts = 'first' then
    select a.score into _counting from public.quiz_attempts a
    where a.user_id = _attempt.user_id and a.quiz_id = _attempt.quiz_id order by a.attempted_at, a.id limit 1;
  elsif _quiz.counts = 'average' then
    select (coalesce(sum(a.score), 0) + _attempt.score) / (count(*) + 1) into _counting from public.quiz_attempts a
    where a.user_id = _attempt.user_id and a.quiz_id = _attempt.quiz_id;
  end if;
  return coalesce(
    _attempt.questions <> '[]' and _attempt.score >= _quiz.passing_grade
      and coalesce(_counting, _attempt.score) >= _quiz.passing_grade,
    false
  );
end
$$;
comment on function callx.passes(public.quiz_attempts) is
  'For an attempt that is not stored yet: whether it and what counts with it reach the passing grade.';

create or replace function callx.grade_quiz_attempt() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _sitting callx.quiz_sittings;
  _questions jsonb;
  _grade record;
begin
  select * into _sitting from callx.quiz_sittings s
  where s.user_id = new.user_id and s.quiz_id = new.quiz_id and s.ended_at is null for update;
  new.is_late := false;
  if _sitting.id is null then
    _questions := callx.quiz_questions_as_asked(new.quiz_id, null);
  else
    _questions := _sitting.questions;
    new.sitting_id := _sitting.id;
    new.started_at := _sitting.started_at;
    if clock_timestamp() > _sitting.deadline_at + callx.quiz_grace() then
      new.is_late := true;
      new.answers := _sitting.answers;
    end if;
    update callx.quiz_sittings set ended_at = clock_timestamp() where id = _sitting.id;
  end if;
  _grade := callx.graded_answers(_questions, new.answers);
  new.score := _grade.score;
  new.answers := _grade.answers;
  new.grading := callx.explained(_grade.grading, _questions);
  new.questions := callx.questions_to_show(_questions);
  new.answer_key := callx.right_answers(_questions);
  new.passed := callx.passes(new);
  if exists (select from public.quizzes q where q.id = new.quiz_id and q.review is not null) then
    select coalesce(jsonb_agg(a.value - 'is_correct' order by a.place), '[]') into new.answers
    from jsonb_array_elements(new.answers) with ordinality as a (value, place);
  end if;
  return new;
end
$$;
comment on function callx.grade_quiz_attempt() is
  'Grades, whatever was sent and by whom: by the questions of the open sitting, which it ends, or else by all questions '
  'as they are now. After the time, what was saved before is graded.';

create function callx.started_quiz(_sitting callx.quiz_sittings, _is_resumed boolean) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'sitting_id', _sitting.id, 'quiz_id', _sitting.quiz_id, 'started_at', _sitting.started_at,
    'deadline_at', _sitting.deadline_at, 'now', clock_timestamp(),
    'grace_seconds', extract(epoch from callx.quiz_grace())::int, 'is_resumed', _is_resumed,
    'questions', callx.questions_to_show(_sitting.questions), 'answers', _sitting.answers,
    'saved_at', _sitting.saved_at
  )
$$;

create function callx.end_sitting(_sitting callx.quiz_sittings) returns void
language sql
security definer
set search_path = ''
as $$
  insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers, attempted_at)
  values (_sitting.user_id, _sitting.quiz_id, 0, false, '[]', _sitting.deadline_at)
$$;
comment on function callx.end_sitting(callx.quiz_sittings) is 'One whose time is over: what was saved is graded.';

create function callx.start_quiz(_quiz_id uuid) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  _user_id uuid := auth.uid();
  _minutes int := (select q.time_limit_minutes from public.quizzes q where q.id = _quiz_id);
  _seed bigint := pg_catalog.hashtextextended(gen_random_uuid()::text, 0);
  _now timestamptz;
  _sitting callx.quiz_sittings;
begin
  perform callx.lock_quiz(_user_id, _quiz_id);
  _now := clock_timestamp();
  select * into _sitting from callx.quiz_sittings s
  where s.user_id = _user_id and s.quiz_id = _quiz_id and s.ended_at is null for update;
  if found then
    if coalesce(_now <= _sitting.deadline_at, true) then
      return callx.started_quiz(_sitting, true);
    end if;
    if _now <= _sitting.deadline_at + callx.quiz_grace() then
      raise exception 'The time of your attempt is over; it is being handed in.' using detail = 'time_is_up';
    end if;
    perform callx.end_sitting(_sitting);
  end if;
  perform callx.refuse_quiz_attempt(_user_id, _quiz_id);
  insert into callx.quiz_sittings (user_id, quiz_id, seed, questions, time_limit_minutes, started_at, deadline_at)
  values (
    _user_id, _quiz_id, _seed, callx.quiz_questions_as_asked(_quiz_id, _seed), _minutes, _now,
    callx.quiz_deadline(_user_id, _quiz_id, _minutes, _now)
  )
  returning * into _sitting;
  if _sitting.questions = '[]' then
    raise exception 'This quiz has no questions yet.' using detail = 'no_questions';
  end if;
  return callx.started_quiz(_sitting, false);
end
$$;

create function public.start_quiz(quiz_id uuid) returns jsonb
language plpgsql
set search_path = ''
as $$
begin
  -- With the rights of the caller, so that a quiz that is hidden or locked is not there.
  if auth.uid() is null or not exists (select from public.quizzes q where q.id = start_quiz.quiz_id) then
    raise exception 'There is no such quiz.' using errcode = 'P0002', detail = 'quiz_not_found';
  end if;
  return callx.start_quiz(start_quiz.quiz_id);
end
$$;
comment on function public.start_quiz(uuid) is
  'Starts an attempt, or goes on with the open one: {sitting_id, quiz_id, started_at, deadline_at, now, grace_seconds, '
  'is_resumed, questions, answers, saved_at}. The questions are as in quiz_attempts.questions, answers what was saved. '
  'It is handed in by an insert into quiz_attempts. Refuses with the details no_attempts_left, cool_down, '
  'too_many_attempts, time_is_up, no_questions, quiz_not_found.';

create function public.save_quiz_answers(sitting_id uuid, answers jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  _sitting callx.quiz_sittings;
begin
  select * into _sitting from callx.quiz_sittings s
  where s.id = save_quiz_answers.sitting_id and s.user_id = auth.uid() for update;
  if not found then
    raise exception 'There is no such attempt.' using errcode = 'P0002', detail = 'sitting_not_found';
  elsif _sitting.ended_at is not null then
    raise exception 'This attempt has been handed in.' using detail = 'handed_in';
  elsif clock_timestamp() > _sitting.deadline_at + callx.quiz_grace() then
    raise exception 'The time is over.' using detail = 'time_is_up';
  elsif coalesce(jsonb_typeof(save_quiz_answers.answers), '') <> 'array' then
    raise exception 'Answers are an array.' using errcode = '22023', detail = 'answers_malformed';
  elsif octet_length(save_quiz_answers.answers::text) > 200000 then
    raise exception 'Answers are too long.' using errcode = '22023', detail = 'answers_too_long';
  end if;
  update callx.quiz_sittings s set answers = save_quiz_answers.answers, saved_at = clock_timestamp()
  where s.id = _sitting.id returning * into _sitting;
  return jsonb_build_object('saved_at', _sitting.saved_at, 'deadline_at', _sitting.deadline_at, 'now', clock_timestamp());
end
$$;
comment on function public.save_quiz_answers(uuid, jsonb) is
  'Keeps the answers so far, as they are sent to quiz_attempts; they are graded when nothing is handed in in time. '
  '{saved_at, deadline_at, now}: the deadline can have moved. Refuses with the details sitting_not_found, handed_in, '
  'time_is_up, answers_malformed, answers_too_long.';

create function callx.end_overdue_sittings(_at_most int) returns int
language plpgsql
security definer
set search_path = ''
as $$
declare
  _sitting callx.quiz_sittings;
  _ended int := 0;
begin
  for _sitting in
    select * from callx.quiz_sittings s
    where s.ended_at is null and s.deadline_at + callx.quiz_grace() < clock_timestamp()
    order by s.deadline_at limit _at_most for update skip locked
  loop
    perform callx.end_sitting(_sitting);
    _ended := _ended + 1;
  end loop;
  return _ended;
end
$$;
comment on function callx.end_overdue_sittings(int) is 'Hands in what people left lying; run by a job.';

grant execute on function callx.lock_quiz(uuid, uuid), callx.has_open_sitting(uuid, uuid),
  callx.refuse_quiz_attempt(uuid, uuid), callx.start_quiz(uuid)
  to authenticated, service_role;
grant execute on function callx.end_overdue_sittings(int) to service_role;
grant execute on function public.start_quiz(uuid), public.save_quiz_answers(uuid, jsonb) to authenticated;
