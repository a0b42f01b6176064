-- The server is the author of results: what a client sends about its own achievement is overwritten or refused.

-- Completions

create function callx.guard_completion() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  _type public.lesson_type;
begin
  if current_user not in ('service_role', 'callx_owner') and new.user_id is distinct from auth.uid() then
    return new; -- for the policies to refuse: nothing may be learned here about another person
  end if;
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('callx.completion ' || new.user_id::text || new.lesson_id::text, 0)
  );
  if exists (
    select from public.lesson_completions c where c.user_id = new.user_id and c.lesson_id = new.lesson_id
  ) then
    return null;
  end if;
  select l.lesson_type into _type from public.lessons l where l.id = new.lesson_id;
  if _type = 'quiz' and not exists (
    select from public.quizzes q join public.quiz_attempts a on a.quiz_id = q.id
    where q.lesson_id = new.lesson_id and a.user_id = new.user_id and a.passed
  ) or _type = 'simulation' and not exists (
    select from public.simulations s join public.simulation_attempts a on a.simulation_id = s.id
    where s.lesson_id = new.lesson_id and a.user_id = new.user_id and a.passed
  ) then
    raise exception 'This lesson is completed by passing its %.', _type using errcode = '42501';
  end if;
  return new;
end
$$;
comment on function callx.guard_completion() is
  'Runs with the rights of whoever inserts. A repeated completion is skipped, so that front ends which insert after a '
  'pass, or twice, or upsert, are answered well; quiz and simulation lessons need a passed attempt, from the service too.';

create trigger lesson_completions_guard before insert on public.lesson_completions
  for each row execute function callx.guard_completion();

create function callx.refuse_changed_completion() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'A completion stays as it is.' using errcode = '42501';
end
$$;

create trigger lesson_completions_unchanged before update on public.lesson_completions
  for each row when (old.* is distinct from new.*) execute function callx.refuse_changed_completion();

drop policy "Users can complete what is only watched or read" on public.lesson_completions;
create policy "Users can complete lessons that they see" on public.lesson_completions for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and exists (select from public.lessons l where l.id = lesson_id)
  );

-- An upsert needs the right to update before it knows whether there is anything to update.
grant update (user_id, lesson_id, completed_at) on public.lesson_completions to authenticated;
create policy "Users can repeat own completions" on public.lesson_completions for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

-- Quiz attempts

alter table public.quizzes
  add column max_attempts int check (max_attempts > 0),
  add column cool_down_minutes int check (cool_down_minutes > 0);
comment on column public.quizzes.max_attempts is 'Null: as many as one likes.';
comment on column public.quizzes.cool_down_minutes is 'From one attempt to the next.';

alter table public.quiz_attempts
  add column questions jsonb not null default '[]',
  add column answer_key jsonb not null default '{}';
comment on column public.quiz_attempts.answers is
  'An array of {question_id, selected_answer_id, is_correct}, written by callx.grade_quiz_attempt.';
comment on column public.quiz_attempts.questions is
  'The questions as they were asked: [{id, question_text, question_type, order_index, answers: [{id, answer_text, '
  'order_index}]}]. Questions may change later, the attempt does not.';
comment on column public.quiz_attempts.answer_key is
  'The right answers at that time, {question_id: [answer_id]}; only admins and the service read it.';

create function callx.limit_quiz_attempts() returns trigger
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
  select q.max_attempts, q.cool_down_minutes into _quiz from public.quizzes q where q.id = new.quiz_id;
  if num_nonnulls(_quiz.max_attempts, _quiz.cool_down_minutes) = 0 then
    return new;
  end if;
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('callx.quiz_attempt ' || new.user_id::text || new.quiz_id::text, 0)
  );
  select count(*) as attempts, max(a.attempted_at) as last_at into _so_far
  from public.quiz_attempts a where a.user_id = new.user_id and a.quiz_id = new.quiz_id;
  if _so_far.attempts >= _quiz.max_attempts then
    raise exception 'No attempts are left.';
  end if;
  if _so_far.last_at + make_interval(mins => _quiz.cool_down_minutes) > clock_timestamp() then
    raise exception 'The next attempt is possible % minutes after the last one.', _quiz.cool_down_minutes;
  end if;
  return new;
end
$$;
comment on function callx.limit_quiz_attempts() is
  'Stamps the time, and holds the limits of the quiz, which keep anybody from guessing until it fits.';

create function callx.grade_quiz_attempt() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _total int;
  _right int;
begin
  with asked as (
    select q.id, q.question_text, q.question_type, q.order_index,
      coalesce(jsonb_agg(
        jsonb_build_object('id', a.id, 'answer_text', a.answer_text, 'order_index', a.order_index)
        order by a.order_index, a.id
      ) filter (where a.id is not null), '[]') as answers,
      coalesce(jsonb_agg(a.id order by a.order_index, a.id) filter (where a.is_correct), '[]') as right_answers
    from public.quiz_questions q left join public.quiz_answers a on a.question_id = q.id
    where q.quiz_id = new.quiz_id
    group by q.id
  ),
  given as (
    select distinct on (1) lower(i.item ->> 'question_id') as question_id,
      lower(i.item ->> 'selected_answer_id') as answer_id
    from jsonb_array_elements(
      case jsonb_typeof(new.answers) when 'array' then new.answers else '[]' end
    ) with ordinality as i (item, place)
    where jsonb_typeof(i.item) = 'object'
    order by 1, i.place
  ),
  chosen as (
    select q.id as question_id, q.order_index, a.id as answer_id, coalesce(a.is_correct, false) as is_correct
    from asked q
    join given g on g.question_id = q.id::text
    left join public.quiz_answers a on a.question_id = q.id and a.id::text = g.answer_id
  )
  select
    (select count(*) from asked),
    (select count(*) from chosen c where c.is_correct),
    (
      select coalesce(jsonb_agg(jsonb_build_object(
        'question_id', c.question_id, 'selected_answer_id', c.answer_id, 'is_correct', c.is_correct
      ) order by c.order_index), '[]')
      from chosen c
    ),
    (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', q.id, 'question_text', q.question_text, 'question_type', q.question_type,
        'order_index', q.order_index, 'answers', q.answers
      ) order by q.order_index), '[]')
      from asked q
    ),
    (select coalesce(jsonb_object_agg(q.id, q.right_answers), '{}') from asked q)
  into _total, _right, new.answers, new.questions, new.answer_key;
  new.score := coalesce(_right * 100 / nullif(_total, 0), 0);
  new.passed := coalesce(
    _total > 0 and new.score >= (select q.passing_grade from public.quizzes q where q.id = new.quiz_id), false
  );
  return new;
end
$$;
comment on function callx.grade_quiz_attempt() is
  'Grades from the stored answers, whatever was sent and by whom: the first answer to each question counts, unknown '
  'questions and malformed items do not. The score is rounded down, so it reaches a grade only when the answers do.';

create trigger quiz_attempts_limit before insert on public.quiz_attempts
  for each row execute function callx.limit_quiz_attempts();
create trigger quiz_attempts_grade before insert on public.quiz_attempts
  for each row execute function callx.grade_quiz_attempt();

create function callx.complete_passed_quiz() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.lesson_completions (user_id, lesson_id)
  select new.user_id, q.lesson_id from public.quizzes q where q.id = new.quiz_id;
  return null;
end
$$;

create trigger quiz_attempts_complete_lesson after insert on public.quiz_attempts
  for each row when (new.passed) execute function callx.complete_passed_quiz();

revoke select on public.quiz_attempts from authenticated;
grant select (id, user_id, quiz_id, score, passed, answers, questions, attempted_at)
  on public.quiz_attempts to authenticated;
grant select (answer_key) on public.quiz_attempts to callx_admin;
grant insert (user_id, quiz_id, score, passed, answers, attempted_at) on public.quiz_attempts to authenticated;
create policy "Users can attempt quizzes that they see" on public.quiz_attempts for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and exists (select from public.quizzes q where q.id = quiz_id)
  );
