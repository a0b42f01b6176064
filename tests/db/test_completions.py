"""Completions as front ends write them: once, twice, at once, and as an upsert."""

import asyncio
from uuid import UUID

from core.identity import Person
from tests.support.courses import attempt, complete
from tests.support.world import World

FACTS = "select payload from callx.facts where kind = 'LessonCompleted'"
INSERT = "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)"
UPSERT = """insert into public.lesson_completions (user_id, lesson_id, completed_at) values ($1, $2, now())
            on conflict (user_id, lesson_id) do update
            set user_id = excluded.user_id, lesson_id = excluded.lesson_id, completed_at = excluded.completed_at"""


async def _complete(world: World, person: Person, lesson_id: UUID) -> int:
    async with world.database.acting_as(person) as tx:
        return await complete(tx, person, lesson_id)


async def test_what_is_watched_or_read_is_completed_by_oneself(world: World):
    for lesson_id in (world.course.video_lesson_id, world.course.text_lesson_id):
        assert await _complete(world, world.cast.tess, lesson_id) == 1
    assert len(await world.as_service(FACTS)) == 2


async def test_a_repeated_completion_does_nothing(world: World):
    tess, lesson_id = world.cast.tess, world.course.text_lesson_id
    rows = "select id, completed_at from public.lesson_completions"
    assert await _complete(world, tess, lesson_id) == 1
    before = await world.as_person(tess, rows)
    assert await _complete(world, tess, lesson_id) == 1
    ignoring = UPSERT[: UPSERT.index("do update")] + "do nothing"
    for again in (INSERT, UPSERT, ignoring):
        returned = await world.as_person(tess, f"{again} returning id, completed_at", tess.user_id, lesson_id)
        assert returned == before, "front ends that ask for the row get the one that was there"
    assert await world.as_person(tess, rows) == before
    assert len(await world.as_service(FACTS)) == 1


async def test_a_repetition_of_what_is_hidden_by_now_does_nothing(world: World):
    tess, lesson_id = world.cast.tess, world.course.text_lesson_id
    await _complete(world, tess, lesson_id)
    await world.as_service("update public.products set is_active = false")
    assert await world.as_person(tess, f"{INSERT} returning id", tess.user_id, lesson_id) == []
    assert len(await world.as_service("select from public.lesson_completions")) == 1


async def test_the_same_lesson_twice_in_one_request_is_one_completion(world: World):
    tess, lesson_id = world.cast.tess, world.course.text_lesson_id
    twice = "insert into public.lesson_completions (user_id, lesson_id) select $1, $2 from generate_series(1, 2)"
    await world.as_person(tess, twice, tess.user_id, lesson_id)
    assert len(await world.as_person(tess, "select from public.lesson_completions")) == 1
    assert len(await world.as_service(FACTS)) == 1


async def test_nobody_takes_a_completion_out_by_what_puts_it_back(world: World):
    tess, lesson_id = world.cast.tess, world.course.text_lesson_id
    await _complete(world, tess, lesson_id)
    for person in (tess, world.cast.ada):
        await world.refuses(person, "select callx.put_back_completion($1, $2)", tess.user_id, lesson_id)
    assert len(await world.as_service("select from public.lesson_completions")) == 1


async def test_an_upsert_completes_as_an_insert_does(world: World):
    tess = world.cast.tess
    await world.as_person(tess, UPSERT, tess.user_id, world.course.text_lesson_id)
    assert len(await world.as_person(tess, "select from public.lesson_completions")) == 1
    await world.refuses(tess, UPSERT, tess.user_id, world.course.quiz_lesson_id, saying="by passing its quiz")
    await world.refuses(tess, UPSERT, world.cast.theo.user_id, world.course.text_lesson_id)


async def test_completions_at_once_are_one(world: World):
    lesson_id = world.course.text_lesson_id
    rows = await asyncio.gather(*(_complete(world, world.cast.tess, lesson_id) for _ in range(4)))
    assert rows == [1, 1, 1, 1]
    assert len(await world.as_service("select from public.lesson_completions")) == 1
    assert len(await world.as_service(FACTS)) == 1


async def test_whether_somebody_else_has_completed_cannot_be_found_out(world: World):
    insert = "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)"
    lesson_id = world.course.text_lesson_id
    await world.refuses(world.cast.tess, insert, world.cast.theo.user_id, lesson_id)
    await _complete(world, world.cast.theo, lesson_id)
    await world.refuses(world.cast.tess, insert, world.cast.theo.user_id, lesson_id)


async def test_a_passed_call_completes_its_lesson_and_a_failed_one_does_not(world: World):
    tess, lesson_id = world.cast.tess, world.course.simulation_lesson_id
    for passed, completed in ((False, 0), (True, 1), (True, 1)):
        async with world.database.acting_as_service() as tx:
            await attempt(tx, tess, world.course, passed=passed)
        assert len(await world.as_service(FACTS)) == completed
    assert await _complete(world, tess, lesson_id) == 1
    assert len(await world.as_service(FACTS)) == 1


async def test_the_service_needs_a_pass_too(world: World):
    await world.refuses(
        Person("service"),
        "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)",
        world.cast.tess.user_id,
        world.course.quiz_lesson_id,
        saying="by passing its quiz",
    )
