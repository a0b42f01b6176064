"""Handing in by submit_quiz: once, however often it is asked for, and from the window that the attempt is open in."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from lms.courses.quizzes.jobs import Invigilator
from tests.support.quizzes import QuizRoom, right_answer

WAITING = """select count(distinct l.pid) from pg_locks l join pg_locks own on own.pid = l.pid
             join pg_database d on d.oid = own.database
             where not l.granted and d.datname = current_database()"""


async def attempts(room: QuizRoom) -> list[Any]:
    return list(await room.world.as_service("select * from public.quiz_attempts order by attempted_at"))


async def test_what_is_handed_in_again_is_the_same_attempt(room: QuizRoom):
    await room.set(max_attempts=1)
    started = await room.start()
    first = await room.submit(started["sitting_id"], room.right())
    assert (first["score"], first["passed"], first["is_late"], first["was_submitted"]) == (100, True, False, False)
    again = await room.submit(started["sitting_id"], [])
    assert again == first | {"was_submitted": True}
    [attempt] = await attempts(room)
    assert str(attempt["id"]) == first["attempt_id"]


async def test_several_at_once_make_one_attempt(room: QuizRoom):
    started = await room.start()
    handed_in = await asyncio.gather(*(room.submit(started["sitting_id"], room.right()) for _ in range(4)))
    assert len({each["attempt_id"] for each in handed_in}) == 1
    assert sorted(each["was_submitted"] for each in handed_in) == [False, True, True, True]
    assert len(await attempts(room)) == 1


async def test_without_answers_what_was_saved_counts(room: QuizRoom):
    started = await room.start()
    await room.save(started["sitting_id"], room.right())
    assert (await room.submit(started["sitting_id"]))["score"] == 100
    started = await room.start()
    assert (await room.submit(started["sitting_id"]))["score"] == 0


async def test_after_the_time_what_was_saved_counts_whoever_hands_it_in(room: QuizRoom):
    await room.set(time_limit_minutes=5)
    for by_the_job in (False, True):
        started = await room.start()
        await room.save(started["sitting_id"], [right_answer(room.questions[0])])
        await room.let_pass(minutes=6)
        if by_the_job:
            await Invigilator(room.world.database).end_overdue()
        handed_in = await room.submit(started["sitting_id"], room.right())
        assert (handed_in["is_late"], handed_in["score"], handed_in["was_submitted"]) == (True, 16, by_the_job)
    assert len(await attempts(room)) == 2


async def test_the_job_and_a_hand_in_at_the_same_moment_make_one_attempt(room: QuizRoom):
    await room.set(time_limit_minutes=5)
    started = await room.start()
    await room.let_pass(minutes=6)
    transaction = room.owner.transaction()
    await transaction.start()
    await room.owner.fetchval("select callx.end_overdue_sittings(9)")
    by_hand = asyncio.create_task(room.hand_in(room.right()))
    by_name = asyncio.create_task(room.submit(started["sitting_id"], room.right()))
    while await room.owner.fetchval(WAITING) < 2:  # noqa: ASYNC110  the database has no event for it
        await asyncio.sleep(0.01)
    await transaction.commit()
    with pytest.raises(asyncpg.RaiseError, match="started first"):
        await by_hand
    assert (await by_name)["was_submitted"]
    [attempt] = await attempts(room)
    assert (attempt["is_late"], str(attempt["sitting_id"])) == (True, started["sitting_id"])


async def test_the_newest_window_alone_saves_and_hands_in(room: QuizRoom):
    old, new = uuid4(), uuid4()
    sitting_id = (await room.start(window=old))["sitting_id"]
    await room.save(sitting_id, room.right(), window=old)
    again = await room.start(window=new)
    assert (again["sitting_id"], again["answers"]) == (sitting_id, room.right())
    for refused in (room.save(sitting_id, [], window=old), room.submit(sitting_id, [], window=old)):
        with pytest.raises(asyncpg.RaiseError, match="another window") as told:
            await refused
        assert told.value.detail == "open_elsewhere"
    await room.save(sitting_id, room.right(), window=new)
    assert (await room.submit(sitting_id, room.right(), window=new))["score"] == 100
    assert (await room.submit(sitting_id, [], window=old))["score"] == 100, (
        "it has been handed in, so there is the result"
    )


async def test_who_names_no_window_saves_and_hands_in_all_the_same(room: QuizRoom):
    sitting_id = (await room.start(window=uuid4()))["sitting_id"]
    await room.save(sitting_id, [])
    await room.start()
    with pytest.raises(asyncpg.RaiseError, match="another window"):
        await room.save(sitting_id, [], window=uuid4())
    assert (await room.submit(sitting_id, room.right()))["score"] == 100


async def test_useless_answers_end_nothing(room: QuizRoom):
    sitting_id = (await room.start())["sitting_id"]
    malformed: list[Any] = [{}, "x", 7, [{"text": "x" * 200_000}]]
    for answers in malformed:
        with pytest.raises(asyncpg.InvalidParameterValueError):
            await room.submit(sitting_id, answers)
    assert (await room.result())["open_sitting_id"] == sitting_id


async def test_nobody_else_hands_it_in(room: QuizRoom):
    cast = room.world.cast
    sitting_id = (await room.start())["sitting_id"]
    for person in (cast.theo, cast.mira, cast.ada):
        with pytest.raises(asyncpg.NoDataFoundError):
            await room.submit(sitting_id, [], person)
    with pytest.raises(asyncpg.NoDataFoundError):
        await room.submit(str(uuid4()), [])
    assert await attempts(room) == []


async def test_a_closed_course_takes_nothing(room: QuizRoom):
    sitting_id = (await room.start())["sitting_id"]
    await room.world.as_service("update public.products set is_active = false")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await room.submit(sitting_id, room.right())
    assert await attempts(room) == []


async def test_the_result_tells_of_the_open_attempt_by_the_servers_clock(room: QuizRoom):
    await room.set(time_limit_minutes=5)
    before = await room.result()
    assert (before["open_sitting_id"], before["started_at"], before["saved_at"]) == (None, None, None)
    started = await room.start()
    saved = await room.save(started["sitting_id"], [])
    result = await room.result()
    assert result["now"] >= saved["now"]
    for same in ("started_at", "deadline_at"):
        assert result[same] == started[same]
    assert result["saved_at"] == saved["saved_at"]
