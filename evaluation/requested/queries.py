"""Every statement of `evaluate-simulation`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core.db import Tx
from evaluation.requested.transcripts import Line

_NEWEST = """
select c.id, c.state, c.medium,
       coalesce(e.handed_out_at is not null or c.ended_at < $3, false) as is_old
  from public.calls c
  left join public.evaluations e on e.call_id = c.id
 where c.user_id = $1 and c.simulation_id = $2
   and (c.state <> 'ended' or e.state = 'done'
        or exists (select from public.call_turns t where t.call_id = c.id and t.speaker = 'user'))
 order by c.created_at desc limit 1
"""

_REPORT = "select state, report, error, attempt_id from public.evaluations where call_id = $1"

_HAND_OUT = "update public.evaluations set handed_out_at = $2 where call_id = $1 and handed_out_at is null"

_SUBJECT = """
select s.passing_grade, coalesce(sc.title, l.title) as title
  from public.simulations s
  join public.lessons l on l.id = s.lesson_id
  left join public.simulation_scenarios sc on sc.simulation_id = s.id
 where s.id = $1
"""

_KNOWN = """
select id, report from public.unverified_evaluations
 where user_id = $1 and simulation_id = $2 and transcript_hash = $3
"""

_KEEP = """
insert into public.unverified_evaluations
  (user_id, simulation_id, transcript_hash, transcript, report, judge, created_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (user_id, simulation_id, transcript_hash) do nothing
"""


async def newest_call(tx: Tx, person_id: UUID, simulation_id: UUID, old_before: datetime) -> Any | None:
    """The person's newest call of a simulation that runs, or in which they said something.

    It `is_old` when its report was handed out, or it ended before `old_before`.
    """
    return await tx.fetchrow(_NEWEST, person_id, simulation_id, old_before)


async def has_ended(tx: Tx, call_id: UUID) -> bool:
    """Whether a call is over."""
    return bool(await tx.fetchval("select state = 'ended' from public.calls where id = $1", call_id))


async def report_of(tx: Tx, call_id: UUID) -> Any | None:
    """How a call was judged."""
    return await tx.fetchrow(_REPORT, call_id)


async def hand_out(tx: Tx, call_id: UUID, now: datetime) -> None:
    """The trainee gets the report."""
    await tx.execute(_HAND_OUT, call_id, now)


async def subject(tx: Tx, simulation_id: UUID) -> Any:
    """What a report about this simulation is headed by."""
    return await tx.fetchrow(_SUBJECT, simulation_id)


async def unverified(tx: Tx, person_id: UUID, simulation_id: UUID, transcript_hash: str) -> Any | None:
    """What was said before about the same conversation."""
    return await tx.fetchrow(_KNOWN, person_id, simulation_id, transcript_hash)


async def keep_unverified(
    tx: Tx,
    person_id: UUID,
    simulation_id: UUID,
    transcript_hash: str,
    transcript: Sequence[Line],
    report: dict[str, Any],
    now: datetime,
) -> None:
    """Keeps a report apart; one for each conversation."""
    lines = [line.model_dump() for line in transcript]
    judge = f"{report['judge']['kind']}-{report['judge']['version']}"
    await tx.execute(_KEEP, person_id, simulation_id, transcript_hash, lines, report, judge, now)
