-- Who may change people: oneself the own name, admins names, roles and teams; and nobody the last admin.

create function callx.is_admin() returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select coalesce(
    auth.role() = 'service_role'
    or exists (select from public.user_roles r where r.user_id = auth.uid() and r.role = 'admin'),
    false
  )
$$;

create function callx.require_admin() returns void
language plpgsql stable
security definer
set search_path = ''
as $$
begin
  if not callx.is_admin() then
    raise exception 'Only an admin may do this.' using errcode = '42501';
  end if;
end
$$;
comment on function callx.require_admin() is 'For definer functions that only admins and the service may use.';

create function callx.is_staff(_user_id uuid) returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select exists (select from public.user_roles r where r.user_id = _user_id and r.role in ('manager', 'admin'))
$$;

create function callx.tidy_name() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.full_name := btrim(left(btrim(regexp_replace(new.full_name, '[[:space:][:cntrl:]]+', ' ', 'g')), 200));
  return new;
end
$$;
comment on function callx.tidy_name() is 'A name stands in mails and certificates: one line, and not too long.';

create trigger profiles_tidy_name before update of full_name on public.profiles
  for each row execute function callx.tidy_name();

grant update (full_name) on public.profiles to authenticated;
create policy "Users can rename themselves" on public.profiles for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));
create policy "Admins can rename everybody" on public.profiles for update to callx_admin
  using (true) with check (true);

grant insert (user_id, role), update (user_id, role), delete on public.user_roles to callx_admin;
create policy "Admins can manage roles" on public.user_roles to callx_admin using (true) with check (true);

grant insert (trainee_id, manager_id), update (trainee_id, manager_id), delete
  on public.manager_assignments to callx_admin;
create policy "Admins can manage assignments" on public.manager_assignments to callx_admin
  using (true) with check (true);

create function callx.keep_an_admin() returns trigger
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
  if exists (select from auth.users u where u.deactivated_at is null) and not exists (
    select from public.user_roles r join auth.users u on u.id = r.user_id
    where r.role = 'admin' and u.deactivated_at is null
  ) then
    raise exception 'The last admin stays an admin.' using hint = 'Make somebody else an admin first.';
  end if;
  return null;
end
$$;
comment on function callx.keep_an_admin() is 'Holds for the service too: without an admin nobody could make one.';

create trigger user_roles_keep_an_admin after update or delete on public.user_roles
  for each row when (old.role = 'admin') execute function callx.keep_an_admin();
create trigger users_keep_an_admin after update of deactivated_at on auth.users
  for each row when (old.deactivated_at is null and new.deactivated_at is not null)
  execute function callx.keep_an_admin();
