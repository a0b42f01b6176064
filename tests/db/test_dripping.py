"""Locked modules: section 9 of the specification, with gaps, chains, empty modules and deleted lessons."""

import random
from uuid import UUID

import pytest

from core.db import Tx
from core.identity import Person
from tests.support.courses import build_modules, complete, submit
from tests.support.world import World

LOCKS = "select is_locked from public.module_locks where product_id = $1 order by order_index"

CASES = {
    "nothing is linked": ([(1, False, 1, 0), (2, False, 1, 0)], "oo"),
    "the first has nothing before it": ([(1, True, 1, 0)], "o"),
    "the one before is not complete": ([(1, False, 2, 1), (2, True, 1, 0)], "ol"),
    "the one before is complete": ([(1, False, 2, 2), (2, True, 1, 0)], "oo"),
    "a gap in the order": ([(1, False, 1, 0), (5, True, 1, 0)], "ol"),
    "a gap in the order, complete": ([(1, False, 1, 1), (5, True, 1, 0)], "oo"),
    "negative numbers": ([(-7, False, 1, 0), (0, True, 1, 0)], "ol"),
    "an empty one before": ([(1, False, 0, 0), (2, True, 1, 0)], "oo"),
    "an empty one in a chain is passed through": ([(1, False, 1, 0), (2, True, 0, 0), (3, True, 1, 0)], "oll"),
    "a chain: both before are needed": ([(1, False, 1, 0), (2, True, 1, 1), (3, True, 1, 0)], "oll"),
    "a chain, complete": ([(1, False, 1, 1), (2, True, 1, 1), (3, True, 1, 0)], "ooo"),
    "one that is not linked begins anew": ([(1, False, 1, 0), (2, False, 1, 1), (3, True, 1, 0)], "ooo"),
    "null is not linked": ([(1, False, 1, 0), (2, None, 1, 0)], "oo"),
    "later ones do not matter": ([(1, False, 1, 1), (2, True, 1, 0), (3, True, 1, 0)], "ool"),
}
"""Modules as (order_index, is_prerequisite, lessons, completed ones), and which are open and locked."""


async def _build(tx: Tx, person: Person, modules: list[tuple[int, bool | None, int, int]]) -> UUID:
    product_id, _, lessons = await build_modules(tx, [module[:3] for module in modules])
    for (*_, completed), lesson_ids in zip(modules, lessons, strict=True):
        for lesson_id in lesson_ids[:completed]:
            await complete(tx, person, lesson_id)
    return product_id


async def _locks(world: World, product_id: UUID, person: Person | None = None) -> str:
    rows = await world.as_person(person or world.cast.tess, LOCKS, product_id)
    return "".join("l" if row["is_locked"] else "o" for row in rows)


@pytest.mark.parametrize(("modules", "expected"), CASES.values(), ids=CASES)
async def test_which_modules_are_locked(world: World, modules: list[tuple[int, bool | None, int, int]], expected: str):
    async with world.database.acting_as_service() as tx:
        product_id = await _build(tx, world.cast.tess, modules)
    assert await _locks(world, product_id) == expected
    visible = await world.as_person(
        world.cast.tess,
        """select m.order_index, (select count(*) from public.lessons l where l.module_id = m.id) as lessons
           from public.modules m where product_id = $1 order by 1""",
        product_id,
    )
    assert [row["lessons"] for row in visible] == [
        0 if lock == "l" else module[2] for lock, module in zip(expected, modules, strict=True)
    ]


def _expected(modules: list[tuple[int, bool | None, int, int]]) -> str:
    """The rule once more, as a walk back along the chain."""
    locks = []
    for place, (_, linked, *_) in enumerate(modules):
        locked, before = False, place
        while linked and before > 0:
            before -= 1
            _, linked, lessons, completed = modules[before]
            locked = locked or completed < lessons
        locks.append("l" if locked else "o")
    return "".join(locks)


async def test_random_products_follow_the_rule_and_none_locks_another(world: World):
    rng, products = random.Random(9), []
    async with world.database.acting_as_service() as tx:
        for _ in range(40):
            modules: list[tuple[int, bool | None, int, int]] = []
            for order_index in sorted(rng.sample(range(-3, 12), rng.randint(1, 6))):
                lessons = rng.randint(0, 2)
                modules.append(
                    (order_index, rng.random() < 0.7, lessons, rng.choice([lessons, rng.randint(0, lessons)]))
                )
            products.append((await _build(tx, world.cast.tess, modules), modules))
    for product_id, modules in products:
        assert await _locks(world, product_id) == _expected(modules), modules
    locked = sum("l" in _expected(modules) for _, modules in products)
    assert 5 < locked < 40


async def test_managers_and_admins_are_not_locked_out_and_others_progress_does_not_count(world: World):
    async with world.database.acting_as_service() as tx:
        product_id = await _build(tx, world.cast.theo, [(1, False, 1, 1), (2, True, 1, 0)])
    expected = {"tess": "ol", "theo": "oo", "mira": "oo", "otto": "oo", "ada": "oo"}
    for name, person in world.cast:
        assert await _locks(world, product_id, person) == expected[name]
    assert await _locks(world, product_id, world.edna) == "ol"


async def test_a_lesson_that_was_deleted_locks_nothing(world: World):
    tess, theo, ada = world.cast.tess, world.cast.theo, world.cast.ada
    async with world.database.acting_as_service() as tx:
        product_id, _, lessons = await build_modules(tx, [(1, False, 3), (2, True, 1)])
        await complete(tx, tess, lessons[0][0])
        await complete(tx, theo, lessons[0][1])
    assert await _locks(world, product_id) == "ol"
    await world.as_person(ada, "delete from public.lessons where id = $1", lessons[0][1])  # archived: theo has it
    assert await _locks(world, product_id) == "ol"
    await world.as_person(ada, "delete from public.lessons where id = $1", lessons[0][2])
    assert await _locks(world, product_id) == "oo"


async def test_the_last_lesson_opens_the_next_module_within_the_same_transaction(world: World):
    tess = world.cast.tess
    async with world.database.acting_as_service() as tx:
        product_id, modules, lessons = await build_modules(tx, [(1, False, 2), (2, True, 1)])
    async with world.database.acting_as(tess) as tx:
        seen = "select count(*) from public.lessons where module_id = $1"
        for lesson_id, count in ((lessons[0][0], 0), (lessons[0][1], 1)):
            await complete(tx, tess, lesson_id)
            assert await tx.fetchval(seen, modules[1]) == count
    [row] = await world.as_person(
        tess, "select total_lessons, completed_lessons from public.module_locks where module_id = $1", modules[0]
    )
    assert tuple(row) == (2, 2)
    assert await _locks(world, product_id) == "oo"


async def test_what_hangs_on_a_locked_lesson_can_be_neither_tried_nor_called(world: World):
    tess, course = world.cast.tess, world.course
    await world.as_service("update public.modules set is_prerequisite = true, order_index = 9")
    async with world.database.acting_as_service() as tx:
        module_id = await tx.fetchval(
            "insert into public.modules (product_id, title, order_index) values ($1, 'Before', 1) returning id",
            course.product_id,
        )
        await tx.execute(
            "insert into public.lessons (module_id, title, lesson_type, order_index) values ($1, 'L', 'text', 1)",
            module_id,
        )
    for table in ("quizzes", "quiz_questions", "quiz_answers", "simulations", "simulation_scenarios"):
        assert await world.as_person(tess, f"select created_at from public.{table}") == []
    insert = "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)"
    await world.refuses(tess, insert, tess.user_id, course.text_lesson_id)
    with pytest.raises(Exception, match="row-level security"):
        async with world.database.acting_as(tess) as tx:
            await submit(tx, tess, course.quiz_id, [])


async def test_whether_a_module_is_locked_can_be_asked_of_anybody_by_the_service(world: World):
    async with world.database.acting_as_service() as tx:
        _, modules, _ = await build_modules(tx, [(1, False, 1), (2, True, 1)])
        ask = "select callx.is_module_locked($1, $2)"
        for module_id, person, locked in (
            (modules[0], world.cast.tess, False),
            (modules[1], world.cast.tess, True),
            (modules[1], world.cast.mira, False),
            (UUID(int=1), world.cast.tess, True),
        ):
            assert await tx.fetchval(ask, module_id, person.user_id) is locked
