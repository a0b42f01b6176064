"""Every statement of the demo content. All of them need a transaction of the service."""

from uuid import UUID

from core.db import Tx


async def person_by_email(tx: Tx, email: str) -> UUID | None:
    """Who has this (lower-case) address."""
    person_id: UUID | None = await tx.fetchval("select id from auth.users where email = $1", email)
    return person_id


async def assign_manager(tx: Tx, *, trainee_id: UUID, manager_id: UUID) -> None:
    """Puts a trainee into a manager's team, if not there yet."""
    await tx.execute(
        """insert into public.manager_assignments (trainee_id, manager_id) values ($1, $2)
           on conflict (trainee_id, manager_id) do nothing""",
        trainee_id,
        manager_id,
    )


async def has_product(tx: Tx, product_id: UUID, key: str) -> bool:
    """Whether there is a product with this id, archived or not, or one in use with this key."""
    found: bool = await tx.fetchval(
        "select exists (select from public.products where id = $1 or key = $2 and archived_at is null)", product_id, key
    )
    return found
