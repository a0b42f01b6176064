"""Progress of one person, their courses and due dates, as the database computes them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core.identity import Person
from tests.support.courses import attempt, build_course, build_modules, complete, submit
from tests.support.world import World

NOW = datetime.now(UTC)
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)
ASSIGN = "insert into public.assignments (product_id, user_id, due_at) values ($1, $2, $3)"
ASSIGN_TEAM = "insert into public.assignments (product_id, manager_id, due_at) values ($1, $2, $3)"


async def progress(world: World, product_id: UUID, *, of: Person | None = None, by: Person | None = None) -> Any:
    """What get-user-progress answers about `of` (tess) to `by` (whom it is about)."""
    of = of or world.cast.tess
    [row] = await world.as_person(by or of, "select callx.user_progress($1, $2)", product_id, of.user_id)
    return row[0]


async def courses(world: World, person: Person) -> list[Any]:
    """What get-my-courses answers."""
    [row] = await world.as_person(person, "select callx.courses_of($1)", person.user_id)
    return list(row[0]["courses"])


async def test_progress_counts_lessons_and_rounds_down(world: World):
    tess = world.cast.tess
    async with world.database.acting_as_service() as tx:
        product_id, modules, lessons = await build_modules(tx, [(1, False, 3), (5, True, 0), (7, True, 3)])
    for done, percent in ((1, 16), (2, 33), (3, 50), (4, 66), (5, 83), (6, 100)):
        async with world.database.acting_as(tess) as tx:
            await complete(tx, tess, [lesson for module in lessons for lesson in module][done - 1])
        answer = await progress(world, product_id)
        assert (answer["overall_progress"], answer["completed_lessons"]) == (percent, done)
    assert [
        (m["module_id"], m["order_index"], m["progress"], m["completed_lessons"], m["total_lessons"])
        for m in answer["modules"]
    ] == [(str(modules[0]), 1, 100, 3, 3), (str(modules[1]), 5, 0, 0, 0), (str(modules[2]), 7, 100, 3, 3)]


async def test_of_no_lessons_nothing_is_done(world: World):
    async with world.database.acting_as_service() as tx:
        bare, _, _ = await build_modules(tx, [])
        empty, _, _ = await build_modules(tx, [(1, False, 0)])
    for product_id, modules in ((bare, 0), (empty, 1)):
        answer = await progress(world, product_id)
        assert (answer["overall_progress"], answer["total_lessons"], answer["status"]) == (0, 0, "Not started")
        assert len(answer["modules"]) == modules


async def test_a_lock_names_the_module_to_complete_first(world: World):
    tess = world.cast.tess
    async with world.database.acting_as_service() as tx:
        product_id, modules, lessons = await build_modules(
            tx, [(1, False, 1), (2, True, 1), (3, True, 0), (4, True, 1), (6, False, 1), (7, True, 1)]
        )
        await tx.execute("update public.modules set title = 'Module ' || order_index")
    reasons = [module["lock_reason"] for module in (await progress(world, product_id))["modules"]]
    first, fifth = (
        {"kind": "prerequisite", "module_id": str(modules[place]), "title": f"Module {title}"}
        for place, title in ((0, 1), (4, 6))
    )
    assert reasons == [None, first, first, first, None, fifth]
    async with world.database.acting_as(tess) as tx:
        await complete(tx, tess, lessons[0][0])
    answer = await progress(world, product_id)
    assert [module["is_locked"] for module in answer["modules"]] == [False, False, True, True, False, True]
    assert answer["modules"][3]["lock_reason"]["module_id"] == str(modules[1])


async def test_what_is_archived_does_not_count(world: World):
    tess, ada = world.cast.tess, world.cast.ada
    async with world.database.acting_as_service() as tx:
        product_id, modules, lessons = await build_modules(tx, [(1, False, 2), (2, False, 1)])
        await complete(tx, tess, lessons[0][0])
        await complete(tx, tess, lessons[1][0])
    assert (await progress(world, product_id))["overall_progress"] == 66
    await world.as_person(ada, "delete from public.lessons where id = $1", lessons[0][0])
    assert (await progress(world, product_id))["overall_progress"] == 50
    await world.as_person(ada, "delete from public.modules where id = $1", modules[1])
    answer = await progress(world, product_id)
    assert (answer["overall_progress"], answer["total_lessons"], len(answer["modules"])) == (0, 1, 1)
    assert answer["status"] == "In progress", "what was done there has been done"


async def test_a_product_that_is_unknown_or_hidden_is_not_there(world: World):
    async with world.database.acting_as_service() as tx:
        hidden = (await build_course(tx, title="Secret", is_active=False)).product_id
        archived, _, lessons = await build_modules(tx, [(1, False, 1)])
        await complete(tx, world.cast.tess, lessons[0][0])
        await tx.execute("delete from public.products where id = $1", archived)
    for person, unseen in ((world.cast.tess, {hidden, archived}), (world.cast.mira, {hidden, archived})):
        for product_id in {*unseen, UUID(int=1)}:
            with pytest.raises(asyncpg.NoDataFoundError) as caught:
                await progress(world, product_id, of=world.cast.tess, by=person)
            assert caught.value.detail == "product_not_found"
    assert (await progress(world, hidden, by=world.cast.ada, of=world.cast.tess))["total_lessons"] == 4
    with pytest.raises(asyncpg.NoDataFoundError):
        await progress(world, archived, by=world.cast.ada, of=world.cast.tess)


async def test_an_admin_who_asks_about_nobody_is_told_so(world: World):
    with pytest.raises(asyncpg.NoDataFoundError) as caught:
        await progress(world, world.course.product_id, of=Person("authenticated", UUID(int=9)), by=world.cast.ada)
    assert caught.value.detail == "person_not_found"


@pytest.mark.parametrize(
    ("own", "of_team", "expected"),
    [
        ((), (), (None, False)),
        ((TOMORROW,), (), (TOMORROW, True)),
        ((), (YESTERDAY,), (YESTERDAY, True)),
        ((TOMORROW,), (YESTERDAY,), (TOMORROW, True)),
        ((None,), (YESTERDAY,), (None, True)),
        ((), (TOMORROW, YESTERDAY, None), (YESTERDAY, True)),
        ((), (None,), (None, True)),
    ],
)
async def test_the_due_date_is_ones_own_or_the_earliest_of_the_teams(world: World, own, of_team, expected):
    tess, product_id = world.cast.tess, world.course.product_id
    for manager, due_at in zip((world.cast.mira, world.cast.otto, world.cast.ada), of_team, strict=False):
        await world.as_service(
            "insert into public.manager_assignments (trainee_id, manager_id) values ($1, $2) on conflict do nothing",
            tess.user_id,
            manager.user_id,
        )
        await world.as_service(ASSIGN_TEAM, product_id, manager.user_id, due_at)
    for due_at in own:
        await world.as_service(ASSIGN, product_id, tess.user_id, due_at)
    [course] = await courses(world, tess)
    assert (course["due_at"] and datetime.fromisoformat(course["due_at"]), course["is_assigned"]) == expected
    if expected[0] == YESTERDAY:
        assert course["status"] == "Past due"


async def test_the_statuses_follow_what_is_done_and_the_due_date(world: World):
    tess, course = world.cast.tess, world.course
    await world.as_service("update public.quizzes set max_attempts = 2")

    async def status() -> tuple[str, bool]:
        answer = await progress(world, course.product_id)
        return answer["status"], answer["is_late"]

    assert await status() == ("Not started", False)
    async with world.database.acting_as(tess) as tx:
        await submit(tx, tess, course.quiz_id, [])
    assert await status() == ("In progress", False)
    await world.as_service(ASSIGN, course.product_id, tess.user_id, TOMORROW)
    assert await status() == ("In progress", False)
    await world.as_service("update public.assignments set due_at = $1", YESTERDAY)
    assert await status() == ("Past due", False)
    async with world.database.acting_as(tess) as tx:
        await submit(tx, tess, course.quiz_id, [])
    assert await status() == ("Did not pass", False)
    await world.as_service("update public.quizzes set max_attempts = 3")
    assert await status() == ("Past due", False)
    await world.as_service("update public.quizzes set max_attempts = 2, passing_grade = 0")
    async with world.database.acting_as_service() as tx:  # a third one, granted by the service
        await submit(tx, tess, course.quiz_id, [])
        await attempt(tx, tess, course, passed=True)
        await complete(tx, tess, course.text_lesson_id)
        await complete(tx, tess, course.video_lesson_id)
    assert await status() == ("Completed", True)
    await world.as_service("update public.assignments set due_at = $1", TOMORROW)
    assert await status() == ("Completed", False)


async def test_a_certificate_completes_whatever_is_added_later(world: World):
    tess, product_id = world.cast.tess, world.course.product_id
    await world.as_service(
        "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x')",
        tess.user_id,
        product_id,
    )
    answer = await progress(world, product_id)
    assert (answer["status"], answer["overall_progress"]) == ("Completed", 0)
    assert answer["certified_at"] == answer["completed_at"] is not None


@pytest.mark.parametrize(
    ("insert", "target"),
    [
        (
            "insert into public.lesson_completions (user_id, lesson_id, completed_at) values ($1, $2, $3)",
            "text_lesson_id",
        ),
        (
            """insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers, attempted_at)
               values ($1, $2, 0, false, '[]', $3)""",
            "quiz_id",
        ),
        (
            """insert into public.simulation_attempts
                 (user_id, simulation_id, overall_score, passed, transcript, attempted_at)
               values ($1, $2, 0, false, '[]', $3)""",
            "simulation_id",
        ),
        (
            """insert into public.calls (user_id, simulation_id, mode, token_hash, seed, created_at)
               values ($1, $2, 'exam', '', 1, $3)""",
            "simulation_id",
        ),
    ],
    ids=["completion", "quiz", "attempt", "call"],
)
async def test_activity_is_a_completion_an_attempt_or_a_call(world: World, insert: str, target: str):
    assert (await progress(world, world.course.product_id))["last_activity"] is None
    await world.as_service(insert, world.cast.tess.user_id, getattr(world.course, target), YESTERDAY)
    answer = await progress(world, world.course.product_id)
    assert (datetime.fromisoformat(answer["last_activity"]), answer["status"]) == (YESTERDAY, "In progress")


async def test_courses_say_where_to_go_on_and_come_in_the_order_of_urgency(world: World):
    tess = world.cast.tess
    async with world.database.acting_as_service() as tx:
        done, _, [[only]] = await build_modules(tx, [(1, False, 1)], title="Done")
        urgent, modules, lessons = await build_modules(tx, [(1, False, 2), (2, True, 1)], title="Urgent")
        await complete(tx, tess, only)
        await complete(tx, tess, lessons[0][0])
        await tx.execute(ASSIGN, urgent, tess.user_id, TOMORROW)
        await build_course(tx, title="Secret", is_active=False)
    found = await courses(world, tess)
    assert [(course["title"], course["overall_progress"]) for course in found] == [
        ("Urgent", 33),
        ("Billing", 0),
        ("Done", 100),
    ]
    assert found[0]["next_lesson"] == {
        "lesson_id": str(lessons[0][1]),
        "title": "L",
        "lesson_type": "text",
        "module_id": str(modules[0]),
        "module_title": "M",
    }
    assert found[1]["next_lesson"]["lesson_id"] == str(world.course.video_lesson_id)
    assert found[2]["next_lesson"] is None
    assert found[2]["product_id"] == str(done)
    await world.as_service("update public.site_settings set open_enrolment = false")
    assert [course["title"] for course in await courses(world, tess)] == ["Urgent", "Done"]
    assert await courses(world, world.cast.theo) == []
