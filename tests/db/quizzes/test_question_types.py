"""Each type of question: what is right, what is worth how much, what is kept."""

from decimal import Decimal

import asyncpg
import pytest

from tests.support.quiz_model import Option, Question
from tests.support.quizzes import QuizRoom, right_answer
from tests.support.world import World


async def test_all_types_are_graded_in_one_quiz(room: QuizRoom):
    row = await room.hand_in(room.right())
    assert (row["score"], row["passed"]) == (100, True)
    for question in room.questions:
        row = await room.hand_in(room.right(but=question.kind))
        assert (row["score"], row["passed"]) == (83, True), question.kind
        assert all(answer["is_correct"] for answer in row["answers"])


async def test_points_weigh_and_the_score_is_rounded_down(world: World, owner: asyncpg.Connection):
    heavy = Question("true_false", points=5, options=[Option(True, 0), Option(False, 1)])
    light = Question("true_false", points=1, options=[Option(True, 0), Option(False, 1)])
    room = await QuizRoom.furnish(world, owner, [heavy, light])
    assert (await room.hand_in([right_answer(heavy)]))["score"] == 83
    assert (await room.hand_in([right_answer(light)]))["score"] == 16


async def test_thirds_of_points_add_up_exactly(world: World, owner: asyncpg.Connection):
    def thirds() -> Question:
        return Question("multi_select", partial_credit=True, options=[Option(True, n) for n in range(3)])

    questions = [thirds() for _ in range(3)]
    room = await QuizRoom.furnish(world, owner, questions)
    one_each = [
        {"question_id": str(question.id), "selected_answer_ids": [str(question.options[0].id)]}
        for question in questions
    ]
    row = await room.hand_in([*one_each[:2], right_answer(questions[2])])
    assert row["score"] == 55
    await room.set(passing_grade=33)
    assert (await room.hand_in(one_each))["passed"]


async def test_wrong_options_take_credit_away_but_never_below_nothing(world: World, owner: asyncpg.Connection):
    question = Question("multi_select", partial_credit=True, options=[Option(n < 2, n) for n in range(5)])
    room = await QuizRoom.furnish(world, owner, [question, *([Question("true_false", options=[Option(True, 0)])])])
    ids = [str(option.id) for option in question.options]
    for chosen, score in (
        (ids[:2], 50),
        (ids[:1], 25),
        (ids[:3], 25),
        (ids[1:3], 0),
        (ids[2:], 0),
        ([ids[0]] * 3, 25),
        ([], 0),
        (ids, 0),
    ):
        row = await room.hand_in([{"question_id": str(question.id), "selected_answer_ids": chosen}])
        assert row["score"] == score, chosen
        assert row["answers"][0]["selected_answer_ids"] == [each for each in ids if each in chosen]
    await world.as_service("update public.quiz_questions set partial_credit = false")
    assert (await room.hand_in([{"question_id": str(question.id), "selected_answer_ids": ids[:1]}]))["score"] == 0


@pytest.mark.parametrize(
    ("match", "text", "is_right"),
    [
        ((False, False, False), "  CAFÉ   au lait ", True),
        ((False, False, False), "cafe au lait", True),
        ((False, False, False), "café", False),
        ((True, False, False), "Cafe au lait", False),
        ((False, True, False), "cafe au lait", False),
        ((False, True, False), "cafe\u0301 AU LAIT", True),
        ((False, False, True), "cafe  au lait", False),
        ((True, True, True), "café au lait", True),
        ((False, False, False), "", False),
        ((False, False, False), "x" * 10_000, False),
    ],
)
async def test_short_texts_fold_what_need_not_match(
    world: World, owner: asyncpg.Connection, match: tuple[bool, bool, bool], text: str, is_right: bool
):
    question = Question("short_text", accepted=["café au lait", ""], match=match)
    room = await QuizRoom.furnish(world, owner, [question])
    row = await room.hand_in([{"question_id": str(question.id), "text": text}])
    assert row["answers"] == [{"question_id": str(question.id), "text": text[:500], "is_correct": is_right}]


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("1234.5", True),
        ("1234,5", True),
        ("1.234,5", True),
        ("1,234.5", True),
        ("1 234,5", True),
        ("1\u202f234,50", True),
        ("1'234.5", True),
        (1234.5, True),
        ("1234.6", True),
        ("1234.61", False),
        ("1,234", False),
        ("-1234.5", False),
        ("twelve", False),
        ("1e3", False),
        ("NaN", False),
        ({"text": 1}, False),
    ],
)
async def test_numbers_are_understood_as_people_write_them(
    world: World, owner: asyncpg.Connection, text: object, is_right: bool
):
    question = Question("numeric", value=Decimal("1234.5"), tolerance=Decimal("0.1"))
    room = await QuizRoom.furnish(world, owner, [question])
    row = await room.hand_in([{"question_id": str(question.id), "text": text}])
    assert row["score"] == (100 if is_right else 0)


async def test_items_in_order_count_all_or_each_in_its_place(world: World, owner: asyncpg.Connection):
    question = Question("ordering", options=[Option(False, place) for place in (1, 2, 2, 4)])
    room = await QuizRoom.furnish(world, owner, [question])
    a, b, c, d = (str(option.id) for option in question.options)

    async def score(*ids: str) -> int:
        row = await room.hand_in([{"question_id": str(question.id), "ordered_answer_ids": list(ids)}])
        return int(row["score"])

    assert await score(a, b, c, d) == await score(a, c, b, d) == 100, "the same place is the same to either"
    assert await score(a, a, b, c, d) == 100
    assert await score(b, a, c, d) == await score(a, b, c) == 0
    await world.as_service("update public.quiz_questions set partial_credit = true")
    assert await score(b, a, c, d) == 50
    assert await score(a, b, c) == 75
    assert await score() == 0


async def test_a_question_without_anything_right_cannot_be_answered(world: World, owner: asyncpg.Connection):
    questions = [
        Question("multi_select", options=[Option(False, 0)]),
        Question("multi_select", partial_credit=True),
        Question("short_text"),
        Question("numeric"),
        Question("ordering", partial_credit=True),
    ]
    room = await QuizRoom.furnish(world, owner, questions)
    row = await room.hand_in([right_answer(question) | {"text": "0"} for question in questions])
    assert row["score"] == 0
    assert len(row["answers"]) == 5


@pytest.mark.parametrize(
    "change",
    ["points = 0", "points = 101", "numeric_value = 'NaN'", "numeric_value = 'Infinity'", "numeric_tolerance = -1"],
)
async def test_what_cannot_be_graded_is_refused(room: QuizRoom, change: str):
    with pytest.raises(asyncpg.CheckViolationError):
        await room.ask(f"update public.quiz_questions set {change}", person=room.world.cast.ada)


async def test_an_attempt_keeps_the_questions_without_what_is_right(room: QuizRoom):
    row = await room.hand_in([])
    kinds = {question["question_type"] for question in row["questions"]}
    assert kinds == {question.kind for question in room.questions}
    for question in row["questions"]:
        assert set(question) == {
            *("id", "question_text", "question_type", "order_index", "points", "partial_credit", "answers")
        }
        assert all(set(answer) == {"id", "answer_text", "order_index"} for answer in question["answers"])
    [key] = await room.ask("select answer_key from public.quiz_attempts", person=room.world.cast.ada)
    by_kind = {question.kind: key["answer_key"][str(question.id)] for question in room.questions}
    assert by_kind["short_text"] == ["Refund", "Money back"]
    assert by_kind["numeric"] == [12.5, 0.5]
    assert by_kind["ordering"] == right_answer(room.questions[-1])["ordered_answer_ids"]
