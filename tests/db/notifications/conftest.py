"""People, a course, and whoever tells them things."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.db import Database
from core.facts import Fact
from core.identity import Person
from core.jobs import Subscriptions
from lms.notifications.jobs import subscribe
from lms.notifications.kinds import Notice
from lms.notifications.notifying import Notifier
from lms.notifications.reminders import Reminders
from tests.clock import FixedClock
from tests.people import Cast
from tests.support.courses import Course, build_course

SITE = "https://callx.example"
FACTS = frozenset(
    {"CallEvaluated", "ModuleUnlocked", "CertificateIssued", "FirstSignIn", "CourseAssigned", "TeamJoined"}
    | {"CallCommented", "CallCommentChanged", "CallReviewed", "CallJudgedAgain", "ReviewRequested", "ReviewAssigned"}
)


@dataclass
class Office:
    """Whoever tells people things, and short ways to look at what they were told."""

    database: Database
    clock: FixedClock
    cast: Cast
    course: Course
    following: Subscriptions

    @property
    def notifier(self) -> Notifier:
        """Tells things."""
        return Notifier(SITE, self.clock)

    def reminders(self, **limits: int) -> Reminders:
        """The hourly chore."""
        return Reminders(self.database, self.notifier, self.clock, **limits)

    async def run(self, sql: str, *values: Any) -> list[Any]:
        """Rows of a statement of the service."""
        async with self.database.acting_as_service() as tx:
            return list(await tx.fetch(sql, *values))

    async def follow_facts(self) -> None:
        """Does what the jobs would do about every fact so far, also about those that were followed before."""
        for row in await self.run("select id, kind, payload, emitted_at from callx.facts order by id"):
            for subscriber in self.following.of(row["kind"]) if row["kind"] in FACTS else ():
                await subscriber.handler(Fact(*row))

    async def tell(self, notice: Notice) -> bool:
        """Tells one thing."""
        async with self.database.acting_as_service() as tx:
            return await self.notifier.tell(tx, notice)

    async def assign(
        self, *, to: Person | None = None, team_of: Person | None = None, due_in: timedelta | None = None
    ) -> datetime | None:
        """Assigns the course; when it is due."""
        due_at = None if due_in is None else self.clock.now() + due_in
        await self.run(
            """insert into public.assignments (product_id, user_id, manager_id, due_at)
               values ($1, $2, $3, $4) returning id""",
            self.course.product_id,
            to and to.user_id,
            team_of and team_of.user_id,
            due_at,
        )
        return due_at

    async def wish(self, person: Person, kind: str, channel: str, enabled: bool = False) -> None:
        """A person chooses what they are told."""
        await self.run(
            """insert into public.notification_preferences (user_id, kind, channel, enabled)
               values ($1, $2, $3, $4) returning kind""",
            person.user_id,
            kind,
            channel,
            enabled,
        )

    async def told(self) -> list[tuple[str, str, str]]:
        """Who was told what, in which words: address, kind and title."""
        rows = await self.run(
            """select split_part(p.email, '@', 1), n.kind, n.title from public.notifications n
               join public.profiles p on p.id = n.user_id order by 1, 2, n.occasion"""
        )
        return [tuple(row) for row in rows]

    async def letters(self) -> list[tuple[str, str]]:
        """To whom letters were queued, and of which kind."""
        rows = await self.run(
            "select split_part(recipient, '@', 1), kind from auth.letters where kind like 'notice%' order by 1, 2"
        )
        return [tuple(row) for row in rows]


@pytest.fixture
async def office(database: Database, cast: Cast, clock: FixedClock) -> Office:
    """Nobody was told anything yet."""
    following = Subscriptions()
    subscribe(following, database, SITE, clock)
    async with database.acting_as_service() as tx:
        course = await build_course(tx)
    return Office(database, clock, cast, course, following)
