-- What was achieved: completed lessons, attempts, evaluations, certificates.

create table public.lesson_completions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references public.profiles(id) on delete cascade not null,
  lesson_id uuid references public.lessons(id) on delete cascade not null,
  completed_at timestamptz default now(),
  unique (user_id, lesson_id)
);
create index lesson_completions_lesson_id_idx on public.lesson_completions (lesson_id);

create table public.quiz_attempts (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references public.profiles(id) on delete cascade not null,
  quiz_id uuid references public.quizzes(id) on delete cascade not null,
  score int not null check (score >= 0 and score <= 100),
  passed boolean not null,
  answers jsonb not null,
  attempted_at timestamptz default now()
);
comment on column public.quiz_attempts.answers is 'An array of {question_id, selected_answer_id, is_correct}.';
create index quiz_attempts_user_id_idx on public.quiz_attempts (user_id);
create index quiz_attempts_quiz_id_idx on public.quiz_attempts (quiz_id);

create table public.simulation_attempts (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references public.profiles(id) on delete cascade not null,
  simulation_id uuid references public.simulations(id) on delete cascade not null,
  overall_score int not null check (overall_score >= 0 and overall_score <= 100),
  passed boolean not null,
  script_adherence int check (script_adherence >= 0 and script_adherence <= 100),
  empathy_score text check (empathy_score in ('Excellent', 'Good', 'Needs Improvement')),
  call_flow_score int check (call_flow_score >= 0 and call_flow_score <= 100),
  transcript jsonb not null,
  attempted_at timestamptz default now(),
  call_id uuid unique references public.calls(id) on delete set null,
  duration_ms int check (duration_ms >= 0),
  mode text check (mode in ('practice', 'exam'))
);
comment on column public.simulation_attempts.transcript is
  'An array of {speaker: "ai"|"user", text, feedback?, timestamp}.';
create index simulation_attempts_user_id_idx on public.simulation_attempts (user_id);
create index simulation_attempts_simulation_id_idx on public.simulation_attempts (simulation_id);

create table public.certifications (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references public.profiles(id) on delete cascade not null,
  product_id uuid references public.products(id) on delete cascade not null,
  certificate_url text not null,
  issued_at timestamptz default now(),
  unique (user_id, product_id)
);
comment on column public.certifications.certificate_url is 'A path in the bucket certificates.';
create index certifications_product_id_idx on public.certifications (product_id);

create table public.evaluations (
  id uuid primary key default gen_random_uuid(),
  call_id uuid not null unique references public.calls(id) on delete cascade,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'not_assessable')),
  judge text,
  rubric_hash text,
  report jsonb,
  error text,
  attempt_id uuid references public.simulation_attempts(id) on delete set null,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index evaluations_attempt_id_idx on public.evaluations (attempt_id);

create function callx.stamp_completion() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if current_user not in ('service_role', 'callx_owner') then
    new.completed_at := now();
  end if;
  return new;
end
$$;
comment on function callx.stamp_completion() is
  'Front ends do send completed_at, so it is granted; but the time that counts is the server''s.';

create trigger lesson_completions_stamp before insert on public.lesson_completions
  for each row execute function callx.stamp_completion();

create function callx.complete_passed_simulation() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.lesson_completions (user_id, lesson_id)
  select new.user_id, s.lesson_id from public.simulations s where s.id = new.simulation_id
  on conflict (user_id, lesson_id) do nothing;
  return null;
end
$$;

create trigger simulation_attempts_complete_lesson after insert on public.simulation_attempts
  for each row when (new.passed) execute function callx.complete_passed_simulation();
