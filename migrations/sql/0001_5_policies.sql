-- Who sees what. Closed by default: what is not opened here is the service's alone. Three habits:
--   * `(select auth.uid())` in place of `auth.uid()` is computed once a statement and can be looked up in an index.
--   * People are trainees, managers and admins by the database role of their transaction (callx.database_role_of), so
--     a policy costs nothing to those whom it is not written for.
--   * A row that hangs on another is visible when that other row is: the inner select obeys its own policies.

select callx.protect(format('%I.%I', schemaname, tablename)::regclass)
from pg_catalog.pg_tables
where schemaname in ('public', 'auth');

-- People

grant select on public.profiles, public.user_roles, public.manager_assignments to authenticated;

create policy "Users can view own profile" on public.profiles for select to authenticated
  using (id = (select auth.uid()));
create policy "Managers can view trainee profiles" on public.profiles for select to callx_manager
  using (id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can view all profiles" on public.profiles for select to callx_admin
  using (true);

create policy "Users can view own roles" on public.user_roles for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Admins can view all roles" on public.user_roles for select to callx_admin
  using (true);

create policy "Trainees can view own assignments" on public.manager_assignments for select to authenticated
  using (trainee_id = (select auth.uid()));
create policy "Managers can view own assignments" on public.manager_assignments for select to callx_manager
  using (manager_id = (select auth.uid()));
create policy "Admins can view all assignments" on public.manager_assignments for select to callx_admin
  using (true);

-- Courses. is_correct, ai_system_prompt, script and rubric are granted to nobody but the service.

grant select on
  public.products, public.modules, public.lessons, public.lesson_attachments, public.quizzes, public.quiz_questions
  to authenticated;
grant select (id, question_id, answer_text, order_index, created_at) on public.quiz_answers to authenticated;
grant select (id, lesson_id, scenario_description, passing_grade, created_at, updated_at)
  on public.simulations to authenticated;
grant select (simulation_id, version, title, customer_name, customer_card, goals, created_at, updated_at)
  on public.simulation_scenarios to authenticated;

create policy "All users can view courses" on public.products for select to authenticated
  using (is_active);
create policy "All users can view modules" on public.modules for select to authenticated
  using (exists (select from public.products p where p.id = product_id));
create policy "All users can view lessons" on public.lessons for select to authenticated
  using (exists (select from public.modules m where m.id = module_id));
create policy "All users can view attachments" on public.lesson_attachments for select to authenticated
  using (exists (select from public.lessons l where l.id = lesson_id));
create policy "All users can view quizzes" on public.quizzes for select to authenticated
  using (exists (select from public.lessons l where l.id = lesson_id));
create policy "All users can view questions" on public.quiz_questions for select to authenticated
  using (exists (select from public.quizzes q where q.id = quiz_id));
create policy "All users can view answers" on public.quiz_answers for select to authenticated
  using (exists (select from public.quiz_questions q where q.id = question_id));
create policy "All users can view simulations" on public.simulations for select to authenticated
  using (exists (select from public.lessons l where l.id = lesson_id));
create policy "All users can view scenarios" on public.simulation_scenarios for select to authenticated
  using (exists (select from public.simulations s where s.id = simulation_id));

-- Admins write courses, except the columns that the database fills in and those that nobody may see.

grant delete on
  public.products, public.modules, public.lessons, public.lesson_attachments, public.quizzes, public.quiz_questions,
  public.quiz_answers, public.simulations, public.simulation_scenarios
  to callx_admin;
grant insert (id, title, description, is_active), update (id, title, description, is_active)
  on public.products to callx_admin;
grant insert (id, product_id, title, description, order_index, is_prerequisite),
  update (id, product_id, title, description, order_index, is_prerequisite)
  on public.modules to callx_admin;
grant insert (id, module_id, title, lesson_type, order_index, video_url, text_content),
  update (id, module_id, title, lesson_type, order_index, video_url, text_content)
  on public.lessons to callx_admin;
grant insert (id, lesson_id, file_name, file_path, file_size), update (id, lesson_id, file_name, file_path, file_size)
  on public.lesson_attachments to callx_admin;
grant insert (id, lesson_id, passing_grade), update (id, lesson_id, passing_grade)
  on public.quizzes to callx_admin;
grant insert (id, quiz_id, question_text, question_type, order_index),
  update (id, quiz_id, question_text, question_type, order_index)
  on public.quiz_questions to callx_admin;
grant insert (id, question_id, answer_text, order_index), update (id, question_id, answer_text, order_index)
  on public.quiz_answers to callx_admin;
grant update (id, lesson_id, scenario_description, passing_grade)
  on public.simulations to callx_admin;
grant update (title, customer_name, customer_card, goals)
  on public.simulation_scenarios to callx_admin;

create policy "Admins can manage products" on public.products to callx_admin using (true) with check (true);
create policy "Admins can manage modules" on public.modules to callx_admin using (true) with check (true);
create policy "Admins can manage lessons" on public.lessons to callx_admin using (true) with check (true);
create policy "Admins can manage attachments" on public.lesson_attachments to callx_admin using (true) with check (true);
create policy "Admins can manage quizzes" on public.quizzes to callx_admin using (true) with check (true);
create policy "Admins can manage questions" on public.quiz_questions to callx_admin using (true) with check (true);
create policy "Admins can manage answers" on public.quiz_answers to callx_admin using (true) with check (true);
create policy "Admins can manage simulations" on public.simulations to callx_admin using (true) with check (true);
create policy "Admins can manage scenarios" on public.simulation_scenarios to callx_admin using (true) with check (true);

-- Calls: the person who made them, that person's managers, admins.

grant select (
  id, user_id, simulation_id, mode, state, scenario_version, model, created_at, answered_at, ended_at, end_reason,
  duration_ms, usage
) on public.calls to authenticated;
grant select on public.call_turns, public.call_moods, public.evaluations to authenticated;
grant select (call_id, state, object_key, duration_ms, size_bytes, created_at, updated_at)
  on public.recordings to authenticated;

create policy "Users can view own calls" on public.calls for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Managers can view trainee calls" on public.calls for select to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can view all calls" on public.calls for select to callx_admin
  using (true);

create policy "Turns are visible with their call" on public.call_turns for select to authenticated
  using (exists (select from public.calls c where c.id = call_id));
create policy "Moods are visible with their call" on public.call_moods for select to authenticated
  using (exists (select from public.calls c where c.id = call_id));
create policy "Recordings are visible with their call" on public.recordings for select to authenticated
  using (exists (select from public.calls c where c.id = call_id));
create policy "Evaluations are visible with their call" on public.evaluations for select to authenticated
  using (exists (select from public.calls c where c.id = call_id));

-- Progress

grant select on
  public.lesson_completions, public.quiz_attempts, public.simulation_attempts, public.certifications
  to authenticated;
grant insert (user_id, lesson_id, completed_at) on public.lesson_completions to authenticated;

create policy "Users can view own completions" on public.lesson_completions for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Managers can view trainee completions" on public.lesson_completions for select to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can view all completions" on public.lesson_completions for select to callx_admin
  using (true);
create policy "Users can complete what is only watched or read" on public.lesson_completions for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and exists (select from public.lessons l where l.id = lesson_id and l.lesson_type in ('video', 'text'))
  );

create policy "Users can view own quiz attempts" on public.quiz_attempts for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Managers can view trainee quiz attempts" on public.quiz_attempts for select to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can view all quiz attempts" on public.quiz_attempts for select to callx_admin
  using (true);

create policy "Users can view own attempts" on public.simulation_attempts for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Managers can view trainee attempts" on public.simulation_attempts for select to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can view all attempts" on public.simulation_attempts for select to callx_admin
  using (true);

create policy "Users can view own certifications" on public.certifications for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Managers can view trainee certifications" on public.certifications for select to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can view all certifications" on public.certifications for select to callx_admin
  using (true);
