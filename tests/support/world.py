"""A small world with people and a course, and short ways to try things in it."""

from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from core.db import Database
from core.identity import Person
from tests.people import Cast
from tests.support.courses import Course


@dataclass(frozen=True)
class World:
    """The test's database and who and what is in it."""

    database: Database
    cast: Cast
    edna: Person
    """Was manager of tess: lost the role, not the assignment."""
    course: Course

    async def as_service(self, sql: str, *values: Any) -> list[Any]:
        """The rows of a statement of the service."""
        async with self.database.acting_as_service() as tx:
            return list(await tx.fetch(sql, *values))

    async def as_person(self, person: Person, sql: str, *values: Any) -> list[Any]:
        """The rows of a statement of a person."""
        async with self.database.acting_as(person) as tx:
            return list(await tx.fetch(sql, *values))

    async def refuses(self, person: Person, sql: str, *values: Any, saying: str | None = None) -> None:
        """Fails unless the person is denied the statement; `saying` is searched in the message."""
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match=saying):
            await self.as_person(person, sql, *values)
