"""Every statement about people's results. The database decides who may ask, and says by a code why not.

The statements of EXPORTS take the same parameters: a person, a product, from when, before when, and how many rows.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from core.db import Tx
from core.errors import Forbidden
from core.refusals import database_refusals

BATCH_ROWS = 500

_PEOPLE = """
    select t.* from callx.exported_people t
    where ($1::uuid is null or t.user_id = $1) and $2::uuid is null
      and ($3::timestamptz is null or t.joined_at >= $3) and ($4::timestamptz is null or t.joined_at < $4)
    order by lower(t.full_name), t.user_id limit $5
"""
_PROGRESS = """
    select t.* from callx.exported_progress($1, $2) t
    where ($3::timestamptz is null or t.last_activity >= $3) and ($4::timestamptz is null or t.last_activity < $4)
    order by lower(t.full_name), t.user_id, lower(t.product_title), t.product_id limit $5
"""
_ATTEMPTS = """
    select t.* from callx.exported_attempts t
    where ($1::uuid is null or t.user_id = $1) and ($2::uuid is null or t.product_id = $2)
      and ($3::timestamptz is null or t.attempted_at >= $3) and ($4::timestamptz is null or t.attempted_at < $4)
    order by t.attempted_at, t.attempt_id limit $5
"""
_QUIZ_ATTEMPTS = """
    select t.* from callx.exported_quiz_attempts t
    where ($1::uuid is null or t.user_id = $1) and ($2::uuid is null or t.product_id = $2)
      and ($3::timestamptz is null or t.attempted_at >= $3) and ($4::timestamptz is null or t.attempted_at < $4)
    order by t.attempted_at, t.attempt_id limit $5
"""
_CERTIFICATES = """
    select t.* from callx.exported_certificates t
    where ($1::uuid is null or t.user_id = $1) and ($2::uuid is null or t.product_id = $2)
      and ($3::timestamptz is null or t.issued_at >= $3) and ($4::timestamptz is null or t.issued_at < $4)
    order by t.issued_at, t.user_id, t.product_id, t.number limit $5
"""
_ASSIGNMENTS = """
    select t.* from callx.exported_assignments t
    where ($1::uuid is null or t.user_id = $1) and ($2::uuid is null or t.product_id = $2)
      and ($3::timestamptz is null or t.assigned_at >= $3) and ($4::timestamptz is null or t.assigned_at < $4)
    order by t.assigned_at, t.assignment_id limit $5
"""
_AUDIT = """
    select e.id, e.at, p.full_name as actor_name, e.actor_role, e.action, e.subject_kind, e.subject_id, e.details,
      e.request_id, e.actor_id, encode(e.hash, 'hex') as hash
    from public.audit_events e left join public.profiles p on p.id = e.actor_id
    where ($1::uuid is null or $1 in (e.actor_id, e.subject_id)) and $2::uuid is null
      and ($3::timestamptz is null or e.at >= $3) and ($4::timestamptz is null or e.at < $4)
    order by e.id limit $5
"""
EXPORTS: Mapping[str, str] = {
    "people": _PEOPLE,
    "progress": _PROGRESS,
    "attempts": _ATTEMPTS,
    "quiz_attempts": _QUIZ_ATTEMPTS,
    "certificates": _CERTIFICATES,
    "assignments": _ASSIGNMENTS,
    "audit": _AUDIT,
}

_ATTEMPTS_TO_COMPARE = """
    select a.id as attempt_id, a.user_id, a.simulation_id, a.call_id, a.attempted_at, a.mode, a.duration_ms,
      a.overall_score, a.passed, a.script_adherence, a.empathy_score, a.call_flow_score, a.reviewed_at, a.machine_score,
      e.judge, e.rubric_hash,
      e.report - 'transcript' as report
    from public.simulation_attempts a left join public.evaluations e on e.attempt_id = a.id
    where a.id = any ($1) order by a.attempted_at, a.id
"""
_GAIN = """
    select count(*) as attempts, max(a.overall_score) as best,
      (array_agg(a.overall_score order by a.attempted_at, a.id))[1] as first
    from public.simulation_attempts a where a.user_id = $1 and a.simulation_id = $2
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rows of a table; times are compared with the column that the table names."""

    user_id: UUID | None = None
    product_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


async def team_scores(
    tx: Tx,
    filters: Filters,
    *,
    manager_id: UUID | None,
    simulation_id: UUID | None,
    sections: int,
    limit: int,
    offset: int,
) -> dict[str, Any]:
    """A TeamScores; without `manager_id` of the caller's own team.

    Raises Forbidden `team_not_yours`, NotFound `product_not_found`, `simulation_not_found` or `manager_not_found`,
    BadRequest `manager_id_needed`.
    """
    with database_refusals():
        scores: dict[str, Any] = await tx.fetchval(
            "select callx.team_scores($1, $2, $3, $4, $5, $6, $7)",
            manager_id,
            filters.product_id,
            simulation_id,
            filters.since,
            sections,
            limit,
            offset,
        )
    return scores


async def person_report(tx: Tx, user_id: UUID, *, attempts: int, judged: int) -> dict[str, Any]:
    """A PersonReport with all criteria instead of strengths. Raises Forbidden `progress_not_yours`, NotFound."""
    with database_refusals():
        report: dict[str, Any] = await tx.fetchval("select callx.person_report($1, $2, $3)", user_id, attempts, judged)
    return report


async def attempts_to_compare(tx: Tx, attempt_ids: Sequence[UUID]) -> list[Any]:
    """Those of the attempts that the caller sees, oldest first, with their reports."""
    return list(await tx.fetch(_ATTEMPTS_TO_COMPARE, attempt_ids))


async def gain(tx: Tx, user_id: UUID, simulation_id: UUID) -> Any:
    """How many attempts there are, the first and the best score."""
    return await tx.fetchrow(_GAIN, user_id, simulation_id)


async def exported_rows(tx: Tx, table: str, filters: Filters, *, limit: int) -> AsyncGenerator[list[Any], None]:
    """The rows in batches, one statement's view of the data. Raises Forbidden `not_admin` for the audit log."""
    values = (filters.user_id, filters.product_id, filters.since, filters.until, limit)
    try:
        cursor = await tx.cursor(EXPORTS[table], *values)
        while rows := await cursor.fetch(BATCH_ROWS):
            yield rows
    except asyncpg.InsufficientPrivilegeError as error:
        raise Forbidden("Only admins export the audit log.", code="not_admin") from error


async def note_export(tx: Tx, table: str, file_format: str, filters: Mapping[str, str], rows: int) -> None:
    """Writes the export into the audit log, if a manager or an admin made it."""
    await tx.execute("select callx.audit_export($1, $2, $3, $4)", table, file_format, dict(filters), rows)
