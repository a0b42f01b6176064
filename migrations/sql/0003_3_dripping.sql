-- Section 9 of the specification: a module with is_prerequisite is locked until the module before it is completed.
-- The module before is the one with the greatest smaller order_index in the same product; if that one is linked to its
-- predecessor too, the whole chain must be complete. A module without lessons is complete.

create function callx.module_states(_user_id uuid, _product_ids uuid[])
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
      count(l.id)::int as total, count(c.lesson_id)::int as completed
    from public.modules m
    left join public.lessons l on l.module_id = m.id and l.archived_at is null
    left join public.lesson_completions c on c.lesson_id = l.id and c.user_id = _user_id
    where m.product_id = any (_product_ids) and m.archived_at is null
    group by m.id
  ),
  chained as (
    select k.*, count(*) filter (where not k.linked) over (partition by k.product_id order by k.order_index) as chain
    from counted k
  )
  select k.id, k.product_id, k.order_index, k.total, k.completed,
    not _exempt and coalesce(
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
  'Managers and admins are never locked out.';

create function callx.is_module_locked(_module_id uuid, _user_id uuid) returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select coalesce(
    (
      select s.is_locked
      from public.modules m, callx.module_states(_user_id, array[m.product_id]) s
      where m.id = _module_id and s.module_id = m.id
    ),
    true
  )
$$;
comment on function callx.is_module_locked(uuid, uuid) is 'A module that does not exist is locked.';

create function callx.my_module_states()
returns table (
  module_id uuid, product_id uuid, order_index int, total_lessons int, completed_lessons int, is_locked boolean
)
language sql stable
security definer
set search_path = ''
as $$ select * from callx.module_states(auth.uid(), callx.my_products()) $$;

create function callx.open_modules() returns uuid[]
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _me uuid := auth.uid();
begin
  return array(select s.module_id from callx.module_states(_me, callx.products_of(_me)) s where not s.is_locked);
end
$$;
comment on function callx.open_modules() is
  'The modules whose lessons the caller may see. A policy compares with this array, computed once a statement.';

create view public.module_locks with (security_invoker = true) as
  select s.module_id, s.product_id, s.order_index, s.is_locked, s.total_lessons, s.completed_lessons
  from callx.my_module_states() s;
comment on view public.module_locks is
  'For the lock icon: the caller''s own state in each visible module, counting lessons that a lock hides.';

create function public.module_progress(product_id uuid, user_id uuid default auth.uid())
returns table (module_id uuid, order_index int, total_lessons int, completed_lessons int, is_locked boolean)
language plpgsql stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  if not coalesce(
    module_progress.user_id = auth.uid() or public.is_manager_of(module_progress.user_id) or callx.is_admin(), false
  ) then
    raise exception 'This person''s progress is not yours to see.' using errcode = '42501';
  end if;
  return query
  select s.module_id, s.order_index, s.total_lessons, s.completed_lessons, s.is_locked
  from callx.module_states(module_progress.user_id, array[module_progress.product_id]) s
  where callx.is_admin() or module_progress.product_id = any (callx.my_products())
  order by s.order_index;
end
$$;
comment on function public.module_progress(uuid, uuid) is
  'Progress of oneself, of a trainee of one''s own, or for admins of anybody, in one product.';

grant select on public.module_locks to authenticated;
grant execute on function callx.my_module_states(), callx.open_modules() to authenticated, service_role;
grant execute on function callx.module_states(uuid, uuid[]), callx.is_module_locked(uuid, uuid) to service_role;
grant execute on function public.module_progress(uuid, uuid) to authenticated, service_role;
