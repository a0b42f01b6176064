"""Teams with recognition, and badges in them."""

from core.db import Tx
from core.identity import Person


async def turn_on(tx: Tx, *managers: Person) -> None:
    """Allows recognition for the site and turns it on for these teams; `tx` acts as the service."""
    await tx.execute("update public.site_settings set recognition = true")
    for manager in managers:
        await tx.execute(
            """insert into public.team_settings (manager_id, recognition) values ($1, true)
               on conflict (manager_id) do update set recognition = true""",
            manager.user_id,
        )


async def award(tx: Tx, person: Person, badge: str = "first_certified") -> None:
    """Gives a badge; `tx` acts as the service."""
    await tx.execute(
        """insert into public.awards (user_id, badge, subject_kind, subject_id, earned_at)
           values ($1, $2, 'certification', gen_random_uuid(), now())""",
        person.user_id,
        badge,
    )
