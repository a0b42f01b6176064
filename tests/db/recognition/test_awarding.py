"""Badges are awarded once, however often the job runs or dies half-way, and never taken back."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.db import Database
from core.facts import Fact
from core.identity import Person
from core.jobs import Subscriptions, Worker
from core.tasks import Tasks
from lms.recognition.jobs import Awarding, subscribe
from tests.people import assign
from tests.support import recognition
from tests.support.courses import right_answers, submit
from tests.support.world import World

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
ATTEMPT = """
insert into public.simulation_attempts
  (user_id, simulation_id, overall_score, passed, empathy_score, transcript, attempted_at)
values ($1, $2, $3, $4, $5, '[]', $6) returning id
"""
AWARDS = "select user_id, badge, subject_id, earned_at from public.awards order by earned_at, badge"
EARNED = "select payload from callx.facts where kind = 'BadgeEarned' order by id"
CERTIFY = "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x')"


class Died(Exception):
    """The worker was killed."""


class MortalTx:
    """A transaction in which only so many statements are left to live."""

    def __init__(self, tx: Any, left: list[int]) -> None:
        self._tx, self._left = tx, left

    def __getattr__(self, name: str) -> Any:
        async def run(*values: Any) -> Any:
            if self._left[0] == 0:
                raise Died
            self._left[0] -= 1
            return await getattr(self._tx, name)(*values)

        return run


class MortalDatabase:
    """A database whose user is killed after so many statements."""

    def __init__(self, database: Database, statements: int) -> None:
        self._database, self.left = database, [statements]

    @asynccontextmanager
    async def acting_as_service(self) -> AsyncIterator[Any]:
        async with self._database.acting_as_service() as tx:
            yield MortalTx(tx, self.left)


async def attempts(world: World, person: Person, *scores: tuple[int, bool]) -> list[UUID]:
    """Attempts, one each hour, with excellent empathy."""
    async with world.database.acting_as_service() as tx:
        return [
            await tx.fetchval(
                ATTEMPT,
                person.user_id,
                world.course.simulation_id,
                score,
                passed,
                "Excellent",
                START + timedelta(hours=place),
            )
            for place, (score, passed) in enumerate(scores)
        ]


async def turn_on(world: World) -> None:
    async with world.database.acting_as_service() as tx:
        await recognition.turn_on(tx, world.cast.mira)


async def badges(world: World) -> list[str]:
    return [row["badge"] for row in await world.as_service(AWARDS)]


async def told(world: World) -> list[str]:
    return [row["payload"]["badge"] for row in await world.as_service(EARNED)]


async def award(awarding: Awarding, person: Person) -> None:
    assert person.user_id
    await awarding.award(person.user_id)


def fact(payload: dict[str, Any]) -> Fact:
    return Fact(1, "CallEvaluated", payload, START)


async def test_badges_are_awarded_once_with_a_fact_each(world: World):
    tess = world.cast.tess
    await turn_on(world)
    ids = await attempts(world, tess, (40, False), (50, False), (80, True))
    awarding = Awarding(world.database)
    for _ in range(3):
        await awarding.of_attempt(fact({"attempt_id": str(ids[2])}))
        await awarding.of_person(fact({"user_id": str(tess.user_id)}))
    rows = await world.as_service(AWARDS)
    assert [(row["badge"], row["subject_id"]) for row in rows] == [
        ("comeback", ids[2]),
        ("empathy", ids[2]),
        ("great_leap", ids[2]),
    ]
    assert {row["earned_at"] for row in rows} == {START + timedelta(hours=2)}
    assert sorted(await told(world)) == ["comeback", "empathy", "great_leap"]


async def test_two_jobs_at_once_award_once(world: World):
    await turn_on(world)
    await attempts(world, world.cast.tess, (90, True))
    awarding = Awarding(world.database)
    await asyncio.gather(*(award(awarding, world.cast.tess) for _ in range(4)))
    assert await badges(world) == ["right_first_time"] == await told(world)


async def test_a_worker_killed_at_any_statement_awards_once_in_the_end(world: World):
    tess = world.cast.tess
    await turn_on(world)
    ids = await attempts(world, tess, (40, False), (50, False), (80, True))
    deaths = 0
    while True:
        mortal = MortalDatabase(world.database, deaths)
        try:
            await Awarding(mortal).of_attempt(fact({"attempt_id": str(ids[2])}))  # type: ignore[arg-type]
        except Died:
            deaths += 1
            assert (await badges(world), await told(world)) == ([], []), "half an award is none"
        else:
            break
    assert deaths > 6
    await Awarding(world.database).catch_up()
    assert sorted(await badges(world)) == sorted(await told(world)) == ["comeback", "empathy", "great_leap"]


async def test_nothing_is_awarded_where_recognition_is_off(world: World):
    tess, theo = world.cast.tess, world.cast.theo
    for person in (tess, theo):
        await attempts(world, person, (90, True))
    awarding = Awarding(world.database)
    await award(awarding, tess)
    await awarding.catch_up()
    assert await badges(world) == []
    await turn_on(world)
    await world.as_service("update public.site_settings set recognition = false")
    await award(awarding, tess)
    assert await badges(world) == []
    await world.as_service("update public.site_settings set recognition = true")
    await awarding.catch_up()
    assert [row["user_id"] for row in await world.as_service(AWARDS)] == [tess.user_id], "theo's team is another"


async def test_who_lost_the_role_leads_no_team_with_recognition(world: World):
    async with world.database.acting_as_service() as tx:
        await recognition.turn_on(tx, world.edna)
    await attempts(world, world.cast.tess, (90, True))
    await Awarding(world.database).catch_up()
    assert await badges(world) == []


async def test_a_review_that_fails_a_call_takes_no_badge(world: World):
    await turn_on(world)
    [attempt_id] = await attempts(world, world.cast.tess, (90, True))
    awarding = Awarding(world.database)
    await award(awarding, world.cast.tess)
    await world.as_service(
        "update public.simulation_attempts set passed = false, overall_score = 10 where id = $1", attempt_id
    )
    await award(awarding, world.cast.tess)
    await world.as_service("delete from public.simulation_attempts where id = $1", attempt_id)
    await award(awarding, world.cast.tess)
    assert await badges(world) == ["right_first_time"] == await told(world)


async def test_quizzes_and_certificates_earn_badges_too(world: World):
    tess = world.cast.tess
    await turn_on(world)
    async with world.database.acting_as_service() as tx:
        right = await right_answers(tx, world.course.quiz_id)
    async with world.database.acting_as(tess) as tx:
        await submit(tx, tess, world.course.quiz_id, right)
    await world.as_service(CERTIFY, tess.user_id, world.course.product_id)
    await award(Awarding(world.database), tess)
    assert sorted(await badges(world)) == ["first_certified", "full_marks"]


async def test_the_real_worker_awards_what_was_earned_before_it_was_turned_on(world: World, server_dsn: str):
    await attempts(world, world.cast.tess, (90, True))
    following = Subscriptions()
    subscribe(following, world.database)
    worker, tasks = Worker(server_dsn, following), Tasks("test")
    tasks.start(worker.run(), "worker")
    await turn_on(world)
    async with asyncio.timeout(30):
        while not await told(world):  # noqa: ASYNC110 - another process would write it
            await asyncio.sleep(0.05)
    await worker.stop()
    await tasks.close()
    assert await badges(world) == ["right_first_time"] == await told(world)


@pytest.mark.parametrize("hidden", [False, True])
async def test_badges_are_seen_by_the_team_its_manager_and_admins(world: World, hidden: bool):
    tess, theo, mira, otto, ada = (person for _, person in world.cast)
    async with world.database.acting_as_service() as tx:
        await recognition.turn_on(tx, mira)
        await assign(tx, trainee=theo, manager=mira)
        await recognition.award(tx, tess)
        if hidden:
            await tx.execute(
                "insert into public.personal_settings (user_id, off_leaderboards) values ($1, true)", tess.user_id
            )

    async def seers() -> Sequence[str]:
        people = {"tess": tess, "theo": theo, "mira": mira, "otto": otto, "ada": ada, "edna": world.edna}
        return [who for who, person in people.items() if await world.as_person(person, "select from public.awards")]

    assert await seers() == ["tess", *([] if hidden else ["theo"]), "mira", "ada"]
    await world.as_person(mira, "update public.team_settings set recognition = false")
    assert await seers() == []


async def test_managers_decide_about_their_own_team_and_the_log_keeps_it(world: World):
    mira, otto = world.cast.mira, world.cast.otto
    await world.as_person(mira, "insert into public.team_settings (recognition) values (true)")
    await world.refuses(
        otto, "insert into public.team_settings (manager_id, recognition) values ($1, true)", mira.user_id
    )
    await world.refuses(world.cast.tess, "insert into public.team_settings (recognition) values (true)")
    [event] = await world.as_service("select actor_id, action from public.audit_events where action like 'team_set%'")
    assert (event["actor_id"], event["action"]) == (mira.user_id, "team_settings.created")
