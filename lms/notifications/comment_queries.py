"""Every statement about telling of comments and reviews. All run as the service."""

_SEES_THE_CALL = """
exists (
  select from public.user_roles r
  where r.user_id = {person} and (r.role = 'admin' or r.role = 'manager' and exists (
    select from public.manager_assignments m where m.manager_id = r.user_id and m.trainee_id = {trainee}
  ))
)
"""

WHOM_TO_TELL = f"""
select distinct w.user_id, c.call_id
  from public.call_comments c
  cross join lateral (
    select c.user_id where c.visibility = 'trainee'
    union
    select t.author_id from public.call_comments t
     where (t.id = c.reply_to or t.reply_to = c.reply_to) and t.deleted_at is null
       and {_SEES_THE_CALL.format(person="t.author_id", trainee="c.user_id")}
  ) w
 where c.id = $1 and c.deleted_at is null and w.user_id is distinct from c.author_id
 order by w.user_id
"""  # noqa: S608 - put together from what stands here

ONE_AFTER_THE_OTHER = """
select pg_advisory_xact_lock(hashtextextended('callx.comments ' || $1::uuid::text || $2::uuid::text, 0))
"""
"""Of two comments at once the second finds the notification of the first."""

IS_TOLD = "select true from callx.told_comments where comment_id = $1 and user_id = $2"

STILL_OPEN = """
select n.id, n.subject_id
  from public.notifications n
 where n.user_id = $1 and n.kind = 'comment' and n.read_at is null and n.created_at > $3
   and exists (
     select from callx.told_comments t join public.call_comments c on c.id = t.comment_id
     where t.notification_id = n.id and c.call_id = $2
   )
 order by n.created_at desc limit 1
"""

TOLD = "insert into callx.told_comments (comment_id, user_id, notification_id) values ($1, $2, $3)"

TOLD_OF = """
select n.id, n.user_id, n.subject_id, not exists (
         select from callx.told_comments o join public.call_comments c on c.id = o.comment_id
         where o.notification_id = n.id and c.deleted_at is null
       ) as is_gone
  from callx.told_comments t join public.notifications n on n.id = t.notification_id
 where t.comment_id = $1 order by n.id for update of n
"""

TAKE_BACK = "delete from public.notifications where id = $1"

WITHOUT_LETTER = """
select n.id, n.user_id, n.subject_id
  from public.notifications n
 where n.kind = 'comment' and n.read_at is null and n.created_at <= $1 and n.created_at > $2
   and exists (select from callx.told_comments t where t.notification_id = n.id and t.letter_at is null)
 order by n.created_at limit $3 for update skip locked
"""

LETTER_WRITTEN = "update callx.told_comments set letter_at = now() where notification_id = $1"

COMMENTS = """
with told as (
  select t.comment_id as id
    from public.notifications n join callx.told_comments t on t.notification_id = n.id
   where n.user_id = $1 and n.kind = 'comment' and n.subject_id = $2
  union
  select $2
)
select c.id, c.call_id, c.author_name, c.body, coalesce(c.at_ms, thread.at_ms) as at_ms, a.title as lesson
  from told join public.call_comments c using (id)
  left join public.call_comments thread on thread.id = c.reply_to
  join public.calls k on k.id = c.call_id
  cross join lateral (
    select coalesce(sc.title, l.title) as title
      from public.simulations s join public.lessons l on l.id = s.lesson_id
      left join public.simulation_scenarios sc on sc.simulation_id = s.id
     where s.id = k.simulation_id
  ) a
 where c.deleted_at is null
 order by c.created_at, c.id
"""

REVIEW = """
select r.reviewer_name, r.reason, r.result, r.call_id, coalesce(sc.title, l.title) as lesson
  from public.reviews r
  join public.calls c on c.id = r.call_id
  join public.simulations s on s.id = c.simulation_id
  join public.lessons l on l.id = s.lesson_id
  left join public.simulation_scenarios sc on sc.simulation_id = s.id
 where r.id = $2 and r.user_id = $1 and r.state = 'published'
"""

REVIEW_TO_DO = f"""
select p.full_name as person, c.id as call_id, coalesce(sc.title, l.title) as lesson, q.reason
  from public.calls c
  join public.profiles p on p.id = c.user_id
  join public.simulations s on s.id = c.simulation_id
  join public.lessons l on l.id = s.lesson_id
  left join public.simulation_scenarios sc on sc.simulation_id = s.id
  left join public.review_requests q on q.call_id = c.id and q.state = 'open'
  left join public.review_claims k on k.call_id = c.id
 where c.id = $2 and c.user_id <> $1
   and case $3 when 'dispute' then q.id is not null else k.claimed_by = $1 end
   and {_SEES_THE_CALL.format(person="$1", trainee="c.user_id")}
"""  # noqa: S608

WHO_REVIEWS = """
select q.call_id, m.manager_id as user_id
  from public.review_requests q
  join public.manager_assignments m on m.trainee_id = q.user_id
  join public.user_roles r on r.user_id = m.manager_id and r.role = 'manager'
 where q.id = $1 and q.state = 'open' order by m.manager_id
"""
"""Without a manager nobody is told: it waits in the queue of the admins."""
