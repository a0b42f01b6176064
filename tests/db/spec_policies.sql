-- Enable RLS on all tables
alter table public.profiles enable row level security;
alter table public.user_roles enable row level security;
alter table public.lesson_completions enable row level security;
alter table public.quiz_attempts enable row level security;
alter table public.simulation_attempts enable row level security;
-- (repeat for all tables)

-- Profiles: Users can view their own profile
create policy "Users can view own profile"
  on public.profiles for select
  to authenticated
  using (auth.uid() = id);

-- Profiles: Managers can view profiles of their trainees
create policy "Managers can view trainee profiles"
  on public.profiles for select
  to authenticated
  using (
    exists (
      select 1 from public.manager_assignments ma
      join public.user_roles ur on ur.user_id = ma.manager_id
      where ma.trainee_id = profiles.id
        and ma.manager_id = auth.uid()
        and ur.role = 'manager'
    )
  );

-- Profiles: Admins can view all profiles
create policy "Admins can view all profiles"
  on public.profiles for select
  to authenticated
  using (public.has_role(auth.uid(), 'admin'));

-- Lesson Completions: Users can view/insert their own
create policy "Users can manage own completions"
  on public.lesson_completions
  for all
  to authenticated
  using (auth.uid() = user_id)
  with check (auth.uid() = user_id);

-- Lesson Completions: Managers can view trainee completions
create policy "Managers can view trainee completions"
  on public.lesson_completions for select
  to authenticated
  using (
    exists (
      select 1 from public.manager_assignments
      where trainee_id = lesson_completions.user_id
        and manager_id = auth.uid()
    )
  );

-- Products, Modules, Lessons: All authenticated users can read
create policy "All users can view courses"
  on public.products for select
  to authenticated
  using (is_active = true);

create policy "All users can view modules"
  on public.modules for select
  to authenticated
  using (true);

create policy "All users can view lessons"
  on public.lessons for select
  to authenticated
  using (true);

-- Admins can modify courses
create policy "Admins can manage products"
  on public.products for all
  to authenticated
  using (public.has_role(auth.uid(), 'admin'))
  with check (public.has_role(auth.uid(), 'admin'));
