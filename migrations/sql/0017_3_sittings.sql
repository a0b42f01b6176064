-- A started attempt: which questions were drawn, in which order they are shown, until when, and what was answered so far.

create table public.quiz_allowances (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles(id) on delete cascade,
  quiz_id uuid references public.quizzes(id) on delete cascade,
  time_factor numeric(4, 2) not null default 1 check (time_factor between 1 and 10),
  is_untimed boolean not null default false,
  extra_attempts int not null default 0 check (extra_attempts between 0 and 100),
  granted_by uuid default auth.uid() references public.profiles(id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique nulls not distinct (user_id, quiz_id)
);
comment on table public.quiz_allowances is 'More time and more attempts for somebody, granted by admins and their managers.';
comment on column public.quiz_allowances.quiz_id is 'Null: in all quizzes. Of time the one for the quiz goes before it.';
comment on column public.quiz_allowances.is_untimed is 'No time limit at all.';
create index quiz_allowances_quiz_id_idx on public.quiz_allowances (quiz_id);
create index quiz_allowances_granted_by_idx on public.quiz_allowances (granted_by);
select callx.protect('public.quiz_allowances');

grant select on public.quiz_allowances to authenticated;
grant
  insert (id, user_id, quiz_id, time_factor, is_untimed, extra_attempts),
  update (user_id, quiz_id, time_factor, is_untimed, extra_attempts),
  delete
  on public.quiz_allowances to callx_manager, callx_admin;
create policy "Users can view own allowances" on public.quiz_allowances for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Managers can manage allowances of their team" on public.quiz_allowances to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]))
  with check (
    user_id = any ((select callx.my_trainees())::uuid[])
    and (quiz_id is null or exists (select from public.quizzes q where q.id = quiz_id))
  );
create policy "Admins can manage allowances" on public.quiz_allowances to callx_admin using (true) with check (true);
create trigger quiz_allowances_audit after insert or update or delete on public.quiz_allowances
  for each row execute function callx.audit_change('quiz_allowance', 'id');

create function callx.stamp_allowance() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.granted_by := auth.uid();
  return new;
end
$$;
create trigger quiz_allowances_stamp before update on public.quiz_allowances
  for each row execute function callx.stamp_allowance();
create trigger quiz_allowances_touch_updated_at before update on public.quiz_allowances
  for each row execute function callx.touch_updated_at();

create table callx.quiz_sittings (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles(id) on delete cascade,
  quiz_id uuid not null references public.quizzes(id) on delete cascade,
  seed bigint not null,
  questions jsonb not null,
  answers jsonb not null default '[]',
  time_limit_minutes int,
  started_at timestamptz not null default clock_timestamp(),
  deadline_at timestamptz,
  saved_at timestamptz,
  ended_at timestamptz
);
comment on table callx.quiz_sittings is
  'Attempts that were started. questions: as asked, with the right answers of that moment; so nobody reads this but '
  'functions. Ended: it became a row of quiz_attempts.';
create unique index quiz_sittings_open_idx on callx.quiz_sittings (user_id, quiz_id) where ended_at is null;
create index quiz_sittings_due_idx on callx.quiz_sittings (deadline_at) where ended_at is null;
create index quiz_sittings_user_id_idx on callx.quiz_sittings (user_id);
create index quiz_sittings_quiz_id_idx on callx.quiz_sittings (quiz_id);
select callx.protect('callx.quiz_sittings');

alter table public.quiz_attempts
  add column sitting_id uuid unique references callx.quiz_sittings(id) on delete set null,
  add column started_at timestamptz,
  add column is_late boolean not null default false,
  add column grading jsonb not null default '[]';
comment on column public.quiz_attempts.sitting_id is 'What public.start_quiz called it; null: handed in without a start.';
comment on column public.quiz_attempts.is_late is 'Handed in after the time, so what was saved before was graded.';
comment on column public.quiz_attempts.grading is
  '[{question_id, is_correct, points, of_points, explanation, answers: {answer_id: explanation}}], for '
  'public.quiz_review; only admins and the service read it.';
comment on column public.quiz_attempts.answers is
  'An array of {question_id, is_correct} with selected_answer_id, selected_answer_ids, text or ordered_answer_ids, '
  'written by callx.grade_quiz_attempt. is_correct is left out where the quiz has a review policy.';
comment on column public.quiz_attempts.questions is
  'The questions as they were asked: [{id, question_text, question_type, order_index, points, partial_credit, answers: '
  '[{id, answer_text, order_index}]}]. Questions may change later, the attempt does not.';
comment on column public.quiz_attempts.answer_key is
  'The right answers at that time, {question_id: [...]}: ids (of an ordering all, in order), accepted texts, or value and '
  'tolerance; only admins and the service read it.';
grant select (sitting_id, started_at, is_late) on public.quiz_attempts to authenticated;
grant select (grading) on public.quiz_attempts to callx_admin;

create function callx.quiz_grace() returns interval
language sql immutable
set search_path = ''
as $$ select interval '20 seconds' $$;
comment on function callx.quiz_grace() is 'So much after the time answers still count: for slow lines, not for people.';

create function callx.quiz_allowance(
  _user_id uuid, _quiz_id uuid, out time_factor numeric, out is_untimed boolean, out extra_attempts int
)
language sql stable
security definer
set search_path = ''
as $$
  select coalesce((array_agg(a.time_factor order by a.quiz_id nulls last))[1], 1),
    coalesce((array_agg(a.is_untimed order by a.quiz_id nulls last))[1], false),
    coalesce(sum(a.extra_attempts), 0)::int
  from public.quiz_allowances a
  where a.user_id = _user_id and (a.quiz_id = _quiz_id or a.quiz_id is null)
$$;

create function callx.quiz_deadline(_user_id uuid, _quiz_id uuid, _minutes int, _started_at timestamptz)
returns timestamptz
language sql stable
security definer
set search_path = ''
as $$
  select case when not a.is_untimed then _started_at + make_interval(secs => (_minutes * 60 * a.time_factor)::float8) end
  from callx.quiz_allowance(_user_id, _quiz_id) a
$$;
comment on function callx.quiz_deadline(uuid, uuid, int, timestamptz) is 'Null where there is no limit.';

create function callx.extend_sittings() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update callx.quiz_sittings s
  set deadline_at = callx.quiz_deadline(s.user_id, s.quiz_id, s.time_limit_minutes, s.started_at)
  where s.user_id = new.user_id and s.ended_at is null and s.deadline_at > clock_timestamp()
    and coalesce(
      callx.quiz_deadline(s.user_id, s.quiz_id, s.time_limit_minutes, s.started_at) > s.deadline_at, true
    );
  return null;
end
$$;
comment on function callx.extend_sittings() is 'More time reaches whoever sits there already; less time does not.';
create trigger quiz_allowances_extend after insert or update on public.quiz_allowances
  for each row execute function callx.extend_sittings();

create function callx.quiz_questions_as_asked(_quiz_id uuid, _seed bigint) returns jsonb
language sql stable
security definer
set search_path = ''
as $$
  with shuffled as (
    select q.*, z.draw_count, z.shuffle_questions, z.shuffle_answers,
      row_number() over (order by pg_catalog.md5(_seed || ' ' || q.id) collate "C", q.order_index) as luck
    from public.quizzes z join public.quiz_questions q on q.quiz_id = z.id
    where z.id = _quiz_id
  ),
  drawn as (
    select * from shuffled s where _seed is null or s.luck <= coalesce(s.draw_count, s.luck)
  ),
  placed as (
    select d.id as question_id, a.*, d.question_type::text = 'ordering' as is_ordering,
      row_number() over (partition by d.id order by case
        when d.question_type::text = 'ordering' or _seed is not null and d.shuffle_answers
          and d.question_type::text <> 'true_false'
        then pg_catalog.md5(coalesce(_seed, 0) || ' ' || a.id) end collate "C",
        a.order_index, a.id
      ) as place
    from drawn d cross join lateral (
      select x.id, x.answer_text, x.order_index, x.is_correct, x.explanation
      from public.quiz_answers x where x.question_id = d.id
    ) a
  ),
  options as (
    select p.question_id, jsonb_agg(jsonb_build_object(
      'id', p.id, 'answer_text', p.answer_text,
      'order_index', case when p.is_ordering then p.place else p.order_index end,
      'is_correct', p.is_correct, 'right_place', p.order_index, 'explanation', p.explanation
    ) order by p.place) as answers
    from placed p group by p.question_id
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', d.id, 'question_text', d.question_text, 'question_type', d.question_type, 'order_index', d.order_index,
    'points', d.points, 'partial_credit', d.partial_credit, 'match_case', d.match_case,
    'match_accents', d.match_accents, 'match_spaces', d.match_spaces, 'accepted_texts', d.accepted_texts,
    'numeric_value', d.numeric_value, 'numeric_tolerance', d.numeric_tolerance, 'explanation', d.explanation,
    'answers', coalesce(o.answers, '[]')
  ) order by case when _seed is not null and d.shuffle_questions then d.luck else d.order_index end), '[]')
  from drawn d left join options o on o.question_id = d.id
$$;
comment on function callx.quiz_questions_as_asked(uuid, bigint) is
  'The questions of a quiz with all that grading needs: drawn and shuffled by the seed, which gives the same again on '
  'any server; without one all in their order. Items to be ordered are always shuffled, and their order_index is the '
  'place where they are shown.';

create function callx.questions_to_show(_questions jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', q.value -> 'id', 'question_text', q.value -> 'question_text', 'question_type', q.value -> 'question_type',
    'order_index', q.value -> 'order_index', 'points', q.value -> 'points',
    'partial_credit', q.value -> 'partial_credit', 'answers', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', a.value -> 'id', 'answer_text', a.value -> 'answer_text', 'order_index', a.value -> 'order_index'
      ) order by a.place), '[]')
      from jsonb_array_elements(q.value -> 'answers') with ordinality as a (value, place)
    )
  ) order by q.place), '[]')
  from jsonb_array_elements(_questions) with ordinality as q (value, place)
$$;
comment on function callx.questions_to_show(jsonb) is 'Of questions as asked what people may see; built up, not cut down.';

create function callx.right_answers(_questions jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(q.value ->> 'id', case q.value ->> 'question_type'
    when 'short_text' then q.value -> 'accepted_texts'
    when 'numeric' then jsonb_build_array(q.value -> 'numeric_value', q.value -> 'numeric_tolerance')
    when 'ordering' then (
      select coalesce(jsonb_agg(a.value -> 'id' order by (a.value ->> 'right_place')::int, a.value ->> 'id'), '[]')
      from jsonb_array_elements(q.value -> 'answers') a
    )
    else (
      select coalesce(jsonb_agg(a.value -> 'id' order by a.place), '[]')
      from jsonb_array_elements(q.value -> 'answers') with ordinality as a (value, place)
      where (a.value ->> 'is_correct')::boolean
    )
  end), '{}')
  from jsonb_array_elements(_questions) q
$$;

create function callx.explained(_grading jsonb, _questions jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(g.value || jsonb_build_object('explanation', q.value -> 'explanation', 'answers', (
    select coalesce(jsonb_object_agg(a.value ->> 'id', a.value -> 'explanation'), '{}')
    from jsonb_array_elements(q.value -> 'answers') a where a.value ->> 'explanation' is not null
  )) order by g.place), '[]')
  from jsonb_array_elements(_grading) with ordinality as g (value, place)
  join jsonb_array_elements(_questions) with ordinality as q (value, place) on q.place = g.place
$$;
