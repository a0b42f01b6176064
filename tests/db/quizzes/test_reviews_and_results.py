"""What people are told afterwards: by the review policy, and by what counts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.quizzes import QuizRoom, right_answer

TELLING = {"right_answer", "explanation", "answer_explanations"}


async def test_without_a_policy_only_what_was_chosen_is_judged(room: QuizRoom):
    row = await room.hand_in(room.right(but="ordering"))
    assert all("is_correct" in answer for answer in row["answers"])
    review = await room.review(row["id"])
    assert (review["review"], review["is_open"], review["score"]) == (None, False, 83)
    assert [question["is_correct"] for question in review["questions"]] == [True] * 5 + [False]
    assert [question["points_earned"] for question in review["questions"]] == [1] * 5 + [0]
    assert review["questions"][3]["given"] == {"text": "Refund"}
    assert review["questions"][5]["given"] is None
    assert not any(TELLING & set(question) for question in review["questions"])
    assert "Why" not in str(review)


async def test_an_open_review_tells_what_is_right_and_why(room: QuizRoom):
    await room.set(review="after_attempt")
    row = await room.hand_in(room.right(but="ordering"))
    assert not any("is_correct" in answer for answer in row["answers"])
    review = await room.review(row["id"])
    assert review["is_open"]
    for place, question in enumerate(review["questions"]):
        assert set(question) > TELLING
        assert question["explanation"] == f"Why {place}"
    first, *_, ordering = review["questions"]
    assert first["right_answer"] == [str(room.questions[0].options[0].id)]
    assert sorted(first["answer_explanations"].values()) == ["Why 0", "Why 1", "Why 2"]
    assert ordering["right_answer"] == right_answer(room.questions[-1])["ordered_answer_ids"]
    assert [question["is_correct"] for question in review["questions"]] == [True] * 5 + [False]


async def test_each_policy_opens_when_it_says(room: QuizRoom):
    await room.set(max_attempts=3)
    wrong, right, last = [await room.hand_in(answers) for answers in ([], room.right(), [])]
    opened = {
        (policy, attempts): await open_reviews(room, policy, attempts)
        for policy in ("never", "after_attempt", "after_pass", "after_last_attempt")
        for attempts in (3, 4)
    }
    assert {key for key, is_open in opened.items() if is_open} == {
        *(("after_attempt", attempts) for attempts in (3, 4)),
        *(("after_pass", attempts) for attempts in (3, 4)),
        ("after_last_attempt", 3),
    }
    await room.owner.execute("update public.quiz_attempts set passed = false")
    assert not await open_reviews(room, "after_pass", 3)
    assert {row["id"] for row in (wrong, right, last)} == set(await attempts_of(room))


async def open_reviews(room: QuizRoom, policy: str, max_attempts: int) -> bool:
    """Whether all attempts are open to review; fails when only some are."""
    await room.set(review=policy, max_attempts=max_attempts)
    reviews = [await room.review(attempt_id) for attempt_id in await attempts_of(room)]
    for review in reviews:
        assert (review["questions"] is None) == (not review["is_open"])
        assert review["is_open"] or "Why" not in str(review)
    [is_open] = {review["is_open"] for review in reviews}
    return bool(is_open)


async def attempts_of(room: QuizRoom) -> list[UUID]:
    """The ids of tess's attempts."""
    return [row["id"] for row in await room.ask("select id from public.quiz_attempts")]


async def test_more_attempts_close_what_the_last_one_had_opened(room: QuizRoom):
    await room.set(review="after_last_attempt", max_attempts=1)
    row = await room.hand_in([])
    assert (await room.review(row["id"]))["is_open"]
    await room.ask(
        "insert into public.quiz_allowances (user_id, quiz_id, extra_attempts) values ($1, $2, 1)",
        room.world.cast.tess.user_id,
        room.quiz_id,
        person=room.world.cast.mira,
    )
    assert not (await room.review(row["id"]))["is_open"]


async def test_nothing_is_told_while_another_attempt_is_open(room: QuizRoom):
    await room.set(review="after_attempt")
    row = await room.hand_in([])
    await room.start()
    assert (await room.review(row["id"]))["questions"] is None
    await room.hand_in([])
    assert (await room.review(row["id"]))["questions"] is not None


async def test_who_reads_a_review(room: QuizRoom):
    cast = room.world.cast
    await room.set(review="never")
    row = await room.hand_in(room.right())
    for person in (cast.theo, cast.otto, room.world.edna):
        with pytest.raises(asyncpg.NoDataFoundError):
            await room.review(row["id"], person)
    with pytest.raises(asyncpg.NoDataFoundError):
        await room.review(uuid4())
    assert (await room.review(row["id"], cast.mira))["questions"] is None, "a manager may still take it"
    assert (await room.review(row["id"], cast.ada))["questions"][0]["right_answer"]


async def test_a_review_is_of_the_questions_as_they_were(room: QuizRoom):
    await room.set(review="after_attempt")
    row = await room.hand_in(room.right())
    before = await room.review(row["id"])
    ada = room.world.cast.ada
    await room.ask("update public.quiz_questions set explanation = 'Else', accepted_texts = '{}'", person=ada)
    await room.ask("delete from public.quiz_answers", person=ada)
    assert await room.review(row["id"]) == before


async def test_an_attempt_from_before_reviews_is_reviewed_by_what_it_has(room: QuizRoom):
    row = await room.hand_in([right_answer(room.questions[0])])
    await room.owner.execute("update public.quiz_attempts set grading = '[]'")
    review = await room.review(row["id"])
    assert [question["is_correct"] for question in review["questions"]] == [True] + [False] * 5


COUNTING: dict[str, Callable[[list[int]], int]] = {
    "best": max,
    "last": lambda scores: scores[-1],
    "first": lambda scores: scores[0],
    "average": lambda scores: sum(scores) // len(scores),
}


class _Undone(Exception):
    pass


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counts=st.sampled_from(sorted(COUNTING)), right=st.lists(st.integers(0, 6), max_size=5), grade=st.integers(0, 100)
)
async def test_what_counts_is_the_result_and_decides_who_passes(
    room: QuizRoom, counts: str, right: list[int], grade: int
):
    tess = room.world.cast.tess
    scores: list[int] = []
    has_passed = False
    try:
        async with room.world.database.acting_as_service() as tx:
            await tx.execute("update public.quizzes set counts = $1, passing_grade = $2", counts, grade)
            for number, so_many in enumerate(right):
                row = await tx.fetchrow(
                    """insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers, attempted_at)
                       values ($1, $2, 0, true, $3, now() + make_interval(mins => $4)) returning score, passed""",
                    tess.user_id,
                    room.quiz_id,
                    room.right()[:so_many],
                    number,
                )
                scores.append(so_many * 100 // 6)
                passes = scores[-1] >= grade and COUNTING[counts](scores) >= grade
                assert tuple(row) == (scores[-1], passes)
                has_passed = has_passed or passes
            result: Any = await tx.fetchval("select callx.quiz_result($1, $2)", room.quiz_id, tess.user_id)
            assert result["score"] == (COUNTING[counts](scores) if scores else None)
            assert (result["passed"], result["attempts"]) == (has_passed, len(scores))
            raise _Undone
    except _Undone:
        pass


async def test_a_result_says_what_is_left_and_when(room: QuizRoom):
    cast = room.world.cast
    before = await room.result()
    assert before.pop("now")
    assert before == {
        "quiz_id": str(room.quiz_id),
        "user_id": str(cast.tess.user_id),
        "counts": "best",
        "score": None,
        "passed": False,
        "passing_grade": 80,
        "attempts": 0,
        "attempts_left": None,
        "next_attempt_at": None,
        "question_count": 6,
        "time_limit_seconds": None,
        "review": None,
        "open_sitting_id": None,
        "started_at": None,
        "saved_at": None,
        "deadline_at": None,
    }
    await room.set(max_attempts=3, cool_down_minutes=5, draw_count=4, time_limit_minutes=2)
    await room.start()
    await room.hand_in(room.right())
    result = await room.result()
    assert (result["score"], result["passed"], result["attempts_left"], result["question_count"]) == (100, True, 2, 4)
    assert result["next_attempt_at"] is not None
    for person in (cast.mira, cast.ada):
        assert await room.result(person, of=cast.tess) | {"now": result["now"]} == result
    for person in (cast.theo, cast.otto):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await room.result(person, of=cast.tess)
