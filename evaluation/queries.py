"""Every statement of the evaluation. All run as the service, except where a person reads."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.db import Tx

CALL = """
select c.id, c.user_id, c.simulation_id, c.mode, c.state, c.answered_at, c.ended_at, c.created_at, c.duration_ms,
       c.end_reason, c.customer_outcome, c.scenario, c.rubric, c.call_script, s.passing_grade,
       coalesce(sc.title, l.title) as title,
       (select jsonb_agg(jsonb_build_array(g.from_ms, g.to_ms) order by g.from_ms)
          from public.call_gaps g where g.call_id = c.id) as gaps
  from public.calls c
  join public.simulations s on s.id = c.simulation_id
  join public.lessons l on l.id = s.lesson_id
  left join public.simulation_scenarios sc on sc.simulation_id = s.id
 where c.id = $1
"""

TURNS = """
select number, speaker, text, heard_text, start_ms, end_ms, cut_off, confidence, network_gap, details
  from public.call_turns where call_id = $1 order by number
"""

MOODS = "select at_ms, mood from public.call_moods where call_id = $1 order by at_ms"

BEGIN = """
insert into public.evaluations (call_id, state, judging_until) values ($1, 'running', $2)
on conflict (call_id) do update set state = 'running', error = null, judging_until = $2
 where evaluations.state in ('queued', 'failed')
    or (evaluations.state = 'running' and coalesce(evaluations.judging_until <= $3, true))
returning id
"""

IS_JUDGED = "select state in ('done', 'not_assessable') from public.evaluations where call_id = $1"

NOT_ASSESSABLE = """
update public.evaluations set state = 'not_assessable', judge = $2, rubric_hash = $3, error = $4, finished_at = $5
 where call_id = $1
"""

FAILED = "update public.evaluations set state = 'failed', error = $2 where call_id = $1 and state = 'running'"

ATTEMPT = """
insert into public.simulation_attempts
  (user_id, simulation_id, overall_score, passed, script_adherence, empathy_score, call_flow_score, transcript,
   attempted_at, call_id, duration_ms, mode)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (call_id) do nothing
returning id
"""

ATTEMPT_OF_CALL = "select id from public.simulation_attempts where call_id = $1"

DONE = """
update public.evaluations
   set state = 'done', judge = $2, rubric_hash = $3, report = $4, attempt_id = $5, finished_at = $6, error = null,
       model = $7, prompt_hash = $8, usage = $9
 where call_id = $1 and state <> 'done'
returning id
"""

KEEP_JUDGEMENT = """
insert into callx.judgements (call_id, judgement) values ($1, $2)
on conflict (call_id) do update set judgement = excluded.judgement
"""

SEEN_BY_PERSON = """
select c.state as call_state, e.state as evaluation_state, e.report, e.error,
       case when q.id is not null then jsonb_build_object(
         'id', q.id, 'reason', q.reason, 'state', q.state, 'created_at', q.created_at, 'answered_at', q.answered_at
       ) end as review_request
  from public.calls c
  left join public.evaluations e on e.call_id = c.id
  left join public.review_requests q on q.call_id = c.id
 where c.id = $1
"""


async def call(tx: Tx, call_id: UUID) -> Any | None:
    """The finished call with its frozen scenario and rubric."""
    return await tx.fetchrow(CALL, call_id)


async def turns(tx: Tx, call_id: UUID) -> list[Any]:
    """The call's turns in the order in which they began."""
    return list(await tx.fetch(TURNS, call_id))


async def moods(tx: Tx, call_id: UUID) -> list[Any]:
    """The customer's mood over the call."""
    return list(await tx.fetch(MOODS, call_id))


async def begin(tx: Tx, call_id: UUID, now: datetime, length: timedelta) -> bool:
    """Takes the evaluation up for so long; False when it is finished, or somebody else is at it."""
    return await tx.fetchval(BEGIN, call_id, now + length, now) is not None


async def is_judged(tx: Tx, call_id: UUID) -> bool:
    """Whether nothing more will come of it."""
    return bool(await tx.fetchval(IS_JUDGED, call_id))


async def seen_by_person(tx: Tx, call_id: UUID) -> Any | None:
    """The evaluation as the person of `tx` may see it; None when the call is not theirs to see."""
    return await tx.fetchrow(SEEN_BY_PERSON, call_id)
