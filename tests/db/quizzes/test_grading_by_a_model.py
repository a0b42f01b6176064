"""Random quizzes and answers: the database grades as a slow obvious model does."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import quiz_model
from tests.support.courses import submit
from tests.support.quiz_model import Option, Question
from tests.support.world import World

ONE_DATABASE = [HealthCheck.function_scoped_fixture]
WORDS = [
    "Straße",
    "STRASSE",
    "Café au lait",
    "cafe  au\tlait",
    "café au lait",
    "don’t",
    "DON'T",
    "ÉCOLE",
    "Łódź",
    "",
    " ",
]
TEXTS = st.sampled_from(WORDS) | st.text("aAäÄß'’-–\u00a0 \u0301é½１", max_size=6)
NUMBERS = [
    "12",
    "12,5",
    "12.50",
    "1,234",
    "1.234",
    "1 234,5",
    "1'234.5",
    "−12",
    "- 12",
    "+12.",
    ",5",
    "1,23,4",
    "1e3",
    "٣",
]
NUMERALS = st.sampled_from(NUMBERS) | st.text("0123,.' -", max_size=9)
KINDS = ("multiple_choice", "true_false", "multi_select", "short_text", "numeric", "ordering")
ODD: st.SearchStrategy[Any] = st.sampled_from([None, True, 7, -0.5, "x", [], {}, ["x", None, {}], "👋"])


class _Undone(Exception):
    pass


OPTIONS = st.builds(Option, is_correct=st.booleans(), order_index=st.integers(0, 3), id=st.uuids())


def questions(kinds: Sequence[str]) -> st.SearchStrategy[Question]:
    """A question of one of these types."""
    return st.builds(
        Question,
        kind=st.sampled_from(kinds),
        points=st.sampled_from([1, 1, 2, 7]),
        partial_credit=st.booleans(),
        options=st.lists(OPTIONS, min_size=2, max_size=4) | st.lists(OPTIONS, max_size=1),
        accepted=st.lists(TEXTS, max_size=3),
        match=st.tuples(st.booleans(), st.booleans(), st.booleans()),
        value=st.none()
        | st.sampled_from([Decimal(12), Decimal("-12"), Decimal("1.234"), Decimal(1234), Decimal("0.5")]),
        tolerance=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(2)]),
        id=st.uuids(),
    )


@st.composite
def answers_to(draw: st.DrawFn, question: Question) -> Any:
    """What might be sent for a question: mostly what fits its type, often right, sometimes anything."""
    ids = [str(option.id) for option in question.options]
    sent: dict[str, Any] = {"question_id": draw(st.sampled_from([str(question.id), str(question.id).upper()]))}
    if question.kind == "multi_select":
        right = [str(option.id) for option in question.options if option.is_correct]
        some = [each for each in ids if draw(st.booleans())]
        sent["selected_answer_ids"] = draw(st.sampled_from([right, some, [*some, "x"], [*some, *some]]))
    elif question.kind == "ordering":
        right = [str(option.id) for option in sorted(question.options, key=lambda option: option.order_index)]
        some = draw(st.permutations(ids))
        sent["ordered_answer_ids"] = draw(st.sampled_from([right, some, some[1:], [*right[:1], *some], ["x", *right]]))
    elif question.kind == "short_text":
        sent["text"] = draw(st.sampled_from([*question.accepted, "x"]) | TEXTS)
    elif question.kind == "numeric":
        sent["text"] = draw(NUMERALS | st.sampled_from([12, 12.4, str(question.value)]))
    else:
        sent["selected_answer_id"] = draw(st.sampled_from([*ids, "x"]))
    if draw(st.integers(0, 9)) == 0:
        sent[draw(st.sampled_from(sorted(sent)))] = draw(ODD)
    return sent | draw(st.sampled_from([{}, {"is_correct": True, "points": 99}]))


@st.composite
def quizzes(draw: st.DrawFn, kinds: Sequence[str]) -> tuple[list[Question], list[Any]]:
    """Questions, and what is sent for them."""
    asked = draw(st.lists(questions(kinds), min_size=1, max_size=4) | st.just([]))
    answered = [question for question in asked if draw(st.integers(0, 5))]
    twice = [question for question in answered if draw(st.integers(0, 7)) == 7]
    sent = [draw(answers_to(question)) for question in (*answered, *twice)]
    return asked, draw(st.permutations([*sent, *draw(st.lists(ODD, max_size=2))]))


@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), KINDS], ids=[*KINDS, "all"])
@settings(max_examples=150, deadline=None, suppress_health_check=ONE_DATABASE)
@given(data=st.data())
async def test_the_database_grades_as_the_model(world: World, kinds: Sequence[str], data: st.DataObject):
    asked, sent = data.draw(quizzes(kinds))
    tess, quiz_id = world.cast.tess, world.course.quiz_id
    try:
        async with world.database.acting_as_service() as tx:
            await quiz_model.store(tx, quiz_id, asked)
            row = await submit(tx, tess, quiz_id, sent)
            grading = await tx.fetchval("select grading from public.quiz_attempts where id = $1", row["id"])
            score = quiz_model.score(asked, sent)
            assert row["score"] == score
            assert row["passed"] == (bool(asked) and score >= 80)
            marks = {answer["question_id"]: answer["is_correct"] for answer in row["answers"]}
            assert marks == quiz_model.marks(asked, sent)
            assert [item["question_id"] for item in grading] == [str(question.id) for question in asked]
            for question, item in zip(asked, grading, strict=True):
                share = question.share(quiz_model.first_answer(question, sent) or {})
                assert abs(item["points"] - float(question.points * share)) < 0.0051
            raise _Undone
    except _Undone:
        pass


@settings(max_examples=400, deadline=None, suppress_health_check=ONE_DATABASE)
@given(text=NUMERALS)
async def test_numbers_are_read_as_the_model_reads_them(owner: asyncpg.Connection, text: str):
    found = await owner.fetchval("select callx.number_readings($1)", text)
    assert set(found) == quiz_model.readings(text)


@settings(max_examples=400, deadline=None, suppress_health_check=ONE_DATABASE)
@given(text=TEXTS, match=st.tuples(st.booleans(), st.booleans(), st.booleans()))
async def test_texts_are_folded_as_the_model_folds_them(
    owner: asyncpg.Connection, text: str, match: tuple[bool, bool, bool]
):
    assert await owner.fetchval("select callx.folded($1, $2, $3, $4)", text, *match) == quiz_model.fold(text, *match)
