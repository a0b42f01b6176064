-- Questions of more types, with points and explanations. A new value of an enumeration cannot be used in the transaction
-- that adds it, so what is evaluated here compares texts.

alter type public.question_type add value 'multi_select';
alter type public.question_type add value 'short_text';
alter type public.question_type add value 'numeric';
alter type public.question_type add value 'ordering';

alter table public.quiz_questions
  add column points int not null default 1 check (points between 1 and 100),
  add column partial_credit boolean not null default false,
  add column match_case boolean not null default false,
  add column match_accents boolean not null default false,
  add column match_spaces boolean not null default false,
  add column accepted_texts text[] not null default '{}' check (cardinality(accepted_texts) <= 100),
  add column numeric_value numeric check (numeric_value > '-Infinity' and numeric_value < 'Infinity'),
  add column numeric_tolerance numeric not null default 0
    check (numeric_tolerance >= 0 and numeric_tolerance < 'Infinity'),
  add column explanation text;
comment on column public.quiz_questions.points is 'What a right answer weighs.';
comment on column public.quiz_questions.partial_credit is
  'multi_select: each right option earns its share, each wrong one takes one away, never below nothing. ordering: each '
  'item in its place earns its share. Without it all must be right.';
comment on column public.quiz_questions.match_case is 'short_text: capitals count.';
comment on column public.quiz_questions.match_accents is 'short_text: accents count.';
comment on column public.quiz_questions.match_spaces is 'short_text: spaces count.';
comment on column public.quiz_questions.accepted_texts is 'short_text: what is right; only admins and the service read it.';
comment on column public.quiz_questions.numeric_value is 'numeric: what is right; only admins and the service read it.';
comment on column public.quiz_questions.numeric_tolerance is
  'numeric: how far off is right as well; only admins and the service read it.';
comment on column public.quiz_questions.explanation is 'Shown by public.quiz_review when the policy allows it.';

alter table public.quiz_answers add column explanation text;
comment on column public.quiz_answers.explanation is 'Shown by public.quiz_review when the policy allows it.';
comment on column public.quiz_answers.order_index is
  'Where it is shown. Of a question of the type ordering it is the right place, so people do not see those rows: '
  'public.start_quiz shows them the items, shuffled.';

alter table public.quizzes
  add column draw_count int check (draw_count > 0),
  add column shuffle_questions boolean not null default false,
  add column shuffle_answers boolean not null default false,
  add column time_limit_minutes int check (time_limit_minutes between 1 and 1440),
  add column counts text not null default 'best' check (counts in ('best', 'last', 'first', 'average')),
  add column review text check (review in ('never', 'after_attempt', 'after_pass', 'after_last_attempt')),
  add column needs_start boolean not null
    generated always as (draw_count is not null or time_limit_minutes is not null) stored;
comment on column public.quizzes.draw_count is 'Each attempt draws so many of the questions; null: all.';
comment on column public.quizzes.time_limit_minutes is 'From public.start_quiz on; null: as long as one likes.';
comment on column public.quizzes.counts is
  'Which attempt counts as the result. An attempt passes when it and what then counts reach the passing grade.';
comment on column public.quizzes.review is
  'When right answers and explanations are shown, and right and wrong at all. Null: what was chosen is marked right or '
  'wrong in the attempt, and no more is ever shown.';
comment on column public.quizzes.needs_start is
  'Only public.start_quiz shows the questions, and attempts need it: some are drawn, or the time is limited.';

revoke select on public.quiz_questions from authenticated;
grant select (
  id, quiz_id, question_text, question_type, order_index, created_at, points, partial_credit, match_case, match_accents,
  match_spaces
) on public.quiz_questions to authenticated;
grant select (accepted_texts, numeric_value, numeric_tolerance, explanation) on public.quiz_questions to callx_admin;
grant select (explanation) on public.quiz_answers to callx_admin;

grant
  insert (draw_count, shuffle_questions, shuffle_answers, time_limit_minutes, counts, review),
  update (draw_count, shuffle_questions, shuffle_answers, time_limit_minutes, counts, review)
  on public.quizzes to callx_admin;
grant
  insert (
    points, partial_credit, match_case, match_accents, match_spaces, accepted_texts, numeric_value, numeric_tolerance,
    explanation
  ),
  update (
    points, partial_credit, match_case, match_accents, match_spaces, accepted_texts, numeric_value, numeric_tolerance,
    explanation
  )
  on public.quiz_questions to callx_admin;
grant insert (explanation), update (explanation) on public.quiz_answers to callx_admin;

alter policy "All users can view questions" on public.quiz_questions
  using (exists (select from public.quizzes q where q.id = quiz_id and not q.needs_start));
alter policy "All users can view answers" on public.quiz_answers
  using (exists (
    select from public.quiz_questions q where q.id = question_id and q.question_type::text <> 'ordering'
  ));
