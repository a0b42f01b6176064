"""Every statement about quizzes that Python makes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.db import Tx
from lms.courses.quizzes.plan import KnownQuestion
from lms.courses.quizzes.questions import CHOICES, MATCHES, Answer, Question, name_of

END_OVERDUE = "select callx.end_overdue_sittings($1)"


async def is_admin(tx: Tx) -> bool:
    """Whether the caller is an admin."""
    found: bool = await tx.fetchval("select public.has_role(auth.uid(), 'admin')")
    return found


async def lock_quiz(tx: Tx, quiz_id: UUID) -> bool:
    """Keeps others from importing until the end of the transaction; false when the caller has no such quiz."""
    return await tx.fetchval("select id from public.quizzes where id = $1 for update", quiz_id) is not None


async def quiz_title(tx: Tx, quiz_id: UUID) -> str | None:
    """The title of a quiz's lesson; None when the caller does not see it."""
    title: str | None = await tx.fetchval(
        "select l.title from public.quizzes q join public.lessons l on l.id = q.lesson_id where q.id = $1", quiz_id
    )
    return title


async def questions_of(tx: Tx, quiz_id: UUID) -> tuple[KnownQuestion, ...]:
    """The questions of a quiz in their order; `tx` acts as an admin."""
    rows = await tx.fetch(
        """select q.id, q.question_text, q.question_type::text as type, q.points, q.partial_credit, q.match_case,
             q.match_accents, q.match_spaces, q.accepted_texts, q.numeric_value, q.numeric_tolerance, q.explanation,
             coalesce((
               select jsonb_agg(jsonb_build_object(
                 'id', a.id, 'text', a.answer_text, 'is_correct', a.is_correct, 'explanation', a.explanation
               ) order by a.order_index, a.id)
               from public.quiz_answers a where a.question_id = q.id
             ), '[]') as answers
           from public.quiz_questions q where q.quiz_id = $1 order by q.order_index""",
        quiz_id,
    )
    return tuple(_known(row) for row in rows)


def _known(row: Any) -> KnownQuestion:
    kind: str = row["type"]
    answers = tuple(
        Answer(each["text"], kind not in CHOICES or each["is_correct"], each["explanation"]) for each in row["answers"]
    )
    if kind == "short_text":
        answers = tuple(Answer(text) for text in row["accepted_texts"])
    question = Question(
        row["question_text"],
        kind,
        () if kind == "numeric" else answers,
        points=row["points"],
        partial_credit=row["partial_credit"],
        match=frozenset(name for name in MATCHES if row[f"match_{name}"]),
        value=row["numeric_value"],
        tolerance=row["numeric_tolerance"],
        explanation=row["explanation"],
    )
    ids: dict[str, UUID] = {}
    for each in row["answers"]:
        ids.setdefault(name_of(each["text"]), UUID(each["id"]))
    return KnownQuestion(row["id"], question, ids)


async def insert_question(tx: Tx, quiz_id: UUID, question: Question) -> None:
    """A new question behind the others."""
    question_id = await tx.fetchval(
        """insert into public.quiz_questions (quiz_id, order_index, question_text, question_type, points,
             partial_credit, match_case, match_accents, match_spaces, accepted_texts, numeric_value, numeric_tolerance,
             explanation)
           select $1, coalesce(max(q.order_index), -1) + 1, $2, $3::text::public.question_type, $4, $5, $6, $7, $8, $9,
             $10, $11, $12
           from public.quiz_questions q where q.quiz_id = $1
           returning id""",
        quiz_id,
        *_values(question),
    )
    await _put_answers(tx, question_id, question, {})


async def update_question(tx: Tx, known: KnownQuestion, question: Question) -> None:
    """What the question is now; answers with the same text stay the same answers."""
    await tx.execute(
        """update public.quiz_questions set question_text = $2, question_type = $3::text::public.question_type,
             points = $4, partial_credit = $5, match_case = $6, match_accents = $7, match_spaces = $8,
             accepted_texts = $9, numeric_value = $10, numeric_tolerance = $11, explanation = $12
           where id = $1""",
        known.id,
        *_values(question),
    )
    await _put_answers(tx, known.id, question, dict(known.answer_ids))


def _values(
    question: Question,
) -> tuple[str, str, int, bool, bool, bool, bool, list[str], Decimal | None, Decimal, str | None]:
    case, accents, spaces = (name in question.match for name in MATCHES)
    accepted = [answer.text for answer in question.answers] if question.type == "short_text" else []
    return (
        *(question.text, question.type, question.points, question.partial_credit, case, accents, spaces),
        *(accepted, question.value, question.tolerance, question.explanation),
    )


async def _put_answers(tx: Tx, question_id: UUID, question: Question, ids: dict[str, UUID]) -> None:
    shown: Sequence[Answer] = () if question.type in ("short_text", "numeric") else question.answers
    kept = [ids.get(name_of(answer.text)) for answer in shown]
    await tx.execute(
        "delete from public.quiz_answers where question_id = $1 and id <> all ($2)",
        question_id,
        [answer_id for answer_id in kept if answer_id],
    )
    for place, (answer_id, answer) in enumerate(zip(kept, shown, strict=True), 1):
        is_correct = answer.is_right and question.type in CHOICES
        await tx.execute(
            """insert into public.quiz_answers (id, question_id, answer_text, is_correct, order_index, explanation)
               values (coalesce($1, gen_random_uuid()), $2, $3, $4, $5, $6)
               on conflict (id) do update set answer_text = excluded.answer_text, is_correct = excluded.is_correct,
                 order_index = excluded.order_index, explanation = excluded.explanation""",
            answer_id,
            question_id,
            answer.text,
            is_correct,
            place,
            answer.explanation,
        )
