"""Drafts: who sees them, by every way there is. Person by record by verb."""

from typing import Any

import asyncpg
import pytest

from core.errors import NotFound
from core.identity import Person
from tests.support.courses import complete, record_everything
from tests.support.world import World
from voice.scenarios import simulation_for

TABLES = (
    "products", "modules", "lessons", "lesson_attachments", "quizzes", "quiz_questions", "quiz_answers", "simulations",
    "simulation_scenarios",
)  # fmt: skip
SEES = """
draft of     products modules lessons lesson_attachments quizzes quiz_questions quiz_answers simulations scenarios
nothing         1        1       4            1             1          1             2           1          1
product         0        0       0            0             0          0             0           0          0
module          1        0       0            0             0          0             0           0          0
lessons         1        1       0            0             0          0             0           0          0
"""
"""How many rows a trainee or a manager sees, by what is a draft. Admins always see what is in the first line."""


def expected(what: str) -> dict[str, int]:
    [line] = [line for line in SEES.strip().splitlines() if line.split()[0] == what]
    return dict(zip(TABLES, map(int, line.split()[1:]), strict=True))


async def seen(world: World, person: Person) -> dict[str, int]:
    return {table: len(await world.as_person(person, f"select 1 from public.{table}")) for table in TABLES}


async def make_draft(world: World, what: str) -> None:
    table = {"product": "products", "module": "modules", "lessons": "lessons"}.get(what)
    if table is not None:
        await world.as_person(world.cast.ada, f"update public.{table} set status = 'draft'")


@pytest.mark.parametrize("what", ["nothing", "product", "module", "lessons"])
async def test_only_admins_see_drafts_and_what_hangs_on_them(world: World, what: str):
    await world.as_service("insert into storage.objects (bucket_id, name, version, metadata) values "
                           "('lesson-videos', 'x.mp4', gen_random_uuid(), '{}'), "
                           "('lesson-attachments', 'x/a.pdf', gen_random_uuid(), '{}')")  # fmt: skip
    await world.as_service("update public.lessons set video_url = 'x.mp4' where lesson_type = 'video'")
    await make_draft(world, what)
    for person in (world.cast.tess, world.cast.theo, world.cast.mira):
        assert await seen(world, person) == expected(what)
        files = await world.as_person(person, "select name from storage.objects")
        assert len(files) == (2 if what == "nothing" else 0)
    assert await seen(world, world.cast.ada) == expected("nothing")
    assert len(await world.as_person(world.cast.ada, "select name from storage.objects")) == 2


@pytest.mark.parametrize("what", ["product", "module", "lessons"])
async def test_nothing_can_be_done_in_them(world: World, what: str):
    await make_draft(world, what)
    tess = world.cast.tess
    for sql, value in (
        (
            "insert into public.lesson_completions (user_id, lesson_id) values (auth.uid(), $1)",
            world.course.text_lesson_id,
        ),
        (
            """insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers)
               values (auth.uid(), $1, 100, true, '[]')""",
            world.course.quiz_id,
        ),
    ):
        with pytest.raises(asyncpg.PostgresError):
            await world.as_person(tess, sql, value)
    with pytest.raises(asyncpg.PostgresError, match="no such quiz"):
        await world.as_person(tess, "select public.start_quiz($1)", world.course.quiz_id)
    with pytest.raises(asyncpg.PostgresError, match="no such quiz"):
        await world.as_person(tess, "select public.quiz_result($1)", world.course.quiz_id)
    assert await world.as_person(tess, "select * from public.search_lessons('Words')") == []
    for caller in (world.cast.tess, world.cast.mira):
        with pytest.raises(NotFound):  # asked by live calls and by typed ones before anything else
            await simulation_for(world.database, caller, world.course.simulation_id)


@pytest.mark.parametrize("what", ["module", "lessons"])
async def test_progress_neither_counts_nor_names_them(world: World, what: str):
    async with world.database.acting_as_service() as tx:
        await complete(tx, world.cast.tess, world.course.text_lesson_id)
    if what == "module":
        await make_draft(world, what)
    else:
        await world.as_person(
            world.cast.ada, "update public.lessons set status = 'draft' where id = $1", world.course.quiz_lesson_id
        )
    [row] = await world.as_person(
        world.cast.tess, "select callx.user_progress($1, auth.uid()) as told", world.course.product_id
    )
    told = row["told"]
    assert told["total_lessons"] == (0 if what == "module" else 3)
    assert told["completed_lessons"] == (0 if what == "module" else 1)
    assert len(told["modules"]) == (0 if what == "module" else 1)
    locks = await world.as_person(world.cast.tess, "select total_lessons from public.module_locks")
    assert [lock["total_lessons"] for lock in locks] == ([] if what == "module" else [3])
    missing = await world.as_service(
        "select lessons from callx.what_is_missing($1, $2)", world.cast.tess.user_id, world.course.product_id
    )
    assert all("Quiz" not in row["lessons"] for row in missing)


async def test_the_specifications_clients_know_nothing_of_drafts(world: World):
    """Section 8 and 3.1: what is inserted is seen, `is_active` is the switch, and whole rows are sent back."""
    ada, tess = world.cast.ada, world.cast.tess
    [product] = await world.as_person(
        ada, "insert into public.products (title) values ('Plain') returning id, is_active, status"
    )
    assert (product["is_active"], product["status"]) == (True, "published")
    await world.as_person(
        ada, "insert into public.modules (product_id, title, order_index) values ($1, 'M', 1)", product["id"]
    )
    assert len(await world.as_person(tess, "select id from public.modules where product_id = $1", product["id"])) == 1
    for active, status in ((False, "draft"), (True, "published"), (None, "draft"), (True, "published")):
        [row] = await world.as_person(
            ada, "update public.products set is_active = $2 where id = $1 returning is_active, status",
            product["id"], active,
        )  # fmt: skip
        assert tuple(row) == (active, status)
        shown = await world.as_person(tess, "select id from public.products where id = $1", product["id"])
        assert len(shown) == (1 if active else 0)
    [hidden] = await world.as_person(
        ada, "insert into public.products (title, is_active) values ('Later', false) returning status"
    )
    assert hidden["status"] == "draft"
    [drafted] = await world.as_person(
        ada, "insert into public.products (title, status) values ('Later', 'draft') returning is_active"
    )
    assert drafted["is_active"] is False
    # A whole row comes back with both words, of which the client changed the one that it knows.
    [row] = await world.as_person(
        ada, "update public.products set is_active = false, status = 'published' where id = $1 returning status",
        product["id"],
    )  # fmt: skip
    assert row["status"] == "draft"


@pytest.mark.parametrize("table", ["products", "modules", "lessons"])
async def test_publishing_goes_by_the_function_that_checks(world: World, table: str):
    await world.as_person(world.cast.ada, f"update public.{table} set status = 'draft'")
    await world.refuses(world.cast.ada, f"update public.{table} set status = 'published'", saying="Use publish_content")
    for person in (world.cast.tess, world.cast.mira):
        await world.refuses(person, f"update public.{table} set status = 'published'")


async def test_results_of_what_is_a_draft_again_are_still_read(world: World):
    async with world.database.acting_as_service() as tx:
        await record_everything(tx, world.cast.tess, world.course)
    before: dict[str, Any] = {}
    tables = ("lesson_completions", "quiz_attempts", "simulation_attempts", "certifications", "calls", "call_turns")
    for person in (world.cast.tess, world.cast.mira):
        for table in tables:
            before[f"{person.user_id} {table}"] = len(await world.as_person(person, f"select 1 from public.{table}"))
    await make_draft(world, "product")
    for person in (world.cast.tess, world.cast.mira):
        for table in tables:
            rows = len(await world.as_person(person, f"select 1 from public.{table}"))
            assert rows == before[f"{person.user_id} {table}"] > 0
