-- Which products a person may open: all that are active, or, once an admin closes enrolment, those assigned.

alter table public.products add column archived_at timestamptz;
alter table public.modules add column archived_at timestamptz;
alter table public.lessons add column archived_at timestamptz;
comment on column public.products.archived_at is
  'Deleted, but kept for the results that hang on it (0003_4_archive.sql): invisible to everybody but the service.';
comment on column public.modules.archived_at is 'As in products.';
comment on column public.lessons.archived_at is 'As in products.';

create table public.site_settings (
  id boolean primary key default true check (id),
  open_enrolment boolean not null default true,
  updated_at timestamptz not null default now()
);
comment on table public.site_settings is 'One row: what admins decide about the whole site.';
comment on column public.site_settings.open_enrolment is
  'Every active product is open to everybody. When false, a trainee sees what was assigned, completed or certified.';
insert into public.site_settings default values;

create table public.assignments (
  id uuid primary key default gen_random_uuid(),
  product_id uuid not null references public.products(id) on delete cascade,
  user_id uuid references public.profiles(id) on delete cascade,
  manager_id uuid references public.profiles(id) on delete cascade,
  due_at timestamptz,
  assigned_by uuid default auth.uid() references public.profiles(id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (product_id, user_id),
  unique (product_id, manager_id),
  check (num_nonnulls(user_id, manager_id) = 1)
);
comment on table public.assignments is
  'A product is to be completed: by one person (user_id), or by the team of a manager (manager_id), which is whoever '
  'belongs to it at the time of asking, so those who join later too.';
create index assignments_user_id_idx on public.assignments (user_id);
create index assignments_manager_id_idx on public.assignments (manager_id);
create index assignments_assigned_by_idx on public.assignments (assigned_by);

create trigger site_settings_touch_updated_at before update on public.site_settings
  for each row execute function callx.touch_updated_at();
create trigger assignments_touch_updated_at before update on public.assignments
  for each row execute function callx.touch_updated_at();

create function callx.my_managers() returns uuid[]
language sql stable
security definer
set search_path = ''
as $$
  select coalesce(array_agg(a.manager_id), '{}') from public.manager_assignments a where a.trainee_id = auth.uid()
$$;

create function callx.products_of(_user_id uuid) returns uuid[]
language plpgsql stable
security definer
set search_path = ''
as $$
begin
  if (select s.open_enrolment from public.site_settings s) is not false or callx.is_staff(_user_id) then
    return array(select p.id from public.products p where p.is_active and p.archived_at is null);
  end if;
  return array(
    select p.id from public.products p
    where p.is_active and p.archived_at is null and (
      exists (
        select from public.assignments a
        where a.product_id = p.id and (
          a.user_id = _user_id
          or a.manager_id in (select t.manager_id from public.manager_assignments t where t.trainee_id = _user_id)
        )
      )
      or exists (select from public.certifications c where c.product_id = p.id and c.user_id = _user_id)
      or (
        select count(*) > 0 and count(*) = count(c.lesson_id)
        from public.modules m
        join public.lessons l on l.module_id = m.id and l.archived_at is null
        left join public.lesson_completions c on c.lesson_id = l.id and c.user_id = _user_id
        where m.product_id = p.id and m.archived_at is null
      )
    )
  );
end
$$;
comment on function callx.products_of(uuid) is
  'The active products that a person may open. Managers, who assign them, see all of them. plpgsql keeps the plans.';

create function callx.my_products() returns uuid[]
language sql stable
security definer
set search_path = ''
as $$ select callx.products_of(auth.uid()) $$;

create function callx.has_access(_product_id uuid) returns boolean
language sql stable
security definer
set search_path = ''
as $$ select coalesce(_product_id = any (callx.my_products()), false) $$;

grant execute on function callx.my_managers(), callx.my_products(), callx.has_access(uuid)
  to authenticated, service_role;
grant execute on function callx.products_of(uuid) to service_role;

select callx.protect('public.site_settings');
select callx.protect('public.assignments');

grant select on public.site_settings, public.assignments to authenticated;
grant update (open_enrolment) on public.site_settings to callx_admin;
grant insert (product_id, user_id, manager_id, due_at), update (product_id, user_id, manager_id, due_at), delete
  on public.assignments to callx_manager, callx_admin;

create policy "All users can view the settings" on public.site_settings for select to authenticated using (true);
create policy "Admins can change the settings" on public.site_settings for update to callx_admin
  using (true) with check (true);

create policy "Users can view what they are assigned" on public.assignments for select to authenticated
  using (user_id = (select auth.uid()) or manager_id = any ((select callx.my_managers())::uuid[]));
create policy "Managers can view what their team is assigned" on public.assignments for select to callx_manager
  using (manager_id = (select auth.uid()) or user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Managers can assign to their team" on public.assignments for insert to callx_manager
  with check (
    (manager_id = (select auth.uid()) or user_id = any ((select callx.my_trainees())::uuid[]))
    and product_id = any ((select callx.my_products())::uuid[])
  );
create policy "Managers can change what they assigned" on public.assignments for update to callx_manager
  using (
    assigned_by = (select auth.uid())
    and (manager_id = (select auth.uid()) or user_id = any ((select callx.my_trainees())::uuid[]))
  )
  with check (
    (manager_id = (select auth.uid()) or user_id = any ((select callx.my_trainees())::uuid[]))
    and product_id = any ((select callx.my_products())::uuid[])
  );
create policy "Managers can take back what they assigned" on public.assignments for delete to callx_manager
  using (
    assigned_by = (select auth.uid())
    and (manager_id = (select auth.uid()) or user_id = any ((select callx.my_trainees())::uuid[]))
  );
create policy "Admins can assign to everybody" on public.assignments to callx_admin using (true) with check (true);
