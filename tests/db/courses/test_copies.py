"""Copies of content, and lessons that move to another module."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from lms.courses.packs.course import PackCourse
from lms.courses.packs.known import known_course
from tests.support.courses import build_modules, record_everything
from tests.support.world import World


async def duplicate(world: World, content_id: UUID, title: str | None = None) -> UUID:
    [row] = await world.as_person(world.cast.ada, "select public.duplicate_content($1, $2) as id", content_id, title)
    copy: UUID = row["id"]
    return copy


async def pack_of(world: World, product_id: UUID) -> PackCourse:
    async with world.database.acting_as(world.cast.ada) as tx:
        known = await known_course(tx, product_id)
    assert known is not None
    return known.course


async def test_the_copy_of_a_product_is_a_draft_with_all_that_is_in_it_and_no_results(world: World):
    await world.as_person(world.cast.ada, "update public.quizzes set draw_count = 1, review = 'never'")
    async with world.database.acting_as_service() as tx:
        await record_everything(tx, world.cast.tess, world.course)
    copy = await duplicate(world, world.course.product_id)
    old, new = await pack_of(world, world.course.product_id), await pack_of(world, copy)
    assert (new.title, new.modules) == ("Billing (copy)", old.modules)
    [row] = await world.as_person(
        world.cast.ada, "select is_active, status, created_by, key from public.products where id = $1", copy
    )
    assert (row["is_active"], row["status"], row["created_by"]) == (False, "draft", world.cast.ada.user_id)
    assert row["key"] != old.key
    assert await world.as_person(world.cast.tess, "select id from public.products where id = $1", copy) == []
    assert len(await world.as_service("select 1 from public.quiz_attempts")) == 1
    ids = await world.as_service("select count(distinct id) as ids, count(*) as rows from public.quiz_answers")
    assert tuple(ids[0]) == (4, 4)


async def test_copies_of_modules_and_lessons_stand_behind_their_siblings_as_drafts(world: World):
    module = await duplicate(world, world.course.module_id, "Second")
    lesson = await duplicate(world, world.course.quiz_lesson_id)
    ada = world.cast.ada
    modules = await world.as_person(ada, "select id, title, status from public.modules order by order_index")
    assert [tuple(row) for row in modules][1] == (module, "Second", "draft")
    lessons = await world.as_person(
        ada, "select id, title, status from public.lessons where module_id = $1 order by order_index",
        world.course.module_id,
    )  # fmt: skip
    assert tuple(lessons[-1]) == (lesson, "Quiz (copy)", "draft")
    assert len(await world.as_person(world.cast.tess, "select id from public.lessons")) == 4
    [told] = await world.as_person(ada, "select public.publish_content($1) as told", lesson)
    assert told["told"]["published"] is True


@pytest.fixture
async def chain(world: World) -> tuple[list[UUID], list[list[UUID]]]:
    """Two modules with three lessons each, and their lessons."""
    async with world.database.acting_as_service() as tx:
        _, modules, lessons = await build_modules(tx, [(1, False, 3), (2, False, 3)])
    return modules, lessons


async def order(world: World, module_id: UUID) -> list[UUID]:
    rows = await world.as_person(
        world.cast.ada, "select id from public.lessons where module_id = $1 order by order_index", module_id
    )
    return [row["id"] for row in rows]


@pytest.mark.parametrize(("to_index", "place"), [(None, 3), (1, 0), (2, 1), (3, 2), (99, 3)])
async def test_a_lesson_moves_to_another_module(world: World, chain: Any, to_index: int | None, place: int):
    [first, second], [[moved, *rest], there] = chain
    await world.as_person(world.cast.ada, "select public.move_lesson_to_module($1, $2, $3)", moved, second, to_index)
    assert await order(world, first) == rest
    expected = [*there[:place], moved, *there[place:]]
    assert await order(world, second) == expected


async def test_within_its_module_it_moves_too(world: World, chain: Any):
    [first, _], [lessons, _] = chain
    await world.as_person(world.cast.ada, "select public.move_lesson_to_module($1, $2, 1)", lessons[2], first)
    assert await order(world, first) == [lessons[2], lessons[0], lessons[1]]


async def test_it_gets_another_key_where_its_own_is_taken(world: World, chain: Any):
    [_, second], [[moved, *_], there] = chain
    await world.as_service("update public.lessons set key = 'same' where id = any ($1)", [moved, there[0]])
    await world.as_person(world.cast.ada, "select public.move_lesson_to_module($1, $2)", moved, second)
    rows = await world.as_service("select key from public.lessons where id = any ($1)", [moved, there[0]])
    assert len({row["key"] for row in rows}) == 2


async def test_a_lesson_stays_in_its_course(world: World, chain: Any):
    [first, _], [lessons, _] = chain
    for lesson, module, says in (
        (world.course.text_lesson_id, first, "stays in its course"),
        (first, first, "A lesson moves to a module"),
        (lessons[0], lessons[1], "A lesson moves to a module"),
    ):
        with pytest.raises(asyncpg.PostgresError, match=says):
            await world.as_person(world.cast.ada, "select public.move_lesson_to_module($1, $2)", lesson, module)
