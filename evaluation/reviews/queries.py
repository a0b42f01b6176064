"""Every statement about reviews. All run as the service, except MAY_REVIEW."""

MAY_REVIEW = "select callx.may_review(c.user_id) from public.calls c where c.id = $1"
"""Run as whoever asks; no row when the call is not theirs to see."""

JUDGED = """
select e.state, e.report, e.review_id, e.finished_at, e.judge, e.model, e.attempt_id, e.judged_times, j.judgement
  from public.evaluations e left join callx.judgements j on j.call_id = e.call_id
 where e.call_id = $1
   for update of e
"""
"""Whoever changes a report holds its row: of two that publish, the second sees what the first did."""

REPORT_OF_JUDGE = """
select report from public.evaluation_versions where call_id = $1 and source = 'judge' order by number desc limit 1
"""

REVIEWER = "select full_name from public.profiles where id = $1"

DRAFT = "select id, based_on from public.reviews where call_id = $1 and reviewer_id = $2 and state = 'draft'"

BEGIN_DRAFT = """
insert into public.reviews (call_id, user_id, reviewer_id, reviewer_name, based_on, created_at)
values ($1, $2, $3, $4, $5, $6) returning id
"""

KEEP_DRAFT = "update public.reviews set reason = $2, overrides = $3, settles = $4, based_on = $5 where id = $1"

PUBLISH = """
update public.reviews
   set state = 'published', decision = $2, result = $3, certificate_stands = $4, published_at = $5, reviewer_name = $6
 where id = $1
"""

KEEP_VERSION = """
insert into public.evaluation_versions (call_id, number, source, judge, model, report, review_id, made_at, replaced_at)
select e.call_id, coalesce(max(v.number), 0) + 1, case when e.review_id is null then 'judge' else 'review' end,
       e.judge, e.model, e.report, e.review_id, coalesce(r.published_at, e.finished_at, e.created_at), $2
  from public.evaluations e
  left join public.evaluation_versions v on v.call_id = e.call_id
  left join public.reviews r on r.id = e.review_id
 where e.call_id = $1
 group by e.id, r.id
"""

REPLACE_REPORT = "update public.evaluations set report = $2, review_id = $3 where call_id = $1"

CHANGE_ATTEMPT = """
update public.simulation_attempts
   set overall_score = $2, passed = $3, script_adherence = $4, empathy_score = $5, call_flow_score = $6,
       transcript = $7, reviewed_at = $8, reviewed_by = $9,
       machine_score = coalesce(machine_score, overall_score), machine_passed = coalesce(machine_passed, passed)
 where id = $1
"""

CERTIFICATE_STANDS = """
select callx.certificate_of_lesson(a.user_id, s.lesson_id) is not null
       and not exists (
         select from public.simulation_attempts o
          where o.user_id = a.user_id and o.simulation_id = a.simulation_id and o.passed
       )
  from public.simulation_attempts a join public.simulations s on s.id = a.simulation_id
 where a.id = $1
"""

ANSWER = """
update public.review_requests set state = 'answered', review_id = $2, answered_at = $3
 where call_id = $1 and state = 'open'
"""

END_CLAIM = "delete from public.review_claims where call_id = $1"

# What rules judged while the model was away

TO_JUDGE_AGAIN = """
select e.call_id
  from public.evaluations e
 where e.state = 'done' and e.provisional and e.review_id is null and e.judged_times < $2
   and e.finished_at > $1::timestamptz - interval '7 days'
   and e.finished_at <= $1::timestamptz - interval '10 minutes' * power(4, e.judged_times - 1)
   and e.report -> 'judge' ? 'stood_in'
   and (e.report -> 'judge' ->> 'stood_in' <> 'limit_reached'
        or e.finished_at < date_trunc('day', $1::timestamptz at time zone 'UTC') at time zone 'UTC')
   and not exists (select from public.review_claims k where k.call_id = e.call_id)
   and not exists (select from public.reviews r where r.call_id = e.call_id)
 order by e.finished_at limit $3
"""

TRIED_IN_VAIN = """
update public.evaluations set judged_times = judged_times + 1 where call_id = $1 and review_id is null
"""

JUDGED_AGAIN = """
update public.evaluations
   set report = $2, judge = $3, rubric_hash = $4, model = $5, prompt_hash = $6, usage = $7, finished_at = $8,
       judged_times = judged_times + 1
 where call_id = $1
"""

CORRECT_ATTEMPT = """
update public.simulation_attempts
   set overall_score = $2, passed = $3, script_adherence = $4, empathy_score = $5, call_flow_score = $6, transcript = $7
 where id = $1
"""
