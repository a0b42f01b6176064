-- Publishing checks what would be seen, and is one act: all of it or nothing. What it means for the people who are in the
-- course is answered by it, and by asking what it would do.

create function callx.live_lessons(_product_id uuid) returns uuid[]
language sql stable
security definer
set search_path = ''
as $$
  select coalesce(array_agg(l.lesson_id), '{}')
  from callx.lesson_places l join public.products p on p.id = l.product_id
  where l.product_id = _product_id and l.counts and p.is_active and p.archived_at is null
$$;

create function callx.finishers(_lesson_ids uuid[]) returns setof uuid
language sql stable
security definer
set search_path = ''
as $$
  select c.user_id from public.lesson_completions c where c.lesson_id = any (_lesson_ids)
  group by c.user_id having count(*) = cardinality(_lesson_ids)
$$;

create function callx.impact(_product_id uuid, _before uuid[], _after uuid[]) returns jsonb
language sql stable
security definer
set search_path = ''
as $$
  with removed as (
    select b.id from unnest(_before) b (id) where b.id <> all (_after)
  ),
  finished as (
    select * from callx.finishers(_before) as f (user_id)
  )
  select jsonb_build_object(
    'new_lessons', (select count(*) from unnest(_after) a (id) where a.id <> all (_before)),
    'removed_lessons', (select count(*) from removed),
    'people_begun', (
      select count(distinct c.user_id) from public.lesson_completions c where c.lesson_id = any (_before)
    ),
    'people_finished', (select count(*) from finished),
    'people_certified', (
      select count(*) from callx.valid_certifications v where v.product_id = _product_id
    ),
    'finished_with_more_to_do', (
      select count(*) from finished f
      where cardinality(_after) > 0 and f.user_id not in (select callx.finishers(_after))
    ),
    'finished_by_this', (
      select count(*) from callx.finishers(_after) as a (user_id)
      where cardinality(_before) > 0 and a.user_id not in (select f.user_id from finished f)
    ),
    'open_quiz_attempts', (
      select count(*) from callx.quiz_sittings s join public.quizzes q on q.id = s.quiz_id
      where s.ended_at is null and q.lesson_id in (select r.id from removed r)
    ),
    'open_calls', (
      select count(*) from public.calls c join public.simulations s on s.id = c.simulation_id
      where c.ended_at is null and s.lesson_id in (select r.id from removed r)
    )
  )
$$;
comment on function callx.impact(uuid, uuid[], uuid[]) is
  'What it means for people when these lessons are live instead of those. Certificates stay in any case.';

create function callx.set_status(_id uuid, _kind text, _status text, _with_drafts boolean) returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if _kind = 'product' then
    update public.products p set is_active = _status = 'published' where p.id = _id and p.status <> _status;
    if _with_drafts then
      update public.modules m set status = _status
      where m.product_id = _id and m.archived_at is null and m.status <> _status;
      update public.lessons l set status = _status from public.modules m
      where m.id = l.module_id and m.product_id = _id and l.archived_at is null and l.status <> _status;
    end if;
  elsif _kind = 'module' then
    update public.modules m set status = _status where m.id = _id and m.status <> _status;
    if _with_drafts then
      update public.lessons l set status = _status
      where l.module_id = _id and l.archived_at is null and l.status <> _status;
    end if;
  else
    update public.lessons l set status = _status where l.id = _id and l.status <> _status;
  end if;
end
$$;

create function public.publish_content(id uuid, with_drafts boolean default false, dry_run boolean default false)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  _place record;
  _before uuid[];
  _impact jsonb;
  _findings jsonb;
  _has_errors boolean;
begin
  select * into _place from callx.content_place($1);
  perform callx.lock_order(_place.product_id);
  _before := callx.live_lessons(_place.product_id);
  begin
    perform callx.set_status($1, _place.kind, 'published', $2);
    select coalesce(jsonb_agg(to_jsonb(f)), '[]'), coalesce(bool_or(f.severity = 'error'), false)
    into _findings, _has_errors
    from callx.content_findings(_place.product_id, _place.kind = 'lesson') f
    where _place.kind = 'product' or f.content_id = $1 or _place.kind = 'module' and f.module_id = $1;
    _impact := callx.impact(_place.product_id, _before, callx.live_lessons(_place.product_id));
    if _has_errors or $3 then
      raise exception 'Nothing is published.' using errcode = 'C0022';
    end if;
  exception when sqlstate 'C0022' then
    null; -- rolled back to the begin: what was found out stays
  end;
  if not _has_errors and not $3 then
    perform callx.audit(
      'content.published', _place.kind, $1, jsonb_build_object('title', _place.title, 'with_drafts', $2)
    );
  end if;
  return jsonb_build_object(
    'published', not _has_errors and not $3, 'kind', _place.kind, 'product_id', _place.product_id,
    'findings', _findings, 'impact', _impact
  );
end
$$;
comment on function public.publish_content(uuid, boolean, boolean) is
  'For admins: shows a draft product, module or lesson to everybody, and with with_drafts all drafts in it, if there are '
  'no errors: {published, kind, product_id, findings, impact}. findings are as of check_content. dry_run only answers. '
  'impact says what it means for people: certificates and results stay, and who had finished and has more to do now is '
  'counted.';

create function public.unpublish_content(id uuid, dry_run boolean default false) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  _place record;
  _before uuid[];
  _impact jsonb;
begin
  select * into _place from callx.content_place($1);
  perform callx.lock_order(_place.product_id);
  _before := callx.live_lessons(_place.product_id);
  begin
    perform callx.set_status($1, _place.kind, 'draft', false);
    _impact := callx.impact(_place.product_id, _before, callx.live_lessons(_place.product_id));
    if $2 then
      raise exception 'Nothing is changed.' using errcode = 'C0022';
    end if;
  exception when sqlstate 'C0022' then
    null;
  end;
  if not $2 then
    perform callx.audit('content.unpublished', _place.kind, $1, jsonb_build_object('title', _place.title));
  end if;
  return jsonb_build_object(
    'unpublished', not $2, 'kind', _place.kind, 'product_id', _place.product_id, 'impact', _impact
  );
end
$$;
comment on function public.unpublish_content(uuid, boolean) is
  'For admins: makes a draft of a product, module or lesson again: {unpublished, kind, product_id, impact}. Results and '
  'certificates stay; attempts and calls that are open can be ended and count.';

-- Archiving: what deleting does to content with results, by its own name and whether or not there are results.

create function callx.archive(_id uuid, _kind text, _parent_id uuid) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  _now timestamptz := clock_timestamp();
begin
  if _kind = 'product' then
    update public.products p set archived_at = _now where p.id = _id;
    update public.modules m set archived_at = _now where m.product_id = _id and m.archived_at is null;
    update public.lessons l set archived_at = _now from public.modules m
    where m.id = l.module_id and m.product_id = _id and l.archived_at is null;
  elsif _kind = 'module' then
    perform callx.lock_order(_parent_id);
    update public.modules m set archived_at = _now, order_index = (
      select least(min(s.order_index), -1000000) - 1 from public.modules s where s.product_id = _parent_id
    ) where m.id = _id;
    update public.lessons l set archived_at = _now where l.module_id = _id and l.archived_at is null;
  else
    perform callx.lock_order(_parent_id);
    update public.lessons l set archived_at = _now, order_index = (
      select least(min(s.order_index), -1000000) - 1 from public.lessons s where s.module_id = _parent_id
    ) where l.id = _id;
  end if;
end
$$;
comment on function callx.archive(uuid, text, uuid) is
  'What is archived leaves its place in the order to whoever comes next, and goes below all that front ends use: they '
  'swap two rows by way of -1.';

create or replace function callx.archive_product_instead() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
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
    perform callx.archive(old.id, 'product', null);
  end if;
  return null;
end
$$;

create or replace function callx.archive_module_instead() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not callx.have_results(array(select l.id from public.lessons l where l.module_id = old.id)) then
    return old;
  end if;
  perform callx.refuse_orphan(exists (select from public.products p where p.id = old.product_id));
  if old.archived_at is null then
    perform callx.archive(old.id, 'module', old.product_id);
  end if;
  return null;
end
$$;

create or replace function callx.archive_lesson_instead() returns trigger
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
    perform callx.archive(old.id, 'lesson', old.module_id);
  end if;
  return null;
end
$$;
comment on function callx.archive_lesson_instead() is 'As callx.archive has it.';

create function public.archive_content(id uuid) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  _place record;
begin
  select * into _place from callx.content_place($1);
  perform callx.archive(
    $1, _place.kind, case _place.kind when 'module' then _place.product_id when 'lesson' then _place.module_id end
  );
  perform callx.audit('content.archived', _place.kind, $1, jsonb_build_object('title', _place.title));
end
$$;
comment on function public.archive_content(uuid) is
  'For admins: takes a product, module or lesson out of sight, with its results kept. public.restore_archived brings it '
  'back as it was, a draft as a draft.';

grant execute on function
  public.publish_content(uuid, boolean, boolean), public.unpublish_content(uuid, boolean), public.archive_content(uuid)
  to callx_admin, service_role;
