"""Holes 3 to 8, 10, 11 and 14 of the specification: results are the server's."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from tests.support.courses import attempt, build_course, complete, record_everything, right_answers, submit
from tests.support.world import World

COMPLETED = "select lesson_id from public.lesson_completions"
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


async def test_hole_03_the_client_grades_itself(world: World):
    async with world.database.acting_as(world.cast.tess) as tx:
        row = await submit(tx, world.cast.tess, world.course.quiz_id, [])
        assert (row["score"], row["passed"], row["answers"]) == (0, False, [])
        later = await tx.fetchrow(
            """insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers, attempted_at)
               values ($1, $2, 100, true, '[{"is_correct": true}]', $3) returning score, attempted_at = now() as now""",
            world.cast.tess.user_id,
            world.course.quiz_id,
            LONG_AGO,
        )
    assert tuple(later) == (0, True)
    assert await world.as_person(world.cast.tess, COMPLETED) == []


async def test_hole_04_a_quiz_can_be_guessed_without_end(world: World):
    tess, quiz_id = world.cast.tess, world.course.quiz_id
    async with world.database.acting_as(tess) as tx:
        row = await submit(tx, tess, quiz_id, [])
    assert row["answers"] == []
    assert "is_correct" not in str(row["questions"])
    await world.as_service("update public.quizzes set max_attempts = 2")
    async with world.database.acting_as(tess) as tx:
        await submit(tx, tess, quiz_id, [])
    for person, left in ((tess, False), (world.cast.theo, True)):
        if left:
            async with world.database.acting_as(person) as tx:
                await submit(tx, person, quiz_id, [])
            continue
        with pytest.raises(asyncpg.RaiseError, match="No attempts are left"):
            async with world.database.acting_as(person) as tx:
                await submit(tx, person, quiz_id, [])
    await world.as_service("update public.quizzes set max_attempts = null, cool_down_minutes = 10")
    with pytest.raises(asyncpg.RaiseError, match="10 minutes after"):
        async with world.database.acting_as(tess) as tx:
            await submit(tx, tess, quiz_id, [])
    await world.as_service("update public.quiz_attempts set attempted_at = now() - interval '11 minutes'")
    async with world.database.acting_as(tess) as tx:
        await submit(tx, tess, quiz_id, [])


async def test_hole_05_anybody_completes_any_lesson(world: World):
    tess, course = world.cast.tess, world.course
    async with world.database.acting_as_service() as tx:
        closed = await build_course(tx, title="Secret", is_active=False)
        answers = await right_answers(tx, course.quiz_id)
    insert = "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)"
    await world.refuses(tess, insert, tess.user_id, closed.text_lesson_id)
    await world.refuses(tess, insert, world.cast.theo.user_id, course.text_lesson_id)
    await world.refuses(tess, insert, tess.user_id, course.quiz_lesson_id, saying="by passing its quiz")
    await world.refuses(tess, insert, tess.user_id, course.simulation_lesson_id, saying="by passing its simulation")
    async with world.database.acting_as(tess) as tx:
        assert await complete(tx, tess, course.text_lesson_id) == 1
        assert (await submit(tx, tess, course.quiz_id, answers))["passed"]
        assert await complete(tx, tess, course.quiz_lesson_id) == 0
    done = {row["lesson_id"] for row in await world.as_person(tess, COMPLETED)}
    assert done == {course.text_lesson_id, course.quiz_lesson_id}


async def test_hole_06_a_completion_is_moved_or_backdated(world: World):
    tess, course = world.cast.tess, world.course
    async with world.database.acting_as(tess) as tx:
        await tx.execute(
            "insert into public.lesson_completions (user_id, lesson_id, completed_at) values ($1, $2, $3)",
            tess.user_id,
            course.text_lesson_id,
            LONG_AGO,
        )
        assert await tx.fetchval("select completed_at = now() from public.lesson_completions")
    for change in (f"lesson_id = '{course.quiz_lesson_id}'", "completed_at = '2001-01-01'"):
        await world.refuses(tess, f"update public.lesson_completions set {change}", saying="stays as it is")
    await world.as_person(tess, "update public.lesson_completions set lesson_id = lesson_id")


async def test_hole_07_results_are_deleted_by_who_achieved_them(world: World):
    async with world.database.acting_as_service() as tx:
        await record_everything(tx, world.cast.tess, world.course)
    for table in ("lesson_completions", "quiz_attempts", "simulation_attempts", "certifications", "calls"):
        for person in (world.cast.tess, world.cast.mira, world.cast.ada):
            await world.refuses(person, f"delete from public.{table}")


async def test_hole_08_the_transcript_is_the_clients(world: World):
    tess = world.cast.tess
    async with world.database.acting_as_service() as tx:
        call_id = await record_everything(tx, tess, world.course)
    await world.refuses(
        tess,
        """insert into public.call_turns (call_id, number, speaker, text, start_ms, end_ms)
           values ($1, 9, 'user', 'I am so sorry!', 1, 2)""",
        call_id,
    )
    await world.refuses(tess, "update public.call_turns set text = 'I am so sorry!'")
    await world.refuses(tess, "update public.evaluations set report = '{}'")


async def test_hole_10_attempts_and_certificates_are_inserted(world: World):
    for person in (world.cast.tess, world.cast.mira, world.cast.ada):
        await world.refuses(
            person,
            """insert into public.simulation_attempts (user_id, simulation_id, overall_score, passed, transcript)
               values ($1, $2, 100, true, '[]')""",
            person.user_id,
            world.course.simulation_id,
        )
        await world.refuses(
            person,
            "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x')",
            person.user_id,
            world.course.product_id,
        )
    async with world.database.acting_as_service() as tx:
        await attempt(tx, world.cast.tess, world.course, passed=True)
    assert len(await world.as_person(world.cast.tess, COMPLETED)) == 1


async def test_hole_11_a_certificate_is_issued_twice_or_by_somebody_else(world: World):
    """What of it the database holds; issuing itself comes with the functions."""
    tess, product_id = world.cast.tess, world.course.product_id
    issue = """insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, $3)
               on conflict (user_id, product_id) do nothing returning id"""
    issued = await asyncio.gather(*(world.as_service(issue, tess.user_id, product_id, str(n)) for n in range(4)))
    assert sum(len(rows) for rows in issued) == 1, "issued at the same moment, it is one certificate"
    for person in (tess, world.cast.mira, world.cast.ada):
        await world.refuses(person, issue, person.user_id, product_id, "x")
        await world.refuses(person, "update public.certifications set certificate_url = 'x'")
    seen = {
        name: len(await world.as_person(person, "select id from public.certifications")) for name, person in world.cast
    }
    assert seen == {"tess": 1, "theo": 0, "mira": 1, "otto": 0, "ada": 1}


async def test_hole_14_progress_is_told_of_anybody(world: World):
    ask = "select * from public.module_progress($1, $2)"
    tess, product_id = world.cast.tess, world.course.product_id
    for person in (tess, world.cast.mira, world.cast.ada):
        [row] = await world.as_person(person, ask, product_id, tess.user_id)
        assert (row["module_id"], row["total_lessons"]) == (world.course.module_id, 4)
    by_functions: tuple[tuple[str, list[object]], ...] = (
        ("select callx.user_progress($2, $1)", [product_id]),
        ("select callx.courses_of($1)", []),
    )
    for person in (world.cast.theo, world.cast.otto, world.edna):
        await world.refuses(person, ask, product_id, tess.user_id, saying="not yours to see")
        for sql, values in by_functions:
            await world.refuses(person, sql, tess.user_id, *values, saying="not yours to see")
    for person in (tess, world.cast.mira, world.cast.ada):
        for sql, values in by_functions:
            [row] = await world.as_person(person, sql, tess.user_id, *values)
            assert row[0]["user_id"] == str(tess.user_id)
