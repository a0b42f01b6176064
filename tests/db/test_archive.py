"""Deleting content: what nobody has results in goes, the rest is archived with its results."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from core.identity import Person
from tests.support.courses import complete, record_everything, submit
from tests.support.world import World

RESULTS = ("lesson_completions", "quiz_attempts", "simulation_attempts", "certifications", "calls", "call_turns")
CONTENT = ("products", "modules", "lessons", "quizzes", "quiz_questions", "quiz_answers", "simulations")


async def _count(world: World, person: Person, tables: tuple[str, ...]) -> dict[str, int]:
    return {table: len(await world.as_person(person, f"select from public.{table}")) for table in tables}


@pytest.fixture
async def results(world: World) -> dict[str, int]:
    """Everything that tess has left in the course, counted."""
    async with world.database.acting_as_service() as tx:
        await record_everything(tx, world.cast.tess, world.course)
    return await _count(world, Person("service"), RESULTS)


@pytest.mark.parametrize("deleter", ["admin", "service"])
@pytest.mark.parametrize("table", ["products", "modules", "lessons"])
async def test_content_with_results_becomes_invisible_and_the_results_stay(
    world: World, results: dict[str, int], table: str, deleter: str
):
    person = world.cast.ada if deleter == "admin" else Person("service")
    await world.as_person(person, f"delete from public.{table}")
    assert await _count(world, Person("service"), RESULTS) == results
    assert await _count(world, world.cast.mira, RESULTS) == results
    for reader in (world.cast.tess, world.cast.mira, world.cast.ada):
        seen = await _count(world, reader, CONTENT)
        gone = CONTENT if table == "products" else CONTENT[1:] if table == "modules" else CONTENT[2:]
        assert all(rows == 0 for name, rows in seen.items() if name in gone), seen


async def test_content_without_results_is_deleted_with_all_that_hangs_on_it(world: World):
    await world.as_person(world.cast.ada, "delete from public.products")
    assert set((await _count(world, Person("service"), CONTENT)).values()) == {0}


async def test_only_what_has_results_of_a_deleted_set_is_kept(world: World):
    async with world.database.acting_as_service() as tx:
        await complete(tx, world.cast.tess, world.course.text_lesson_id)
    deleted = await world.as_person(world.cast.ada, "delete from public.lessons returning id")
    assert len(deleted) == 3
    kept = await world.as_service("select id, order_index, archived_at is not null as gone from public.lessons")
    assert [tuple(row) for row in kept] == [(world.course.text_lesson_id, -1_000_001, True)]


async def test_its_place_in_the_order_is_free(world: World, results: dict[str, int]):
    ada, insert = world.cast.ada, "insert into public.lessons (module_id, title, lesson_type, order_index)"
    for _ in range(2):
        await world.as_person(ada, "delete from public.lessons where order_index = 2")
        [row] = await world.as_person(
            ada, f"{insert} values ($1, 'New', 'text', 2) returning id", world.course.module_id
        )
        async with world.database.acting_as_service() as tx:
            await complete(tx, world.cast.tess, row["id"])
    assert len(await world.as_person(world.cast.tess, "select id from public.lessons")) == 4


async def test_front_ends_still_swap_by_way_of_minus_one(world: World, results: dict[str, int]):
    ada = world.cast.ada
    await world.as_person(ada, "delete from public.lessons where order_index = 4")
    async with world.database.acting_as(ada) as tx:
        for old, new in ((1, -1), (2, 1), (-1, 2)):
            await tx.execute("update public.lessons set order_index = $2 where order_index = $1", old, new)


@pytest.mark.parametrize("table", ["lessons", "modules", "products"])
async def test_content_that_gets_a_result_while_it_is_deleted_stays(world: World, table: str):
    """A lesson's deletion waits and then archives; that of what it is in has looked already, and fails as a whole."""
    async with asyncio.TaskGroup() as group, world.database.acting_as(world.cast.tess) as tx:
        await complete(tx, world.cast.tess, world.course.text_lesson_id)
        deletion = group.create_task(_delete(world, table))
        while not await tx.fetchval("select count(*) from pg_catalog.pg_locks where not granted"):  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert deletion.result() == ("archived" if table == "lessons" else "refused")
    assert len(await world.as_service("select id from public.lesson_completions")) == 1
    orphans = "select id from public.lessons l where not exists (select from public.modules m where m.id = l.module_id)"
    assert await world.as_service(orphans) == []
    assert len(await world.as_person(world.cast.ada, "select id from public.modules")) == 1


async def _delete(world: World, table: str) -> str:
    id_ = {
        "lessons": world.course.text_lesson_id,
        "modules": world.course.module_id,
        "products": world.course.product_id,
    }
    try:
        rows = await world.as_person(
            world.cast.ada, f"delete from public.{table} where id = $1 returning id", id_[table]
        )
    except asyncpg.ForeignKeyViolationError:
        return "refused"
    return "deleted" if rows else "archived"


@pytest.mark.parametrize("table", ["quizzes", "simulations"])
async def test_a_lesson_can_get_another_quiz_or_simulation(world: World, results: dict[str, int], table: str):
    lesson_id = {"quizzes": world.course.quiz_lesson_id, "simulations": world.course.simulation_lesson_id}[table]
    ada = world.cast.ada
    await world.as_person(ada, f"delete from public.{table}")
    for person in (world.cast.tess, ada):
        assert await world.as_person(person, f"select id from public.{table}") == []
    columns = {
        "quizzes": "(lesson_id, passing_grade) values ($1, 50)",
        "simulations": "(lesson_id, scenario_description, ai_system_prompt, passing_grade) values ($1, 'a', 'b', 50)",
    }[table]
    await world.as_person(ada, f"insert into public.{table} {columns}", lesson_id)
    assert len(await world.as_person(world.cast.tess, f"select id from public.{table}")) == 1
    assert len(await world.as_person(world.cast.tess, "select id from public.lessons")) == 4
    assert await _count(world, Person("service"), RESULTS) == results


async def test_an_archived_quiz_can_no_longer_be_attempted(world: World, results: dict[str, int]):
    await world.as_person(world.cast.ada, "delete from public.quizzes")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.database.acting_as(world.cast.tess) as tx:
            await submit(tx, world.cast.tess, world.course.quiz_id, [])


async def test_deleting_again_changes_nothing(world: World, results: dict[str, int]):
    rows = "select id, archived_at, order_index from public.modules"
    await world.as_service("delete from public.modules")
    before = await world.as_service(rows)
    await world.as_service("delete from public.modules")
    assert await world.as_service(rows) == before


@pytest.mark.parametrize("kind", ["product", "module", "lesson"])
async def test_an_admin_brings_back_what_was_archived(world: World, results: dict[str, int], kind: str):
    ada, before = world.cast.ada, await _count(world, world.cast.ada, CONTENT)
    ids = {
        "product": world.course.product_id,
        "module": world.course.module_id,
        "lesson": world.course.text_lesson_id,
    }
    await world.as_person(ada, f"delete from public.{kind}s where id = $1", ids[kind])
    [archived] = await world.as_person(ada, "select kind, id, title from public.archived_content()")
    assert (archived["kind"], archived["id"]) == (kind, ids[kind])
    for person in (world.cast.tess, world.cast.mira):
        await world.refuses(person, "select public.restore_archived($1)", ids[kind])
        await world.refuses(person, "select public.archived_content()")
    await world.as_person(ada, "select public.restore_archived($1)", ids[kind])
    assert await _count(world, ada, CONTENT) == before
    for unknown in (ids[kind], UUID(int=1)):
        with pytest.raises(asyncpg.PostgresError, match="Nothing archived"):
            await world.as_person(ada, "select public.restore_archived($1)", unknown)


async def test_what_was_archived_before_its_module_stays_archived_when_that_comes_back(world: World):
    ada = world.cast.ada
    async with world.database.acting_as_service() as tx:
        for lesson_id in (world.course.text_lesson_id, world.course.video_lesson_id):
            await complete(tx, world.cast.tess, lesson_id)
    await world.as_person(ada, "delete from public.lessons where id = $1", world.course.text_lesson_id)
    await world.as_person(ada, "delete from public.modules")
    assert len(await world.as_person(ada, "select from public.archived_content()")) == 1
    await world.as_person(ada, "select public.restore_archived($1)", world.course.module_id)
    assert len(await world.as_person(ada, "select id from public.lessons")) == 3
    await world.as_person(ada, "select public.restore_archived($1)", world.course.text_lesson_id)
    assert len(await world.as_person(ada, "select id from public.lessons")) == 4


async def test_a_person_can_be_erased_with_all_results(world: World, results: dict[str, int]):
    await world.as_service("delete from auth.users where id = $1", world.cast.tess.user_id)
    assert set((await _count(world, Person("service"), RESULTS)).values()) == {0}
    await world.as_person(world.cast.ada, "delete from public.products")
    assert await world.as_service("select from public.products") == []


async def test_foreign_keys_stand_behind_the_triggers(world: World):
    """For a result that is written while its content is being deleted: the deletion then fails."""
    cascading = await world.as_service(
        """select conrelid::regclass::text as name from pg_constraint
           where contype = 'f' and confdeltype <> 'a' and confrelid = any (
             array['products', 'modules', 'lessons', 'quizzes', 'simulations']::regclass[])"""
    )
    assert not {row["name"] for row in cascading} & set(RESULTS)
