-- Orders are moved by functions. The unique constraints are plain again: ON CONFLICT cannot use deferrable ones, and
-- upserts on them would fail.

alter table public.modules drop constraint modules_product_id_order_index_key,
  add constraint modules_product_id_order_index_key unique (product_id, order_index);
alter table public.lessons drop constraint lessons_module_id_order_index_key,
  add constraint lessons_module_id_order_index_key unique (module_id, order_index);
alter table public.quiz_questions drop constraint quiz_questions_quiz_id_order_index_key,
  add constraint quiz_questions_quiz_id_order_index_key unique (quiz_id, order_index);

create function callx.move_row(_table regclass, _parent name, _live text, _id uuid, _to_index int) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  _parent_id uuid;
  _ids uuid[];
  _slots int[];
  _place int;
  _lowest int;
begin
  perform callx.require_admin();
  execute format('select %I from %s where id = $1 and %s', _parent, _table, _live) into _parent_id using _id;
  if _parent_id is null then
    raise exception 'There is nothing with this id.' using errcode = 'P0002';
  end if;
  perform callx.lock_order(_parent_id);
  execute format(
    'select array_agg(id order by order_index) filter (where id <> $1), array_agg(order_index order by order_index)
     from %s where %I = $2 and %s', _table, _parent, _live
  ) into _ids, _slots using _id, _parent_id;
  select coalesce(min(s.place) filter (where s.slot >= _to_index), count(*)) into _place
  from unnest(_slots) with ordinality as s (slot, place);
  _ids := _ids[:_place - 1] || _id || _ids[_place:];
  execute format('select min(order_index) from %s where %I = $1', _table, _parent) into _lowest using _parent_id;
  execute format(
    'update %s t set order_index = $3 - o.place from unnest($1, $2) with ordinality as o (id, slot, place)
     where t.id = o.id and t.order_index <> o.slot', _table
  ) using _ids, _slots, _lowest;
  execute format(
    'update %s t set order_index = o.slot from unnest($1, $2) as o (id, slot)
     where t.id = o.id and t.order_index <> o.slot', _table
  ) using _ids, _slots;
end
$$;
comment on function callx.move_row(regclass, name, text, uuid, int) is
  'Puts a row at the place among its siblings that has the order_index $5, or the next greater one, or the last one; '
  'those between move up by one. The set of used order_index values stays as it is. In two steps, by way of values '
  'below all others, because a plain unique constraint is checked row by row.';

create function public.move_module(id uuid, to_index int) returns void
language sql
security definer
set search_path = ''
as $$ select callx.move_row('public.modules', 'product_id', 'archived_at is null', $1, $2) $$;

create function public.move_lesson(id uuid, to_index int) returns void
language sql
security definer
set search_path = ''
as $$ select callx.move_row('public.lessons', 'module_id', 'archived_at is null', $1, $2) $$;

create function public.move_question(id uuid, to_index int) returns void
language sql
security definer
set search_path = ''
as $$ select callx.move_row('public.quiz_questions', 'quiz_id', 'true', $1, $2) $$;

grant execute on function
  public.move_module(uuid, int), public.move_lesson(uuid, int), public.move_question(uuid, int)
  to callx_admin, service_role;
