"""The demo's quiz with every type of question: drawn from a bank, timed, and passed by who knows."""

from typing import Any
from uuid import UUID

import pytest

from core.db import Database
from core.identity import Person
from lms.demo_content import seed_demo
from lms.demo_people import DemoPeople, seed_people

DRAWN = 8
TYPES = {"multiple_choice", "true_false", "multi_select", "short_text", "numeric", "ordering"}
FIND = """select q.id from public.quizzes q join public.lessons l on l.id = q.lesson_id
          where q.draw_count is not null and l.title like 'Final check%'"""


async def _hash(password: str) -> str:
    return f"hash of {password}"


@pytest.fixture
async def people(database: Database) -> DemoPeople:
    async with database.acting_as_service() as tx:
        people = await seed_people(tx, _hash)
        await seed_demo(tx, people=people)
        return people


@pytest.fixture
def trainee(people: DemoPeople) -> Person:
    claims = {"sub": str(people.trainee), "role": "authenticated"}
    return Person("authenticated", user_id=people.trainee, claims=claims)


async def test_it_has_a_bank_of_every_type_a_time_and_a_review(database: Database, people: DemoPeople):
    async with database.acting_as_service() as tx:
        quiz_id = await tx.fetchval(FIND)
        quiz = await tx.fetchrow("select * from public.quizzes where id = $1", quiz_id)
        types = await tx.fetch(
            "select question_type::text as type from public.quiz_questions where quiz_id = $1", quiz_id
        )
    assert (quiz["draw_count"], quiz["review"], quiz["shuffle_answers"]) == (DRAWN, "after_attempt", True)
    assert quiz["time_limit_minutes"] is not None
    assert {row["type"] for row in types} == TYPES
    assert len(types) > DRAWN


async def test_each_draw_can_be_answered_and_passed(database: Database, trainee: Person):
    asked: set[str] = set()
    for _ in range(3):
        started = await _call(database, trainee, "select public.start_quiz($1)", await _quiz_id(database))
        assert len(started["questions"]) == DRAWN
        asked |= {question["id"] for question in started["questions"]}
        answers = [await _right(database, question) for question in started["questions"]]
        handed_in = await _call(
            database, trainee, "select public.submit_quiz($1, $2)", UUID(started["sitting_id"]), answers
        )
        assert (handed_in["score"], handed_in["passed"]) == (100, True)
        review = await _call(database, trainee, "select public.quiz_review($1)", UUID(handed_in["attempt_id"]))
        assert all(question["explanation"] for question in review["questions"])
    assert len(asked) > DRAWN, "three attempts draw the same"


async def _quiz_id(database: Database) -> UUID:
    async with database.acting_as_service() as tx:
        quiz_id: UUID = await tx.fetchval(FIND)
        return quiz_id


async def _call(database: Database, person: Person, sql: str, *values: Any) -> dict[str, Any]:
    async with database.acting_as(person) as tx:
        answer: dict[str, Any] = await tx.fetchval(sql, *values)
        return answer


async def _right(database: Database, question: dict[str, Any]) -> dict[str, Any]:
    """What somebody sends who knows."""
    async with database.acting_as_service() as tx:
        row = await tx.fetchrow("select * from public.quiz_questions where id = $1", UUID(question["id"]))
        answers = await tx.fetch(
            "select id::text, is_correct from public.quiz_answers where question_id = $1 order by order_index",
            row["id"],
        )
    right = [answer["id"] for answer in answers if answer["is_correct"]]
    fields: dict[str, Any] = {
        "multi_select": {"selected_answer_ids": right},
        "short_text": {"text": row["accepted_texts"][-1] if row["accepted_texts"] else None},
        "numeric": {"text": str(row["numeric_value"])},
        "ordering": {"ordered_answer_ids": [answer["id"] for answer in answers]},
    }
    return {
        "question_id": question["id"],
        **fields.get(row["question_type"], {"selected_answer_id": right[:1] and right[0]}),
    }
