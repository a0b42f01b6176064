"""Every statement about progress. The database decides who may ask, and says by a code why not."""

from typing import Any
from uuid import UUID

from core.db import Tx
from core.refusals import database_refusals


async def user_progress(tx: Tx, product_id: UUID, user_id: UUID) -> dict[str, Any]:
    """A UserProgress. Raises Forbidden `progress_not_yours`, NotFound `product_not_found` or `person_not_found`."""
    with database_refusals():
        progress: dict[str, Any] = await tx.fetchval("select callx.user_progress($1, $2)", product_id, user_id)
    return progress


async def courses(tx: Tx, user_id: UUID) -> dict[str, Any]:
    """A Courses. Raises Forbidden `progress_not_yours`, NotFound `person_not_found`."""
    with database_refusals():
        found: dict[str, Any] = await tx.fetchval("select callx.courses_of($1)", user_id)
    return found


async def team_progress(
    tx: Tx, manager_id: UUID | None, product_id: UUID | None, *, limit: int, offset: int
) -> dict[str, Any]:
    """A TeamProgress; without `manager_id` of the caller's own team.

    Raises Forbidden `team_not_yours`, NotFound `product_not_found` or `manager_not_found`, BadRequest
    `manager_id_needed` when an admin who manages nobody does not say whose team.
    """
    with database_refusals():
        progress: dict[str, Any] = await tx.fetchval(
            "select callx.team_progress($1, $2, $3, $4)", manager_id, product_id, limit, offset
        )
    return progress


async def announce_unlock(tx: Tx, user_id: UUID, lesson_id: UUID) -> UUID | None:
    """Emits ModuleUnlocked for the module that a completion has opened, once; which. `tx` acts as the service."""
    module_id: UUID | None = await tx.fetchval("select callx.announce_unlock($1, $2)", user_id, lesson_id)
    return module_id
