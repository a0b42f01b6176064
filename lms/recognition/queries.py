"""Every statement about recognition. The database decides who may ask."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core.db import Tx
from core.refusals import database_refusals
from lms.recognition.badges import CallFact, CertifiedFact, Earned, History, QuizFact

_IS_RECOGNISED = """
    select exists (
      select from public.manager_assignments a
      join auth.users u on u.id = a.trainee_id and u.deactivated_at is null
      where a.trainee_id = $1 and a.manager_id in (select callx.teams_with_recognition())
    )
"""
_RECOGNISED = """
    select distinct a.trainee_id from public.manager_assignments a
    join auth.users u on u.id = a.trainee_id and u.deactivated_at is null
    where a.manager_id in (select callx.teams_with_recognition())
      and ($1::uuid is null or a.trainee_id > $1)
    order by a.trainee_id limit $2
"""
_CERTIFIED = """
    select c.id, coalesce(min(i.issued_at), c.issued_at) as at
    from public.certifications c left join public.certificate_issues i on i.certification_id = c.id
    where c.user_id = $1 group by c.id
"""
_CALLS = """
    select a.id, a.attempted_at as at, a.simulation_id, a.overall_score as score, a.passed, a.empathy_score as empathy,
      coalesce(jsonb_path_query_array(
        e.report, '$.sections[*].criteria[*] ? (@.severity == "critical_compliance").verdict'
      ), '[]') as compliance
    from public.simulation_attempts a left join public.evaluations e on e.attempt_id = a.id
    where a.user_id = $1 and e.provisional is not true and a.attempted_at is not null
"""
_QUIZZES = """
    select a.id, a.attempted_at as at, a.quiz_id, a.score from public.quiz_attempts a
    where a.user_id = $1 and a.attempted_at is not null
"""
_AWARD = """
    insert into public.awards (user_id, badge, subject_kind, subject_id, earned_at) values ($1, $2, $3, $4, $5)
    on conflict (user_id, badge) do nothing returning id
"""


async def is_recognised(tx: Tx, user_id: UUID) -> bool:
    """Whether somebody is in a team that has recognition. `tx` acts as the service."""
    return bool(await tx.fetchval(_IS_RECOGNISED, user_id))


async def recognised(tx: Tx, after: UUID | None, most: int) -> Sequence[UUID]:
    """The people in teams that have recognition, in the order of their ids. `tx` acts as the service."""
    return [row["trainee_id"] for row in await tx.fetch(_RECOGNISED, after, most)]


async def person_of_attempt(tx: Tx, attempt_id: UUID) -> UUID | None:
    """Whose attempt it is. `tx` acts as the service."""
    found: UUID | None = await tx.fetchval("select user_id from public.simulation_attempts where id = $1", attempt_id)
    return found


async def history(tx: Tx, user_id: UUID) -> History:
    """What somebody has done, as it counts now. `tx` acts as the service."""
    certified = [CertifiedFact(row["id"], row["at"]) for row in await tx.fetch(_CERTIFIED, user_id)]
    calls = [CallFact(**{**row, "compliance": tuple(row["compliance"])}) for row in await tx.fetch(_CALLS, user_id)]
    quizzes = [QuizFact(**row) for row in await tx.fetch(_QUIZZES, user_id)]
    return History(certified, calls, quizzes)


async def award(tx: Tx, user_id: UUID, earned: Earned) -> UUID | None:
    """Gives a badge; its id, or None when the person has it already. `tx` acts as the service."""
    values = (earned.badge, earned.subject_kind, earned.subject_id, earned.at)
    award_id: UUID | None = await tx.fetchval(_AWARD, user_id, *values)
    return award_id


async def my_recognition(tx: Tx, now: datetime) -> dict[str, Any]:
    """The caller's own: teams, days of learning and which day is `now`, badges."""
    found: dict[str, Any] = await tx.fetchval("select callx.my_recognition($1)", now)
    return found


async def improvements(tx: Tx, manager_id: UUID | None, since: datetime, until: datetime) -> dict[str, Any]:
    """A team and what everybody in it has gained. Raises Forbidden `no_recognition`."""
    with database_refusals():
        found: dict[str, Any] = await tx.fetchval("select callx.improvements($1, $2, $3)", manager_id, since, until)
    return found
