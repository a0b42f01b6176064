-- How far people are in courses: for many people and courses in one statement. Such statements take longer to plan than
-- to run for one person, and their plan is the same for a team: so it is made once in a connection (plan_cache_mode).

create view callx.lesson_places as
  select l.id as lesson_id, l.module_id, m.product_id, l.archived_at is null and m.archived_at is null as counts
  from public.lessons l join public.modules m on m.id = l.module_id;
comment on view callx.lesson_places is
  'Where each lesson belongs, and whether it counts: the one place that says which lessons a course is completed by.';

create view callx.valid_certifications as
  select c.user_id, c.product_id, c.issued_at from public.certifications c;
comment on view callx.valid_certifications is 'Who is certified now: the one place that says which certificates are good.';

create view callx.exhausted_quizzes as
  select a.user_id, q.id as quiz_id, q.lesson_id
  from public.quizzes q join public.quiz_attempts a on a.quiz_id = q.id
  where q.max_attempts is not null
  group by a.user_id, q.id
  having count(*) >= q.max_attempts and not bool_or(a.passed);
comment on view callx.exhausted_quizzes is 'Who has no attempt left at a quiz and has not passed it.';

create view callx.activities as
  select c.user_id, c.lesson_id, c.completed_at as active_at, true as is_completion from public.lesson_completions c
  union all
  select a.user_id, q.lesson_id, a.attempted_at, false
  from public.quiz_attempts a join public.quizzes q on q.id = a.quiz_id
  union all
  select a.user_id, s.lesson_id, a.attempted_at, false
  from public.simulation_attempts a join public.simulations s on s.id = a.simulation_id
  union all
  select c.user_id, s.lesson_id, coalesce(c.ended_at, c.answered_at, c.created_at), false
  from public.calls c join public.simulations s on s.id = c.simulation_id;
comment on view callx.activities is 'What counts as being active in a lesson, whether or not anything came of it.';

create or replace function callx.module_states(_user_id uuid, _product_ids uuid[])
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
      count(l.lesson_id)::int as total, count(c.lesson_id)::int as completed
    from public.modules m
    left join callx.lesson_places l on l.module_id = m.id and l.counts
    left join public.lesson_completions c on c.lesson_id = l.lesson_id and c.user_id = _user_id
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

create function callx.course_states(_user_ids uuid[], _product_ids uuid[])
returns table (
  user_id uuid, product_id uuid, total_lessons int, completed_lessons int, is_assigned boolean, due_at timestamptz,
  completed_at timestamptz, certified_at timestamptz, last_activity timestamptz, status text
)
language plpgsql stable
security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  return query
  with places as materialized (
    select l.lesson_id, l.product_id, l.counts from callx.lesson_places l where l.product_id = any (_product_ids)
  ),
  totals as (
    select l.product_id, count(*)::int as lessons from places l where l.counts group by l.product_id
  ),
  -- Put under each other and grouped, not joined: that is linear in the team, whatever the planner expects of an array.
  parts (user_id, product_id, is_wanted, completed, completed_at, active_at, is_exhausted, is_of_team, team_due_at) as (
    select p.user_id, p.product_id, true, 0, null::timestamptz, null::timestamptz, false, false, null::timestamptz
    from unnest(_user_ids, _product_ids) as p (user_id, product_id)
    union all
    select a.user_id, l.product_id, false, count(*) filter (where a.is_completion and l.counts)::int,
      max(a.active_at) filter (where a.is_completion and l.counts), max(a.active_at), false, false, null
    from callx.activities a join places l on l.lesson_id = a.lesson_id
    where a.user_id = any (_user_ids)
    group by a.user_id, l.product_id
    union all
    select e.user_id, l.product_id, false, 0, null, null, true, false, null
    from callx.exhausted_quizzes e join places l on l.lesson_id = e.lesson_id and l.counts
    where e.user_id = any (_user_ids)
    union all
    select t.trainee_id, a.product_id, false, 0, null, null, false, true, a.due_at
    from public.manager_assignments t join public.assignments a on a.manager_id = t.manager_id
    where t.trainee_id = any (_user_ids) and a.product_id = any (_product_ids)
  ),
  joined as (
    select p.user_id, p.product_id, max(p.completed) as completed, max(p.completed_at) as last_completed_at,
      max(p.active_at) as last_activity, bool_or(p.is_exhausted) as is_exhausted, bool_or(p.is_of_team) as is_of_team,
      min(p.team_due_at) as team_due_at
    from parts p
    group by p.user_id, p.product_id
    having bool_or(p.is_wanted)
  ),
  known as (
    select j.*, coalesce(t.lessons, 0) as total, j.completed = t.lessons as is_complete,
      v.user_id is not null as is_certified, v.issued_at as certified_at,
      j.is_of_team or own.product_id is not null as is_assigned,
      case when own.product_id is null then j.team_due_at else own.due_at end as due_at
    from joined j
    left join totals t on t.product_id = j.product_id
    left join public.assignments own on own.user_id = j.user_id and own.product_id = j.product_id
    left join callx.valid_certifications v on v.user_id = j.user_id and v.product_id = j.product_id
  )
  select k.user_id, k.product_id, k.total, k.completed, k.is_assigned, k.due_at,
    case when k.is_complete then k.last_completed_at else k.certified_at end, k.certified_at, k.last_activity,
    case
      when k.is_complete or k.is_certified then 'Completed'
      when k.is_exhausted then 'Did not pass'
      when k.due_at < now() then 'Past due'
      when k.last_activity is not null or k.completed > 0 then 'In progress'
      else 'Not started'
    end
  from known k;
end
$$;
comment on function callx.course_states(uuid[], uuid[]) is
  'How far _user_ids[i] is in _product_ids[i]. Completed is who has all lessons or a good certificate. A due date of '
  'one''s own goes before those of teams, even when it is none; of several teams'' the earliest counts.';

create function callx.percentage(_completed bigint, _total bigint) returns int
language sql immutable
set search_path = ''
as $$ select coalesce(_completed * 100 / nullif(_total, 0), 0)::int $$;
comment on function callx.percentage(bigint, bigint) is 'Rounded down: 100 only when all is done, 0 of nothing.';

grant execute on function callx.course_states(uuid[], uuid[]), callx.percentage(bigint, bigint) to service_role;

comment on view public.module_locks is E'For the lock icon: the caller''s own state in each visible module, counting lessons that a lock hides.\n@primaryKey module_id\n@foreignKey (module_id) references modules (id)\n@foreignKey (product_id) references products (id)';
