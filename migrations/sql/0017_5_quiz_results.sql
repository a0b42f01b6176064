-- What people are told afterwards: the result that counts, and of each attempt what the review policy allows.

create function callx.review_is_open(_attempt public.quiz_attempts) returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select callx.is_admin() or not callx.has_open_sitting(_attempt.user_id, _attempt.quiz_id) and case q.review
    when 'after_attempt' then true
    when 'after_pass' then so_far.passed
    when 'after_last_attempt' then so_far.attempts >= q.max_attempts + a.extra_attempts
  end is true
  from public.quizzes q, callx.quiz_allowance(_attempt.user_id, _attempt.quiz_id) a, (
    select count(*) as attempts, bool_or(o.passed) as passed
    from public.quiz_attempts o where o.user_id = _attempt.user_id and o.quiz_id = _attempt.quiz_id
  ) so_far
  where q.id = _attempt.quiz_id
$$;
comment on function callx.review_is_open(public.quiz_attempts) is
  'Whether right answers and explanations may be told. Not while another attempt is open: it has the same questions.';

create function public.quiz_review(attempt_id uuid) returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _attempt public.quiz_attempts;
  _review text;
  _is_open boolean;
begin
  select * into _attempt from public.quiz_attempts a
  where a.id = quiz_review.attempt_id
    and (a.user_id = auth.uid() or public.is_manager_of(a.user_id) or callx.is_admin());
  if not found then
    raise exception 'There is no such attempt.' using errcode = 'P0002', detail = 'attempt_not_found';
  end if;
  select q.review into _review from public.quizzes q where q.id = _attempt.quiz_id;
  _is_open := callx.review_is_open(_attempt);
  return jsonb_build_object(
    'attempt_id', _attempt.id, 'quiz_id', _attempt.quiz_id, 'user_id', _attempt.user_id, 'score', _attempt.score,
    'passed', _attempt.passed, 'attempted_at', _attempt.attempted_at, 'is_late', _attempt.is_late,
    'review', _review, 'is_open', _is_open,
    'questions', case when _is_open or _review is null then (
      select coalesce(jsonb_agg(
        q.value || jsonb_build_object(
          'given', g.value - array['question_id', 'is_correct'],
          'is_correct', coalesce(r.value -> 'is_correct', g.value -> 'is_correct', 'false'),
          'points_earned', r.value -> 'points'
        ) || case when _is_open then jsonb_build_object(
          'right_answer', _attempt.answer_key -> (q.value ->> 'id'), 'explanation', r.value -> 'explanation',
          'answer_explanations', coalesce(r.value -> 'answers', '{}')
        ) else '{}' end
        order by q.place
      ), '[]')
      from jsonb_array_elements(_attempt.questions) with ordinality as q (value, place)
      left join jsonb_array_elements(_attempt.answers) g on g.value -> 'question_id' = q.value -> 'id'
      left join jsonb_array_elements(_attempt.grading) r on r.value -> 'question_id' = q.value -> 'id'
    ) end
  );
end
$$;
comment on function public.quiz_review(uuid) is
  'Of an attempt of one''s own, of one''s team, or for admins: result and policy. `questions` is null until the policy '
  'allows the review; then each has given, is_correct, points_earned, right_answer, explanation and answer_explanations. '
  'In a quiz without a policy each has given, is_correct and points_earned.';

create function callx.quiz_result(_quiz_id uuid, _user_id uuid) returns jsonb
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
    'review', _quiz.review, 'open_sitting_id', _sitting.id, 'deadline_at', _sitting.deadline_at
  );
end
$$;

create function public.quiz_result(quiz_id uuid, user_id uuid default auth.uid()) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  -- With the rights of the caller, so that a quiz that is hidden or locked is not there.
  if not exists (select from public.quizzes q where q.id = quiz_result.quiz_id) then
    raise exception 'There is no such quiz.' using errcode = 'P0002', detail = 'quiz_not_found';
  end if;
  return callx.quiz_result(quiz_result.quiz_id, coalesce(quiz_result.user_id, auth.uid()));
end
$$;
comment on function public.quiz_result(uuid, uuid) is
  'Where somebody stands in a quiz: oneself, one''s team, for admins anybody. score is of the attempt that counts, null '
  'before any; passed stays once it is so; attempts_left and next_attempt_at are null without a limit, an open attempt '
  'counts as used; time_limit_seconds has the person''s extra time in it.';

create or replace view callx.exhausted_quizzes as
  select a.user_id, q.id as quiz_id, q.lesson_id
  from public.quizzes q join public.quiz_attempts a on a.quiz_id = q.id
  where q.max_attempts is not null or q.counts = 'first'
  group by a.user_id, q.id
  having not bool_or(a.passed) and (q.counts = 'first' or count(*) >= q.max_attempts + (
    select coalesce(sum(x.extra_attempts), 0) from public.quiz_allowances x
    where x.user_id = a.user_id and (x.quiz_id = q.id or x.quiz_id is null)
  ));
comment on view callx.exhausted_quizzes is
  'Who has not passed a quiz and cannot: no attempt is left, or only the first one counts.';

grant execute on function callx.quiz_result(uuid, uuid) to authenticated, service_role;
grant execute on function public.quiz_review(uuid), public.quiz_result(uuid, uuid) to authenticated, service_role;
