"""More time and more attempts for somebody: who grants them, what they do, and that it is written down."""

from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from core.identity import Person
from tests.support.quizzes import QuizRoom

GRANT = """insert into public.quiz_allowances (user_id, quiz_id, time_factor, is_untimed, extra_attempts)
           values ($1, $2, $3, $4, $5)"""


async def grant(
    room: QuizRoom,
    by: Person,
    to: Person,
    *,
    factor: float = 1,
    untimed: bool = False,
    attempts: int = 0,
    everywhere: bool = False,
) -> None:
    """Grants something to somebody."""
    quiz_id = None if everywhere else room.quiz_id
    await room.ask(GRANT, to.user_id, quiz_id, factor, untimed, attempts, person=by)


def lasts(started: dict[str, Any]) -> timedelta | None:
    """How long somebody has from the start."""
    if started["deadline_at"] is None:
        return None
    return datetime.fromisoformat(started["deadline_at"]) - datetime.fromisoformat(started["started_at"])


async def test_more_time_reaches_one_person_alone(room: QuizRoom):
    cast = room.world.cast
    await room.set(time_limit_minutes=10)
    await grant(room, cast.mira, cast.tess, factor=1.5)
    assert lasts(await room.start()) == timedelta(minutes=15)
    assert lasts(await room.start(cast.theo)) == timedelta(minutes=10)
    assert (await room.result())["time_limit_seconds"] == 900
    assert (await room.result(cast.theo))["time_limit_seconds"] == 600


async def test_what_is_for_the_quiz_goes_before_what_is_for_all(room: QuizRoom):
    cast = room.world.cast
    await room.set(time_limit_minutes=10)
    await grant(room, cast.ada, cast.tess, untimed=True, everywhere=True)
    started = await room.start()
    assert lasts(started) is None
    assert (await room.result())["time_limit_seconds"] is None
    await room.let_pass(days=9)
    await room.save(started["sitting_id"], [])
    assert (await room.hand_in(room.right()))["score"] == 100
    await grant(room, cast.ada, cast.tess, factor=2)
    assert lasts(await room.start()) == timedelta(minutes=20)


async def test_time_granted_meanwhile_reaches_who_sits_there_and_is_not_taken_back(room: QuizRoom):
    cast = room.world.cast
    await room.set(time_limit_minutes=10)
    started = await room.start()
    others = await room.start(cast.theo)
    await grant(room, cast.mira, cast.tess, factor=2)
    assert lasts(await room.start()) == timedelta(minutes=20)
    saved = await room.save(started["sitting_id"], [])
    assert lasts(started | saved) == timedelta(minutes=20)
    await room.ask("update public.quiz_allowances set time_factor = 1", person=cast.mira)
    assert lasts(await room.start()) == timedelta(minutes=20)
    await room.ask("update public.quiz_allowances set is_untimed = true", person=cast.mira)
    assert lasts(await room.start()) is None
    assert lasts(await room.start(cast.theo)) == lasts(others)


async def test_time_granted_too_late_wakes_nothing_up(room: QuizRoom):
    cast = room.world.cast
    await room.set(time_limit_minutes=10)
    await room.start()
    await room.let_pass(minutes=11)
    await grant(room, cast.mira, cast.tess, factor=2)
    assert (await room.hand_in(room.right()))["is_late"]


async def test_more_attempts_are_added_up_and_end_being_exhausted(room: QuizRoom):
    cast = room.world.cast
    exhausted = "select user_id from callx.exhausted_quizzes"
    await room.set(max_attempts=1)
    await room.hand_in([])
    assert len(await room.owner.fetch(exhausted)) == 1
    with pytest.raises(asyncpg.RaiseError, match="No attempts are left"):
        await room.hand_in([])
    await grant(room, cast.mira, cast.tess, attempts=1)
    await grant(room, cast.ada, cast.tess, attempts=1, everywhere=True)
    assert await room.owner.fetch(exhausted) == []
    assert (await room.result())["attempts_left"] == 2
    await room.start()
    await room.hand_in([])
    await room.hand_in([])
    with pytest.raises(asyncpg.RaiseError, match="No attempts are left"):
        await room.start()
    assert len(await room.owner.fetch(exhausted)) == 1


async def test_managers_grant_to_their_team_and_nobody_grants_to_oneself(room: QuizRoom):
    cast = room.world.cast
    for person in (cast.tess, cast.theo, cast.otto, room.world.edna):
        await room.world.refuses(person, GRANT, cast.tess.user_id, room.quiz_id, 9, True, 9)
    await room.world.refuses(cast.mira, GRANT, cast.theo.user_id, None, 9, True, 9)
    await room.world.refuses(cast.mira, GRANT, cast.mira.user_id, None, 9, True, 9)
    await grant(room, cast.mira, cast.tess, factor=2)
    for change in (f"user_id = '{cast.theo.user_id}'", f"granted_by = '{cast.ada.user_id}'"):
        await room.world.refuses(cast.mira, f"update public.quiz_allowances set {change}")
    [seen] = await room.ask("select granted_by, time_factor from public.quiz_allowances")
    assert tuple(seen) == (cast.mira.user_id, 2)


@pytest.mark.parametrize("change", ["time_factor = 0.5", "time_factor = 11", "extra_attempts = -1"])
async def test_an_allowance_never_takes_away(room: QuizRoom, change: str):
    await grant(room, room.world.cast.ada, room.world.cast.tess)
    with pytest.raises(asyncpg.CheckViolationError):
        await room.ask(f"update public.quiz_allowances set {change}", person=room.world.cast.ada)


async def test_what_is_granted_changed_and_taken_is_in_the_audit_log(room: QuizRoom):
    cast = room.world.cast
    await grant(room, cast.mira, cast.tess, factor=1.5)
    await room.ask("update public.quiz_allowances set extra_attempts = 2", person=cast.ada)
    await room.ask("delete from public.quiz_allowances", person=cast.mira)
    rows = await room.ask(
        "select action, actor_id, details from public.audit_events where subject_kind = 'quiz_allowance' order by id",
        person=cast.ada,
    )
    assert [(row["action"], row["actor_id"]) for row in rows] == [
        ("quiz_allowance.created", cast.mira.user_id),
        ("quiz_allowance.changed", cast.ada.user_id),
        ("quiz_allowance.deleted", cast.mira.user_id),
    ]
    assert rows[0]["details"]["changed"]["time_factor"] == [None, 1.5]
    assert rows[1]["details"]["changed"]["extra_attempts"] == [0, 2]
