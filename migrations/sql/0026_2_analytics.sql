-- What training achieves, counted: each function answers by one statement, with counts and sums of which lms.analytics
-- makes rates and distributions. What counts of a reviewed call is what the person decided. Whoever may not ask is
-- refused here: `detail` is the stable code of the refusal.

create function callx.analysed_people(_manager_id uuid) returns setof uuid
language plpgsql stable
security definer
set search_path = ''
as $$
begin
  if _manager_id is null and callx.is_admin() then
    return query
    select p.id from public.profiles p where not exists (
      select from public.user_roles r where r.user_id = p.id and r.role in ('manager', 'admin')
    );
  else
    _manager_id := callx.require_team_of(_manager_id);
    return query select t.trainee_id from public.manager_assignments t where t.manager_id = _manager_id;
  end if;
end
$$;
comment on function callx.analysed_people(uuid) is
  'Whose results are counted: for admins all who are neither manager nor admin, or a manager''s team; for managers '
  'their own. Closed accounts count: what they did was done.';

create function callx.analysed_products(_product_id uuid) returns setof uuid
language plpgsql stable
security definer
set search_path = ''
as $$
begin
  if _product_id is not null then
    perform callx.require_product(_product_id);
  end if;
  return query
  select p.id from public.products p
  where (_product_id is null or p.id = _product_id) and p.archived_at is null
    and (callx.is_admin() or p.id = any ((select callx.my_products())::uuid[]));
end
$$;

create function callx.is_between(_at timestamptz, _since timestamptz, _until timestamptz) returns boolean
language sql immutable
set search_path = ''
as $$ select coalesce((_since is null or _at >= _since) and (_until is null or _at < _until), false) $$;

create view callx.enrolments as
  select e.user_id, e.product_id, min(e.assigned_at) as assigned_at
  from (
    select a.user_id, a.product_id, a.created_at as assigned_at
    from public.assignments a where a.user_id is not null
    union all
    select t.trainee_id, a.product_id, greatest(a.created_at, t.created_at)
    from public.assignments a join public.manager_assignments t on t.manager_id = a.manager_id
  ) e
  group by e.user_id, e.product_id;
comment on view callx.enrolments is 'Who is assigned what now, and since when: by themselves, or with a team.';

create view callx.first_certificates as
  select c.user_id, c.product_id, coalesce(min(i.issued_at), c.issued_at) as issued_at
  from public.certifications c left join public.certificate_issues i on i.certification_id = c.id
  where c.revoked_at is null
  group by c.id;
comment on view callx.first_certificates is
  'When somebody was first certified, also if it has expired; not if it was revoked.';

create function callx.training_funnel(_manager_id uuid, _product_id uuid, _since timestamptz, _until timestamptz)
returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  return (
    with places as materialized (
      select l.lesson_id, l.product_id, l.counts from callx.lesson_places l where l.product_id = any (_products)
    ),
    totals as (
      select l.product_id, count(*) as lessons from places l where l.counts group by l.product_id
    ),
    known (user_id, product_id, assigned_at, began_at, completed, certified_at) as (
      select e.user_id, e.product_id, e.assigned_at, null::timestamptz, 0::bigint, null::timestamptz
      from callx.enrolments e where e.user_id = any (_people) and e.product_id = any (_products)
      union all
      select c.user_id, l.product_id, null, min(c.completed_at), count(*) filter (where l.counts), null
      from public.lesson_completions c join places l on l.lesson_id = c.lesson_id
      where c.user_id = any (_people)
      group by c.user_id, l.product_id
      union all
      select a.user_id, l.product_id, null, min(a.active_at), 0, null
      from callx.activities a join places l on l.lesson_id = a.lesson_id
      where a.user_id = any (_people) and not a.is_completion
      group by a.user_id, l.product_id
      union all
      select f.user_id, f.product_id, null, f.issued_at, 0, f.issued_at
      from callx.first_certificates f where f.user_id = any (_people) and f.product_id = any (_products)
    ),
    reached as (
      select k.user_id, k.product_id, min(k.assigned_at) is not null as is_assigned,
        least(min(k.assigned_at), min(k.began_at)) as entered_at, min(k.began_at) is not null as has_begun,
        max(k.completed) as completed, max(k.certified_at) is not null as is_certified
      from known k
      group by k.user_id, k.product_id
    ),
    stages as (
      select r.product_id, r.is_assigned, r.has_begun, r.is_certified,
        r.is_certified or r.completed > 0 and r.completed >= t.lessons as has_finished,
        r.is_certified or r.completed > 0 and r.completed * 2 >= t.lessons as is_half_way
      from reached r left join totals t on t.product_id = r.product_id
      where callx.is_between(r.entered_at, _since, _until)
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'product_id', p.id, 'title', p.title, 'lessons', coalesce(t.lessons, 0), 'people', coalesce(s.people, 0),
      'assigned', coalesce(s.assigned, 0), 'started', coalesce(s.started, 0), 'half_way', coalesce(s.half_way, 0),
      'finished', coalesce(s.finished, 0), 'certified', coalesce(s.certified, 0)
    ) order by lower(p.title), p.id), '[]')
    from public.products p
    left join totals t on t.product_id = p.id
    left join (
      select g.product_id, count(*) as people, count(*) filter (where g.is_assigned) as assigned,
        count(*) filter (where g.has_begun) as started, count(*) filter (where g.is_half_way) as half_way,
        count(*) filter (where g.has_finished) as finished, count(*) filter (where g.is_certified) as certified
      from stages g group by g.product_id
    ) s on s.product_id = p.id
    where p.id = any (_products)
  );
end
$$;
comment on function callx.training_funnel(uuid, uuid, timestamptz, timestamptz) is
  'How many got how far, of those who entered in that time: were assigned or began, whichever came first.';

create function callx.pass_counts(_manager_id uuid, _product_id uuid, _since timestamptz, _until timestamptz)
returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  return (
    with subjects as materialized (
      select 'quiz' as kind, q.id, q.lesson_id, q.passing_grade from public.quizzes q
      union all
      select 'simulation', s.id, s.lesson_id, s.passing_grade from public.simulations s
    ),
    tries as (
      select a.user_id, a.quiz_id as subject_id, a.attempted_at, a.passed, a.id from public.quiz_attempts a
      union all
      select a.user_id, a.simulation_id, a.attempted_at, a.passed, a.id from public.simulation_attempts a
    ),
    numbered as (
      select t.*, row_number() over (w order by t.attempted_at, t.id) as nth,
        min(t.attempted_at) filter (where t.passed) over w as passed_at
      from tries t where t.user_id = any (_people)
      window w as (partition by t.user_id, t.subject_id)
    ),
    inside as (
      select n.*, n.passed and n.passed_at = n.attempted_at as is_first_pass
      from numbered n where callx.is_between(n.attempted_at, _since, _until)
    ),
    counted as (
      select i.subject_id, count(*) as attempts, count(*) filter (where i.passed) as passed_attempts,
        count(distinct i.user_id) as people,
        count(distinct i.user_id) filter (where i.passed_at is not null and (_until is null or i.passed_at < _until))
          as people_passed,
        count(*) filter (where i.nth = 1) as first_attempts,
        count(*) filter (where i.nth = 1 and i.passed) as passed_at_once
      from inside i group by i.subject_id
    ),
    attempts_to_pass as (
      select n.subject_id, jsonb_agg(jsonb_build_array(n.nth, n.people) order by n.nth) as levels
      from (
        select f.subject_id, f.nth, count(*) as people
        from (
          select i.subject_id, i.user_id, min(i.nth) as nth from inside i where i.is_first_pass
          group by i.subject_id, i.user_id
        ) f
        group by f.subject_id, f.nth
      ) n
      group by n.subject_id
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'kind', s.kind, 'subject_id', s.id, 'title', coalesce(c.title, l.title), 'product_id', p.id,
      'product_title', p.title, 'passing_grade', s.passing_grade, 'attempts', k.attempts,
      'passed_attempts', k.passed_attempts, 'people', k.people, 'people_passed', k.people_passed,
      'first_attempts', k.first_attempts, 'passed_at_once', k.passed_at_once,
      'attempts_to_pass', coalesce(a.levels, '[]')
    ) order by lower(p.title), p.id, m.order_index, l.order_index, s.id), '[]')
    from counted k
    join subjects s on s.id = k.subject_id
    join public.lessons l on l.id = s.lesson_id
    join public.modules m on m.id = l.module_id
    join public.products p on p.id = m.product_id
    left join public.simulation_scenarios c on c.simulation_id = s.id
    left join attempts_to_pass a on a.subject_id = k.subject_id
    where p.id = any (_products)
  );
end
$$;
comment on function callx.pass_counts(uuid, uuid, timestamptz, timestamptz) is
  'Attempts of that time. Which attempt it was counts from a person''s very first one, also if that lies before.';

create function callx.score_counts(
  _manager_id uuid, _product_id uuid, _simulation_id uuid, _which text, _since timestamptz, _until timestamptz
) returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  if _simulation_id is not null then
    perform callx.require_simulation(_simulation_id);
  end if;
  return (
    with simulations as materialized (
      select s.id, s.passing_grade, coalesce(c.title, l.title) as title, p.id as product_id, p.title as product_title
      from public.simulations s
      join public.lessons l on l.id = s.lesson_id
      join public.modules m on m.id = l.module_id
      join public.products p on p.id = m.product_id
      left join public.simulation_scenarios c on c.simulation_id = s.id
      where (_simulation_id is null or s.id = _simulation_id) and p.id = any (_products)
    ),
    attempts as (
      select a.id, a.simulation_id, a.overall_score, a.script_adherence, a.call_flow_score, a.empathy_score, e.marks,
        row_number() over (
          partition by a.user_id, a.simulation_id
          order by case when _which = 'best' then -a.overall_score end,
            case when _which = 'latest' then -extract(epoch from a.attempted_at) end, a.attempted_at, a.id
        ) as place
      from public.simulation_attempts a
      join simulations s on s.id = a.simulation_id
      left join public.evaluations e on e.attempt_id = a.id
      where a.user_id = any (_people) and callx.is_between(a.attempted_at, _since, _until)
    ),
    chosen as (
      select * from attempts a where _which = 'all' or a.place = 1
    ),
    numbers (simulation_id, key, title, rank, value) as (
      select c.simulation_id, 'overall', 'Overall', 1, c.overall_score from chosen c
      union all
      select c.simulation_id, 'script_adherence', 'Script adherence', 2, c.script_adherence from chosen c
      union all
      select c.simulation_id, 'call_flow', 'Call flow', 3, c.call_flow_score from chosen c
      union all
      select c.simulation_id, 'section:' || (s.section ->> 'key'), s.section ->> 'title', 4,
        (s.section ->> 'score')::numeric::int
      from chosen c cross join jsonb_array_elements(
        case jsonb_typeof(c.marks) when 'array' then c.marks else '[]' end
      ) as s (section)
    ),
    levels as (
      select n.simulation_id, n.key, n.rank, min(n.title) as title, n.value, count(*) as attempts
      from numbers n where n.value is not null
      group by n.simulation_id, n.key, n.rank, n.value
    ),
    dimensions as (
      select v.simulation_id, v.rank, jsonb_build_object(
        'key', v.key, 'title', min(v.title),
        'levels', jsonb_agg(jsonb_build_array(v.value, v.attempts) order by v.value)
      ) as dimension
      from levels v group by v.simulation_id, v.key, v.rank
    ),
    words as (
      select c.simulation_id, count(*) as attempts, count(*) filter (where c.empathy_score = 'Excellent') as excellent,
        count(*) filter (where c.empathy_score = 'Good') as good,
        count(*) filter (where c.empathy_score = 'Needs Improvement') as needs_improvement
      from chosen c group by c.simulation_id
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'simulation_id', s.id, 'title', s.title, 'product_id', s.product_id, 'product_title', s.product_title,
      'passing_grade', s.passing_grade, 'attempts', w.attempts,
      'empathy', jsonb_build_object(
        'excellent', w.excellent, 'good', w.good, 'needs_improvement', w.needs_improvement
      ),
      'dimensions', (
        select jsonb_agg(d.dimension order by d.rank, d.dimension ->> 'key')
        from dimensions d where d.simulation_id = s.id
      )
    ) order by lower(s.product_title), lower(s.title), s.id), '[]')
    from words w join simulations s on s.id = w.simulation_id
  );
end
$$;
comment on function callx.score_counts(uuid, uuid, uuid, text, timestamptz, timestamptz) is
  'How many attempts have which points. `_which` of a person''s at each: all, or the first, best or latest then.';

create function callx.criterion_counts(
  _manager_id uuid, _product_id uuid, _simulation_id uuid, _since timestamptz, _until timestamptz
) returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  if _simulation_id is not null then
    perform callx.require_simulation(_simulation_id);
  end if;
  return (
    with verdicts as (
      select a.user_id, a.simulation_id, s.section ->> 'title' as section_title, c.criterion ->> 'key' as key,
        c.criterion ->> 'title' as title, c.criterion ->> 'verdict' as verdict,
        (c.criterion ->> 'score')::numeric as score
      from public.simulation_attempts a
      join public.evaluations e on e.attempt_id = a.id and jsonb_typeof(e.marks) = 'array'
      join public.simulations x on x.id = a.simulation_id
      join callx.lesson_places l on l.lesson_id = x.lesson_id
      cross join jsonb_array_elements(e.marks) as s (section)
      cross join jsonb_array_elements(s.section -> 'criteria') as c (criterion)
      where a.user_id = any (_people) and callx.is_between(a.attempted_at, _since, _until)
        and (_simulation_id is null or a.simulation_id = _simulation_id)
        and l.product_id = any (_products)
    ),
    criteria as (
      select v.key, max(v.title) as title, max(v.section_title) as section_title,
        count(distinct v.simulation_id) as simulations, count(distinct v.user_id) as people,
        count(*) filter (where v.verdict = 'met') as met, count(*) filter (where v.verdict = 'partial') as partial,
        count(*) filter (where v.verdict = 'not_met') as not_met,
        count(*) filter (where v.verdict = 'not_applicable') as not_applicable,
        count(*) filter (where v.verdict = 'cannot_assess') as cannot_assess,
        round(avg(v.score), 2)::float8 as mean_score
      from verdicts v group by v.key
    )
    select coalesce(jsonb_agg(to_jsonb(c) order by c.mean_score nulls last, c.key), '[]') from criteria c
  );
end
$$;

create function callx.quiz_item_counts(_manager_id uuid, _quiz_id uuid, _since timestamptz, _until timestamptz)
returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
begin
  if not exists (
    select from public.quizzes q join callx.lesson_places l on l.lesson_id = q.lesson_id
    where q.id = _quiz_id and l.product_id = any (array(select callx.analysed_products(null)))
  ) then
    raise exception 'There is no such quiz.' using errcode = 'P0002', detail = 'quiz_not_found';
  end if;
  return (
    with firsts as (
      select distinct on (a.user_id) a.*
      from public.quiz_attempts a
      where a.user_id = any (_people) and a.quiz_id = _quiz_id and a.grading <> '[]'
      order by a.user_id, a.attempted_at, a.id
    ),
    chosen as materialized (
      select f.id, f.score, f.attempted_at, f.questions, f.answers, f.answer_key, f.grading
      from firsts f where callx.is_between(f.attempted_at, _since, _until)
    ),
    items as materialized (
      select c.id as attempt_id, c.score, g.item ->> 'question_id' as question_id,
        (g.item ->> 'points')::float8 / (g.item ->> 'of_points')::float8 as earned,
        (sum((g.item ->> 'points')::float8) over w - (g.item ->> 'points')::float8)
          / nullif(sum((g.item ->> 'of_points')::float8) over w - (g.item ->> 'of_points')::float8, 0) as rest
      from chosen c cross join jsonb_array_elements(c.grading) as g (item)
      window w as (partition by c.id)
    ),
    moments as (
      select i.question_id, count(*) as answered_in, sum(i.earned) as earned,
        jsonb_build_object(
          'n', count(i.rest), 'x', coalesce(sum(i.earned) filter (where i.rest is not null), 0),
          'y', coalesce(sum(i.rest), 0), 'xx', coalesce(sum(i.earned ^ 2) filter (where i.rest is not null), 0),
          'yy', coalesce(sum(i.rest ^ 2), 0), 'xy', coalesce(sum(i.earned * i.rest), 0)
        ) as with_rest
      from items i group by i.question_id
    ),
    levels as (
      select v.question_id, jsonb_agg(jsonb_build_array(v.score, v.attempts, v.earned) order by v.score) as levels
      from (
        select i.question_id, i.score, count(*) as attempts, sum(i.earned) as earned
        from items i group by i.question_id, i.score
      ) v
      group by v.question_id
    ),
    picks as (
      select c.score, g.given ->> 'question_id' as question_id, o.id as answer_id
      from chosen c
      cross join jsonb_array_elements(case jsonb_typeof(c.answers) when 'array' then c.answers else '[]' end)
        as g (given)
      cross join lateral (
        select g.given ->> 'selected_answer_id' as id where g.given ->> 'selected_answer_id' is not null
        union
        select jsonb_array_elements_text(
          case jsonb_typeof(g.given -> 'selected_answer_ids') when 'array' then g.given -> 'selected_answer_ids'
          else '[]' end
        )
      ) o
    ),
    picked as (
      select k.question_id, k.answer_id, jsonb_agg(jsonb_build_array(k.score, k.people) order by k.score) as levels
      from (
        select p.question_id, p.answer_id, p.score, count(*) as people
        from picks p group by p.question_id, p.answer_id, p.score
      ) k
      group by k.question_id, k.answer_id
    ),
    asked as (
      select distinct on (q.question ->> 'id') q.question ->> 'id' as question_id, q.question,
        c.answer_key -> (q.question ->> 'id') as answer_key
      from chosen c cross join jsonb_array_elements(c.questions) as q (question)
      order by q.question ->> 'id', c.attempted_at desc, c.id
    )
    select jsonb_build_object(
      'quiz_id', z.id, 'title', l.title, 'passing_grade', z.passing_grade,
      'people', (select count(*) from chosen),
      'items', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'question_id', k.question_id, 'text', k.question ->> 'question_text',
          'question_type', k.question ->> 'question_type', 'place', (k.question ->> 'order_index')::int,
          'answered_in', m.answered_in, 'earned', m.earned, 'with_rest', m.with_rest, 'levels', v.levels,
          'options', case
            when k.question ->> 'question_type' in ('multiple_choice', 'true_false', 'multi_select') then (
            select coalesce(jsonb_agg(jsonb_build_object(
              'answer_id', o.item ->> 'id', 'text', o.item ->> 'answer_text',
              'is_correct', coalesce(k.answer_key @> jsonb_build_array(o.item -> 'id'), false),
              'levels', coalesce(d.levels, '[]')
            ) order by (o.item ->> 'order_index')::int, o.item ->> 'id'), '[]')
            from jsonb_array_elements(k.question -> 'answers') as o (item)
            left join picked d on d.question_id = k.question_id and d.answer_id = o.item ->> 'id'
          ) else '[]' end
        ) order by (k.question ->> 'order_index')::int, k.question_id), '[]')
        from asked k
        join moments m on m.question_id = k.question_id
        join levels v on v.question_id = k.question_id
      )
    )
    from public.quizzes z join public.lessons l on l.id = z.lesson_id where z.id = _quiz_id
  );
end
$$;
comment on function callx.quiz_item_counts(uuid, uuid, timestamptz, timestamptz) is
  'Of each person''s first attempt, if it lies in that time. `rest` is the share of points in all other questions.';

create function callx.lesson_stops(
  _manager_id uuid, _product_id uuid, _idle interval, _now timestamptz, _since timestamptz, _until timestamptz
) returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  return (
    with places as materialized (
      select l.id as lesson_id, l.title, l.lesson_type, m.id as module_id, m.title as module_title, k.counts,
        row_number() over (partition by k.counts order by m.order_index, m.id, l.order_index, l.id) as place
      from callx.lesson_places k
      join public.lessons l on l.id = k.lesson_id
      join public.modules m on m.id = k.module_id
      where k.product_id = any (_products)
    ),
    starters as (
      select a.user_id, min(a.active_at) as began_at, max(a.active_at) as last_at
      from callx.activities a join places l on l.lesson_id = a.lesson_id
      where a.user_id = any (_people)
      group by a.user_id
      having callx.is_between(min(a.active_at), _since, _until)
    ),
    done as (
      select c.user_id, l.place
      from public.lesson_completions c join places l on l.lesson_id = c.lesson_id and l.counts
      join starters s on s.user_id = c.user_id
    ),
    completed as (
      select d.place, count(*) as people from done d group by d.place
    ),
    -- The first gap: after as many places in a row as there are from the first one on.
    runs as (
      select r.user_id, count(*) as done
      from (select d.*, row_number() over (partition by d.user_id order by d.place) as nth from done d) r
      where r.place = r.nth
      group by r.user_id
    ),
    stops as (
      select s.user_id, s.last_at, coalesce(r.done, 0) + 1 as place
      from starters s left join runs r on r.user_id = s.user_id
    ),
    stopped as (
      select s.place, count(*) as people, count(*) filter (where s.last_at < _now - _idle) as idle
      from stops s group by s.place
    )
    select jsonb_build_object(
      'product_id', p.id, 'title', p.title, 'started', (select count(*) from starters),
      'finished', (
        select count(*) from stops s where s.place > (select count(*) from places l where l.counts)
      ),
      'lessons', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'lesson_id', l.lesson_id, 'title', l.title, 'lesson_type', l.lesson_type, 'module_id', l.module_id,
          'module_title', l.module_title, 'place', l.place, 'completed', coalesce(c.people, 0),
          'stopped', coalesce(s.people, 0), 'idle', coalesce(s.idle, 0)
        ) order by l.place), '[]')
        from places l
        left join completed c on c.place = l.place
        left join stopped s on s.place = l.place
        where l.counts
      )
    )
    from public.products p where p.id = _product_id
  );
end
$$;
comment on function callx.lesson_stops(uuid, uuid, interval, timestamptz, timestamptz, timestamptz) is
  'Of those who began in that time: how many completed each lesson, and whose first lesson that is missing it is.';

create function callx.certifying_times(_manager_id uuid, _product_id uuid, _since timestamptz, _until timestamptz)
returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  return (
    with certified as materialized (
      select f.user_id, f.product_id, f.issued_at
      from callx.first_certificates f
      where f.user_id = any (_people) and callx.is_between(f.issued_at, _since, _until)
        and f.product_id = any (_products)
    ),
    spans as (
      select c.product_id, 'began' as since, min(a.active_at) as began_at, c.issued_at
      from certified c
      join callx.lesson_places l on l.product_id = c.product_id
      join callx.activities a on a.lesson_id = l.lesson_id and a.user_id = c.user_id
      where a.user_id = any (_people)
      group by c.product_id, c.user_id, c.issued_at
      union all
      select c.product_id, 'assigned', e.assigned_at, c.issued_at
      from certified c join callx.enrolments e on e.user_id = c.user_id and e.product_id = c.product_id
      where e.assigned_at <= c.issued_at
    ),
    levels as (
      select v.product_id, v.since, jsonb_agg(jsonb_build_array(v.hours, v.people) order by v.hours) as levels
      from (
        select s.product_id, s.since, greatest(round(extract(epoch from s.issued_at - s.began_at) / 3600), 0) as hours,
          count(*) as people
        from spans s group by 1, 2, 3
      ) v
      group by v.product_id, v.since
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'product_id', p.id, 'title', p.title, 'certified', k.people,
      'since_began', coalesce((select v.levels from levels v where v.product_id = p.id and v.since = 'began'), '[]'),
      'since_assigned',
        coalesce((select v.levels from levels v where v.product_id = p.id and v.since = 'assigned'), '[]')
    ) order by lower(p.title), p.id), '[]')
    from (select c.product_id, count(*) as people from certified c group by c.product_id) k
    join public.products p on p.id = k.product_id
  );
end
$$;
comment on function callx.certifying_times(uuid, uuid, timestamptz, timestamptz) is
  'Of first certificates of that time: how many people took how many hours, since they began and were assigned it.';

create function callx.training_costs(_manager_id uuid, _product_id uuid, _since timestamptz, _until timestamptz)
returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  return (
    with calls as materialized (
      select c.id, l.product_id, c.medium, c.duration_ms, c.created_at
      from public.calls c
      join public.simulations s on s.id = c.simulation_id
      join callx.lesson_places l on l.lesson_id = s.lesson_id
      where c.user_id = any (_people)
    ),
    parts (
      product_id, month, cost_usd, customer_usd, judge_usd, requests, unpriced, tokens, spoken_ms, attempts,
      certificates
    ) as (
      select c.product_id, date_trunc('month', u.created_at at time zone 'UTC'), u.cost_usd,
        case u.purpose when 'customer' then u.cost_usd end, case u.purpose when 'judge' then u.cost_usd end,
        1, (u.cost_usd is null)::int, u.input_tokens::bigint + u.output_tokens, 0::bigint, 0, 0
      from public.model_usage u
      left join calls c on c.id = u.call_id
      where u.user_id = any (_people) and callx.is_between(u.created_at, _since, _until)
      union all
      select c.product_id, date_trunc('month', c.created_at at time zone 'UTC'), 0, 0, 0, 0, 0, 0,
        coalesce(c.duration_ms, 0), 0, 0
      from calls c where c.medium = 'spoken' and callx.is_between(c.created_at, _since, _until)
      union all
      select l.product_id, date_trunc('month', a.attempted_at at time zone 'UTC'), 0, 0, 0, 0, 0, 0, 0, 1, 0
      from public.simulation_attempts a
      join public.simulations s on s.id = a.simulation_id
      join callx.lesson_places l on l.lesson_id = s.lesson_id
      where a.user_id = any (_people) and callx.is_between(a.attempted_at, _since, _until)
      union all
      select c.product_id, date_trunc('month', coalesce(i.issued_at, c.issued_at) at time zone 'UTC'),
        0, 0, 0, 0, 0, 0, 0, 0, 1
      from public.certifications c
      left join public.certificate_issues i on i.certification_id = c.id
      where c.user_id = any (_people) and callx.is_between(coalesce(i.issued_at, c.issued_at), _since, _until)
    ),
    shown as (
      select * from parts k
      where k.product_id = any (_products) or k.product_id is null and _product_id is null
    ),
    by_product as (
      select k.product_id, jsonb_build_object(
        'cost_usd', coalesce(sum(k.cost_usd), 0)::float8, 'customer_usd', coalesce(sum(k.customer_usd), 0)::float8,
        'judge_usd', coalesce(sum(k.judge_usd), 0)::float8, 'requests', sum(k.requests), 'unpriced', sum(k.unpriced),
        'tokens', sum(k.tokens), 'spoken_ms', sum(k.spoken_ms), 'attempts', sum(k.attempts),
        'certificates', sum(k.certificates)
      ) as sums
      from shown k group by k.product_id
    ),
    by_month as (
      select k.month, jsonb_build_object(
        'month', to_char(k.month, 'YYYY-MM'), 'cost_usd', coalesce(sum(k.cost_usd), 0)::float8,
        'unpriced', sum(k.unpriced), 'attempts', sum(k.attempts), 'certificates', sum(k.certificates)
      ) as sums
      from shown k where k.month is not null group by k.month
    )
    select jsonb_build_object(
      'products', (
        select coalesce(jsonb_agg(
          b.sums || jsonb_build_object('product_id', p.id, 'title', p.title) order by p.id is null, lower(p.title), p.id
        ), '[]')
        from by_product b left join public.products p on p.id = b.product_id
      ),
      'months', (select coalesce(jsonb_agg(b.sums order by b.month), '[]') from by_month b)
    )
  );
end
$$;
comment on function callx.training_costs(uuid, uuid, timestamptz, timestamptz) is
  'What models have cost in that time, beside what came of it. Product null: requests that belong to no call any more.';

grant execute on function
  callx.training_funnel(uuid, uuid, timestamptz, timestamptz), callx.pass_counts(uuid, uuid, timestamptz, timestamptz),
  callx.score_counts(uuid, uuid, uuid, text, timestamptz, timestamptz),
  callx.criterion_counts(uuid, uuid, uuid, timestamptz, timestamptz),
  callx.quiz_item_counts(uuid, uuid, timestamptz, timestamptz),
  callx.lesson_stops(uuid, uuid, interval, timestamptz, timestamptz, timestamptz),
  callx.certifying_times(uuid, uuid, timestamptz, timestamptz),
  callx.training_costs(uuid, uuid, timestamptz, timestamptz)
  to authenticated, service_role;
