-- What there is to learn: products, their modules, the lessons, and what a lesson of each type consists of.

create table public.products (
  id uuid primary key default gen_random_uuid(),
  title text not null,
  description text,
  is_active boolean default true,
  -- No cascade, unlike other people columns: a course outlives whoever wrote it.
  created_by uuid default auth.uid() references public.profiles(id) on delete set null,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
create index products_created_by_idx on public.products (created_by);

-- Orders are deferrable so that one UPDATE can swap two neighbours: the check then runs after the statement.
create table public.modules (
  id uuid primary key default gen_random_uuid(),
  product_id uuid references public.products(id) on delete cascade not null,
  title text not null,
  description text,
  order_index int not null,
  is_prerequisite boolean default false,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  unique (product_id, order_index) deferrable initially immediate
);

create type public.lesson_type as enum ('video', 'text', 'quiz', 'simulation');

create table public.lessons (
  id uuid primary key default gen_random_uuid(),
  module_id uuid references public.modules(id) on delete cascade not null,
  title text not null,
  lesson_type public.lesson_type not null,
  order_index int not null,
  video_url text,
  text_content text,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  unique (module_id, order_index) deferrable initially immediate
);
comment on column public.lessons.video_url is 'A path in the bucket lesson-videos.';

create table public.lesson_attachments (
  id uuid primary key default gen_random_uuid(),
  lesson_id uuid references public.lessons(id) on delete cascade not null,
  file_name text not null,
  file_path text not null,
  file_size bigint,
  created_at timestamptz default now()
);
comment on column public.lesson_attachments.file_path is 'A path in the bucket lesson-attachments.';
create index lesson_attachments_lesson_id_idx on public.lesson_attachments (lesson_id);

create table public.quizzes (
  id uuid primary key default gen_random_uuid(),
  lesson_id uuid references public.lessons(id) on delete cascade not null unique,
  passing_grade int not null check (passing_grade >= 0 and passing_grade <= 100),
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);

create type public.question_type as enum ('multiple_choice', 'true_false');

create table public.quiz_questions (
  id uuid primary key default gen_random_uuid(),
  quiz_id uuid references public.quizzes(id) on delete cascade not null,
  question_text text not null,
  question_type public.question_type not null,
  order_index int not null,
  created_at timestamptz default now(),
  unique (quiz_id, order_index) deferrable initially immediate
);

create table public.quiz_answers (
  id uuid primary key default gen_random_uuid(),
  question_id uuid references public.quiz_questions(id) on delete cascade not null,
  answer_text text not null,
  is_correct boolean not null default false,
  order_index int not null,
  created_at timestamptz default now()
);
create index quiz_answers_question_id_idx on public.quiz_answers (question_id);

create table public.simulations (
  id uuid primary key default gen_random_uuid(),
  lesson_id uuid references public.lessons(id) on delete cascade not null unique,
  scenario_description text not null,
  ai_system_prompt text not null,
  passing_grade int not null check (passing_grade >= 0 and passing_grade <= 100),
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
comment on column public.simulations.scenario_description is 'What the trainee reads before the call.';
comment on column public.simulations.ai_system_prompt is 'What the customer is told; only the service reads it.';

create table public.simulation_scenarios (
  simulation_id uuid primary key references public.simulations(id) on delete cascade,
  version int not null default 1,
  title text not null,
  customer_name text not null,
  customer_card jsonb not null default '{}',
  goals jsonb not null default '[]',
  script jsonb not null,
  rubric jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column public.simulation_scenarios.customer_card is
  'What the trainee''s screen shows about the customer: {"facts": [{"label", "value"}], "account": ...}.';
comment on column public.simulation_scenarios.goals is 'Sentences of the brief.';
comment on column public.simulation_scenarios.script is 'A voice.scenario.Scenario as JSON; only the service reads it.';
comment on column public.simulation_scenarios.rubric is 'What the call is judged by; only the service reads it.';

create trigger products_touch_updated_at before update on public.products
  for each row execute function callx.touch_updated_at();
create trigger modules_touch_updated_at before update on public.modules
  for each row execute function callx.touch_updated_at();
create trigger lessons_touch_updated_at before update on public.lessons
  for each row execute function callx.touch_updated_at();
create trigger quizzes_touch_updated_at before update on public.quizzes
  for each row execute function callx.touch_updated_at();
create trigger simulations_touch_updated_at before update on public.simulations
  for each row execute function callx.touch_updated_at();
create trigger simulation_scenarios_touch_updated_at before update on public.simulation_scenarios
  for each row execute function callx.touch_updated_at();
