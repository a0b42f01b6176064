"""Who gets a team's numbers, how often, in which language, and of whom."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from core.identity import Person
from lms.notifications.kinds import Kind, Notice
from lms.notifications.tellings import telling_of
from lms.notifications.wording import Phrase, Telling
from tests.db.notifications.conftest import Office
from tests.people import Cast
from tests.support.courses import attempt

UTC = ZoneInfo("UTC")
SUBSCRIBE = "insert into public.report_subscriptions (every, manager_id, language, time_zone) values ($1, $2, $3, $4)"


async def subscribe(office: Office, person: Person, every: str, manager: Person | None = None, **said: str) -> UUID:
    """A person wants to know."""
    async with office.database.acting_as(person) as tx:
        subscription_id: UUID = await tx.fetchval(
            f"{SUBSCRIBE} returning id",
            every,
            manager and manager.user_id,
            said.get("language"),
            said.get("time_zone"),
        )
    return subscription_id


async def digests(office: Office, first: datetime, days: int) -> list[tuple[str, str, str]]:
    """Who was told when, and of which kind."""
    office.clock.advance(int((first - office.clock.now()).total_seconds() * 1_000))
    told = []
    for _ in range(24 * days):
        await office.reminders().remind()
        rows = await office.run(
            """select split_part(p.email, '@', 1), n.kind from public.notifications n
               join public.profiles p on p.id = n.user_id
               where n.created_at = $1 and n.kind in ('weekly_digest', 'monthly_digest') order by 1, 2""",
            office.clock.now(),
        )
        told += [(who, kind, f"{office.clock.now():%m-%dT%H}") for who, kind in rows]
        office.clock.advance(3_600_000)
    return told


async def said_to(office: Office, person: Person, kind: Kind, subject_id: UUID) -> Telling | None:
    """What a digest says now."""
    assert person.user_id is not None
    async with office.database.acting_as_service() as tx:
        return await telling_of(tx, Notice(kind, person.user_id, subject_id), office.clock.now())


def figures(telling: Telling | None) -> dict[str, Any]:
    assert telling is not None
    return {name: value for name, value in telling.facts if not isinstance(value, Phrase)}


@pytest.fixture
async def busy(office: Office, cast: Cast) -> Office:
    """Tess and theo have each talked to a customer two weeks ago."""
    await office.assign(team_of=cast.mira, due_in=-timedelta(days=3))
    async with office.database.acting_as_service() as tx:
        await attempt(tx, cast.tess, office.course, passed=True)
        await attempt(tx, cast.theo, office.course, passed=False)
        await tx.execute("update public.simulation_attempts set attempted_at = $1", office.clock.now())
    office.clock.advance(14 * 86_400_000)
    return office


async def test_a_month_comes_on_its_first_day_where_the_subscriber_wants_it(busy: Office, cast: Cast):
    await subscribe(busy, cast.mira, "month", time_zone="America/New_York")
    assert await digests(busy, datetime(2026, 12, 29, tzinfo=UTC), 8) == [("mira", "monthly_digest", "01-01T12")]


async def test_whoever_has_subscribed_to_anything_gets_that_and_no_more(busy: Office, cast: Cast):
    await subscribe(busy, cast.mira, "week")
    await subscribe(busy, cast.mira, "month")
    monday = datetime(2027, 2, 1, tzinfo=UTC)
    assert await digests(busy, monday, 1) == [
        ("mira", "monthly_digest", "02-01T07"),
        ("mira", "weekly_digest", "02-01T07"),
    ]


async def test_admins_get_everybody_or_one_managers_team(busy: Office, cast: Cast):
    all_of_them = await subscribe(busy, cast.ada, "month")
    ottos = await subscribe(busy, cast.ada, "month", cast.otto)
    everybody = await said_to(busy, cast.ada, "monthly_digest", all_of_them)
    assert figures(everybody)["team_calls_month"] == 2
    assert figures(everybody)["team_passed_calls_month"] == 1
    assert figures(everybody)["team_average_month"] == "50 / 100"
    assert figures(everybody)["team_overdue"] == 1
    assert everybody is not None
    assert everybody.path == "/admin/analytics"
    assert figures(await said_to(busy, cast.ada, "monthly_digest", ottos))["team_calls_month"] == 1


async def test_a_week_counts_seven_days(busy: Office, cast: Cast):
    weekly = await subscribe(busy, cast.mira, "week")
    assert figures(await said_to(busy, cast.mira, "weekly_digest", weekly))["team_calls_week"] == 0


async def test_it_is_said_in_the_language_of_the_subscription(busy: Office, cast: Cast):
    await subscribe(busy, cast.mira, "week", language="fr")
    await digests(busy, datetime(2026, 12, 14, tzinfo=UTC), 1)
    assert ("mira", "weekly_digest", "La semaine de votre équipe") in await busy.told()


async def test_whoever_loses_the_right_gets_nothing_any_more(busy: Office, cast: Cast):
    subscription = await subscribe(busy, cast.ada, "week", cast.mira)
    mine = await subscribe(busy, cast.mira, "week")
    await busy.run("update public.user_roles set role = 'trainee' where user_id = $1 returning 1", cast.mira.user_id)
    assert await digests(busy, datetime(2026, 12, 14, tzinfo=UTC), 1) == [("ada", "weekly_digest", "12-14T07")]
    assert mine != subscription


async def test_managers_subscribe_to_their_own_team_and_trainees_to_none(office: Office, cast: Cast):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await subscribe(office, cast.mira, "week", cast.otto)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await subscribe(office, cast.tess, "week")
    await subscribe(office, cast.mira, "week")
    with pytest.raises(asyncpg.UniqueViolationError):
        await subscribe(office, cast.mira, "week")
    with pytest.raises(asyncpg.CheckViolationError):
        await subscribe(office, cast.mira, "month", time_zone="Mars/Olympus")
