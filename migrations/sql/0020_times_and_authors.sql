-- Front ends send back whole rows, and times of their own (`updated_at: new Date()`). That is no error, and counts for
-- nothing: whatever a person sends, when and by whom a row was made is what the server says.

create function callx.stamp_created_at() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.created_at := case when tg_op = 'UPDATE' then old.created_at else now() end;
  return new;
end
$$;

create function callx.stamp_created_by() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.created_by := case when tg_op = 'UPDATE' then old.created_by else auth.uid() end;
  return new;
end
$$;

do $$
declare
  _table text;
  _people constant text := 'when (current_user in (''authenticated'', ''callx_trainee'', ''callx_manager'', ''callx_admin''))';
begin
  foreach _table in array array[
    'products', 'modules', 'lessons', 'lesson_attachments', 'quizzes', 'quiz_questions', 'quiz_answers', 'simulations',
    'simulation_scenarios', 'assignments', 'manager_assignments', 'user_roles'
  ] loop
    execute format('grant insert (created_at), update (created_at) on public.%I to callx_admin', _table);
    execute format(
      'create trigger %1$I before insert or update of created_at on public.%2$I for each row %3$s'
      ' execute function callx.stamp_created_at()', _table || '_stamp_created_at', _table, _people
    );
  end loop;
  foreach _table in array array[
    'products', 'modules', 'lessons', 'quizzes', 'simulations', 'simulation_scenarios', 'assignments'
  ] loop
    execute format('grant insert (updated_at), update (updated_at) on public.%I to callx_admin', _table);
    execute format(
      'create trigger %1$I before insert on public.%2$I for each row %3$s execute function callx.touch_updated_at()',
      _table || '_stamp_updated_at', _table, _people
    );
  end loop;
end
$$;

grant insert (created_by), update (created_by) on public.products to callx_admin;
create trigger products_stamp_created_by before insert or update of created_by on public.products
  for each row when (current_user in ('authenticated', 'callx_trainee', 'callx_manager', 'callx_admin'))
  execute function callx.stamp_created_by();

grant insert (created_at, updated_at), update (created_at, updated_at) on public.assignments to callx_manager;

grant update (created_at, updated_at) on public.profiles to authenticated;
create trigger profiles_stamp_created_at before update of created_at on public.profiles
  for each row when (current_user in ('authenticated', 'callx_trainee', 'callx_manager', 'callx_admin'))
  execute function callx.stamp_created_at();
