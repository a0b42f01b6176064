"""Every statement of the notifications. All run as the service, except VISIBLE_PERSON."""

VISIBLE_PERSON = "select p.id from public.profiles p where p.email = $1"
"""Run as whoever asks: the person with this address, if they may see them."""

READER = """
select u.email, p.full_name, u.email_confirmed_at is not null as is_confirmed,
       case when $2 = 'report_ready' and $3::uuid is not null then callx.wants_report_letter(p.id, $3)
         else callx.wants(p.id, $2, 'email') end as wants_email,
       callx.wants(p.id, $2, 'in_app') as wants_in_app
  from public.profiles p
  join auth.users u on u.id = p.id and u.deactivated_at is null
 where p.id = $1
"""

TELL = """
insert into public.notifications (user_id, kind, subject_id, occasion, title, body, path, in_app, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (user_id, kind, subject_id, occasion) do nothing
returning id
"""

TELL_MORE = """
update public.notifications set title = $5, body = $6, path = $7
 where user_id = $1 and kind = $2 and subject_id = $3 and occasion = $4
"""

NOTIFICATION = """
select id from public.notifications where user_id = $1 and kind = $2 and subject_id = $3 and occasion = $4
"""

FORGET = """
delete from public.notifications where id in
  (select n.id from public.notifications n where n.created_at < $1 limit $2 for update skip locked)
"""

STOP_LETTERS = """
insert into public.notification_preferences (user_id, kind, channel, enabled)
select p.id, $2, 'email', false from public.profiles p where p.id = $1
on conflict (user_id, kind, channel) do update set enabled = false
"""

FORGET_WISHES_FOR_LETTERS = """
delete from public.notification_preferences where user_id = $1 and channel = 'email' and kind <> 'all'
"""

# What there is to say

COURSE = """
select p.title as course, c.due_at, c.status, c.is_assigned, c.completed_lessons, c.total_lessons
  from public.products p, callx.course_states(array[$1::uuid], array[p.id]) c
 where p.id = $2 and p.is_active and p.archived_at is null
"""

MODULE = """
select m.title as module, p.id as product_id, p.title as course
  from public.modules m join public.products p on p.id = m.product_id
 where m.id = $2 and m.archived_at is null and m.status = 'published' and p.is_active and p.archived_at is null
   and $1::uuid is not null
"""

ATTEMPT = """
select coalesce(sc.title, l.title) as lesson, a.overall_score, a.passed, a.call_id, l.id as lesson_id
  from public.simulation_attempts a
  join public.simulations s on s.id = a.simulation_id
  join public.lessons l on l.id = s.lesson_id
  left join public.simulation_scenarios sc on sc.simulation_id = s.id
 where a.id = $2 and a.user_id = $1
"""

CERTIFICATION = """
select p.title as course, p.id as product_id, c.code, c.issued_at, c.expires_at, c.revoked_at
  from public.certifications c join public.products p on p.id = c.product_id
 where c.id = $2 and c.user_id = $1
"""

_TEAM = """
  team as (
    select p.id as user_id, p.full_name from public.profiles p
    join auth.users u on u.id = p.id and u.deactivated_at is null
    where case when $1::uuid is null then not exists (
        select from public.user_roles r where r.user_id = p.id and r.role in ('manager', 'admin')
      )
      else p.id in (select t.trainee_id from public.manager_assignments t where t.manager_id = $1) end
  ),
  pairs as (
    select distinct t.user_id, a.product_id from team t
    join public.assignments a on a.user_id = t.user_id or a.manager_id in (
      select m.manager_id from public.manager_assignments m where m.trainee_id = t.user_id
    )
    join public.products p on p.id = a.product_id and p.is_active and p.archived_at is null
  ),
  states as (
    select s.* from (select array_agg(user_id) as users, array_agg(product_id) as products from pairs) k,
      callx.course_states(k.users, k.products) s
  )
"""

TEAM_FIGURES = f"""
with {_TEAM}
select
  (select count(*) from states where completed_at > $3 and completed_at <= $2) as completed,
  (select count(*) from public.certifications c join team t using (user_id)
    where c.issued_at > $3 and c.issued_at <= $2 and c.revoked_at is null) as certified,
  (select count(*) from states where status <> 'Completed' and due_at < $2::timestamptz) as overdue,
  (select count(*) from states
    where status <> 'Completed' and due_at >= $2 and due_at < $2 + interval '7 days') as due_soon,
  (select count(*) from public.certifications c join team t using (user_id)
    where c.revoked_at is null and c.expires_at > $2 and c.expires_at < $2 + interval '30 days') as expiring,
  k.calls, k.passed_calls, k.average,
  (select count(*) from public.review_requests q join team t using (user_id) where q.state = 'open') as disputes
  from (
    select count(*) as calls, count(*) filter (where a.passed) as passed_calls,
           round(avg(a.overall_score))::int as average
      from public.simulation_attempts a join team t using (user_id)
     where a.attempted_at > $3::timestamptz and a.attempted_at <= $2
  ) k
"""  # noqa: S608 - put together from what stands here

TEAM_LATE = f"""
with {_TEAM}
select t.full_name, p.title as course, s.due_at
  from states s join team t using (user_id) join public.products p on p.id = s.product_id
 where s.status <> 'Completed' and s.due_at < $2
 order by s.due_at, t.full_name, p.title limit $3
"""  # noqa: S608

# Whom to tell

OWNER_OF_ATTEMPT = "select user_id from public.simulation_attempts where id = $1"

ISSUED_AT = "select issued_at from public.certifications where id = $1 and user_id = $2 and revoked_at is null"

ASSIGNED = """
select p.id as user_id, a.product_id
  from public.assignments a
  join public.profiles p on p.id = a.user_id
    or p.id in (select t.trainee_id from public.manager_assignments t where t.manager_id = a.manager_id)
 where a.id = $1 and p.id > $2 order by p.id limit $3
"""

TEAM_COURSES = """
select t.trainee_id as user_id, a.product_id
  from public.manager_assignments t join public.assignments a on a.manager_id = t.manager_id
 where t.trainee_id = $1 and t.manager_id = $2
"""

_AWAKE = """
  extract(hour from $1::timestamptz at time zone coalesce(w.time_zone, site.time_zone)) between 8 and 19
"""
_OCCASION = """to_char({} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""

DUE = f"""
with pairs as (
  select distinct k.user_id, k.product_id from (
    select a.user_id, a.product_id from public.assignments a
    where a.user_id is not null and a.due_at > $2 and a.due_at <= $3
    union all
    select t.trainee_id, a.product_id from public.assignments a
    join public.manager_assignments t on t.manager_id = a.manager_id
    where a.due_at > $2 and a.due_at <= $3
  ) k
  left join public.personal_settings w on w.user_id = k.user_id
  cross join public.site_settings site
  where {_AWAKE}
),
states as (
  select s.* from (select array_agg(user_id) as users, array_agg(product_id) as products from pairs) k,
    callx.course_states(k.users, k.products) s
)
select s.user_id, s.product_id as subject_id, {_OCCASION.format("s.due_at")} as occasion
  from states s
 where s.status <> 'Completed' and s.due_at > $2 and s.due_at <= $3 and (s.user_id, s.product_id) > ($5, $6)
   and not exists (
     select from public.notifications n
     where n.user_id = s.user_id and n.kind = $4 and n.subject_id = s.product_id
       and n.occasion = {_OCCASION.format("s.due_at")}
   )
 order by s.user_id, s.product_id limit $7
"""  # noqa: S608

EXPIRING = f"""
select c.user_id, c.id as subject_id, {_OCCASION.format("c.expires_at")} as occasion
  from public.certifications c
  join public.products p on p.id = c.product_id and p.is_active and p.archived_at is null
  left join public.personal_settings w on w.user_id = c.user_id
  cross join public.site_settings site
 where c.revoked_at is null and {_AWAKE}
   and c.expires_at > $2 and c.expires_at <= coalesce($3, $2 + make_interval(days => p.certificate_renewal_days))
   and (c.user_id, c.id) > ($5, $6)
   and not exists (
     select from public.notifications n
     where n.user_id = c.user_id and n.kind = $4 and n.subject_id = c.id
       and n.occasion = {_OCCASION.format("c.expires_at")}
   )
 order by c.user_id, c.id limit $7
"""  # noqa: S608

DIGESTS = """
with wanted as (
  select r.user_id, r.user_id as subject_id, 'week' as every, null::text as time_zone
    from public.user_roles r
   where r.role = 'manager' and exists (select from public.manager_assignments t where t.manager_id = r.user_id)
     and not exists (select from public.report_subscriptions s where s.user_id = r.user_id)
  union all
  select s.user_id, s.id, s.every, s.time_zone
    from public.report_subscriptions s
   where exists (
     select from public.user_roles r where r.user_id = s.user_id
       and (r.role = 'admin' or r.role = 'manager' and s.manager_id is null)
   )
),
local as (
  select m.*, $1::timestamptz at time zone coalesce(m.time_zone, w.time_zone, site.time_zone) as at
    from wanted m
    left join public.personal_settings w on w.user_id = m.user_id
    cross join public.site_settings site
),
due as (
  select l.*, to_char(l.at, case l.every when 'week' then 'IYYY-"W"IW' else 'YYYY-MM' end) as occasion
    from local l
   where case l.every when 'week' then extract(isodow from l.at) else extract(day from l.at) end = 1
     and extract(hour from l.at) >= 7
)
select d.user_id, d.subject_id, d.occasion
  from due d
 where d.every = $4 and (d.user_id, d.subject_id) > ($2, $3)
   and not exists (
     select from public.notifications n
     where n.user_id = d.user_id and n.kind = $5 and n.subject_id = d.subject_id and n.occasion = d.occasion
   )
 order by d.user_id, d.subject_id limit $6
"""

SUBSCRIPTION = """
select s.manager_id, s.language, s.time_zone,
       exists (select from public.user_roles r where r.user_id = s.user_id and r.role = 'admin') as is_admin
  from public.report_subscriptions s where s.id = $2 and s.user_id = $1
"""

# What somebody may have sent

COURSE_TO_MENTION = """
with pairs as (
  select distinct a.product_id from public.assignments a
  join public.products p on p.id = a.product_id and p.is_active and p.archived_at is null
  where (a.user_id = $1 or a.manager_id in (
      select t.manager_id from public.manager_assignments t where t.trainee_id = $1
    ))
    and ($2::uuid is null or p.id = $2) and ($3::text is null or p.title = $3)
)
select s.product_id as subject_id, s.due_at
  from (select array_agg($1::uuid) as users, array_agg(product_id) as products from pairs) k,
    callx.course_states(k.users, k.products) s
 where s.status <> 'Completed'
   and case $4 when 'due_soon' then s.due_at > $5 when 'overdue' then s.due_at <= $5 else true end
 order by s.due_at nulls last, s.product_id limit 1
"""

CERTIFICATION_TO_MENTION = """
select c.id as subject_id, c.issued_at, c.expires_at
  from public.certifications c join public.products p on p.id = c.product_id
 where c.user_id = $1 and c.revoked_at is null and (c.expires_at is null or c.expires_at > $4)
   and ($2::uuid is null or p.id = $2) and ($3::text is null or p.title = $3)
   and ($5 <> 'expiring' or c.expires_at <= $4 + make_interval(days => p.certificate_renewal_days))
 order by c.issued_at desc limit 1
"""
