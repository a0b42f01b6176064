"""Quizzes are graded by the database: what counts, what is kept, and what follows from a pass."""

import asyncio
import random
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from core.identity import Person
from tests.support.courses import build_course, complete, right_answers, submit
from tests.support.world import World

FACTS = "select payload from callx.facts where kind = 'LessonCompleted'"


class Quiz:
    """Three questions with three answers each, of which the first is right; it is passed with two of three."""

    def __init__(self, world: World, ids: list[tuple[UUID, list[UUID]]]) -> None:
        self.world, self.ids = world, ids

    def answer(self, question: int, answer: int) -> dict[str, str]:
        """What a front end sends for one question; both counted from 0."""
        question_id, answers = self.ids[question]
        return {"question_id": str(question_id), "selected_answer_id": str(answers[answer])}

    def graded(self, sent: list[Any]) -> tuple[int, list[dict[str, Any]]]:
        """The rules once more: score and answers that an attempt must have."""
        kept: list[dict[str, Any]] = []
        for question_id, answers in self.ids:
            given = [item for item in sent if isinstance(item, dict) and item.get("question_id") == str(question_id)]
            if given:
                chosen = given[0].get("selected_answer_id")
                known = chosen if chosen in [str(answer) for answer in answers] else None
                right = known == str(answers[0])
                kept.append({"question_id": str(question_id), "selected_answer_id": known, "is_correct": right})
        return sum(answer["is_correct"] for answer in kept) * 100 // len(self.ids), kept

    async def submit(self, answers: Any, person: Person | None = None) -> Any:
        """The graded attempt, by default of tess."""
        person = person or self.world.cast.tess
        async with self.world.database.acting_as(person) as tx:
            return await submit(tx, person, self.world.course.quiz_id, answers)


@pytest.fixture
async def quiz(world: World) -> Quiz:
    """The course's quiz with questions of its own."""
    async with world.database.acting_as_service() as tx:
        quiz_id = world.course.quiz_id
        await tx.execute("delete from public.quiz_questions where quiz_id = $1", quiz_id)
        await tx.execute("update public.quizzes set passing_grade = 66 where id = $1", quiz_id)
        ids = []
        for number in range(3):
            question_id = await tx.fetchval(
                """insert into public.quiz_questions (quiz_id, question_text, question_type, order_index)
                   values ($1, $2, 'multiple_choice', $3) returning id""",
                quiz_id,
                f"Question {number}?",
                number,
            )
            rows = await tx.fetch(
                """insert into public.quiz_answers (question_id, answer_text, is_correct, order_index)
                   select $1, 'Answer ' || n, n = 0, n from generate_series(0, 2) n returning id""",
                question_id,
            )
            ids.append((question_id, [row["id"] for row in rows]))
    return Quiz(world, ids)


async def test_right_answers_are_counted_and_a_score_is_rounded_down(quiz: Quiz):
    for chosen, score, passed in (
        ([0, 0, 0], 100, True),
        ([0, 1, 0], 66, True),
        ([0, 1, 2], 33, False),
        ([1, 2, 1], 0, False),
        ([0, 0], 66, True),
        ([], 0, False),
    ):
        row = await quiz.submit([quiz.answer(question, answer) for question, answer in enumerate(chosen)])
        assert (row["score"], row["passed"]) == (score, passed), chosen
        assert [item["is_correct"] for item in row["answers"]] == [answer == 0 for answer in chosen]


async def test_a_pass_is_not_reached_by_rounding(quiz: Quiz):
    await quiz.world.as_service("update public.quizzes set passing_grade = 67")
    assert not (await quiz.submit([quiz.answer(0, 0), quiz.answer(1, 0)]))["passed"]


async def test_the_first_answer_to_a_question_counts(quiz: Quiz):
    row = await quiz.submit([quiz.answer(0, 1), quiz.answer(0, 0), quiz.answer(0, 0), quiz.answer(1, 0)])
    assert row["score"] == 33
    assert row["answers"] == [
        quiz.answer(0, 1) | {"is_correct": False},
        quiz.answer(1, 0) | {"is_correct": True},
    ]


async def test_what_the_client_adds_is_dropped_and_the_order_is_the_quizs(quiz: Quiz):
    sent = [quiz.answer(1, 1) | {"is_correct": True, "note": "x"}, quiz.answer(0, 0) | {"is_correct": False}]
    assert (await quiz.submit(sent))["answers"] == [
        quiz.answer(0, 0) | {"is_correct": True},
        quiz.answer(1, 1) | {"is_correct": False},
    ]


async def test_questions_and_answers_of_elsewhere_do_not_count(quiz: Quiz):
    async with quiz.world.database.acting_as_service() as tx:
        other = await build_course(tx, title="Other")
        foreign = await right_answers(tx, other.quiz_id)
    crossed = {**quiz.answer(0, 0), "selected_answer_id": quiz.answer(1, 0)["selected_answer_id"]}
    row = await quiz.submit([*foreign, {"question_id": str(uuid4()), "selected_answer_id": str(uuid4())}, crossed])
    assert row["score"] == 0
    assert row["answers"] == [{**crossed, "selected_answer_id": None, "is_correct": False}]


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"question_id": 1},
        "text",
        7,
        True,
        [None, 1, "x", [], [[]], True],
        [{}, {"question_id": None}, {"question_id": {}, "selected_answer_id": []}],
        [{"question_id": "not a uuid", "selected_answer_id": "'; drop table quizzes; --"}],
        [{"question_id": 10**30}],
        [{"question_id": "x" * 10_000}] * 200,
    ],
)
async def test_malformed_answers_score_nothing_and_are_not_kept(quiz: Quiz, answers: Any):
    row = await quiz.submit(answers)
    assert (row["score"], row["passed"], row["answers"]) == (0, False, [])


async def test_random_answers_are_graded_as_the_rules_say_and_never_fail(quiz: Quiz):
    rng = random.Random(3)
    odd: list[Any] = [None, 1, -0.5, "", "x", [], {}, {"question_id": None}, {"selected_answer_id": "x"}, True, "👋"]
    people = [person for _, person in quiz.world.cast]
    for number in range(150):
        sent: list[Any] = []
        for _ in range(rng.randint(0, 6)):
            item: Any = rng.choice(odd)
            if rng.random() < 0.7:
                item = quiz.answer(rng.randrange(3), rng.randrange(3)) | rng.choice([{}, {"is_correct": True}])
            if rng.random() < 0.2 and isinstance(item, dict):
                item = item | {rng.choice(["question_id", "selected_answer_id"]): rng.choice(odd)}
            sent.append(item)
        row = await quiz.submit(sent, people[number % len(people)])  # nobody may try so often
        assert (row["score"], row["answers"]) == quiz.graded(sent), sent


async def test_null_answers_are_graded_as_none(quiz: Quiz):
    [row] = await quiz.world.as_person(
        quiz.world.cast.tess,
        "insert into public.quiz_attempts (user_id, quiz_id) values ($1, $2) returning score, answers",
        quiz.world.cast.tess.user_id,
        quiz.world.course.quiz_id,
    )
    assert tuple(row) == (0, [])


async def test_ids_in_capitals_are_the_same_ids(quiz: Quiz):
    sent = [{key: value.upper() for key, value in quiz.answer(0, 0).items()}]
    row = await quiz.submit(sent)
    assert row["answers"] == [quiz.answer(0, 0) | {"is_correct": True}]


async def test_a_quiz_without_questions_cannot_be_passed(quiz: Quiz):
    await quiz.world.as_service("delete from public.quiz_questions")
    await quiz.world.as_service("update public.quizzes set passing_grade = 0")
    assert not (await quiz.submit([]))["passed"]


async def test_the_service_is_graded_like_everybody_and_may_tell_the_time(quiz: Quiz):
    async with quiz.world.database.acting_as_service() as tx:
        row = await tx.fetchrow(
            """insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers, attempted_at)
               values ($1, $2, 100, true, '[]', '2020-01-01Z') returning score, attempted_at""",
            quiz.world.cast.tess.user_id,
            quiz.world.course.quiz_id,
        )
    assert (row["score"], row["attempted_at"].year) == (0, 2020)


async def test_only_a_visible_quiz_can_be_attempted_and_only_for_oneself(quiz: Quiz):
    world = quiz.world
    async with world.database.acting_as_service() as tx:
        closed = await build_course(tx, title="Secret", is_active=False)
    insert = """insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers)
                values ($1, $2, 1, true, '[]')"""
    for user, quiz_id in (
        (world.cast.tess, closed.quiz_id),
        (world.cast.tess, uuid4()),
        (world.cast.theo, world.course.quiz_id),
    ):
        await world.refuses(world.cast.tess, insert, user.user_id, quiz_id)
    await world.as_service("update public.products set is_active = false")
    await world.refuses(world.cast.tess, insert, world.cast.tess.user_id, world.course.quiz_id)


async def test_a_pass_completes_the_lesson_once_and_tells_it_once(quiz: Quiz):
    world, lesson_id = quiz.world, quiz.world.course.quiz_lesson_id
    right = [quiz.answer(question, 0) for question in range(3)]
    await quiz.submit([])
    assert await world.as_service(FACTS) == []
    for _ in range(2):
        assert (await quiz.submit(right))["passed"]
        async with world.database.acting_as(world.cast.tess) as tx:
            assert await complete(tx, world.cast.tess, lesson_id) == 1
    await quiz.submit([])
    completions = await world.as_person(world.cast.tess, "select lesson_id from public.lesson_completions")
    assert [row["lesson_id"] for row in completions] == [lesson_id]
    fact = {"user_id": str(world.cast.tess.user_id), "lesson_id": str(lesson_id)}
    assert [row["payload"] for row in await world.as_service(FACTS)] == [fact]


async def test_two_passes_at_once_complete_once(quiz: Quiz):
    right = [quiz.answer(question, 0) for question in range(3)]
    rows = await asyncio.gather(*(quiz.submit(right) for _ in range(4)))
    assert all(row["passed"] for row in rows)
    assert len(await quiz.world.as_service(FACTS)) == 1


async def test_an_attempt_keeps_the_questions_as_they_were_asked(quiz: Quiz):
    world = quiz.world
    given = [quiz.answer(0, 0), quiz.answer(2, 1)]
    before = await quiz.submit(given)
    await world.as_person(world.cast.ada, "update public.quiz_questions set question_text = 'Else?' where true")
    await world.as_person(world.cast.ada, "update public.quiz_answers set is_correct = not is_correct where true")
    await world.as_person(world.cast.ada, "delete from public.quiz_questions where order_index = 2")
    [after] = await world.as_person(
        world.cast.mira, "select score, answers, questions from public.quiz_attempts where id = $1", before["id"]
    )
    assert tuple(after) == (before["score"], before["answers"], before["questions"])
    assert [question["question_text"] for question in after["questions"]] == [f"Question {n}?" for n in range(3)]
    assert [answer["answer_text"] for answer in after["questions"][0]["answers"]] == [f"Answer {n}" for n in range(3)]
    [key] = await world.as_person(world.cast.ada, "select answer_key from public.quiz_attempts")
    assert key["answer_key"] == {str(question_id): [str(answers[0])] for question_id, answers in quiz.ids}


async def test_attempts_at_once_do_not_exceed_the_limit(quiz: Quiz):
    await quiz.world.as_service("update public.quizzes set max_attempts = 2")
    answers = await asyncio.gather(*(quiz.submit([]) for _ in range(4)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, asyncpg.RaiseError)]
    assert len(refused) == 2
    assert len(await quiz.world.as_service("select from public.quiz_attempts")) == 2
