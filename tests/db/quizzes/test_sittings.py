"""A started attempt: drawn, shuffled, saved, and handed in in time or not."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from lms.courses.quizzes.jobs import Invigilator
from tests.support.courses import build_course
from tests.support.quizzes import QuizRoom, right_answer
from tests.support.world import World


async def test_a_quiz_that_draws_asks_so_many_and_grades_those(room: QuizRoom):
    await room.set(draw_count=2)
    drawn = set()
    for _ in range(10):
        started = await room.start()
        asked = [question["id"] for question in started["questions"]]
        assert len(asked) == 2
        drawn |= set(asked)
        by_id = {str(question.id): question for question in room.questions}
        row = await room.hand_in(room.right())
        assert row["score"] == 100
        assert [question["id"] for question in row["questions"]] == asked
        assert [answer["question_id"] for answer in row["answers"]] == asked
        assert str(row["sitting_id"]) == started["sitting_id"]
        places = [room.questions.index(by_id[each]) for each in asked]
        assert places == sorted(places), "without shuffling drawn questions stay in their order"
    assert len(drawn) > 3


async def test_the_same_seed_shuffles_the_same_way(room: QuizRoom):
    await room.set(shuffle_questions=True, shuffle_answers=True, draw_count=5)
    ask = "select callx.quiz_questions_as_asked($1, $2)"
    seeds = [1, 2, 3, -(2**63), 2**63 - 1]
    first = [await room.owner.fetchval(ask, room.quiz_id, seed) for seed in seeds]
    assert [await room.owner.fetchval(ask, room.quiz_id, seed) for seed in seeds] == first
    assert len({str([question["id"] for question in questions]) for questions in first}) > 2
    for questions in first:
        for question in questions:
            if question["question_type"] == "true_false":
                assert [answer["order_index"] for answer in question["answers"]] == [0, 1], "True and False stay"
    await room.start()
    seed = await room.owner.fetchval("select seed from callx.quiz_sittings")
    [stored] = await room.owner.fetch("select questions from callx.quiz_sittings")
    assert stored["questions"] == await room.owner.fetchval(ask, room.quiz_id, seed)


async def test_a_start_goes_on_where_one_was(room: QuizRoom):
    await room.set(shuffle_questions=True, time_limit_minutes=5)
    started = await room.start()
    assert (started["is_resumed"], started["answers"], started["saved_at"]) == (False, [], None)
    saved = await room.save(started["sitting_id"], room.right())
    again = await room.start()
    assert again["is_resumed"]
    assert again["answers"] == room.right()
    assert again["saved_at"] == saved["saved_at"]
    for same in ("sitting_id", "questions", "deadline_at", "started_at"):
        assert again[same] == started[same]


async def test_four_starts_at_once_are_one(room: QuizRoom):
    started = await asyncio.gather(*(room.start() for _ in range(4)))
    assert len({each["sitting_id"] for each in started}) == 1
    assert sorted(each["is_resumed"] for each in started) == [False, True, True, True]


async def test_of_several_hand_ins_at_once_one_ends_the_sitting(room: QuizRoom):
    await room.set(max_attempts=1)
    await room.start()
    answers = await asyncio.gather(*(room.hand_in(room.right()) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(answer, asyncpg.RaiseError) for answer in answers) == 3
    assert len(await room.ask("select id from public.quiz_attempts")) == 1


async def test_what_needs_a_start_is_not_taken_without(room: QuizRoom):
    for settings in ({"draw_count": 9}, {"draw_count": None, "time_limit_minutes": 1}):
        await room.set(**settings)
        with pytest.raises(asyncpg.RaiseError, match="started first"):
            await room.hand_in(room.right())
    await room.set(time_limit_minutes=None, shuffle_questions=True, shuffle_answers=True)
    row = await room.hand_in(room.right())
    assert (row["score"], row["sitting_id"], row["started_at"]) == (100, None, None)


async def test_in_time_counts_what_is_sent_and_late_what_was_saved(room: QuizRoom):
    await room.set(time_limit_minutes=5)
    for seconds, is_late, score in ((0, False, 100), (315, False, 100), (325, True, 16), (90_000, True, 16)):
        started = await room.start()
        await room.save(started["sitting_id"], [right_answer(room.questions[0])])
        await room.let_pass(seconds=seconds)
        row = await room.hand_in(room.right())
        assert (row["is_late"], row["score"]) == (is_late, score), seconds


async def test_late_without_anything_saved_scores_nothing(room: QuizRoom):
    await room.set(time_limit_minutes=1)
    await room.start()
    await room.let_pass(minutes=2)
    row = await room.hand_in(room.right())
    assert (row["score"], row["answers"], row["is_late"]) == (0, [], True)


async def test_saving_ends_with_the_time_and_with_the_hand_in(room: QuizRoom):
    await room.set(time_limit_minutes=1)
    started = await room.start()
    malformed: list[Any] = [{}, "x", None, 7]
    for answers in malformed:
        with pytest.raises(asyncpg.PostgresError, match="array"):
            await room.save(started["sitting_id"], answers)
    with pytest.raises(asyncpg.PostgresError, match="too long"):
        await room.save(started["sitting_id"], [{"text": "x" * 200_000}])
    for person in (room.world.cast.theo, room.world.cast.mira, room.world.cast.ada):
        with pytest.raises(asyncpg.NoDataFoundError):
            await room.save(started["sitting_id"], [], person)
    await room.let_pass(seconds=70)
    await room.save(started["sitting_id"], room.right())
    with pytest.raises(asyncpg.RaiseError, match="being handed in"):
        await room.start()
    await room.let_pass(seconds=20)
    with pytest.raises(asyncpg.RaiseError, match="time is over"):
        await room.save(started["sitting_id"], [])
    assert (await room.hand_in([]))["score"] == 100
    with pytest.raises(asyncpg.RaiseError, match="handed in"):
        await room.save(started["sitting_id"], [])


async def test_malformed_answers_that_were_saved_are_graded_as_none(room: QuizRoom):
    await room.set(time_limit_minutes=1)
    started = await room.start()
    await room.save(started["sitting_id"], [None, 1, [], {"question_id": None}, {"question_id": str(uuid4())}])
    await room.let_pass(minutes=3)
    assert (await room.hand_in(room.right()))["score"] == 0


async def test_what_was_left_lying_is_handed_in_at_its_deadline(room: QuizRoom):
    await room.set(time_limit_minutes=5)
    deadlines = {}
    for person in (room.world.cast.tess, room.world.cast.theo):
        started = await room.start(person)
        await room.save(started["sitting_id"], room.right(), person)
        deadlines[person.user_id] = started["deadline_at"]
    await room.world.as_service(
        "update callx.quiz_sittings set deadline_at = now() + interval '1 hour' where user_id = $1",
        room.world.cast.theo.user_id,
    )
    assert [tuple(row) for row in await room.world.as_service("select callx.end_overdue_sittings(9)")] == [(0,)]
    await room.let_pass(minutes=6)
    ended = await asyncio.gather(*(room.world.as_service("select callx.end_overdue_sittings(9)") for _ in range(3)))
    assert sorted(row[0][0] for row in ended) == [0, 0, 1]
    [attempt] = await room.world.as_service("select * from public.quiz_attempts")
    assert (attempt["user_id"], attempt["score"], attempt["passed"]) == (room.world.cast.tess.user_id, 100, True)
    assert attempt["is_late"]
    [sitting] = await room.world.as_service("select * from callx.quiz_sittings where ended_at is not null")
    assert (attempt["sitting_id"], attempt["attempted_at"]) == (sitting["id"], sitting["deadline_at"])


async def test_a_start_after_the_time_hands_in_the_old_one_first(room: QuizRoom):
    await room.set(time_limit_minutes=5, max_attempts=2)
    started = await room.start()
    await room.let_pass(minutes=10)
    again = await room.start()
    assert again["sitting_id"] != started["sitting_id"]
    assert not again["is_resumed"]
    assert (await room.result())["attempts_left"] == 0
    await room.let_pass(minutes=10)
    with pytest.raises(asyncpg.RaiseError, match="No attempts are left"):
        await room.start()


async def test_a_cool_down_counts_from_the_last_hand_in_and_holds_at_the_start(room: QuizRoom):
    await room.set(cool_down_minutes=10)
    await room.start()
    await room.hand_in([])
    with pytest.raises(asyncpg.RaiseError, match="10 minutes after"):
        await room.start()
    await room.let_pass(minutes=11)
    await room.start()
    await room.set(cool_down_minutes=600, max_attempts=1)
    await room.hand_in([])  # stricter limits do not take away what was started


async def test_an_attempt_is_graded_by_the_questions_of_its_start(room: QuizRoom):
    await room.start()
    ada = room.world.cast.ada
    await room.ask("update public.quiz_answers set is_correct = not is_correct", person=ada)
    await room.ask("update public.quiz_questions set accepted_texts = '{}', numeric_value = 0", person=ada)
    await room.ask("delete from public.quiz_questions where order_index > 3", person=ada)
    assert (await room.hand_in(room.right()))["score"] == 100


async def test_only_a_visible_quiz_with_questions_is_started(room: QuizRoom):
    world = room.world
    async with world.database.acting_as_service() as tx:
        closed = await build_course(tx, title="Secret", is_active=False)
    for quiz_id in (closed.quiz_id, uuid4()):
        for sql in ("select public.start_quiz($1)", "select public.quiz_result($1)"):
            with pytest.raises(asyncpg.NoDataFoundError):
                await room.ask(sql, quiz_id)
    await world.as_service("delete from public.quiz_questions")
    with pytest.raises(asyncpg.RaiseError, match="no questions"):
        await room.start()
    assert await world.as_service("select from callx.quiz_sittings") == []
    await world.as_service("update public.products set is_active = false")
    with pytest.raises(asyncpg.NoDataFoundError):
        await room.start()


async def test_a_closed_course_still_takes_nothing_of_what_was_started(world: World, room: QuizRoom):
    await room.start()
    await world.as_service("update public.products set is_active = false")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await room.hand_in(room.right())


async def test_nobody_ends_the_sitting_of_another(room: QuizRoom):
    await room.start()
    tess, theo = room.world.cast.tess, room.world.cast.theo
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await room.ask(
            """insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers)
               values ($1, $2, 0, false, '[]')""",
            tess.user_id,
            room.quiz_id,
            person=theo,
        )
    assert (await room.start())["is_resumed"]


async def test_the_job_hands_in_all_that_is_overdue(room: QuizRoom):
    await room.set(time_limit_minutes=5)
    for person in (room.world.cast.tess, room.world.cast.theo):
        await room.start(person)
    await room.let_pass(minutes=6)
    await Invigilator(room.world.database).end_overdue()
    await Invigilator(room.world.database).end_overdue()
    assert len(await room.world.as_service("select id from public.quiz_attempts where is_late")) == 2
