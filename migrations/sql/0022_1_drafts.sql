-- Courses in progress. A product, and a module or lesson in it, is a draft or published; what is a draft is there for
-- admins alone. Products keep `is_active`, which says the same. `key` names content across installations.

create function callx.new_key() returns text
language sql volatile
set search_path = ''
as $$ select 'x' || left(replace(gen_random_uuid()::text, '-', ''), 11) $$;
grant execute on function callx.new_key() to callx_admin, service_role;

alter table public.products
  add column status text not null default 'published' check (status in ('draft', 'published')),
  add column key text not null default callx.new_key() check (key ~ '^[a-z0-9][a-z0-9_-]{0,79}$');
alter table public.modules
  add column status text not null default 'published' check (status in ('draft', 'published')),
  add column key text not null default callx.new_key() check (key ~ '^[a-z0-9][a-z0-9_-]{0,79}$');
alter table public.lessons
  add column status text not null default 'published' check (status in ('draft', 'published')),
  add column key text not null default callx.new_key() check (key ~ '^[a-z0-9][a-z0-9_-]{0,79}$');

alter table public.products disable trigger user;
update public.products set status = 'draft' where is_active is not true;
alter table public.products enable trigger user;
-- What archived content is called is free for what comes after it.
create unique index products_key_idx on public.products (key) where archived_at is null;
create unique index modules_product_id_key_idx on public.modules (product_id, key) where archived_at is null;
create unique index lessons_module_id_key_idx on public.lessons (module_id, key) where archived_at is null;

comment on column public.products.status is
  'draft: only admins see it. Says the same as is_active; public.publish_content checks before it changes it.';
comment on column public.modules.status is
  'draft: only admins see it and what is in it, and nobody has to complete it. Left by public.publish_content alone.';
comment on column public.lessons.status is 'As in modules.';
comment on column public.products.key is 'Names it in course packs: importing a pack again finds it by this.';
comment on column public.modules.key is 'As in products; among the modules of one product.';
comment on column public.lessons.key is 'As in products; among the lessons of one module.';

create function callx.keep_product_status() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    if new.is_active is not true then
      new.status := 'draft';
    elsif new.status = 'draft' then
      new.is_active := false;
    end if;
  elsif new.is_active is distinct from old.is_active then
    new.status := case when new.is_active then 'published' else 'draft' end;
  elsif new.status is distinct from old.status then
    new.is_active := new.status = 'published';
  end if;
  return new;
end
$$;
comment on function callx.keep_product_status() is
  'Keeps status and is_active in step. Where a change says both, is_active counts: it is the older word.';

create function callx.guard_publishing() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if current_user not in ('service_role', 'callx_owner') then
    raise exception 'Use publish_content, which looks at the content first.'
      using errcode = '42501', detail = 'publish_checks';
  end if;
  return new;
end
$$;

create trigger modules_guard_publishing before update of status on public.modules
  for each row when (old.status = 'draft' and new.status = 'published') execute function callx.guard_publishing();
create trigger lessons_guard_publishing before update of status on public.lessons
  for each row when (old.status = 'draft' and new.status = 'published') execute function callx.guard_publishing();
create trigger products_guard_publishing before update of status on public.products
  for each row when (
    old.status = 'draft' and new.status = 'published' and old.is_active is not distinct from new.is_active
  ) execute function callx.guard_publishing();
create trigger products_keep_status before insert or update of status, is_active on public.products
  for each row execute function callx.keep_product_status();

create function callx.free_key() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _is_taken boolean;
begin
  if tg_table_name = 'products' then
    _is_taken := exists (
      select from public.products p where p.key = new.key and p.archived_at is null and p.id <> new.id
    );
  elsif tg_table_name = 'modules' then
    _is_taken := exists (
      select from public.modules m
      where m.product_id = new.product_id and m.key = new.key and m.archived_at is null and m.id <> new.id
    );
  else
    _is_taken := exists (
      select from public.lessons l
      where l.module_id = new.module_id and l.key = new.key and l.archived_at is null and l.id <> new.id
    );
  end if;
  if _is_taken then
    new.key := callx.new_key();
  end if;
  return new;
end
$$;
comment on function callx.free_key() is 'What comes to siblings of which one has its key already gets another.';

create trigger products_free_key before update of archived_at on public.products
  for each row when (old.archived_at is not null and new.archived_at is null) execute function callx.free_key();
create trigger modules_free_key before update of archived_at, product_id on public.modules
  for each row when (
    new.archived_at is null and (old.archived_at is not null or old.product_id <> new.product_id)
  ) execute function callx.free_key();
create trigger lessons_free_key before update of archived_at, module_id on public.lessons
  for each row when (
    new.archived_at is null and (old.archived_at is not null or old.module_id <> new.module_id)
  ) execute function callx.free_key();

grant select (status, key) on public.products, public.modules, public.lessons to authenticated;
grant insert (status, key), update (status, key) on public.products, public.modules, public.lessons to callx_admin;

-- Who sees what: what hangs on a lesson, files too, follows it.

alter policy "All users can view modules" on public.modules
  using (
    archived_at is null and status = 'published' and product_id = any ((select callx.my_products())::uuid[])
  );
alter policy "All users can view lessons" on public.lessons
  using (
    archived_at is null and status = 'published' and module_id = any ((select callx.open_modules())::uuid[])
  );

create or replace view callx.lesson_places as
  select l.id as lesson_id, l.module_id, m.product_id,
    l.archived_at is null and m.archived_at is null and l.status = 'published' and m.status = 'published' as counts
  from public.lessons l join public.modules m on m.id = l.module_id;

create or replace function callx.module_states(_user_id uuid, _product_ids uuid[])
returns table (
  module_id uuid, product_id uuid, order_index int, total_lessons int, completed_lessons int, is_locked boolean
)
language plpgsql stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  _exempt boolean := callx.is_staff(_user_id);
begin
  return query
  with counted as (
    select m.id, m.product_id, m.order_index, m.is_prerequisite is true as linked,
      count(l.lesson_id)::int as total, count(c.lesson_id)::int as completed
    from public.modules m
    left join callx.lesson_places l on l.module_id = m.id and l.counts
    left join public.lesson_completions c on c.lesson_id = l.lesson_id and c.user_id = _user_id
    where m.product_id = any (_product_ids) and m.archived_at is null and m.status = 'published'
    group by m.id
  ),
  chained as (
    select k.*, count(*) filter (where not k.linked) over (partition by k.product_id order by k.order_index) as chain
    from counted k
  ),
  certified as (
    select v.product_id from callx.valid_certifications v where v.user_id = _user_id
  )
  select k.id, k.product_id, k.order_index, k.total, k.completed,
    not _exempt and k.product_id not in (select c.product_id from certified c) and coalesce(
      bool_or(k.completed < k.total) over (
        partition by k.product_id, k.chain order by k.order_index rows between unbounded preceding and 1 preceding
      ),
      false
    )
  from chained k;
end
$$;
comment on function callx.module_states(uuid, uuid[]) is
  'The one place where locks are computed. A chain is a module that is not linked and the linked ones that follow it. '
  'Managers and admins are never locked out, nor is who holds a good certificate of the product: a lesson that is '
  'published later locks nobody out of what they have passed.';

create or replace function callx.products_of(_user_id uuid) returns uuid[]
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
        from callx.lesson_places l
        left join public.lesson_completions c on c.lesson_id = l.lesson_id and c.user_id = _user_id
        where l.product_id = p.id and l.counts
      )
    )
  );
end
$$;
