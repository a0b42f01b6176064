"""Orders: moved by functions under plain unique constraints."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from core.identity import Person
from tests.support.courses import build_modules
from tests.support.world import World


async def _build(world: World, *order: int) -> tuple[UUID, list[UUID]]:
    async with world.database.acting_as_service() as tx:
        product_id, modules, _ = await build_modules(tx, [(order_index, False, 0) for order_index in order])
    return product_id, modules


async def _order(world: World, product_id: UUID, modules: list[UUID]) -> list[tuple[int, str]]:
    rows = await world.as_service(
        "select id, order_index from public.modules where product_id = $1 order by order_index", product_id
    )
    return [(row["order_index"], "abcdefgh"[modules.index(row["id"])]) for row in rows]


@pytest.mark.parametrize(
    ("order", "moved", "to_index", "expected"),
    [
        ((1, 2, 3, 4), "d", 1, "dabc"),
        ((1, 2, 3, 4), "a", 4, "bcda"),
        ((1, 2, 3, 4), "b", 3, "acbd"),
        ((1, 2, 3, 4), "c", 2, "acbd"),
        ((1, 2, 3, 4), "b", 2, "abcd"),
        ((0, 1, 2), "c", 0, "cab"),
        ((1, 2, 3), "c", 0, "cab"),
        ((1, 2, 3), "a", 99, "bca"),
        ((-5, 7, 1000), "a", 7, "bac"),
        ((-5, 7, 1000), "c", 3, "acb"),
        ((4,), "a", 1, "a"),
    ],
)
async def test_a_module_takes_the_place_and_the_others_move_up(
    world: World, order: tuple[int, ...], moved: str, to_index: int, expected: str
):
    product_id, modules = await _build(world, *order)
    await world.as_person(
        world.cast.ada, "select public.move_module($1, $2)", modules["abcdefgh".index(moved)], to_index
    )
    assert await _order(world, product_id, modules) == list(zip(order, expected, strict=True))


async def test_lessons_and_questions_move_too_and_only_among_their_siblings(world: World):
    for table, column, parent, function in (
        ("lessons", "module_id", world.course.module_id, "move_lesson"),
        ("quiz_questions", "quiz_id", world.course.quiz_id, "move_question"),
    ):
        if table == "quiz_questions":
            await world.as_service(
                """insert into public.quiz_questions (quiz_id, question_text, question_type, order_index)
                   select $1, 'Q', 'true_false', n from generate_series(2, 4) n""",
                parent,
            )
        rows = f"select id from public.{table} where {column} = $1 order by order_index"
        a, b, c, d = [row["id"] for row in await world.as_service(rows, parent)]
        await world.as_person(world.cast.ada, f"select public.{function}($1, 1)", d)
        assert [row["id"] for row in await world.as_service(rows, parent)] == [d, a, b, c]


async def test_archived_siblings_are_no_obstacle(world: World):
    product_id, modules = await _build(world, 1, 2, 3)
    await world.as_service("update public.modules set archived_at = now(), order_index = -1 where id = $1", modules[1])
    await world.as_person(world.cast.ada, "select public.move_module($1, 1)", modules[2])
    assert await _order(world, product_id, modules) == [(-1, "b"), (1, "c"), (3, "a")]
    with pytest.raises(asyncpg.PostgresError, match="nothing with this id"):
        await world.as_person(world.cast.ada, "select public.move_module($1, 1)", modules[1])


async def test_moves_at_once_leave_an_order(world: World):
    product_id, modules = await _build(world, *range(6))
    await asyncio.gather(
        *(
            world.as_person(world.cast.ada, "select public.move_module($1, $2)", module_id, 5 - number)
            for number, module_id in enumerate(modules)
        )
    )
    order = await _order(world, product_id, modules)
    assert [order_index for order_index, _ in order] == list(range(6))
    assert sorted(name for _, name in order) == list("abcdef")


async def test_only_admins_and_the_service_move(world: World):
    _, modules = await _build(world, 1, 2)
    for person in (world.cast.tess, world.cast.mira):
        await world.refuses(person, "select public.move_module($1, 1)", modules[1])
    await world.as_person(Person("service"), "select public.move_module($1, 1)", modules[1])


async def test_an_upsert_on_the_order_works(world: World):
    product_id, modules = await _build(world, 1, 2)
    await world.as_person(
        world.cast.ada,
        """insert into public.modules (product_id, title, order_index) values ($1, 'Renamed', 2), ($1, 'New', 3)
           on conflict (product_id, order_index) do update set title = excluded.title""",
        product_id,
    )
    rows = await world.as_service(
        "select id, title from public.modules where product_id = $1 order by order_index", product_id
    )
    assert [row["title"] for row in rows] == ["M", "Renamed", "New"]
    assert rows[1]["id"] == modules[1]


async def test_two_cannot_have_one_place(world: World):
    _, modules = await _build(world, 1, 2)
    with pytest.raises(asyncpg.UniqueViolationError):
        await world.as_person(world.cast.ada, "update public.modules set order_index = 2 where id = $1", modules[0])
