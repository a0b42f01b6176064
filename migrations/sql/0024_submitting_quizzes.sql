-- Lines break: what was handed in twice is one attempt. And an attempt is open in one window at a time, so that an old one
-- does not overwrite what was answered in a newer one.

alter table callx.quiz_sittings add column window_id uuid;
comment on column callx.quiz_sittings.window_id is
  'The window (a tab, a device) that started it or went on with it last; others save nothing. Null: no window said which '
  'it is.';

create function callx.hold_open_sitting(_user_id uuid, _quiz_id uuid) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from callx.quiz_sittings s
  where s.user_id = _user_id and s.quiz_id = _quiz_id and s.ended_at is null for update;
  return found;
end
$$;
comment on function callx.hold_open_sitting(uuid, uuid) is
  'Whether there is one, and keeps the job from handing it in until the end of the transaction.';

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
  if callx.hold_open_sitting(new.user_id, new.quiz_id) then
    return new; -- the limits were held when it was started
  end if;
  if exists (select from public.quizzes q where q.id = new.quiz_id and q.needs_start) then
    raise exception 'This quiz has to be started first, by start_quiz.' using detail = 'start_first';
  end if;
  perform callx.refuse_quiz_attempt(new.user_id, new.quiz_id);
  return new;
end
$$;

drop function public.start_quiz(uuid), callx.start_quiz(uuid);
create function callx.start_quiz(_quiz_id uuid, _window_id uuid) returns jsonb
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
      update callx.quiz_sittings s set window_id = _window_id where s.id = _sitting.id;
      return callx.started_quiz(_sitting, true);
    end if;
    if _now <= _sitting.deadline_at + callx.quiz_grace() then
      raise exception 'The time of your attempt is over; it is being handed in.' using detail = 'time_is_up';
    end if;
    perform callx.end_sitting(_sitting);
  end if;
  perform callx.refuse_quiz_attempt(_user_id, _quiz_id);
  insert into callx.quiz_sittings (
    user_id, quiz_id, seed, questions, time_limit_minutes, started_at, deadline_at, window_id
  )
  values (
    _user_id, _quiz_id, _seed, callx.quiz_questions_as_asked(_quiz_id, _seed), _minutes, _now,
    callx.quiz_deadline(_user_id, _quiz_id, _minutes, _now), _window_id
  )
  returning * into _sitting;
  if _sitting.questions = '[]' then
    raise exception 'This quiz has no questions yet.' using detail = 'no_questions';
  end if;
  return callx.started_quiz(_sitting, false);
end
$$;

create function public.start_quiz(quiz_id uuid, window_id uuid default null) returns jsonb
language plpgsql
set search_path = ''
as $$
begin
  -- With the rights of the caller, so that a quiz that is hidden or locked is not there.
  if auth.uid() is null or not exists (select from public.quizzes q where q.id = start_quiz.quiz_id) then
    raise exception 'There is no such quiz.' using errcode = 'P0002', detail = 'quiz_not_found';
  end if;
  return callx.start_quiz(start_quiz.quiz_id, start_quiz.window_id);
end
$$;
comment on function public.start_quiz(uuid, uuid) is
  'Starts an attempt, or goes on with the open one: {sitting_id, quiz_id, started_at, deadline_at, now, grace_seconds, '
  'is_resumed, questions, answers, saved_at}. The questions are as in quiz_attempts.questions, answers what was saved. '
  'window_id, of the caller''s choice, takes the attempt away from the window it was open in. It is handed in by '
  'submit_quiz, or by an insert into quiz_attempts. Refuses with the details no_attempts_left, cool_down, '
  'too_many_attempts, time_is_up, no_questions, quiz_not_found.';

create function callx.check_quiz_answers(_answers jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  if coalesce(jsonb_typeof(_answers), '') <> 'array' then
    raise exception 'Answers are an array.' using errcode = '22023', detail = 'answers_malformed';
  elsif octet_length(_answers::text) > 200000 then
    raise exception 'Answers are too long.' using errcode = '22023', detail = 'answers_too_long';
  end if;
end
$$;

create function callx.is_other_window(_window_id uuid, _of_sitting uuid) returns boolean
language sql immutable
set search_path = ''
as $$ select _window_id is not null and _window_id is distinct from _of_sitting $$;

create function callx.quiz_of_own_sitting(_sitting_id uuid) returns uuid
language sql stable
security definer
set search_path = ''
as $$
  select s.quiz_id from callx.quiz_sittings s where s.id = _sitting_id and s.user_id = auth.uid()
$$;

create function callx.own_sitting(
  _sitting_id uuid, out quiz_id uuid, out answers jsonb, out window_id uuid, out deadline_at timestamptz,
  out is_ended boolean
)
language plpgsql
security definer
set search_path = ''
as $$
begin
  select s.quiz_id, s.answers, s.window_id, s.deadline_at, s.ended_at is not null
  into quiz_id, answers, window_id, deadline_at, is_ended
  from callx.quiz_sittings s where s.id = _sitting_id and s.user_id = auth.uid() for update;
  if not found then
    raise exception 'There is no such attempt.' using errcode = 'P0002', detail = 'sitting_not_found';
  end if;
end
$$;
comment on function callx.own_sitting(uuid) is
  'What its owner may know of it, and keeps the job from handing it in until the end of the transaction.';

drop function public.save_quiz_answers(uuid, jsonb);
create function public.save_quiz_answers(sitting_id uuid, answers jsonb, window_id uuid default null) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  _sitting record := callx.own_sitting(save_quiz_answers.sitting_id);
  _saved_at timestamptz := clock_timestamp();
begin
  if _sitting.is_ended then
    raise exception 'This attempt has been handed in.' using detail = 'handed_in';
  elsif _saved_at > _sitting.deadline_at + callx.quiz_grace() then
    raise exception 'The time is over.' using detail = 'time_is_up';
  elsif callx.is_other_window(save_quiz_answers.window_id, _sitting.window_id) then
    raise exception 'This attempt is open in another window.' using detail = 'open_elsewhere';
  end if;
  perform callx.check_quiz_answers(save_quiz_answers.answers);
  update callx.quiz_sittings s set answers = save_quiz_answers.answers, saved_at = _saved_at
  where s.id = save_quiz_answers.sitting_id;
  return jsonb_build_object('saved_at', _saved_at, 'deadline_at', _sitting.deadline_at, 'now', _saved_at);
end
$$;
comment on function public.save_quiz_answers(uuid, jsonb, uuid) is
  'Keeps the answers so far, as they are sent to quiz_attempts; they are graded when nothing is handed in in time. '
  '{saved_at, deadline_at, now}: the deadline can have moved. Refuses with the details sitting_not_found, handed_in, '
  'time_is_up, open_elsewhere, answers_malformed, answers_too_long.';

create function public.submit_quiz(sitting_id uuid, answers jsonb default null, window_id uuid default null)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  _sitting record;
  _attempt record;
begin
  -- In the order in which start_quiz takes these locks.
  perform callx.lock_quiz(auth.uid(), callx.quiz_of_own_sitting(submit_quiz.sitting_id));
  _sitting := callx.own_sitting(submit_quiz.sitting_id);
  if not _sitting.is_ended then
    if callx.is_other_window(submit_quiz.window_id, _sitting.window_id) then
      raise exception 'This attempt is open in another window.' using detail = 'open_elsewhere';
    end if;
    perform callx.check_quiz_answers(coalesce(submit_quiz.answers, '[]'));
    -- With the rights of the caller, as if the row came over /rest/v1.
    insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers)
    values (auth.uid(), _sitting.quiz_id, 0, false, coalesce(submit_quiz.answers, _sitting.answers));
  end if;
  select a.id, a.score, a.passed, a.attempted_at, a.is_late into _attempt
  from public.quiz_attempts a where a.sitting_id = submit_quiz.sitting_id;
  return jsonb_build_object(
    'attempt_id', _attempt.id, 'quiz_id', _sitting.quiz_id, 'score', _attempt.score, 'passed', _attempt.passed,
    'attempted_at', _attempt.attempted_at, 'is_late', _attempt.is_late, 'was_submitted', _sitting.is_ended
  );
end
$$;
comment on function public.submit_quiz(uuid, jsonb, uuid) is
  'Hands in, however often it is called: {attempt_id, quiz_id, score, passed, attempted_at, is_late, was_submitted}. '
  'Without answers, what was saved. Refuses with the details sitting_not_found, open_elsewhere, answers_malformed, '
  'answers_too_long.';

create or replace function callx.quiz_result(_quiz_id uuid, _user_id uuid) returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _quiz public.quizzes;
  _allowance record;
  _so_far record;
  _sitting callx.quiz_sittings;
begin
  perform callx.require_progress_of(_user_id);
  select * into _quiz from public.quizzes q where q.id = _quiz_id;
  _allowance := callx.quiz_allowance(_user_id, _quiz.id);
  select count(*)::int as attempts, coalesce(bool_or(a.passed), false) as passed, max(a.attempted_at) as last_at,
    max(a.score) as best, (sum(a.score) / count(*))::int as average,
    (array_agg(a.score order by a.attempted_at, a.id))[1] as first,
    (array_agg(a.score order by a.attempted_at desc, a.id desc))[1] as last
  into _so_far
  from public.quiz_attempts a where a.user_id = _user_id and a.quiz_id = _quiz.id
  having count(*) > 0;
  select * into _sitting from callx.quiz_sittings s
  where s.user_id = _user_id and s.quiz_id = _quiz.id and s.ended_at is null;
  return jsonb_build_object(
    'quiz_id', _quiz.id, 'user_id', _user_id, 'counts', _quiz.counts,
    'score', case _quiz.counts when 'best' then _so_far.best when 'last' then _so_far.last
      when 'first' then _so_far.first else _so_far.average end,
    'passed', coalesce(_so_far.passed, false), 'passing_grade', _quiz.passing_grade,
    'attempts', coalesce(_so_far.attempts, 0),
    'attempts_left', case when _quiz.max_attempts is not null then greatest(
      _quiz.max_attempts + _allowance.extra_attempts - coalesce(_so_far.attempts, 0) - (_sitting.id is not null)::int, 0
    ) end,
    'next_attempt_at', _so_far.last_at + make_interval(mins => _quiz.cool_down_minutes),
    'question_count', (
      select least(count(*), coalesce(_quiz.draw_count, count(*))) from public.quiz_questions q where q.quiz_id = _quiz.id
    ),
    'time_limit_seconds', extract(epoch from callx.quiz_deadline(_user_id, _quiz.id, _quiz.time_limit_minutes, now())
      - now())::int,
    'review', _quiz.review, 'open_sitting_id', _sitting.id, 'deadline_at', _sitting.deadline_at,
    'started_at', _sitting.started_at, 'saved_at', _sitting.saved_at, 'now', clock_timestamp()
  );
end
$$;

comment on function public.quiz_result(uuid, uuid) is
  'Where somebody stands in a quiz: oneself, one''s team, for admins anybody. score is of the attempt that counts, null '
  'before any; passed stays once it is so; attempts_left and next_attempt_at are null without a limit, an open attempt '
  'counts as used; time_limit_seconds has the person''s extra time in it; deadline_at, started_at and saved_at are of the '
  'open attempt; now is the server''s clock.';

grant execute on function callx.hold_open_sitting(uuid, uuid), callx.start_quiz(uuid, uuid), callx.own_sitting(uuid),
  callx.quiz_of_own_sitting(uuid), callx.is_other_window(uuid, uuid), callx.check_quiz_answers(jsonb)
  to authenticated, service_role;
grant execute on function public.start_quiz(uuid, uuid), public.save_quiz_answers(uuid, jsonb, uuid),
  public.submit_quiz(uuid, jsonb, uuid) to authenticated;
