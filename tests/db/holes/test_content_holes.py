"""Holes 1, 2, 21, 22, 23, 31 and 33 of the specification: what may be read of courses."""

import asyncpg
import pytest

from core.identity import ANONYMOUS
from tests.support.courses import build_course, build_modules
from tests.support.world import World

LESSON_TABLES = ("lessons", "lesson_attachments", "quizzes", "quiz_questions", "simulations", "simulation_scenarios")


async def test_hole_01_right_answers_are_readable(world: World):
    for person in (world.cast.tess, world.cast.mira):
        assert len(await world.as_person(person, "select id, answer_text from public.quiz_answers")) == 2
        for sql in (
            "select is_correct from public.quiz_answers",
            "select * from public.quiz_answers",
            "select id from public.quiz_answers where is_correct",
            "select id from public.quiz_answers order by is_correct",
            "select a::text from public.quiz_answers a",
            "select answer_key from public.quiz_attempts",
        ):
            await world.refuses(person, sql)
    assert await world.as_person(world.cast.ada, "select id from public.quiz_answers where is_correct")


async def test_hole_02_the_customers_prompt_is_readable(world: World):
    for person in (world.cast.tess, world.cast.mira):
        for table, column in (
            ("simulations", "ai_system_prompt"),
            ("simulation_scenarios", "script"),
            ("simulation_scenarios", "rubric"),
        ):
            assert await world.as_person(person, f"select 1 from public.{table}")
            await world.refuses(person, f"select {column} from public.{table}")
            await world.refuses(person, f"select 1 from public.{table} where {column} is not null")
    [row] = await world.as_person(world.cast.ada, "select ai_system_prompt from public.simulations")
    assert row["ai_system_prompt"] == "Be angry."


async def test_hole_21_inactive_products_show_their_modules_and_lessons(world: World):
    async with world.database.acting_as_service() as tx:
        closed = await build_course(tx, title="Secret", is_active=False)
    for person in (world.cast.tess, world.cast.mira):
        for table, column in (("products", "id"), ("modules", "product_id")):
            rows = await world.as_person(person, f"select {column} from public.{table}")
            assert [row[column] for row in rows] == [world.course.product_id]
        assert not await world.as_person(person, "select id from public.lessons where id = $1", closed.text_lesson_id)
        for table in LESSON_TABLES:
            seen = await world.as_person(person, f"select created_at from public.{table}")
            assert len(seen) * 2 == len(await world.as_service(f"select created_at from public.{table}")), table
    assert len(await world.as_person(world.cast.ada, "select id from public.modules")) == 2


async def test_hole_22_locked_content_is_readable(world: World):
    async with world.database.acting_as_service() as tx:
        locked = await build_course(tx, title="Locked")
        await tx.execute(
            "update public.modules set order_index = 2, is_prerequisite = true where id = $1", locked.module_id
        )
        before = await tx.fetchval(
            """insert into public.modules (product_id, title, order_index) values ($1, 'Before', 1) returning id""",
            locked.product_id,
        )
        lesson_id = await tx.fetchval(
            """insert into public.lessons (module_id, title, lesson_type, order_index)
               values ($1, 'Before', 'text', 1) returning id""",
            before,
        )
    tess, all_rows = world.cast.tess, {}
    for table in LESSON_TABLES:
        all_rows[table] = len(await world.as_service(f"select created_at from public.{table}"))
    own = {"lessons": 5, "lesson_attachments": 1, "quizzes": 1, "quiz_questions": 1}
    for table in LESSON_TABLES:
        seen = await world.as_person(tess, f"select created_at from public.{table}")
        assert len(seen) == own.get(table, 1), table
        for exempt in (world.cast.mira, world.cast.ada):
            assert len(await world.as_person(exempt, f"select created_at from public.{table}")) == all_rows[table]
    locks = "select is_locked from public.modules m join public.module_locks k on k.module_id = m.id where m.id = $1"
    assert [row["is_locked"] for row in await world.as_person(tess, locks, locked.module_id)] == [True]
    await world.as_person(
        tess, "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)", tess.user_id, lesson_id
    )
    assert len(await world.as_person(tess, "select id from public.lessons")) == all_rows["lessons"]


async def test_hole_23_the_module_before_is_looked_for_by_a_number(world: World):
    async with world.database.acting_as_service() as tx:
        await build_modules(tx, [(4, False, 3)], title="Another product, whose module 4 is not completed")
        _, modules, lessons = await build_modules(tx, [(1, False, 1), (5, True, 1), (6, True, 0), (9, True, 1)])
    rows = "select module_id, is_locked from public.module_locks where module_id = any ($1) order by order_index"
    assert [tuple(row) for row in await world.as_person(world.cast.tess, rows, modules)] == [
        (module_id, number > 0) for number, module_id in enumerate(modules)
    ]
    for completed, locked in ((0, [False, False, True, True]), (1, [False] * 4)):
        await world.as_service(
            "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)",
            world.cast.tess.user_id,
            lessons[completed][0],
        )
        assert [row["is_locked"] for row in await world.as_person(world.cast.tess, rows, modules)] == locked


async def test_hole_31_the_anonymous_key_is_trusted(world: World):
    for table in ("products", "lessons", "profiles", "module_locks", "site_settings"):
        await world.refuses(ANONYMOUS, f"select from public.{table}")
    await world.refuses(ANONYMOUS, "select public.has_role($1, 'admin')", world.cast.ada.user_id)
    await world.refuses(ANONYMOUS, "select public.module_progress($1)", world.course.product_id)


async def test_hole_33_an_error_shows_what_stands_in_other_rows(world: World):
    with pytest.raises(asyncpg.UniqueViolationError) as caught:
        await world.as_person(
            world.cast.ada,
            "insert into public.modules (product_id, title, order_index) values ($1, 'Another', 1)",
            world.course.product_id,
        )
    assert caught.value.detail is None
