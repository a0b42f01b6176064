-- Somebody's new name is noted when somebody else gave it: who renames themselves does so through the service too.

drop trigger profiles_audit on public.profiles;

create function callx.actor_id() returns uuid
language sql stable
set search_path = ''
as $$ select coalesce(auth.uid(), nullif(current_setting('callx.actor', true), '')::uuid) $$;
comment on function callx.actor_id() is 'Who acts, or for whom the service does (callx.act_for); null for nobody known.';
grant execute on function callx.actor_id() to authenticated, service_role;

create trigger profiles_audit after update of full_name on public.profiles
  for each row when (old.full_name <> new.full_name and callx.actor_id() <> new.id)
  execute function callx.audit_change('person', 'id');
