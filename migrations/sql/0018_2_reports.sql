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
    attempts as materialized (
      select a.user_id, a.attempted_at, a.overall_score, a.script_adherence, a.empathy_score, a.call_flow_score, e.marks,
        row_number() over (partition by a.user_id order by a.attempted_at desc nulls last, a.id desc) as back
      from page g
      join public.simulation_attempts a on a.user_id = g.user_id
      left join public.evaluations e on e.attempt_id = a.id
      where (_simulation_id is null or a.simulation_id = _simulation_id)
        and (_since is null or a.attempted_at >= _since)
        and (_product_id is null or a.simulation_id in (
          select s.id from public.simulations s
          join callx.lesson_places l on l.lesson_id = s.lesson_id where l.product_id = _product_id
        ))
    ),
    -- Empathy is a word: its place among the three, from 0.
    points (user_id, back, kind, key, title, place, points) as (
      select a.user_id, a.back, d.*
      from attempts a
      cross join lateral (values
        ('points', 'overall' collate "C", 'Overall', 1, a.overall_score),
        ('points', 'script_adherence', 'Script adherence', 2, a.script_adherence),
        ('words', 'empathy', 'Empathy', 3,
          array_position(array['Needs Improvement', 'Good', 'Excellent'], a.empathy_score) - 1),
        ('points', 'call_flow', 'Call flow', 4, a.call_flow_score)
      ) d
      union all
      select a.user_id, a.back, 'section', 'section:' || (s.section ->> 'key'), s.section ->> 'title', s.place::int,
        round((s.section ->> 'score')::numeric)::int
      from attempts a cross join lateral jsonb_array_elements(a.marks) with ordinality as s (section, place)
    ),
    series as materialized (
      select p.user_id, p.key, p.kind, (array_agg(p.title order by p.back))[1] as title, min(p.back) as newest,
        avg(p.place) as place, array_agg(p.points order by p.back) as points
      from points p
      where p.points is not null
      group by p.user_id, p.key, p.kind
    ),
    cells as (
      select r.user_id, r.key, jsonb_build_object(
        'latest', r.points[1], 'best', (select max(x) from unnest(r.points) x), 'attempts', cardinality(r.points),
        'trend', round(r.points[1] - (select avg(x) from unnest(r.points[2:4]) x))
      ) as cell
      from series r
    ),
    dimensions as (
      select d.*, row_number() over (partition by d.kind = 'section' order by d.attempts desc, d.place, d.key) as common
      from (
        select r.kind, r.key, (array_agg(r.title order by r.newest, r.title))[1] as title, avg(r.place) as place,
          sum(cardinality(r.points)) as attempts
        from series r
        group by r.kind, r.key
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
          'last_attempt_at', m.last_at, 'scores', coalesce(k.scores, '{}')
        ) order by lower(g.full_name), g.user_id), '[]')
        from page g
        left join (
          select a.user_id, count(*) as attempts, max(a.attempted_at) as last_at from attempts a group by a.user_id
        ) m on m.user_id = g.user_id
        left join (
          select c.user_id, jsonb_object_agg(c.key, c.cell) as scores
          from cells c join shown s on s.key = c.key
          group by c.user_id
        ) k on k.user_id = g.user_id
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
