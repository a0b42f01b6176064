-- The tables that are exported, with names beside ids. They look with the rights of their owner, because a manager may
-- export results in lessons that are archived or hidden by now; whose rows are in them each says itself.

create function callx.people_in_reports() returns setof uuid
language sql stable
security definer
set search_path = ''
as $$
  select p.id from public.profiles p where (select callx.is_admin())
  union
  select unnest(callx.my_trainees())
  union
  select auth.uid() where auth.uid() is not null and not callx.is_staff(auth.uid())
$$;
comment on function callx.people_in_reports() is
  'Whom the caller exports: admins everybody, managers their team, everybody else themselves.';

create view callx.exported_people with (security_barrier) as
  select p.id as user_id, p.full_name, p.email, p.created_at as joined_at, u.deactivated_at as closed_at, a.last_activity,
    case when (select callx.is_admin()) then (
      select string_agg(r.role::text, ', ' order by r.role) from public.user_roles r where r.user_id = p.id
    ) end as roles,
    case when (select callx.is_admin()) then (
      select string_agg(m.full_name, ', ' order by lower(m.full_name), m.id)
      from public.manager_assignments t join public.profiles m on m.id = t.manager_id where t.trainee_id = p.id
    ) end as managers
  from public.profiles p
  join auth.users u on u.id = p.id
  left join (
    select x.user_id, max(x.active_at) as last_activity from callx.activities x group by x.user_id
  ) a on a.user_id = p.id
  where p.id in (select callx.people_in_reports());
comment on view callx.exported_people is 'Roles and other managers are for admins alone.';

create view callx.exported_attempts with (security_barrier) as
  select a.id as attempt_id, a.user_id, u.full_name, u.email, p.id as product_id, p.title as product_title,
    a.simulation_id, coalesce(sc.title, l.title) as title, a.attempted_at, a.mode,
    round(a.duration_ms / 1000.0)::int as duration_s, a.overall_score, s.passing_grade, a.passed, a.script_adherence,
    a.empathy_score, a.call_flow_score, a.call_id
  from public.simulation_attempts a
  join public.profiles u on u.id = a.user_id
  join public.simulations s on s.id = a.simulation_id
  join public.lessons l on l.id = s.lesson_id
  join public.modules m on m.id = l.module_id
  join public.products p on p.id = m.product_id
  left join public.simulation_scenarios sc on sc.simulation_id = s.id
  where a.user_id in (select callx.people_in_reports());

create view callx.exported_quiz_attempts with (security_barrier) as
  select a.id as attempt_id, a.user_id, u.full_name, u.email, p.id as product_id, p.title as product_title, a.quiz_id,
    l.title, a.attempted_at, a.score, q.passing_grade, a.passed
  from public.quiz_attempts a
  join public.profiles u on u.id = a.user_id
  join public.quizzes q on q.id = a.quiz_id
  join public.lessons l on l.id = q.lesson_id
  join public.modules m on m.id = l.module_id
  join public.products p on p.id = m.product_id
  where a.user_id in (select callx.people_in_reports());

create view callx.exported_certificates with (security_barrier) as
  select c.user_id, u.full_name, u.email, c.product_id, coalesce(i.product_title, p.title) as product_title,
    coalesce(i.number, 1) as number, i.holder_name, i.code, i.score, coalesce(i.issued_at, c.issued_at) as issued_at,
    i.expires_at, i.revoked_at, i.revocation_reason,
    case
      when i.number < max(i.number) over (partition by c.id) and i.revoked_at is null then 'renewed'
      else callx.certificate_state(i.expires_at, i.revoked_at, p.certificate_renewal_days)
    end as state
  from public.certifications c
  join public.profiles u on u.id = c.user_id
  join public.products p on p.id = c.product_id
  left join public.certificate_issues i on i.certification_id = c.id
  where c.user_id in (select callx.people_in_reports());
comment on view callx.exported_certificates is 'Every certificate that was ever issued, those that were renewed too.';

create view callx.exported_assignments with (security_barrier) as
  select a.id as assignment_id, case when a.user_id is null then 'team' else 'person' end as assigned_to,
    coalesce(a.user_id, a.manager_id) as user_id,
    case
      when a.user_id is not null or a.manager_id = (select auth.uid()) or (select callx.is_admin())
        then coalesce(u.full_name, m.full_name)
    end as full_name,
    a.product_id, p.title as product_title, a.due_at, a.created_at as assigned_at,
    case when (select callx.is_admin()) then b.full_name end as assigned_by
  from public.assignments a
  join public.products p on p.id = a.product_id
  left join public.profiles u on u.id = a.user_id
  left join public.profiles m on m.id = a.manager_id
  left join public.profiles b on b.id = a.assigned_by
  where (select callx.is_admin()) or a.user_id in (select callx.people_in_reports())
    or a.manager_id = case when (select callx.is_staff(auth.uid())) then (select auth.uid()) end
    or not (select callx.is_staff(auth.uid())) and a.manager_id = any ((select callx.my_managers())::uuid[]);
comment on view callx.exported_assignments is 'Of a team''s assignment user_id is the manager.';

create function callx.exported_progress(_user_id uuid, _product_id uuid)
returns table (
  user_id uuid, full_name text, email text, product_id uuid, product_title text, status text, progress int,
  completed_lessons int, total_lessons int, is_assigned boolean, due_at timestamptz, completed_at timestamptz,
  is_late boolean, certified_at timestamptz, last_activity timestamptz
)
language plpgsql stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  with pairs as (
    select array_agg(u.id) as user_ids, array_agg(p.id) as product_ids
    from (
      select r.id from callx.people_in_reports() as r (id) where _user_id is null or r.id = _user_id
    ) u, public.products p
    where p.is_active and p.archived_at is null and (_product_id is null or p.id = _product_id)
  )
  select s.user_id, u.full_name, u.email, s.product_id, p.title, s.status,
    callx.percentage(s.completed_lessons, s.total_lessons), s.completed_lessons, s.total_lessons, s.is_assigned, s.due_at,
    s.completed_at, coalesce(s.completed_at > s.due_at, false), s.certified_at, s.last_activity
  from pairs
  cross join lateral callx.course_states(pairs.user_ids, pairs.product_ids) s
  join public.profiles u on u.id = s.user_id
  join public.products p on p.id = s.product_id
  where s.is_assigned or s.last_activity is not null or s.certified_at is not null;
end
$$;
comment on function callx.exported_progress(uuid, uuid) is
  'One row for each person and product in which something is assigned, begun or certified.';

create function callx.audit_export(_table text, _format text, _filters jsonb, _rows int) returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- Whoever is neither exports nothing but their own.
  if callx.is_staff(auth.uid()) then
    perform callx.audit('table.exported', 'table', null, jsonb_build_object(
      'table', _table, 'format', _format, 'filters', _filters, 'rows', _rows
    ));
  end if;
end
$$;
comment on function callx.audit_export(text, text, jsonb, int) is 'Notes each export by a manager or an admin.';

grant select on
  callx.exported_people, callx.exported_attempts, callx.exported_quiz_attempts, callx.exported_certificates,
  callx.exported_assignments
  to authenticated;
-- Whoever looks at a view must be allowed to call what it calls.
grant execute on function
  callx.is_admin(), callx.is_staff(uuid), callx.my_trainees(), callx.my_managers(),
  callx.certificate_state(timestamptz, timestamptz, int), callx.people_in_reports(), callx.exported_progress(uuid, uuid), callx.audit_export(text, text, jsonb, int)
  to authenticated;
