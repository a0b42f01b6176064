"""The three people that a demonstration is shown with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from accounts.people.creation import create_person
from core.db import Tx
from lms import queries


@dataclass(frozen=True, slots=True)
class DemoPeople:
    """Their ids."""

    trainee: UUID
    manager: UUID
    admin: UUID


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Who they are, before they exist."""

    role: str
    full_name: str

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.role}@callx.example"


DEMO_PEOPLE = (
    DemoPerson("trainee", "Tessa Lindqvist"),
    DemoPerson("manager", "Miriam Okafor"),
    DemoPerson("admin", "Adam Novak"),
)
DEMO_PASSWORD = "callx-demo"  # noqa: S105 - printed at the start; refused on hosts that are not loopback


async def seed_people(
    tx: Tx, hash_password: Callable[[str], Awaitable[str]], passwords: Mapping[str, str] | None = None
) -> DemoPeople:
    """The demo people, made if they are missing; `tx` is the service's.

    `passwords` maps roles to passwords, `callx-demo` where none is given. Whoever exists already keeps name, roles and
    password.
    """
    ids: dict[str, UUID] = {}
    for person in DEMO_PEOPLE:
        existing = await queries.person_by_email(tx, person.email)
        if existing is None:
            password = (passwords or {}).get(person.role, DEMO_PASSWORD)
            existing = await create_person(
                tx, person.email, await hash_password(password), person.full_name, (person.role,)
            )
        ids[person.role] = existing
    people = DemoPeople(trainee=ids["trainee"], manager=ids["manager"], admin=ids["admin"])
    await queries.assign_manager(tx, trainee_id=people.trainee, manager_id=people.manager)
    return people
