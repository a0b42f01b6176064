-- What the functions get-user-progress, get-my-courses and get-team-progress answer, each by one statement. Whoever may
-- not ask is refused here: `detail` is the stable code of the refusal.

create function callx.require_progress_of(_user_id uuid) returns void
language plpgsql stable
security definer
set search_path = ''
as $$
begin
  if not coalesce(_user_id = auth.uid() or public.is_manager_of(_user_id) or callx.is_admin(), false) then
    raise exception 'This person''s progress is not yours to see.'
      using errcode = '42501', detail = 'progress_not_yours';
  end if;
  if not exists (select from public.profiles p where p.id = _user_id) then
    raise exception 'There is no such person.' using errcode = 'P0002', detail = 'person_not_found';
  end if;
end
$$;

create function callx.require_product(_product_id uuid) returns void
language plpgsql stable
security definer
set search_path = ''
as $$
begin
  if not exists (
    select from public.products p
    where p.id = _product_id and p.archived_at is null
      and (callx.is_admin() or p.id = any ((select callx.my_products())::uuid[]))
  ) then
    raise exception 'There is no such product.' using errcode = 'P0002', detail = 'product_not_found';
  end if;
end
$$;

create function callx.user_progress(_product_id uuid, _user_id uuid) returns jsonb
language plpgsql stable
security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  perform callx.require_progress_of(_user_id);
  perform callx.require_product(_product_id);
  return (
    with states as (
      select s.*, m.title, max(s.order_index) filter (where not s.is_locked) over (
        order by s.order_index rows between unbounded preceding and 1 preceding
      ) as last_open
      from callx.module_states(_user_id, array[_product_id]) s join public.modules m on m.id = s.module_id
    )
    select jsonb_build_object(
      'user_id', c.user_id, 'product_id', c.product_id,
      'overall_progress', callx.percentage(c.completed_lessons, c.total_lessons),
      'completed_lessons', c.completed_lessons, 'total_lessons', c.total_lessons, 'status', c.status,
      'due_at', c.due_at, 'completed_at', c.completed_at, 'is_late', coalesce(c.completed_at > c.due_at, false),
      'certified_at', c.certified_at, 'last_activity', c.last_activity,
      'modules', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'module_id', s.module_id, 'title', s.title, 'order_index', s.order_index,
          'progress', callx.percentage(s.completed_lessons, s.total_lessons),
          'completed_lessons', s.completed_lessons, 'total_lessons', s.total_lessons, 'is_locked', s.is_locked,
          -- Behind the first module of a chain that is not complete all are locked, so the last open one is it.
          'lock_reason', case when s.is_locked then jsonb_build_object(
            'kind', 'prerequisite', 'module_id', before.module_id, 'title', before.title
          ) end
        ) order by s.order_index), '[]')
        from states s left join states before on s.is_locked and before.order_index = s.last_open
      )
    )
    from callx.course_states(array[_user_id], array[_product_id]) c
  );
end
$$;

create function callx.courses_of(_user_id uuid) returns jsonb
language plpgsql stable
security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  perform callx.require_progress_of(_user_id);
  return (
    with products as (
      select callx.products_of(_user_id) as ids
    ),
    next_lessons as (
      select distinct on (s.product_id) s.product_id, jsonb_build_object(
        'lesson_id', l.id, 'title', l.title, 'lesson_type', l.lesson_type, 'module_id', m.id, 'module_title', m.title
      ) as lesson
      from products, callx.module_states(_user_id, products.ids) s
      join public.modules m on m.id = s.module_id
      join callx.lesson_places p on p.module_id = s.module_id and p.counts
      join public.lessons l on l.id = p.lesson_id
      where not s.is_locked and s.completed_lessons < s.total_lessons and not exists (
        select from public.lesson_completions c where c.lesson_id = l.id and c.user_id = _user_id
      )
      order by s.product_id, s.order_index, l.order_index
    )
    select jsonb_build_object('user_id', _user_id, 'courses', coalesce(jsonb_agg(jsonb_build_object(
      'product_id', p.id, 'title', p.title, 'description', p.description,
      'overall_progress', callx.percentage(c.completed_lessons, c.total_lessons),
      'completed_lessons', c.completed_lessons, 'total_lessons', c.total_lessons, 'is_assigned', c.is_assigned,
      'status', c.status, 'due_at', c.due_at, 'completed_at', c.completed_at,
      'is_late', coalesce(c.completed_at > c.due_at, false), 'certified_at', c.certified_at,
      'last_activity', c.last_activity, 'next_lesson', n.lesson
    ) order by (c.status = 'Completed'), c.due_at nulls last, c.last_activity desc nulls last, lower(p.title), p.id), '[]'))
    from products,
      callx.course_states(array_fill(_user_id, array[cardinality(products.ids)]), products.ids) c
      join public.products p on p.id = c.product_id
      left join next_lessons n on n.product_id = c.product_id
  );
end
$$;
comment on function callx.courses_of(uuid) is 'What is to be done first comes first.';

create function callx.require_team_of(_manager_id uuid) returns uuid
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _of uuid := coalesce(_manager_id, auth.uid());
  _is_manager boolean := exists (select from public.user_roles r where r.user_id = _of and r.role = 'manager');
begin
  if callx.is_admin() then
    if _manager_id is null and not _is_manager then
      raise exception 'Say whose team you want: manager_id.' using errcode = '22023', detail = 'manager_id_needed';
    elsif not _is_manager then
      raise exception 'There is no such manager.' using errcode = 'P0002', detail = 'manager_not_found';
    end if;
  elsif not _is_manager or _of is distinct from auth.uid() then
    raise exception 'Only managers see a team, and only their own.' using errcode = '42501', detail = 'team_not_yours';
  end if;
  return _of;
end
$$;
comment on function callx.require_team_of(uuid) is
  'Whose team the caller gets: one''s own for null. The role is looked up, so that nobody keeps a team without it.';

create function callx.team_progress(_manager_id uuid, _product_id uuid, _limit int, _offset int) returns jsonb
language plpgsql stable
security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  _of uuid := callx.require_team_of(_manager_id);
begin
  if _product_id is not null then
    perform callx.require_product(_product_id);
  end if;
  return (
    with team as (
      select p.id as user_id, p.full_name
      from public.manager_assignments t
      join public.profiles p on p.id = t.trainee_id
      join auth.users u on u.id = p.id and u.deactivated_at is null
      where t.manager_id = _of
    ),
    pairs as (
      select array_agg(t.user_id) as user_ids, array_agg(p.id) as product_ids
      from team t, public.products p
      where case when _product_id is null then p.is_active and p.archived_at is null else p.id = _product_id end
    ),
    states as (
      select s.*, case
        when _product_id is not null or s.is_assigned then true
        when bool_or(s.is_assigned) over (partition by s.user_id) then false
        else s.certified_at is not null or (select e.open_enrolment from public.site_settings e)
      end as counts
      from pairs, callx.course_states(pairs.user_ids, pairs.product_ids) s
    ),
    agents as (
      select t.user_id, t.full_name,
        callx.percentage(
          sum(s.completed_lessons) filter (where s.counts), sum(s.total_lessons) filter (where s.counts)
        ) as overall_progress,
        max(s.last_activity) as last_activity,
        min(s.due_at) filter (where s.counts and s.status <> 'Completed') as due_at,
        count(*) filter (where s.counts and (s.total_lessons > 0 or s.certified_at is not null)) as to_certify,
        count(*) filter (where s.counts and s.certified_at is not null) as certified,
        count(*) filter (where s.counts and s.last_activity is not null) as begun,
        count(*) filter (where s.counts) as products,
        count(*) filter (where s.counts and s.status = 'Completed') as completed,
        count(*) filter (where s.counts and s.status = 'In progress') as in_progress,
        count(*) filter (where s.counts and s.status = 'Past due') as past_due,
        count(*) filter (where s.counts and s.status = 'Not started') as not_started,
        count(*) filter (where s.counts and s.status = 'Did not pass') as did_not_pass
      from team t left join states s on s.user_id = t.user_id
      group by t.user_id, t.full_name
    ),
    judged as (
      select a.*,
        case
          when a.certified > 0 and a.certified = a.to_certify then 'Certified'
          when a.begun > 0 or a.certified > 0 then 'In Progress'
          else 'Not Started'
        end as certification_status,
        case
          when a.did_not_pass > 0 then 'Did not pass'
          when a.past_due > 0 then 'Past due'
          when a.completed > 0 and a.completed = a.products then 'Completed'
          when a.begun > 0 or a.completed > 0 then 'In progress'
          else 'Not started'
        end as status
      from agents a
    ),
    page as (
      select * from judged j order by lower(j.full_name), j.user_id limit _limit offset _offset
    )
    select jsonb_build_object(
      'team_stats', (
        select jsonb_build_object(
          'total_agents', count(*),
          'certified', count(*) filter (where j.certification_status = 'Certified'),
          'in_progress', count(*) filter (where j.certification_status = 'In Progress'),
          'not_started', count(*) filter (where j.certification_status = 'Not Started'),
          'overdue', count(*) filter (where j.past_due > 0)
        )
        from judged j
      ),
      'agents', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'user_id', g.user_id, 'full_name', g.full_name, 'certification_status', g.certification_status,
          'overall_progress', g.overall_progress, 'last_activity', g.last_activity, 'status', g.status,
          'due_at', g.due_at, 'products', jsonb_build_object(
            'total', g.products, 'certified', g.certified, 'completed', g.completed, 'in_progress', g.in_progress,
            'past_due', g.past_due, 'not_started', g.not_started, 'did_not_pass', g.did_not_pass
          )
        ) order by lower(g.full_name), g.user_id), '[]')
        from page g
      )
    )
  );
end
$$;
comment on function callx.team_progress(uuid, uuid, int, int) is
  'An agent''s products are those assigned; without any, all in open enrolment, else those with a certificate. Accounts '
  'that are closed belong to no team.';

grant execute on function
  callx.user_progress(uuid, uuid), callx.courses_of(uuid), callx.team_progress(uuid, uuid, int, int)
  to authenticated, service_role;
