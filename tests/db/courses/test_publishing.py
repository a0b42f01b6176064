"""Checking, publishing, unpublishing and archiving: one act each, and what it means for people is said."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core.db import Tx
from core.identity import Person
from tests.support.courses import attempt, complete, right_answers, submit
from tests.support.world import World


async def call(world: World, sql: str, *values: Any) -> Any:
    [row] = await world.as_person(world.cast.ada, f"select {sql} as told", *values)
    return row["told"]


async def publish(world: World, content_id: Any, *, drafts: bool = False, dry_run: bool = False) -> Any:
    return await call(world, "public.publish_content($1, $2, $3)", content_id, drafts, dry_run)


async def codes(world: World, content_id: Any, *, drafts: bool = True) -> set[tuple[str, str]]:
    rows = await world.as_person(
        world.cast.ada, "select severity, code from public.check_content($1, $2)", content_id, drafts
    )
    return {tuple(row) for row in rows}


async def finish_all(tx: Tx, world: World, person: Person, *, but: UUID) -> None:
    """All lessons but one."""
    await attempt(tx, person, world.course, passed=True)
    await submit(tx, person, world.course.quiz_id, await right_answers(tx, world.course.quiz_id))
    await tx.execute(
        """insert into public.lesson_completions (user_id, lesson_id) select $1, id from public.lessons where id <> $2
           on conflict do nothing""",
        person.user_id,
        but,
    )
    await tx.execute("delete from public.lesson_completions where lesson_id = $1", but)


@pytest.fixture
async def ready(world: World) -> World:
    """The course as a draft, with nothing wrong in it but that the video is not there."""
    await world.as_person(world.cast.ada, "update public.products set is_active = false")
    return world


BROKEN = {
    "no title": ("update public.products set title = ' '", "title_missing"),
    "no module title": ("update public.modules set title = ''", "title_missing"),
    "no lesson title": ("update public.lessons set title = ' ' where lesson_type = 'text'", "title_missing"),
    "empty module": (
        "insert into public.modules (product_id, title, order_index) select id, 'E', 9 from public.products",
        "empty_module",
    ),
    "only drafts in a module": ("update public.lessons set status = 'draft'", "empty_module"),
    "no modules": ("update public.modules set status = 'draft'", "no_modules"),
    "text without text": ("update public.lessons set text_content = '<p>&nbsp;</p><p> </p>'", "text_missing"),
    "no text at all": ("update public.lessons set text_content = null where lesson_type = 'text'", "text_missing"),
    "video without file or text": ("update public.lessons set text_content = null", "video_missing"),
    "video that is not there": (
        "update public.lessons set text_content = null, video_url = 'x.mp4' where lesson_type = 'video'",
        "video_file_missing",
    ),
    "no quiz": ("delete from public.quizzes", "quiz_missing"),
    "quiz without questions": ("delete from public.quiz_questions", "quiz_empty"),
    "no right answer": ("update public.quiz_answers set is_correct = false", "question_without_right_answer"),
    "one answer": ("delete from public.quiz_answers where not is_correct", "question_needs_answers"),
    "question without text": ("update public.quiz_questions set question_text = ' '", "question_empty"),
    "answer without text": ("update public.quiz_answers set answer_text = ''", "answer_empty"),
    "number without value": (
        "update public.quiz_questions set question_type = 'numeric'", "question_without_right_answer"
    ),
    "short text without texts": (
        "update public.quiz_questions set question_type = 'short_text', accepted_texts = '{\" \"}'",
        "question_without_right_answer",
    ),
    "no simulation": ("delete from public.simulations", "simulation_missing"),
    "no scenario": ("delete from public.simulation_scenarios", "scenario_missing"),
    "nothing to say": ("update public.simulations set ai_system_prompt = ' '", "scenario_empty"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
async def test_errors_are_found_and_keep_a_course_from_being_published(ready: World, what: str):
    sql, code = BROKEN[what]
    await ready.as_person(ready.cast.ada, sql)
    told = await publish(ready, ready.course.product_id)
    assert told["published"] is False
    assert ("error", code) in {(finding["severity"], finding["code"]) for finding in told["findings"]}
    assert await ready.as_person(ready.cast.tess, "select id from public.products") == []


async def test_a_script_or_rubric_that_an_old_release_let_in_is_found(ready: World, owner_dsn: str):
    owner = await asyncpg.connect(owner_dsn)
    try:
        await owner.execute("alter table public.simulation_scenarios disable trigger user")
        await owner.execute("""update public.simulation_scenarios set script = '{"old": 1}', rubric = '{"old": 1}'""")
    finally:
        await owner.close()
    found = await codes(ready, ready.course.simulation_lesson_id)
    assert found >= {("error", "scenario_unusable"), ("error", "rubric_unusable")}


async def test_warnings_do_not_keep_it(ready: World):
    await ready.as_person(ready.cast.ada, "update public.quizzes set draw_count = 9")
    await ready.as_person(ready.cast.ada, "update public.simulations set scenario_description = ''")
    told = await publish(ready, ready.course.product_id)
    assert told["published"] is True
    assert {finding["code"] for finding in told["findings"]} == {
        "video_missing", "attachment_file_missing", "draws_too_many", "brief_missing"
    }  # fmt: skip
    assert {finding["severity"] for finding in told["findings"]} == {"warning"}
    assert len(await ready.as_person(ready.cast.tess, "select id from public.lessons")) == 4


async def test_a_dry_run_only_says_what_would_be(ready: World):
    told = await publish(ready, ready.course.product_id, dry_run=True)
    assert (told["published"], told["impact"]["new_lessons"]) == (False, 4)
    assert await ready.as_person(ready.cast.tess, "select id from public.products") == []
    assert await ready.as_service("select 1 from public.products where is_active") == []


async def test_drafts_inside_stay_drafts_unless_they_come_along(ready: World):
    ada = ready.cast.ada
    await ready.as_person(ada, "update public.lessons set status = 'draft' where lesson_type = 'quiz'")
    await ready.as_person(ada, "delete from public.quiz_questions")
    told = await publish(ready, ready.course.product_id)
    assert (told["published"], told["impact"]["new_lessons"]) == (True, 3)
    told = await publish(ready, ready.course.product_id, drafts=True)
    assert (told["published"], [each["code"] for each in told["findings"] if each["severity"] == "error"]) == (
        False, ["quiz_empty"]
    )  # fmt: skip
    assert ("error", "quiz_empty") in await codes(ready, ready.course.product_id)
    assert ("error", "quiz_empty") not in await codes(ready, ready.course.product_id, drafts=False)
    assert len(await ready.as_person(ready.cast.tess, "select id from public.lessons")) == 3


async def test_a_lesson_that_comes_later_takes_no_certificate_away(world: World):
    tess = world.cast.tess
    async with world.database.acting_as_service() as tx:
        await tx.execute("update public.lessons set status = 'draft' where id = $1", world.course.text_lesson_id)
        second = await tx.fetchval(
            """insert into public.modules (product_id, title, order_index, is_prerequisite) values ($1, '2', 2, true)
               returning id""",
            world.course.product_id,
        )
        await tx.execute(
            """insert into public.lessons (module_id, title, lesson_type, order_index, text_content)
               values ($1, 'L', 'text', 1, 'x')""",
            second,
        )
        await finish_all(tx, world, tess, but=world.course.text_lesson_id)
        await tx.execute(
            "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x.pdf')",
            tess.user_id,
            world.course.product_id,
        )
    told = await publish(world, world.course.text_lesson_id)
    impact = told["impact"]
    assert told["published"] is True
    assert (impact["new_lessons"], impact["finished_with_more_to_do"], impact["people_certified"]) == (1, 1, 1)
    progress = await world.as_person(tess, "select callx.user_progress($1, auth.uid()) as p", world.course.product_id)
    assert (progress[0]["p"]["status"], progress[0]["p"]["overall_progress"]) == ("Completed", 80)
    assert progress[0]["p"]["certified_at"] is not None
    assert [module["is_locked"] for module in progress[0]["p"]["modules"]] == [False, False]
    assert len(await world.as_person(tess, "select id from public.certifications")) == 1


async def test_who_is_not_certified_has_to_learn_what_came_later(world: World):
    async with world.database.acting_as_service() as tx:
        await tx.execute("update public.lessons set status = 'draft' where id = $1", world.course.text_lesson_id)
        for lesson_id in (world.course.video_lesson_id, world.course.text_lesson_id):
            await complete(tx, world.cast.tess, lesson_id)
    told = await publish(world, world.course.text_lesson_id)
    assert (told["impact"]["people_begun"], told["impact"]["finished_with_more_to_do"]) == (1, 0)


async def test_unpublishing_says_who_is_in_the_middle_of_it_and_results_stay(world: World):
    tess = world.cast.tess
    await world.as_person(tess, "select public.start_quiz($1)", world.course.quiz_id)
    async with world.database.acting_as_service() as tx:
        await complete(tx, tess, world.course.text_lesson_id)
        await complete(tx, tess, world.course.video_lesson_id)
    for dry_run in (True, False):
        told = await call(world, "public.unpublish_content($1, $2)", world.course.quiz_lesson_id, dry_run)
        assert told["unpublished"] is not dry_run
        assert (told["impact"]["removed_lessons"], told["impact"]["open_quiz_attempts"]) == (1, 1)
        lessons = await world.as_person(tess, "select id from public.lessons")
        assert len(lessons) == (4 if dry_run else 3)
    # What was begun is handed in when its time is over, or later: nothing of it is lost.
    assert len(await world.as_service("select 1 from callx.quiz_sittings where ended_at is null")) == 1
    assert len(await world.as_person(tess, "select 1 from public.lesson_completions")) == 2


async def test_who_lacked_only_what_is_gone_has_finished(world: World):
    async with world.database.acting_as_service() as tx:
        await finish_all(tx, world, world.cast.tess, but=world.course.quiz_lesson_id)
    told = await call(world, "public.unpublish_content($1)", world.course.quiz_lesson_id)
    assert told["impact"]["finished_by_this"] == 1
    due = await world.as_service("select user_id from callx.probably_earned(9)")
    assert [row["user_id"] for row in due] == [world.cast.tess.user_id]


@pytest.mark.parametrize("table", ["products", "modules", "lessons"])
async def test_archived_content_is_gone_with_or_without_results_and_comes_back_as_it_was(world: World, table: str):
    ada = world.cast.ada
    await world.as_person(ada, f"update public.{table} set status = 'draft'")
    [row, *_] = await world.as_person(ada, f"select id, key from public.{table} order by id")
    await world.as_person(ada, "select public.archive_content($1)", row["id"])
    assert row["id"] not in {each["id"] for each in await world.as_person(ada, f"select id from public.{table}")}
    listed = await world.as_person(ada, "select id from public.archived_content()")
    assert [each["id"] for each in listed] == [row["id"]]
    await world.as_person(ada, "select public.restore_archived($1)", row["id"])
    [back] = await world.as_person(ada, f"select status, key from public.{table} where id = $1", row["id"])
    assert tuple(back) == ("draft", row["key"])


async def test_a_key_is_free_when_its_bearer_is_archived(world: World):
    ada = world.cast.ada
    [old] = await world.as_person(ada, "update public.products set key = 'billing' returning id")
    await world.as_person(ada, "select public.archive_content($1)", old["id"])
    await world.as_person(ada, "insert into public.products (title, key) values ('New', 'billing')")
    await world.as_person(ada, "select public.restore_archived($1)", old["id"])
    [back] = await world.as_person(ada, "select key from public.products where id = $1", old["id"])
    assert back["key"] != "billing"


async def test_what_is_not_there_is_said(world: World):
    for name in ("publish_content", "unpublish_content", "archive_content", "duplicate_content"):
        with pytest.raises(asyncpg.NoDataFoundError, match="nothing with this id"):
            await world.as_person(world.cast.ada, f"select public.{name}($1)", world.cast.ada.user_id)


async def test_it_is_in_the_audit_log(ready: World):
    await publish(ready, ready.course.product_id)
    await publish(ready, ready.course.product_id, dry_run=True)
    rows = await ready.as_person(
        ready.cast.ada, "select action, actor_id from public.audit_events where action ~ '^content'"
    )
    assert [tuple(row) for row in rows] == [("content.published", ready.cast.ada.user_id)]
