-- Results survive: deleting content that somebody has results in archives it, for everybody who deletes.

alter table public.lesson_completions drop constraint lesson_completions_lesson_id_fkey,
  add constraint lesson_completions_lesson_id_fkey foreign key (lesson_id) references public.lessons(id);
alter table public.quiz_attempts drop constraint quiz_attempts_quiz_id_fkey,
  add constraint quiz_attempts_quiz_id_fkey foreign key (quiz_id) references public.quizzes(id);
alter table public.simulation_attempts drop constraint simulation_attempts_simulation_id_fkey,
  add constraint simulation_attempts_simulation_id_fkey foreign key (simulation_id) references public.simulations(id);
alter table public.calls drop constraint calls_simulation_id_fkey,
  add constraint calls_simulation_id_fkey foreign key (simulation_id) references public.simulations(id);
alter table public.certifications drop constraint certifications_product_id_fkey,
  add constraint certifications_product_id_fkey foreign key (product_id) references public.products(id);

create function callx.lock_order(_parent_id uuid) returns void
language sql
set search_path = ''
as $$
  select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('callx.order ' || _parent_id::text, 0))
$$;
comment on function callx.lock_order(uuid) is
  'Whoever computes an order_index from its siblings holds this until the end of the transaction.';

create function callx.have_results(_lesson_ids uuid[]) returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select exists (select from public.lesson_completions c where c.lesson_id = any (_lesson_ids))
    or exists (
      select from public.quizzes q join public.quiz_attempts a on a.quiz_id = q.id
      where q.lesson_id = any (_lesson_ids)
    )
    or exists (
      select from public.simulations s join public.calls c on c.simulation_id = s.id
      where s.lesson_id = any (_lesson_ids)
    )
    or exists (
      select from public.simulations s join public.simulation_attempts a on a.simulation_id = s.id
      where s.lesson_id = any (_lesson_ids)
    )
$$;

create function callx.refuse_orphan(_parent_is_there boolean) returns void
language plpgsql
set search_path = ''
as $$
begin
  if not _parent_is_there then
    raise exception 'Somebody has just got a result in what is being deleted.' using errcode = '23503';
  end if;
end
$$;
comment on function callx.refuse_orphan(boolean) is
  'A cascade does not notice that a trigger kept a row: when a result came in after the parent was looked at, and the '
  'parent is gone already, the whole deletion must fail.';

create function callx.archive_product_instead() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _now timestamptz := pg_catalog.clock_timestamp();
begin
  if not (
    exists (select from public.certifications c where c.product_id = old.id)
    or callx.have_results(array(
      select l.id from public.lessons l join public.modules m on m.id = l.module_id where m.product_id = old.id
    ))
  ) then
    return old;
  end if;
  if old.archived_at is null then
    update public.products set archived_at = _now where id = old.id;
    update public.modules set archived_at = _now where product_id = old.id and archived_at is null;
    update public.lessons l set archived_at = _now from public.modules m
    where m.id = l.module_id and m.product_id = old.id and l.archived_at is null;
  end if;
  return null;
end
$$;

create function callx.archive_module_instead() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _now timestamptz := pg_catalog.clock_timestamp();
begin
  if not callx.have_results(array(select l.id from public.lessons l where l.module_id = old.id)) then
    return old;
  end if;
  perform callx.refuse_orphan(exists (select from public.products p where p.id = old.product_id));
  if old.archived_at is null then
    perform callx.lock_order(old.product_id);
    update public.modules set archived_at = _now, order_index = (
      select least(min(m.order_index), -1000000) - 1 from public.modules m where m.product_id = old.product_id
    ) where id = old.id;
    update public.lessons set archived_at = _now where module_id = old.id and archived_at is null;
  end if;
  return null;
end
$$;

create function callx.archive_lesson_instead() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not callx.have_results(array[old.id]) then
    return old;
  end if;
  perform callx.refuse_orphan(exists (select from public.modules m where m.id = old.module_id));
  if old.archived_at is null then
    perform callx.lock_order(old.module_id);
    update public.lessons set archived_at = pg_catalog.clock_timestamp(), order_index = (
      select least(min(l.order_index), -1000000) - 1 from public.lessons l where l.module_id = old.module_id
    ) where id = old.id;
  end if;
  return null;
end
$$;
comment on function callx.archive_lesson_instead() is
  'What is archived leaves its place in the order to whoever comes next, and goes below all that front ends use: they '
  'swap two rows by way of -1.';

create function callx.archive_lesson_part_instead() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _lesson public.lessons;
  _shell_id uuid;
begin
  if not (
    exists (select from public.quiz_attempts a where a.quiz_id = old.id)
    or exists (select from public.calls c where c.simulation_id = old.id)
    or exists (select from public.simulation_attempts a where a.simulation_id = old.id)
  ) then
    return old;
  end if;
  select * into _lesson from public.lessons l where l.id = old.lesson_id;
  perform callx.refuse_orphan(found);
  if _lesson.archived_at is null then
    perform callx.lock_order(_lesson.module_id);
    insert into public.lessons (module_id, title, lesson_type, archived_at, order_index)
    select _lesson.module_id, _lesson.title, _lesson.lesson_type, pg_catalog.clock_timestamp(),
      least(min(l.order_index), -1000000) - 1
    from public.lessons l where l.module_id = _lesson.module_id
    returning id into _shell_id;
    execute format('update public.%I set lesson_id = $1 where id = $2', tg_table_name) using _shell_id, old.id;
  end if;
  return null;
end
$$;
comment on function callx.archive_lesson_part_instead() is
  'A lesson has one quiz or simulation: the old one moves to an archived copy of its lesson and makes room for another.';

create trigger products_archive before delete on public.products
  for each row execute function callx.archive_product_instead();
create trigger modules_archive before delete on public.modules
  for each row execute function callx.archive_module_instead();
create trigger lessons_archive before delete on public.lessons
  for each row execute function callx.archive_lesson_instead();
create trigger quizzes_archive before delete on public.quizzes
  for each row execute function callx.archive_lesson_part_instead();
create trigger simulations_archive before delete on public.simulations
  for each row execute function callx.archive_lesson_part_instead();

create function public.archived_content()
returns table (kind text, id uuid, title text, archived_at timestamptz)
language plpgsql stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform callx.require_admin();
  return query
  select 'product', p.id, p.title, p.archived_at from public.products p where p.archived_at is not null
  union all
  select 'module', m.id, m.title, m.archived_at from public.modules m join public.products p on p.id = m.product_id
  where m.archived_at is not null and p.archived_at is null
  union all
  select 'lesson', l.id, l.title, l.archived_at from public.lessons l join public.modules m on m.id = l.module_id
  where l.archived_at is not null and m.archived_at is null
  order by 4 desc;
end
$$;
comment on function public.archived_content() is 'For admins: what public.restore_archived can bring back.';

create function public.restore_archived(id uuid) returns void
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  _kind text;
  _at timestamptz;
  _parent_id uuid;
begin
  perform callx.require_admin();
  select c.kind, c.archived_at into _kind, _at from public.archived_content() c where c.id = restore_archived.id;
  case _kind
    when 'product' then
      update public.products set archived_at = null where id = restore_archived.id;
      update public.lessons l set archived_at = null from public.modules m
      where m.id = l.module_id and m.product_id = restore_archived.id and l.archived_at = _at;
      update public.modules set archived_at = null where product_id = restore_archived.id and archived_at = _at;
    when 'module' then
      select m.product_id into _parent_id from public.modules m where m.id = restore_archived.id;
      perform callx.lock_order(_parent_id);
      update public.modules set archived_at = null, order_index = (
        select greatest(max(m.order_index), -1) + 1 from public.modules m where m.product_id = _parent_id
      ) where id = restore_archived.id;
      update public.lessons set archived_at = null where module_id = restore_archived.id and archived_at = _at;
    when 'lesson' then
      select l.module_id into _parent_id from public.lessons l where l.id = restore_archived.id;
      perform callx.lock_order(_parent_id);
      update public.lessons set archived_at = null, order_index = (
        select greatest(max(l.order_index), -1) + 1 from public.lessons l where l.module_id = _parent_id
      ) where id = restore_archived.id;
    else
      raise exception 'Nothing archived has this id.' using errcode = 'P0002';
  end case;
end
$$;
comment on function public.restore_archived(uuid) is
  'For admins: brings content back, with what was archived together with it, at the end of its siblings.';

grant execute on function public.archived_content(), public.restore_archived(uuid) to callx_admin, service_role;
