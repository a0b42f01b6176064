-- What the audit log notes by itself: roles, teams, deactivated and deleted people, and every change of a course.

create function callx.abridged(_value jsonb) returns jsonb
language sql immutable strict
set search_path = ''
as $$
  select case when octet_length(_value::text) <= 500 then _value
    else jsonb_build_object(
      'length', length(_value::text),
      'sha256', encode(pg_catalog.sha256(convert_to(_value::text, 'UTF8')), 'hex')
    ) end
$$;
comment on function callx.abridged(jsonb) is 'The log tells that a long text changed, and does not keep all its versions.';

create function callx.audit_change() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _old jsonb := coalesce(to_jsonb(old), '{}');
  _new jsonb := coalesce(to_jsonb(new), '{}');
  _changed jsonb;
begin
  select jsonb_object_agg(key, jsonb_build_array(callx.abridged(o.value), callx.abridged(n.value))) into _changed
  from jsonb_each(_old) o full join jsonb_each(_new) n using (key)
  where coalesce(o.value, 'null') <> coalesce(n.value, 'null') and key not in ('id', 'created_at', 'updated_at');
  if _changed is not null then
    perform callx.audit(
      tg_argv[0] || case tg_op when 'INSERT' then '.created' when 'UPDATE' then '.changed' else '.deleted' end,
      tg_argv[0],
      -- One row of site_settings has an id that is none.
      case when tg_argv[1] <> '' then (coalesce(_new ->> tg_argv[1], _old ->> tg_argv[1]))::uuid end,
      jsonb_build_object('changed', _changed)
    );
  end if;
  return null;
end
$$;
comment on function callx.audit_change() is
  'Arguments: what a row is, and the column with its id. Details: {"changed": {column: [before, after]}}.';

create function callx.audit_role() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- The role that everybody begins with comes with the account.
  if tg_op = 'INSERT' and new.role = 'trainee' and pg_catalog.pg_trigger_depth() > 1 then
    return null;
  end if;
  if tg_op = 'UPDATE' and (old.user_id, old.role) = (new.user_id, new.role) then
    return null;
  end if;
  if tg_op <> 'INSERT' then
    perform callx.audit('role.taken', 'person', old.user_id, jsonb_build_object('role', old.role));
  end if;
  if tg_op <> 'DELETE' then
    perform callx.audit('role.granted', 'person', new.user_id, jsonb_build_object('role', new.role));
  end if;
  return null;
end
$$;

create function callx.audit_team() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and (old.trainee_id, old.manager_id) = (new.trainee_id, new.manager_id) then
    return null;
  end if;
  if tg_op <> 'INSERT' then
    perform callx.audit('manager.removed', 'person', old.trainee_id, jsonb_build_object('manager_id', old.manager_id));
  end if;
  if tg_op <> 'DELETE' then
    perform callx.audit('manager.assigned', 'person', new.trainee_id, jsonb_build_object('manager_id', new.manager_id));
  end if;
  return null;
end
$$;

create function callx.audit_account() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    perform callx.audit('person.deleted', 'person', old.id, jsonb_build_object('email', old.email));
  elsif new.deactivated_at is null then
    perform callx.audit('person.reactivated', 'person', new.id);
  else
    perform callx.audit('person.deactivated', 'person', new.id);
    update auth.logins set revoked_at = new.deactivated_at where user_id = new.id and revoked_at is null;
  end if;
  return null;
end
$$;
comment on function callx.audit_account() is
  'Also ends the logins of somebody deactivated, so that they do not come back to life with the account.';

create trigger user_roles_audit after insert or update or delete on public.user_roles
  for each row execute function callx.audit_role();
create trigger manager_assignments_audit after insert or update or delete on public.manager_assignments
  for each row execute function callx.audit_team();
create trigger users_audit_deactivation after update of deactivated_at on auth.users
  for each row when ((old.deactivated_at is null) <> (new.deactivated_at is null)) execute function callx.audit_account();
create trigger users_audit_deletion after delete on auth.users
  for each row execute function callx.audit_account();

create trigger profiles_audit after update of full_name on public.profiles
  for each row when (old.full_name <> new.full_name and new.id is distinct from auth.uid())
  execute function callx.audit_change('person', 'id');

create trigger site_settings_audit after update on public.site_settings
  for each row execute function callx.audit_change('site_settings', '');
create trigger assignments_audit after insert or update or delete on public.assignments
  for each row execute function callx.audit_change('assignment', 'id');
create trigger products_audit after insert or update or delete on public.products
  for each row execute function callx.audit_change('product', 'id');
create trigger modules_audit after insert or update or delete on public.modules
  for each row execute function callx.audit_change('module', 'id');
create trigger lessons_audit after insert or update or delete on public.lessons
  for each row execute function callx.audit_change('lesson', 'id');
create trigger lesson_attachments_audit after insert or update or delete on public.lesson_attachments
  for each row execute function callx.audit_change('attachment', 'id');
create trigger quizzes_audit after insert or update or delete on public.quizzes
  for each row execute function callx.audit_change('quiz', 'id');
create trigger quiz_questions_audit after insert or update or delete on public.quiz_questions
  for each row execute function callx.audit_change('question', 'id');
create trigger quiz_answers_audit after insert or update or delete on public.quiz_answers
  for each row execute function callx.audit_change('answer', 'id');
create trigger simulations_audit after insert or update or delete on public.simulations
  for each row execute function callx.audit_change('simulation', 'id');
create trigger simulation_scenarios_audit after insert or update or delete on public.simulation_scenarios
  for each row execute function callx.audit_change('scenario', 'simulation_id');

-- The last admin, in the ways that were left: the only active account of all may not go either, and clients of the
-- service can tell this refusal from others by its constraint.

create or replace function callx.keep_an_admin() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_table_schema = 'auth' and not exists (
    select from public.user_roles r where r.user_id = new.id and r.role = 'admin'
  ) then
    return null;
  end if;
  -- Two admins who remove each other at once would both see the other still there.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('callx.keep_an_admin', 0));
  if not exists (
    select from public.user_roles r join auth.users u on u.id = r.user_id
    where r.role = 'admin' and u.deactivated_at is null
  ) then
    raise exception 'The last admin stays an admin.'
      using hint = 'Make somebody else an admin first.', constraint = 'keep_an_admin';
  end if;
  return null;
end
$$;
