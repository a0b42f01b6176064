"""A module that a completion has opened is announced once to each person."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest

from core.facts import Fact
from core.identity import Person
from core.jobs import Subscriptions
from lms.progress.jobs import UnlockAnnouncer, subscribe
from tests.support.courses import build_modules, complete
from tests.support.world import World

COMPLETED = "select id, kind, payload, emitted_at from callx.facts where kind = 'LessonCompleted' order by id"
ANNOUNCED = "select payload from callx.facts where kind = 'ModuleUnlocked' order by id"


@pytest.fixture
def announcer(world: World) -> UnlockAnnouncer:
    return UnlockAnnouncer(world.database)


async def follow(world: World, announcer: UnlockAnnouncer, *, times: int = 1) -> None:
    """Runs the job for every completion so far."""
    for row in await world.as_service(COMPLETED):
        for _ in range(times):
            await announcer.lesson_completed(Fact(**row))


async def newest(world: World) -> Fact:
    """The last completion."""
    return Fact(**(await world.as_service(COMPLETED))[-1])


async def announced(world: World) -> list[dict[str, Any]]:
    """What was told."""
    return [row["payload"] for row in await world.as_service(ANNOUNCED)]


async def done(world: World, person: Person, *lesson_ids: UUID) -> None:
    """Completes lessons as the person."""
    async with world.database.acting_as(person) as tx:
        for lesson_id in lesson_ids:
            await complete(tx, person, lesson_id)


async def test_the_last_lesson_of_a_module_announces_the_next_one_once(world: World, announcer: UnlockAnnouncer):
    tess = world.cast.tess
    async with world.database.acting_as_service() as tx:
        _, modules, lessons = await build_modules(tx, [(1, False, 2), (2, True, 0), (5, True, 1), (6, True, 1)])
    await done(world, tess, lessons[0][0])
    await follow(world, announcer)
    assert await announced(world) == []
    await done(world, tess, lessons[0][1])
    await follow(world, announcer, times=3)
    assert await announced(world) == [{"user_id": str(tess.user_id), "module_id": str(modules[2])}]
    await done(world, tess, lessons[2][0])
    await follow(world, announcer)
    assert [fact["module_id"] for fact in await announced(world)] == [str(modules[2]), str(modules[3])]


async def test_two_jobs_at_once_announce_it_once(world: World, announcer: UnlockAnnouncer):
    async with world.database.acting_as_service() as tx:
        _, _, lessons = await build_modules(tx, [(1, False, 2), (2, True, 1)])
    await asyncio.gather(*(done(world, world.cast.tess, lesson_id) for lesson_id in lessons[0]))
    await asyncio.gather(*(follow(world, announcer) for _ in range(3)))
    assert len(await announced(world)) == 1


async def test_a_lesson_that_comes_later_does_not_announce_again(world: World, announcer: UnlockAnnouncer):
    tess = world.cast.tess
    async with world.database.acting_as_service() as tx:
        _, modules, lessons = await build_modules(tx, [(1, False, 1), (2, True, 1)])
    await done(world, tess, lessons[0][0])
    await follow(world, announcer)
    [row] = await world.as_service(
        """insert into public.lessons (module_id, title, lesson_type, order_index) values ($1, 'New', 'text', 9)
           returning id""",
        modules[0],
    )
    await done(world, tess, row["id"])
    await follow(world, announcer)
    assert len(await announced(world)) == 1


async def test_what_was_never_locked_or_is_hidden_is_not_announced(world: World, announcer: UnlockAnnouncer):
    async with world.database.acting_as_service() as tx:
        _, _, open_lessons = await build_modules(tx, [(1, False, 1), (2, False, 1), (3, True, 1)])
        hidden, _, hidden_lessons = await build_modules(tx, [(1, False, 1), (2, True, 1)])
        _, _, last_lessons = await build_modules(tx, [(1, False, 1), (2, True, 0)])
    await done(world, world.cast.tess, open_lessons[0][0], hidden_lessons[0][0], last_lessons[0][0])
    await world.as_service("update public.products set is_active = false where id = $1", hidden)
    await follow(world, announcer)
    assert await announced(world) == []


async def test_managers_are_told_nothing_because_they_are_never_locked_out(world: World, announcer: UnlockAnnouncer):
    async with world.database.acting_as_service() as tx:
        _, _, lessons = await build_modules(tx, [(1, False, 1), (2, True, 1)])
    await done(world, world.cast.mira, lessons[0][0])
    await follow(world, announcer)
    assert await announced(world) == []


async def test_somebody_who_is_gone_by_then_is_told_nothing(world: World, announcer: UnlockAnnouncer):
    async with world.database.acting_as_service() as tx:
        _, _, lessons = await build_modules(tx, [(1, False, 1), (2, True, 1)])
    await done(world, world.cast.tess, lessons[0][0])
    await world.as_service("delete from auth.users where id = $1", world.cast.tess.user_id)
    await follow(world, announcer)
    assert await announced(world) == []


async def test_random_orders_of_completion_announce_each_lock_that_opens(world: World, announcer: UnlockAnnouncer):
    rng, tess = random.Random(5), world.cast.tess
    locks = "select module_id from public.module_locks where is_locked"
    count = 0
    for _ in range(12):
        shape = [(order, rng.random() < 0.75, rng.randint(0, 2)) for order in sorted(rng.sample(range(9), 4))]
        async with world.database.acting_as_service() as tx:
            await tx.execute("update public.products set is_active = false")
            _, modules, lessons = await build_modules(tx, shape)
        filled = {module for module, inside in zip(modules, lessons, strict=True) if inside}
        locked = {row["module_id"] for row in await world.as_person(tess, locks)}
        expected: list[str] = []
        while opened := [
            lesson for module, inside in zip(modules, lessons, strict=True) if module not in locked for lesson in inside
        ]:
            lesson_id = rng.choice(opened)
            for inside in lessons:
                if lesson_id in inside:
                    inside.remove(lesson_id)
            await done(world, tess, lesson_id)
            now_locked = {row["module_id"] for row in await world.as_person(tess, locks)}
            expected += [str(module) for module in modules if module in (locked - now_locked) & filled]
            locked = now_locked
            await announcer.lesson_completed(await newest(world))
        assert [fact["module_id"] for fact in (await announced(world))[count:]] == expected, shape
        count += len(expected)
    assert count > 5


def test_the_job_follows_completions(announcer: UnlockAnnouncer):
    following = Subscriptions()
    subscribe(following, announcer.database)
    assert [subscriber.name for subscriber in following.of("LessonCompleted")] == ["progress.announce-unlock"]
