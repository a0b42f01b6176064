"""Reminders of due dates and certificates, and the manager's week: once, at humane hours."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core.identity import Person
from tests.people import assign, hire
from tests.support.courses import build_course, complete

DAY = timedelta(days=1)


def advance(office, by):
    office.clock.advance(int(by.total_seconds() * 1_000))


def at(office, moment):
    advance(office, moment - office.clock.now())


async def remind(office, **limits):
    """What is told in one hour."""
    count = await office.reminders(**limits).remind()
    rows = await office.run(
        """select split_part(p.email, '@', 1), n.kind from public.notifications n
           join public.profiles p on p.id = n.user_id where n.created_at = $1 and n.read_at is null order by 1, 2""",
        office.clock.now(),
    )
    await office.run("update public.notifications set read_at = now() returning id")
    assert count == len(rows)
    return [tuple(row) for row in rows]


async def in_zone(office, person, zone):
    await office.run(
        "insert into public.personal_settings (user_id, time_zone) values ($1, $2) returning user_id",
        person.user_id,
        zone,
    )


async def certify(office, person, *, expires_in, renewal_days=60):
    await office.run(
        "update public.products set certificate_renewal_days = $2 where id = $1 returning id",
        office.course.product_id,
        renewal_days,
    )
    await office.run(
        """insert into public.certifications (user_id, product_id, certificate_url, issued_at, expires_at)
           values ($1, $2, 'x.pdf', $3, $4) returning id""",
        person.user_id,
        office.course.product_id,
        office.clock.now() - 300 * DAY,
        office.clock.now() + expires_in,
    )


async def test_a_due_date_is_told_before_and_after_and_each_once(office, cast):
    await office.assign(to=cast.tess, due_in=5 * DAY)
    told: list[tuple[int, str]] = []
    for hour in range(0, 24 * 20, 4):
        told += [(hour // 24, kind) for name, kind in await remind(office) if name == "tess"]
        advance(office, timedelta(hours=4))
    assert [kind for _, kind in told] == ["due_soon", "overdue"]
    assert [day for day, _ in told] == [2, 5]


async def test_a_due_date_that_moves_is_told_again(office, cast):
    await office.assign(to=cast.tess, due_in=2 * DAY)
    assert await remind(office) == [("tess", "due_soon")]
    assert await remind(office) == []
    await office.run("update public.assignments set due_at = due_at + interval '1 hour' returning id")
    assert await remind(office) == [("tess", "due_soon")]


async def test_ones_own_due_date_goes_before_that_of_the_team(office, cast):
    await office.assign(team_of=cast.mira, due_in=2 * DAY)
    await office.assign(to=cast.tess, due_in=20 * DAY)
    assert await remind(office) == []


async def test_what_is_complete_or_certified_is_not_reminded_of(office, cast):
    await office.assign(team_of=cast.mira, due_in=2 * DAY)
    await certify(office, cast.tess, expires_in=300 * DAY)
    assert await remind(office) == []


async def test_what_was_due_long_ago_is_no_news(office, cast):
    await office.assign(to=cast.tess, due_in=-15 * DAY)
    assert await remind(office) == []


async def test_people_are_reminded_by_day_where_they_are(office, cast):
    await in_zone(office, cast.tess, "Asia/Tokyo")
    await in_zone(office, cast.theo, "America/Los_Angeles")
    for person in (cast.tess, cast.theo):
        await office.assign(to=person, due_in=2 * DAY)
    at(office, datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("UTC")))  # 21:00 and 4:00
    assert await remind(office) == []
    at(office, datetime(2026, 11, 24, 16, 0, tzinfo=ZoneInfo("UTC")))  # 1:00 and 8:00
    assert await remind(office) == [("theo", "due_soon")]
    at(office, datetime(2026, 11, 24, 23, 0, tzinfo=ZoneInfo("UTC")))  # 8:00 and 15:00
    assert await remind(office) == [("tess", "due_soon")]


async def test_a_certificate_is_told_of_in_its_renewal_window_and_when_it_has_expired(office, cast):
    await certify(office, cast.tess, expires_in=40 * DAY, renewal_days=30)
    assert await remind(office) == []
    advance(office, 11 * DAY)
    assert await remind(office) == [("tess", "expiring")]
    assert await remind(office) == []
    advance(office, 30 * DAY)
    assert await remind(office) == [("tess", "expired")]
    assert await remind(office) == []


async def test_many_are_reminded_in_batches_and_the_rest_an_hour_later(office, cast):
    async with office.database.acting_as_service() as tx:
        for number in range(7):
            person = Person("authenticated", user_id=UUID(int=900 + number))
            await hire(tx, f"tom{number}", person)
            await assign(tx, trainee=person, manager=cast.mira)
    await office.assign(team_of=cast.mira, due_in=2 * DAY)
    assert len(await remind(office, batch=2, most_batches=2)) == 4
    assert len(await remind(office, batch=3)) == 4
    assert await remind(office) == []


async def test_one_who_cannot_be_told_keeps_nobody_waiting(office, cast):
    await office.assign(to=cast.tess, due_in=2 * DAY)
    await office.assign(to=cast.theo, due_in=2 * DAY)
    first = min(cast.tess.user_id, cast.theo.user_id)
    await office.run("update auth.users set deactivated_at = now() where id = $1 returning id", first)
    assert len(await remind(office, batch=1)) == 1


@pytest.fixture
async def busy(office, cast):
    """Mira's team: tess is late in one course and has completed another this week."""
    await office.assign(team_of=cast.mira, due_in=-3 * DAY)
    async with office.database.acting_as_service() as tx:
        short = await build_course(tx, title="Short")
        await tx.execute("delete from public.lessons where module_id = $1 and lesson_type <> 'text'", short.module_id)
        await tx.execute(
            "insert into public.assignments (product_id, user_id) values ($1, $2)", short.product_id, cast.tess.user_id
        )
        await complete(tx, cast.tess, short.text_lesson_id)
    return office


async def test_managers_get_their_teams_week_on_monday_morning_where_they_are(busy, cast):
    await in_zone(busy, cast.mira, "America/New_York")
    digests = []
    at(busy, datetime(2026, 11, 28, 0, 0, tzinfo=ZoneInfo("UTC")))
    for _ in range(24 * 9):
        for name, kind in await remind(busy):
            if kind == "weekly_digest":
                digests.append((name, busy.clock.now().astimezone(ZoneInfo("America/New_York")).isoformat()[:13]))
        advance(busy, timedelta(hours=1))
    assert digests == [("mira", "2026-11-30T07")]


async def test_a_week_in_which_nothing_happened_is_not_told(office, cast):
    at(office, datetime(2026, 11, 30, 9, 0, tzinfo=ZoneInfo("UTC")))
    assert await remind(office) == []


async def test_a_manager_who_wants_no_digest_gets_no_letter(busy, cast):
    await busy.wish(cast.mira, "weekly_digest", "email")
    at(busy, datetime(2026, 11, 30, 9, 0, tzinfo=ZoneInfo("UTC")))
    assert ("mira", "weekly_digest") in await remind(busy)
    assert ("mira", "notice_weekly_digest") not in await busy.letters()


async def test_old_notifications_are_forgotten(office, cast):
    await office.assign(to=cast.tess, due_in=2 * DAY)
    await remind(office)
    advance(office, 401 * DAY)
    await office.reminders().remind()
    assert await office.told() == []
