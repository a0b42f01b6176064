-- A module that a completion has opened is announced once to each person, by the fact ModuleUnlocked.

create table callx.module_unlocks (
  user_id uuid not null references public.profiles(id) on delete cascade,
  module_id uuid not null references public.modules(id) on delete cascade,
  announced_at timestamptz not null default clock_timestamp(),
  primary key (user_id, module_id)
);
comment on table callx.module_unlocks is 'What was announced, so that it never is again.';
create index module_unlocks_module_id_idx on callx.module_unlocks (module_id);
select callx.protect('callx.module_unlocks');

create function callx.announce_unlock(_user_id uuid, _lesson_id uuid) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  _module_id uuid;
begin
  with completed as (
    select p.product_id, m.order_index
    from callx.lesson_places p join public.modules m on m.id = p.module_id
    where p.lesson_id = _lesson_id and p.counts and p.product_id = any (callx.products_of(_user_id))
  ),
  later as (
    select s.*, m.is_prerequisite is true as is_linked
    from completed c, callx.module_states(_user_id, array[c.product_id]) s
    join public.modules m on m.id = s.module_id
    where s.order_index > c.order_index
  ),
  next as (
    select * from later l where l.completed_lessons < l.total_lessons order by l.order_index limit 1
  )
  insert into callx.module_unlocks (user_id, module_id)
  select p.id, n.module_id
  from next n join public.profiles p on p.id = _user_id
  where not n.is_locked and not callx.is_staff(_user_id)
    and not exists (select from later l where l.order_index <= n.order_index and not l.is_linked)
  on conflict do nothing
  returning module_id into _module_id;
  if _module_id is not null then
    perform callx.emit_fact(
      'ModuleUnlocked', pg_catalog.jsonb_build_object('user_id', _user_id, 'module_id', _module_id)
    );
  end if;
  return _module_id;
end
$$;
comment on function callx.announce_unlock(uuid, uuid) is
  'After a lesson was completed: the first module behind it in its chain in which something is left to do, if it is open '
  'now and was not announced before. Run by a job after the completion: of two that complete a module at the same time '
  'neither sees the other in its own transaction.';

grant execute on function callx.announce_unlock(uuid, uuid) to service_role;
