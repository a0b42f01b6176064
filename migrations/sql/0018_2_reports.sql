-- What the functions get-team-scores and get-person-report answer, each by one statement. Whoever may not ask is refused
-- here: `detail` is the stable code of the refusal.

create function callx.require_simulation(_simulation_id uuid) returns void
language plpgsql stable
security definer
set search_path = ''
as $$
begin
  if not exists (
    select from public.simulations s
    join callx.lesson_places l on l.lesson_id = s.lesson_id
    join public.products p on p.id = l.product_id
    where s.id = _simulation_id and p.archived_at is null
      and (callx.is_admin() or p.id = any ((select callx.my_products())::uuid[]))
  ) then
    raise exception 'There is no such simulation.' using errcode = 'P0002', detail = 'simulation_not_found';
  end if;
end
$$;
comment on function callx.require_simulation(uuid) is 'A lesson that was archived keeps the attempts at its simulation.';

create function callx.scores_of(_attempt public.simulation_attempts, _marks jsonb)
returns table (kind text, key text, title text, place int, points int)
language sql immutable
set search_path = ''
as $$
  values
    ('points', 'overall', 'Overall', 1, _attempt.overall_score),
    ('points', 'script_adherence', 'Script adherence', 2, _attempt.script_adherence),
    ('words', 'empathy', 'Empathy', 3,
      array_position(array['Needs Improvement', 'Good', 'Excellent'], _attempt.empathy_score) - 1),
    ('points', 'call_flow', 'Call flow', 4, _attempt.call_flow_score)
  union all
  select 'section', 'section:' || (s.section ->> 'key'), s.section ->> 'title', s.place::int,
    round((s.section ->> 'score')::numeric)::int
  from jsonb_array_elements(_marks) with ordinality as s (section, place)
$$;
comment on function callx.scores_of(public.simulation_attempts, jsonb) is
  'The dimensions of one attempt. Empathy is a word: its place among the three, from 0.';

create function callx.team_scores(
  _manager_id uuid, _product_id uuid, _simulation_id uuid, _since timestamptz, _sections int, _limit int, _offset int
) returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _of uuid := callx.require_team_of(_manager_id);
begin
  if _product_id is not null then
    perform callx.require_product(_product_id);
  end if;
  if _simulation_id is not null then
    perform callx.require_simulation(_simulation_id);
  end if;
  return (
    with team as (
      select p.id as user_id, p.full_name
      from public.manager_assignments t
      join public.profiles p on p.id = t.trainee_id
      join auth.users u on u.id = p.id and u.deactivated_at is null
      where t.manager_id = _of
    ),
    page as (
      select * from team t order by lower(t.full_name), t.user_id limit _limit offset _offset
    ),
    attempts as (
      select a.id, a.user_id, a.attempted_at, d.kind, d.key, d.title, d.place, d.points
      from page g
      join public.simulation_attempts a on a.user_id = g.user_id
      left join public.evaluations e on e.attempt_id = a.id
      cross join lateral callx.scores_of(a, e.marks) d
      where (_simulation_id is null or a.simulation_id = _simulation_id)
        and (_since is null or a.attempted_at >= _since)
        and (_product_id is null or a.simulation_id in (
          select s.id from public.simulations s
          join callx.lesson_places l on l.lesson_id = s.lesson_id where l.product_id = _product_id
        ))
    ),
    numbered as (
      select a.*, row_number() over (
        partition by a.user_id, a.key order by a.attempted_at desc nulls last, a.id desc
      ) as back
      from attempts a where a.points is not null
    ),
    cells as (
      select n.user_id, n.key, jsonb_build_object(
        'latest', max(n.points) filter (where n.back = 1), 'best', max(n.points), 'attempts', count(*),
        'trend', round(max(n.points) filter (where n.back = 1) - avg(n.points) filter (where n.back between 2 and 4))
      ) as cell
      from numbered n
      group by n.user_id, n.key
    ),
    dimensions as (
      select d.*, row_number() over (partition by d.kind = 'section' order by d.attempts desc, d.place, d.key) as common
      from (
        select n.kind, n.key, (array_agg(n.title order by n.attempted_at desc nulls last, n.id desc))[1] as title,
          avg(n.place) as place, count(*) as attempts
        from numbered n
        group by n.kind, n.key
      ) d
    ),
    shown as (
      select * from dimensions d where d.kind <> 'section' or d.common <= _sections
    )
    select jsonb_build_object(
      'total_people', (select count(*) from team),
      'sections_left_out', (select count(*) from dimensions) - (select count(*) from shown),
      'dimensions', (
        select coalesce(jsonb_agg(
          jsonb_build_object('key', s.key, 'title', s.title, 'kind', s.kind)
          order by s.kind = 'section', s.place, s.key
        ), '[]')
        from shown s
      ),
      'people', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'user_id', g.user_id, 'full_name', g.full_name, 'attempts', coalesce(m.attempts, 0),
          'last_attempt_at', m.last_at, 'scores', coalesce(m.cells, '{}')
        ) order by lower(g.full_name), g.user_id), '[]')
        from page g
        left join (
          select c.user_id, jsonb_object_agg(c.key, c.cell) filter (where c.key in (select s.key from shown s)) as cells,
            max((c.cell ->> 'attempts')::int) filter (where c.key = 'overall') as attempts,
            (select max(n.attempted_at) from numbered n where n.user_id = c.user_id) as last_at
          from cells c
          group by c.user_id
        ) m on m.user_id = g.user_id
      )
    )
  );
end
$$;
comment on function callx.team_scores(uuid, uuid, uuid, timestamptz, int, int, int) is
  'The heat map. `trend` is the latest less the mean of up to three before it. Sections of rubrics are the same when '
  'their keys are.';

create function callx.person_report(_user_id uuid, _attempts int, _judged int) returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
begin
  perform callx.require_progress_of(_user_id);
  return (
    with attempts as (
      select a.id, a.simulation_id, p.id as product_id, p.title as product_title, coalesce(sc.title, l.title) as title,
        a.call_id, a.mode, a.attempted_at, a.duration_ms, a.overall_score, a.passed, a.script_adherence,
        a.empathy_score, a.call_flow_score, e.marks,
        row_number() over (order by a.attempted_at desc nulls last, a.id desc) as back
      from public.simulation_attempts a
      join public.simulations s on s.id = a.simulation_id
      join public.lessons l on l.id = s.lesson_id
      join public.modules m on m.id = l.module_id
      join public.products p on p.id = m.product_id
      left join public.simulation_scenarios sc on sc.simulation_id = s.id
      left join public.evaluations e on e.attempt_id = a.id
      where a.user_id = _user_id
    ),
    quiz_attempts as (
      select a.id, a.quiz_id, p.id as product_id, p.title as product_title, l.title, a.attempted_at, a.score, a.passed,
        row_number() over (order by a.attempted_at desc nulls last, a.id desc) as back
      from public.quiz_attempts a
      join public.quizzes q on q.id = a.quiz_id
      join public.lessons l on l.id = q.lesson_id
      join public.modules m on m.id = l.module_id
      join public.products p on p.id = m.product_id
      where a.user_id = _user_id
    ),
    judged as (
      select a.*, row_number() over (order by a.back) as judged_back
      from attempts a where jsonb_typeof(a.marks) = 'array'
    ),
    verdicts as (
      select j.back, s.section ->> 'title' as section_title, c.criterion ->> 'key' as key,
        c.criterion ->> 'title' as title, c.criterion ->> 'verdict' as verdict,
        (c.criterion ->> 'score')::numeric as score
      from judged j
      cross join jsonb_array_elements(j.marks) as s (section)
      cross join jsonb_array_elements(s.section -> 'criteria') as c (criterion)
      where j.judged_back <= _judged
    ),
    criteria as (
      select v.key, (array_agg(v.title order by v.back))[1] as title,
        (array_agg(v.section_title order by v.back))[1] as section_title, count(*) as assessed,
        count(*) filter (where v.verdict = 'met') as met, count(*) filter (where v.verdict = 'partial') as partial,
        count(*) filter (where v.verdict = 'not_met') as not_met, round(avg(v.score))::int as average,
        (array_agg(v.verdict order by v.back))[1] as latest
      from verdicts v
      where v.score is not null
      group by v.key
    )
    select jsonb_build_object(
      'user_id', u.id, 'full_name', u.full_name, 'email', u.email, 'joined_at', u.created_at,
      'closed_at', (select x.deactivated_at from auth.users x where x.id = u.id),
      'last_activity', (select max(x.active_at) from callx.activities x where x.user_id = u.id),
      'courses', callx.courses_of(_user_id) -> 'courses',
      'attempts', jsonb_build_object(
        'total', (select count(*) from attempts),
        'latest', (
          select coalesce(jsonb_agg(to_jsonb(a) - 'back' - 'marks' order by a.back), '[]')
          from attempts a where a.back <= _attempts
        )
      ),
      'quiz_attempts', jsonb_build_object(
        'total', (select count(*) from quiz_attempts),
        'latest', (
          select coalesce(jsonb_agg(to_jsonb(a) - 'back' order by a.back), '[]')
          from quiz_attempts a where a.back <= _attempts
        )
      ),
      'criteria', (
        select coalesce(jsonb_agg(to_jsonb(c) order by c.average, c.assessed desc, c.key), '[]') from criteria c
      ),
      'certificates', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'certification_id', c.id, 'product_id', p.id, 'product_title', p.title, 'code', c.code,
          'issued_at', c.issued_at, 'expires_at', c.expires_at, 'revoked_at', c.revoked_at, 'state',
          callx.certificate_state(c.expires_at, c.revoked_at, p.certificate_renewal_days)
        ) order by c.issued_at desc, c.id), '[]')
        from public.certifications c join public.products p on p.id = c.product_id
        where c.user_id = _user_id
      )
    )
    from public.profiles u where u.id = _user_id
  );
end
$$;
comment on function callx.person_report(uuid, int, int) is
  'One person''s page: at most so many attempts of each sort, and criteria over so many judged calls.';

create function callx.certificate_state(_expires_at timestamptz, _revoked_at timestamptz, _renewal_days int)
returns text
language sql stable
set search_path = ''
as $$
  select case
    when _revoked_at is not null then 'revoked'
    when _expires_at <= now() then 'expired'
    when _expires_at <= now() + make_interval(days => _renewal_days) then 'expiring'
    else 'valid'
  end
$$;

grant execute on function
  callx.team_scores(uuid, uuid, uuid, timestamptz, int, int, int), callx.person_report(uuid, int, int)
  to authenticated, service_role;
