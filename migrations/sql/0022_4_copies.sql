-- Copies, and lessons that move to another module.

create function callx.copy_row(_table regclass, _id uuid, _changes jsonb) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  _new_id uuid := gen_random_uuid();
  _columns text;
begin
  -- By the catalog, so that columns which come later are copied too.
  select string_agg(quote_ident(a.attname), ', ') into _columns
  from pg_catalog.pg_attribute a
  where a.attrelid = _table and a.attnum > 0 and not a.attisdropped and a.attgenerated = '';
  execute format(
    'insert into %1$s (%2$s) select %2$s from jsonb_populate_record(
       null::%1$s, (select to_jsonb(t) from %1$s t where t.id = $1) || $2
     )', _table, _columns
  ) using _id, jsonb_build_object('id', _new_id, 'created_at', now(), 'updated_at', now()) || _changes;
  return _new_id;
end
$$;

create function callx.copy_quiz(_quiz_id uuid, _lesson_id uuid) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  _new_id uuid := callx.copy_row('public.quizzes', _quiz_id, jsonb_build_object('lesson_id', _lesson_id));
  _question_id uuid;
  _new_question_id uuid;
begin
  for _question_id in select q.id from public.quiz_questions q where q.quiz_id = _quiz_id order by q.order_index loop
    _new_question_id := callx.copy_row(
      'public.quiz_questions', _question_id, jsonb_build_object('quiz_id', _new_id)
    );
    perform callx.copy_row('public.quiz_answers', a.id, jsonb_build_object('question_id', _new_question_id))
    from public.quiz_answers a where a.question_id = _question_id;
  end loop;
end
$$;

create function callx.copy_simulation(_simulation_id uuid, _lesson_id uuid) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  _new_id uuid := callx.copy_row('public.simulations', _simulation_id, jsonb_build_object('lesson_id', _lesson_id));
begin
  insert into public.simulation_scenarios (simulation_id, title, customer_name, customer_card, goals, script, rubric)
  select _new_id, c.title, c.customer_name, c.customer_card, c.goals, c.script, c.rubric
  from public.simulation_scenarios c where c.simulation_id = _simulation_id;
end
$$;

create function callx.copy_lesson(_lesson_id uuid, _changes jsonb) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  _new_id uuid := callx.copy_row('public.lessons', _lesson_id, _changes);
begin
  perform callx.copy_row('public.lesson_attachments', a.id, jsonb_build_object('lesson_id', _new_id))
  from public.lesson_attachments a where a.lesson_id = _lesson_id;
  perform callx.copy_quiz(q.id, _new_id) from public.quizzes q where q.lesson_id = _lesson_id;
  perform callx.copy_simulation(s.id, _new_id) from public.simulations s where s.lesson_id = _lesson_id;
  return _new_id;
end
$$;
comment on function callx.copy_lesson(uuid, jsonb) is
  'With all that hangs on it but results. Files are named by both; a file is there as long as its object is.';

create function callx.copy_module(_module_id uuid, _changes jsonb) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  _new_id uuid := callx.copy_row('public.modules', _module_id, _changes);
begin
  perform callx.copy_lesson(l.id, jsonb_build_object('module_id', _new_id))
  from public.lessons l where l.module_id = _module_id and l.archived_at is null order by l.order_index;
  return _new_id;
end
$$;

create function public.duplicate_content(id uuid, title text default null) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  _place record;
  _changes jsonb;
  _new_id uuid;
begin
  select * into _place from callx.content_place($1);
  _changes := jsonb_build_object(
    'title', coalesce($2, _place.title || ' (copy)'), 'status', 'draft', 'key', callx.new_key()
  );
  if _place.kind = 'product' then
    _new_id := callx.copy_row('public.products', $1, _changes || jsonb_build_object(
      'is_active', false, 'created_by', auth.uid(), 'certificate_background', null
    ));
    perform callx.copy_module(m.id, jsonb_build_object('product_id', _new_id))
    from public.modules m where m.product_id = $1 and m.archived_at is null order by m.order_index;
  elsif _place.kind = 'module' then
    perform callx.lock_order(_place.product_id);
    _new_id := callx.copy_module($1, _changes || jsonb_build_object('order_index', (
      select max(m.order_index) + 1 from public.modules m where m.product_id = _place.product_id
    )));
  else
    perform callx.lock_order(_place.module_id);
    _new_id := callx.copy_lesson($1, _changes || jsonb_build_object('order_index', (
      select max(l.order_index) + 1 from public.lessons l where l.module_id = _place.module_id
    )));
  end if;
  perform callx.audit('content.duplicated', _place.kind, $1, jsonb_build_object('copy', _new_id));
  return _new_id;
end
$$;
comment on function public.duplicate_content(uuid, text) is
  'For admins: a copy of a product, module or lesson as a draft, behind its siblings, without results; the id of it. '
  'What is inside keeps its own status, and is hidden by the draft.';

create function public.move_lesson_to_module(id uuid, module_id uuid, to_index int default null) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  _place record;
  _target record;
begin
  select * into _place from callx.content_place($1);
  select * into _target from callx.content_place($2);
  if _place.kind <> 'lesson' or _target.kind <> 'module' then
    raise exception 'A lesson moves to a module.' using errcode = '22023', detail = 'no_lesson_or_module';
  elsif _place.product_id <> _target.product_id then
    raise exception 'A lesson stays in its course: results in it count there. Duplicate it instead.'
      using errcode = '22023', detail = 'other_product';
  end if;
  if _place.module_id <> $2 then
    perform callx.lock_order(m.id) from unnest(array[_place.module_id, $2]) as m (id) order by m.id;
    update public.lessons l set module_id = $2, order_index = (
      select greatest(max(s.order_index), -1) + 1 from public.lessons s
      where s.module_id = $2 and s.archived_at is null
    ) where l.id = $1;
  end if;
  if $3 is not null then
    perform callx.move_row('public.lessons', 'module_id', 'archived_at is null', $1, $3);
  end if;
end
$$;
comment on function public.move_lesson_to_module(uuid, uuid, int) is
  'For admins: into another module of the same product, to the place with this order_index as move_lesson has it, or '
  'behind all.';

grant execute on function public.duplicate_content(uuid, text), public.move_lesson_to_module(uuid, uuid, int)
  to callx_admin, service_role;
