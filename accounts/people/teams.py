"""Roles, teams, and who may sign in: what admins decide about people. `tx` is always the service's."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from asyncpg import RaiseError

from accounts.people import queries as people_queries
from core.db import Tx
from core.errors import Conflict, NotFound


@asynccontextmanager
async def an_admin_stays() -> AsyncIterator[None]:
    """Turns the database's refusal to lose the last active admin into Conflict `last_admin`."""
    try:
        yield
    except RaiseError as error:
        if error.constraint_name != "keep_an_admin":
            raise
        raise Conflict(
            "The last admin stays an admin. Make somebody else an admin first.", code="last_admin"
        ) from error


async def set_roles(tx: Tx, wanted: Mapping[UUID, Collection[str]]) -> None:
    """Gives each of these people exactly these roles. Raises Conflict `last_admin`."""
    async with an_admin_stays():
        await people_queries.replace_roles(tx, wanted)


async def set_managers(tx: Tx, wanted: Mapping[UUID, Collection[UUID]]) -> None:
    """Gives each of these people exactly these managers."""
    await people_queries.replace_managers(tx, wanted)


async def deactivate(tx: Tx, user_id: UUID, now: datetime) -> None:
    """Lets nobody sign in as this person, and ends their logins: the next request of each is refused.

    Raises NotFound `user_not_found` and Conflict `last_admin`. Repeating it changes nothing.
    """
    async with an_admin_stays():
        found = await tx.fetchval(
            "update auth.users set deactivated_at = coalesce(deactivated_at, $2) where id = $1 returning id",
            user_id,
            now,
        )
    _must_be_found(found)


async def reactivate(tx: Tx, user_id: UUID) -> None:
    """Lets a person sign in again; old logins stay ended. Raises NotFound `user_not_found`."""
    _must_be_found(await tx.fetchval("update auth.users set deactivated_at = null where id = $1 returning id", user_id))


async def remove(tx: Tx, user_id: UUID) -> None:
    """Deletes a person with everything that is theirs: calls, results, certificates.

    Raises NotFound `user_not_found` and Conflict `last_admin`.
    """
    async with an_admin_stays():
        found = await tx.fetchval("delete from auth.users where id = $1 returning id", user_id)
    _must_be_found(found)


def _must_be_found(user_id: UUID | None) -> None:
    if user_id is None:
        raise NotFound("There is no such person.", code="user_not_found")
