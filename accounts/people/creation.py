"""Making people."""

from collections.abc import Collection
from uuid import UUID

from accounts.account.addresses import normalised_email
from accounts.people import queries
from accounts.people.roles import ROLES
from core.db import Tx
from core.errors import Conflict


async def create_person(
    tx: Tx, email: str, password_hash: str | None, full_name: str, roles: Collection[str] = ("trainee",)
) -> UUID:
    """A new person with exactly these roles, who may sign in at once; `tx` is the service's.

    `password_hash` comes from `Passwords.hash`. Raises Conflict `user_already_exists` when the address is taken.
    """
    if not roles or not set(roles) <= set(ROLES):
        raise ValueError(f"Roles are some of {', '.join(ROLES)}.")
    user_id = await queries.insert_person(tx, normalised_email(email), password_hash, full_name)
    if user_id is None:
        raise Conflict("Somebody with this e-mail address exists already.", code="user_already_exists")
    await queries.replace_roles(tx, {user_id: roles})
    return user_id
