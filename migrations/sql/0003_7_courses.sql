-- Who sees which course, and what admins write. A trainee sees the products that are open to them, all modules of
-- those (a locked one shows its lock) and the lessons of the open modules; what hangs on a lesson follows it.

revoke select on public.products, public.modules, public.lessons from authenticated;
grant select (id, title, description, is_active, created_by, created_at, updated_at)
  on public.products to authenticated;
grant select (id, product_id, title, description, order_index, is_prerequisite, created_at, updated_at)
  on public.modules to authenticated;
grant select (id, module_id, title, lesson_type, order_index, video_url, text_content, created_at, updated_at)
  on public.lessons to authenticated;

alter policy "All users can view courses" on public.products
  using (id = any ((select callx.my_products())::uuid[]));
alter policy "All users can view modules" on public.modules
  using (archived_at is null and product_id = any ((select callx.my_products())::uuid[]));
alter policy "All users can view lessons" on public.lessons
  using (archived_at is null and module_id = any ((select callx.open_modules())::uuid[]));

alter policy "Admins can manage products" on public.products
  using (archived_at is null) with check (archived_at is null);
alter policy "Admins can manage modules" on public.modules
  using (archived_at is null) with check (archived_at is null);
alter policy "Admins can manage lessons" on public.lessons
  using (archived_at is null) with check (archived_at is null);
alter policy "Admins can manage attachments" on public.lesson_attachments
  using (exists (select from public.lessons l where l.id = lesson_id));
alter policy "Admins can manage quizzes" on public.quizzes
  using (exists (select from public.lessons l where l.id = lesson_id));
alter policy "Admins can manage questions" on public.quiz_questions
  using (exists (select from public.quizzes q where q.id = quiz_id));
alter policy "Admins can manage answers" on public.quiz_answers
  using (exists (select from public.quiz_questions q where q.id = question_id));
alter policy "Admins can manage simulations" on public.simulations
  using (exists (select from public.lessons l where l.id = lesson_id));
alter policy "Admins can manage scenarios" on public.simulation_scenarios
  using (exists (select from public.simulations s where s.id = simulation_id));

-- Admins write what is hidden from all others, so they read it.

grant select (is_correct), insert (is_correct), update (is_correct) on public.quiz_answers to callx_admin;
grant select (ai_system_prompt), update (ai_system_prompt),
  insert (id, lesson_id, scenario_description, ai_system_prompt, passing_grade)
  on public.simulations to callx_admin;
grant select (script, rubric), update (simulation_id, script, rubric),
  insert (simulation_id, title, customer_name, customer_card, goals, script, rubric)
  on public.simulation_scenarios to callx_admin;
grant insert (max_attempts, cool_down_minutes), update (max_attempts, cool_down_minutes)
  on public.quizzes to callx_admin;

comment on column public.simulations.ai_system_prompt is 'What the customer is told; only admins and the service read it.';
comment on column public.simulation_scenarios.script is
  'A voice.scenario.Scenario as JSON; only admins and the service read it.';
comment on column public.simulation_scenarios.rubric is
  'What the call is judged by; only admins and the service read it.';

create function callx.count_scenario_version() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.version := old.version + 1;
  return new;
end
$$;
comment on function callx.count_scenario_version() is 'Language models are cached by version, calls remember it.';

create trigger simulation_scenarios_count_version before update on public.simulation_scenarios
  for each row when (old.script is distinct from new.script and old.version = new.version)
  execute function callx.count_scenario_version();
