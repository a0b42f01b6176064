"""The cast: the same people with the same ids in every test."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from uuid import UUID

from core.db import Tx
from core.identity import Person


def _person(number: int) -> Person:
    user_id = UUID(int=number)
    return Person("authenticated", user_id=user_id, claims={"sub": str(user_id), "role": "authenticated"})


@dataclass(frozen=True)
class Cast:
    """Everybody, as they would act through a token."""

    tess: Person
    """A trainee; mira is her manager."""
    theo: Person
    """A trainee; otto is his manager."""
    mira: Person
    """Manager of tess."""
    otto: Person
    """Manager of theo."""
    ada: Person
    """Admin."""

    def __iter__(self) -> Iterator[tuple[str, Person]]:
        for field in fields(self):
            yield field.name, getattr(self, field.name)


CAST = Cast(tess=_person(0x7E55), theo=_person(0x7E0), mira=_person(0x314A), otto=_person(0x0770), ada=_person(0xADA))
IRIS = _person(0x1215)
"""A second admin, who is hired only where ada loses the role: the last admin keeps it."""
EX_MANAGER = _person(0xE0)
"""Was manager of tess: lost the role, not the assignment."""
_ROLES = {"tess": "trainee", "theo": "trainee", "mira": "manager", "otto": "manager", "ada": "admin"}


async def hire(tx: Tx, name: str, person: Person, role: str = "trainee") -> None:
    """Makes an account `<name>@callx.example` without a password, with exactly this role."""
    await tx.execute(
        """insert into auth.users (id, email, email_confirmed_at, raw_user_meta_data)
           values ($1, $2, now(), jsonb_build_object('full_name', $3::text))""",
        person.user_id,
        f"{name}@callx.example",
        name.title(),
    )
    await tx.execute("update public.user_roles set role = $2 where user_id = $1", person.user_id, role)


async def hire_everybody(tx: Tx) -> Cast:
    """Makes the whole cast with roles and teams; `tx` acts as the service."""
    for name, person in CAST:
        await hire(tx, name, person, _ROLES[name])
    await assign(tx, trainee=CAST.tess, manager=CAST.mira)
    await assign(tx, trainee=CAST.theo, manager=CAST.otto)
    return CAST


async def assign(tx: Tx, *, trainee: Person, manager: Person) -> None:
    """Puts the trainee into the manager's team."""
    await tx.execute(
        "insert into public.manager_assignments (trainee_id, manager_id) values ($1, $2)",
        trainee.user_id,
        manager.user_id,
    )


async def hire_ex_manager(tx: Tx) -> Person:
    """Hires EX_MANAGER beside the cast; `tx` acts as the service."""
    await hire(tx, "edna", EX_MANAGER)
    await assign(tx, trainee=CAST.tess, manager=EX_MANAGER)
    return EX_MANAGER
