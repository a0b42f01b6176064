"""Somebody who issues certificates, with a printer that is quick and counts."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from core.blobs import Blobs
from core.db import Database
from core.identity import Person
from core.secrets import Secrets
from lms.certification.badges.making import Badges
from lms.certification.certificate import Certificate
from lms.certification.issuing import Issuer
from lms.certification.jobs import Certifying
from lms.certification.press import Terms
from lms.certification.reissuing import Reissuer
from tests.clock import FixedClock
from tests.support.courses import attempt, complete, right_answers, submit
from tests.support.world import World

SECRETS = Secrets("a master secret that is long enough for a test")
TERMS = Terms("Harbour Telecom", "a4", "https://callx.example/verify/")


@dataclass
class Press:
    """Prints the name; remembers what it printed."""

    printed: list[Certificate] = field(default_factory=list)
    backgrounds: list[bytes | None] = field(default_factory=list)

    def __call__(self, certificate: Certificate, background: bytes | None) -> bytes:
        self.printed.append(certificate)
        self.backgrounds.append(background)
        return f"%PDF {certificate.holder_name} {certificate.code} {certificate.issuer} {background!r}".encode()


@dataclass(frozen=True)
class Office:
    """The world, and all that certification needs."""

    world: World
    database: Database
    blobs: Blobs
    clock: FixedClock
    press: Press
    issuer: Issuer

    @property
    def certifying(self) -> Certifying:
        """The jobs."""
        return Certifying(self.database, self.issuer, self.badges, self.reissuer)

    @property
    def reissuer(self) -> Reissuer:
        """Who prints and issues many anew."""
        return Reissuer(self.database, self.clock, self.issuer.press)

    @property
    def badges(self) -> Badges:
        """Who makes badges."""
        return Badges(self.database, SECRETS, self.clock, "https://callx.example")

    def another_server(self, terms: Terms = TERMS) -> Issuer:
        """Shares nothing with the first but database and object store."""
        return Issuer(self.database, self.blobs, self.clock, self.press, terms)

    async def finish(self, person: Person) -> UUID:
        """Lets somebody complete the world's course; the id of the product."""
        course = self.world.course
        async with self.database.acting_as_service() as tx:
            answers = await right_answers(tx, course.quiz_id)
        async with self.database.acting_as(person) as tx:
            await complete(tx, person, course.video_lesson_id)
            await complete(tx, person, course.text_lesson_id)
            await submit(tx, person, course.quiz_id, answers)
        async with self.database.acting_as_service() as tx:
            await attempt(tx, person, course, passed=True)
        return course.product_id

    async def rows(self, sql: str, *values: Any) -> list[Any]:
        """The rows of a statement of the service."""
        return await self.world.as_service(sql, *values)

    async def counts(self) -> dict[str, int]:
        """How many there are of everything that must be there once."""
        counted = {
            "certifications": "select count(*) from public.certifications",
            "issues": "select count(*) from public.certificate_issues",
            "objects": "select count(*) from storage.objects where bucket_id = 'certificates'",
            "facts": "select count(*) from callx.facts where kind = 'CertificateIssued'",
        }
        return {name: (await self.rows(sql))[0]["count"] for name, sql in counted.items()}

    async def blob_keys(self) -> set[str]:
        """What lies in the object store."""
        return {blob.key async for blob in self.blobs.list_below("objects")}


ONCE = {"certifications": 1, "issues": 1, "objects": 1, "facts": 1}
NEVER = dict.fromkeys(ONCE, 0)


@pytest.fixture
async def office(world: World, clock: FixedClock) -> Office:
    """Nobody has a certificate yet."""
    blobs, press = Blobs.open("memory://"), Press()
    return Office(world, world.database, blobs, clock, press, Issuer(world.database, blobs, clock, press, TERMS))
