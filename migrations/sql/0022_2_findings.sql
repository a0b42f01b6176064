-- What is wrong with a course: errors keep it from being published, warnings do not.

create function callx.visible_text(_html text) returns text
language sql immutable
set search_path = ''
as $$
  select btrim(replace(regexp_replace(coalesce(_html, ''), '<[^>]*>', ' ', 'g'), '&nbsp;', ' '), E' \t\r\n\u00a0')
$$;

create function callx.question_findings(_quiz_id uuid)
returns table (severity text, code text, message text)
language sql stable
security definer
set search_path = ''
as $$
  with asked as (
    select q.*, q.question_type::text as kind, left(q.question_text, 60) as short, (
      select count(*) from public.quiz_answers a where a.question_id = q.id
    ) as answers, (
      select count(*) from public.quiz_answers a where a.question_id = q.id and a.is_correct
    ) as right_ones, exists (
      select from public.quiz_answers a where a.question_id = q.id and btrim(a.answer_text) = ''
    ) as has_empty_answer
    from public.quiz_questions q where q.quiz_id = _quiz_id
  )
  select 'error', 'question_empty', 'A question has no text.' from asked a where btrim(a.question_text) = ''
  union all
  select 'error', 'question_without_right_answer', format('No answer is right: %s', a.short)
  from asked a
  where case a.kind
    when 'short_text' then not exists (select from unnest(a.accepted_texts) t (text) where btrim(t.text) <> '')
    when 'numeric' then a.numeric_value is null
    when 'ordering' then false
    else a.right_ones = 0
  end
  union all
  select 'error', 'question_needs_answers', format('There is nothing to choose from: %s', a.short)
  from asked a where a.kind not in ('short_text', 'numeric') and a.answers < 2
  union all
  select 'error', 'answer_empty', format('An answer has no text: %s', a.short) from asked a where a.has_empty_answer
  union all
  select 'warning', 'several_right_answers', format('Several answers are right, and one can be chosen: %s', a.short)
  from asked a where a.kind in ('multiple_choice', 'true_false') and a.right_ones > 1
$$;

create function callx.part_findings(_lesson public.lessons)
returns table (severity text, code text, message text)
language sql stable
security definer
set search_path = ''
as $$
  select 'error', 'text_missing', 'The text is empty.'
  where _lesson.lesson_type = 'text' and callx.visible_text(_lesson.text_content) = ''
  union all
  select case when callx.visible_text(_lesson.text_content) = '' then 'error' else 'warning' end, f.code, f.message
  from (
    select 'video_missing' as code, 'No video is chosen.' as message where coalesce(btrim(_lesson.video_url), '') = ''
    union all
    select 'video_file_missing', format('The video %s is not in the bucket lesson-videos.', _lesson.video_url)
    where btrim(_lesson.video_url) <> '' and not callx.is_web_address(_lesson.video_url) and not exists (
      select from storage.objects o where o.bucket_id = 'lesson-videos' and _lesson.video_url in (o.name, 'lesson-videos/' || o.name)
    )
  ) f
  where _lesson.lesson_type = 'video'
  union all
  select 'warning', 'attachment_file_missing', format('The file %s is not in the bucket lesson-attachments.', a.file_path)
  from public.lesson_attachments a
  where a.lesson_id = _lesson.id and not exists (
    select from storage.objects o where o.bucket_id = 'lesson-attachments' and a.file_path in (o.name, 'lesson-attachments/' || o.name)
  )
  union all
  select 'error', 'quiz_missing', 'The quiz is missing.'
  where _lesson.lesson_type = 'quiz' and not exists (select from public.quizzes q where q.lesson_id = _lesson.id)
  union all
  select 'error', 'quiz_empty', 'The quiz has no questions.'
  from public.quizzes q
  where q.lesson_id = _lesson.id and _lesson.lesson_type = 'quiz'
    and not exists (select from public.quiz_questions k where k.quiz_id = q.id)
  union all
  select 'warning', 'draws_too_many', format('%s questions are drawn, and there are %s.', q.draw_count, k.number)
  from public.quizzes q cross join lateral (
    select count(*) as number from public.quiz_questions k where k.quiz_id = q.id
  ) k
  where q.lesson_id = _lesson.id and _lesson.lesson_type = 'quiz' and q.draw_count > k.number
  union all
  select f.severity, f.code, f.message
  from public.quizzes q cross join lateral callx.question_findings(q.id) f
  where q.lesson_id = _lesson.id and _lesson.lesson_type = 'quiz'
  union all
  select 'error', 'simulation_missing', 'The call is missing.'
  where _lesson.lesson_type = 'simulation'
    and not exists (select from public.simulations s where s.lesson_id = _lesson.id)
  union all
  select 'error', 'scenario_missing', 'Nobody is calling: the scenario is missing.'
  from public.simulations s
  where s.lesson_id = _lesson.id and _lesson.lesson_type = 'simulation'
    and not exists (select from public.simulation_scenarios c where c.simulation_id = s.id)
  union all
  select 'error', f.code, f.message
  from public.simulations s
  join public.simulation_scenarios c on c.simulation_id = s.id
  cross join lateral (
    values ('scenario_unusable', format('The script cannot be played: %s.', callx.script_problem(c.script)),
        callx.script_problem(c.script) is not null),
      ('rubric_unusable', format('The rubric cannot be used: %s.', callx.rubric_problem(c.rubric)),
        callx.rubric_problem(c.rubric) is not null),
      ('scenario_empty', 'The script is empty, and so is what the customer is told.',
        c.script = '{}' and btrim(s.ai_system_prompt) = '')
  ) f (code, message, is_so)
  where s.lesson_id = _lesson.id and _lesson.lesson_type = 'simulation' and f.is_so
  union all
  select 'warning', 'brief_missing', 'The trainee is told nothing before the call.'
  from public.simulations s
  where s.lesson_id = _lesson.id and _lesson.lesson_type = 'simulation' and btrim(s.scenario_description) = ''
$$;
comment on function callx.part_findings(public.lessons) is
  'What is wrong with what a lesson of its type consists of. A video can be missing where a text stands in for it.';

create function callx.content_findings(_product_id uuid, _with_drafts boolean)
returns table (severity text, code text, kind text, content_id uuid, module_id uuid, title text, message text)
language sql stable
security definer
set search_path = ''
as $$
  with products as (
    select p.* from public.products p where p.id = _product_id
  ),
  modules as (
    select m.* from public.modules m
    where m.product_id = _product_id and m.archived_at is null and (_with_drafts or m.status = 'published')
  ),
  lessons as (
    select l.* from public.lessons l join modules m on m.id = l.module_id
    where l.archived_at is null and (_with_drafts or l.status = 'published')
  ),
  found as (
    select 'error' as severity, 'title_missing' as code, 'product' as kind, p.id as content_id, null::uuid as module_id, p.title,
      'The course has no title.' as message, null::int as module_place, null::int as lesson_place
    from products p where btrim(p.title) = ''
    union all
    select 'error', 'no_modules', 'product', p.id, null, p.title, 'The course has no modules.', null, null
    from products p where not exists (select from modules)
    union all
    select 'warning', 'nothing_assessed', 'product', p.id, null, p.title,
      'Nothing has to be passed: the certificate comes for reading alone.', null, null
    from products p
    where exists (select from lessons)
      and not exists (select from lessons l where l.lesson_type in ('quiz', 'simulation'))
    union all
    select 'error', 'title_missing', 'module', m.id, m.id, m.title, 'The module has no title.', m.order_index, null
    from modules m where btrim(m.title) = ''
    union all
    select 'error', 'empty_module', 'module', m.id, m.id, m.title, 'The module has no lessons.', m.order_index, null
    from modules m where not exists (select from lessons l where l.module_id = m.id)
    union all
    select 'error', 'title_missing', 'lesson', l.id, l.module_id, l.title, 'The lesson has no title.', m.order_index,
      l.order_index
    from lessons l join modules m on m.id = l.module_id where btrim(l.title) = ''
    union all
    select f.severity, f.code, 'lesson', l.id, l.module_id, l.title, f.message, m.order_index, l.order_index
    from lessons l join modules m on m.id = l.module_id
    join public.lessons whole on whole.id = l.id
    cross join lateral callx.part_findings(whole) f
  )
  select f.severity, f.code, f.kind, f.content_id, f.module_id, f.title, f.message
  from found f
  order by f.module_place nulls first, f.lesson_place nulls first, f.severity, f.code, f.message
$$;
comment on function callx.content_findings(uuid, boolean) is
  'What is wrong with what would be seen of a product, with its drafts or without them.';

create function callx.content_place(_id uuid)
returns table (kind text, product_id uuid, module_id uuid, title text, status text)
language plpgsql stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform callx.require_admin();
  return query
  select 'product', p.id, null::uuid, p.title, p.status from public.products p
  where p.id = _id and p.archived_at is null
  union all
  select 'module', m.product_id, m.id, m.title, m.status
  from public.modules m join public.products p on p.id = m.product_id and p.archived_at is null
  where m.id = _id and m.archived_at is null
  union all
  select 'lesson', m.product_id, m.id, l.title, l.status
  from public.lessons l
  join public.modules m on m.id = l.module_id and m.archived_at is null
  join public.products p on p.id = m.product_id and p.archived_at is null
  where l.id = _id and l.archived_at is null;
  if not found then
    raise exception 'There is nothing with this id.' using errcode = 'P0002', detail = 'content_not_found';
  end if;
end
$$;
comment on function callx.content_place(uuid) is 'For admins: what this is the id of, and where that is.';

create function public.check_content(id uuid, with_drafts boolean default true)
returns table (severity text, code text, kind text, content_id uuid, module_id uuid, title text, message text)
language plpgsql stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  _place record;
begin
  select * into _place from callx.content_place($1);
  return query
  select f.* from callx.content_findings(_place.product_id, $2) f
  where _place.kind = 'product' or f.content_id = $1 or _place.kind = 'module' and f.module_id = $1;
end
$$;
comment on function public.check_content(uuid, boolean) is
  'For admins: what is wrong with a product, a module or a lesson, its drafts included: severity error or warning, a '
  'code, where (kind, content_id, module_id, title) and a sentence.';

grant execute on function public.check_content(uuid, boolean) to callx_admin, service_role;
