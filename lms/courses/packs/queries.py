"""Every statement that writes a course out of a pack. `tx` acts as an admin or as the service."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.db import Tx
from lms.courses.packs.course import (
    PackAttachment,
    PackCourse,
    PackLesson,
    PackModule,
    PackQuestion,
    PackQuiz,
    PackSimulation,
)

IS_ADMIN = "select current_user in ('callx_admin', 'service_role')"
LOCK = "select pg_try_advisory_xact_lock(hashtextextended('callx.course_pack ' || $1, 0))"
FINDINGS = "select severity, code, kind, title, message from public.check_content($1, false)"
PUBLISH = "select public.publish_content($1)"
REMOVE = {
    "module": "delete from public.modules where id = $1",
    "lesson": "delete from public.lessons where id = $1",
}


async def of_live(tx: Tx, statement: str) -> str:
    """The statement with `{live x}` filled in: what is archived is hidden from admins, and so is that it is."""
    if await tx.fetchval("select current_user = 'service_role'"):
        return re.sub(r"\{live (\w+)\}", r" and \1.archived_at is null", statement)
    return re.sub(r"\{live \w+\}", "", statement)


@dataclass(frozen=True, slots=True)
class Siblings:
    """Statements about the order of rows that have the same parent."""

    all: str
    next: str
    place: str


def _siblings(table: str, parent: str) -> Siblings:
    def named(statement: str) -> str:
        return statement.replace("{table}", f"public.{table}").replace("{parent}", parent)

    return Siblings(
        named("select t.id, t.order_index from {table} t where t.{parent} = $1{live t} order by t.order_index"),
        named("select greatest(max(order_index), -1) + 1 from {table} where {parent} = $1"),
        named(
            """update {table} t set order_index = $2 + o.place::int
               from unnest($1::uuid[]) with ordinality as o (id, place) where t.id = o.id"""
        ),
    )


MODULES, LESSONS = _siblings("modules", "product_id"), _siblings("lessons", "module_id")


async def insert_product(tx: Tx, product_id: UUID, course: PackCourse, created_by: UUID | None) -> None:
    """A new product, a draft; the author is the caller unless the service says who."""
    await tx.execute(
        """insert into public.products (id, key, title, description, is_active, certificate_valid_days,
             certificate_renewal_days)
           values ($1, $2, $3, $4, false, $5, $6)""",
        *(product_id, course.key, course.title, course.description),
        *(course.certificate.valid_days, course.certificate.renewal_days),
    )
    if created_by is not None:
        await tx.execute("update public.products set created_by = $2 where id = $1", product_id, created_by)


async def update_product(tx: Tx, product_id: UUID, course: PackCourse) -> None:
    """What the pack says of the course itself."""
    await tx.execute(
        """update public.products set title = $2, description = $3, certificate_valid_days = $4,
             certificate_renewal_days = $5
           where id = $1""",
        *(product_id, course.title, course.description),
        *(course.certificate.valid_days, course.certificate.renewal_days),
    )


async def insert_module(
    tx: Tx, module_id: UUID, product_id: UUID, module: PackModule, order_index: int, status: str
) -> None:
    """A new module."""
    await tx.execute(
        """insert into public.modules (id, product_id, key, title, description, is_prerequisite, order_index, status)
           values ($1, $2, $3, $4, $5, $6, $7, $8)""",
        *(module_id, product_id, module.key, module.title, module.description, module.prerequisite),
        *(order_index, status),
    )


async def update_module(tx: Tx, module_id: UUID, module: PackModule) -> None:
    """What the pack says of a module itself."""
    await tx.execute(
        "update public.modules set title = $2, description = $3, is_prerequisite = $4 where id = $1",
        *(module_id, module.title, module.description, module.prerequisite),
    )


async def insert_lesson(
    tx: Tx, lesson_id: UUID, module_id: UUID, lesson: PackLesson, order_index: int, status: str
) -> None:
    """A new lesson, without what hangs on it."""
    await tx.execute(
        """insert into public.lessons (id, module_id, key, title, lesson_type, must_watch, video_url, text_content,
             order_index, status)
           values ($1, $2, $3, $4, $5::text::public.lesson_type, $6, $7, $8, $9, $10)""",
        *(lesson_id, module_id, lesson.key, lesson.title, lesson.type, lesson.must_watch, lesson.video, lesson.text),
        *(order_index, status),
    )


async def update_lesson(tx: Tx, lesson_id: UUID, lesson: PackLesson) -> None:
    """What the pack says of a lesson itself."""
    await tx.execute(
        """update public.lessons set title = $2, lesson_type = $3::text::public.lesson_type, must_watch = $4,
             video_url = $5, text_content = $6
           where id = $1""",
        *(lesson_id, lesson.title, lesson.type, lesson.must_watch, lesson.video, lesson.text),
    )


async def move_lesson(tx: Tx, lesson_id: UUID, module_id: UUID, key: str) -> None:
    """Puts a lesson behind those of another module, under the key that it has in the pack."""
    await tx.execute(
        """update public.lessons set module_id = $2, order_index = (
             select greatest(max(l.order_index), -1) + 1 from public.lessons l where l.module_id = $2
           ) where id = $1""",
        lesson_id,
        module_id,
    )
    await tx.execute("update public.lessons set key = $2 where id = $1 and key <> $2", lesson_id, key)


async def next_place(tx: Tx, siblings: Siblings, parent_id: UUID) -> int:
    """The order_index of one more."""
    place: int = await tx.fetchval(siblings.next, parent_id)
    return place


async def put_in_order(tx: Tx, siblings: Siblings, parent_id: UUID, ids: Sequence[UUID]) -> None:
    """These first, in this order; others of the same parent behind them in the order that they have.

    Places are given anew only where the order is another one.
    """
    rows = await tx.fetch(await of_live(tx, siblings.all), parent_id)
    now = [row["id"] for row in rows]
    wanted = [*ids, *(each for each in now if each not in set(ids))]
    if now == wanted:
        return
    # Out of the way first: the unique constraint is checked row by row.
    lowest = min([0, *(row["order_index"] for row in rows)])
    for first in (lowest - len(wanted) - 1, 0):
        await tx.execute(siblings.place, wanted, first)


async def put_attachments(tx: Tx, lesson_id: UUID, attachments: Sequence[PackAttachment]) -> None:
    """Exactly these hang on the lesson."""
    wanted = [[getattr(each, name) for each in attachments] for name in ("name", "file", "kind", "language", "label")]
    await tx.execute(
        """delete from public.lesson_attachments a where a.lesson_id = $1 and not exists (
             select from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
               as w (name, file, kind, language, label)
             where (w.name, w.file, w.kind) = (a.file_name, a.file_path, a.kind)
               and (w.language, w.label) is not distinct from (a.language, a.label)
           )""",
        *(lesson_id, *wanted),
    )
    await tx.execute(
        """insert into public.lesson_attachments (lesson_id, file_name, file_path, kind, language, label, file_size)
           select $1, w.name, w.file, w.kind, w.language, w.label, (
             select (o.metadata ->> 'size')::bigint from storage.objects o
             where o.bucket_id = 'lesson-attachments' and w.file in (o.name, 'lesson-attachments/' || o.name)
           )
           from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
             as w (name, file, kind, language, label)
           where not exists (
             select from public.lesson_attachments a
             where a.lesson_id = $1 and (a.file_name, a.file_path, a.kind) = (w.name, w.file, w.kind)
               and (a.language, a.label) is not distinct from (w.language, w.label)
           )""",
        *(lesson_id, *wanted),
    )


async def remove_parts(tx: Tx, lesson_id: UUID, *, quiz: bool, simulation: bool) -> None:
    """Takes away a quiz or a simulation; what has results is archived by the database."""
    if quiz:
        await tx.execute("delete from public.quizzes where lesson_id = $1", lesson_id)
    if simulation:
        await tx.execute("delete from public.simulations where lesson_id = $1", lesson_id)


async def put_quiz(tx: Tx, lesson_id: UUID, quiz: PackQuiz) -> None:
    """The quiz of a lesson. A question with the same text, and in it an answer with the same text, stays the same."""
    quiz_id = await tx.fetchval(
        """insert into public.quizzes (lesson_id, passing_grade, max_attempts, cool_down_minutes, draw_count,
             shuffle_questions, shuffle_answers, time_limit_minutes, counts, review)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (lesson_id) do update set passing_grade = excluded.passing_grade,
             max_attempts = excluded.max_attempts, cool_down_minutes = excluded.cool_down_minutes,
             draw_count = excluded.draw_count, shuffle_questions = excluded.shuffle_questions,
             shuffle_answers = excluded.shuffle_answers, time_limit_minutes = excluded.time_limit_minutes,
             counts = excluded.counts, review = excluded.review
           returning id""",
        *(lesson_id, quiz.passing_grade, quiz.max_attempts, quiz.cool_down_minutes, quiz.draw),
        *(quiz.shuffle_questions, quiz.shuffle_answers, quiz.time_limit_minutes, quiz.counts, quiz.review),
    )
    rows = await tx.fetch(
        "select id, question_text as text from public.quiz_questions where quiz_id = $1 order by order_index", quiz_id
    )
    kept = _kept_ids(rows, [question.text for question in quiz.questions])
    await tx.execute(
        "delete from public.quiz_questions where quiz_id = $1 and id <> all ($2)",
        quiz_id,
        [each for each in kept if each],
    )
    await tx.execute(
        """update public.quiz_questions q set order_index = o.lowest - o.place::int from (
             select id, row_number() over (order by order_index) as place, least(min(order_index) over (), 0) as lowest
             from public.quiz_questions where quiz_id = $1
           ) o where q.id = o.id""",
        quiz_id,
    )
    for place, (question_id, question) in enumerate(zip(kept, quiz.questions, strict=True), 1):
        await _put_question(tx, quiz_id, question_id, question, place)


async def _put_question(tx: Tx, quiz_id: UUID, known_id: UUID | None, question: PackQuestion, place: int) -> None:
    question_id = await tx.fetchval(
        """insert into public.quiz_questions (id, quiz_id, question_text, question_type, points, partial_credit,
             match_case, match_accents, match_spaces, accepted_texts, numeric_value, numeric_tolerance, explanation,
             order_index)
           values (coalesce($1, gen_random_uuid()), $2, $3, $4::text::public.question_type, $5, $6, $7, $8, $9, $10,
             $11, $12, $13, $14)
           on conflict (id) do update set question_text = excluded.question_text,
             question_type = excluded.question_type, points = excluded.points,
             partial_credit = excluded.partial_credit, match_case = excluded.match_case,
             match_accents = excluded.match_accents, match_spaces = excluded.match_spaces,
             accepted_texts = excluded.accepted_texts, numeric_value = excluded.numeric_value,
             numeric_tolerance = excluded.numeric_tolerance, explanation = excluded.explanation,
             order_index = excluded.order_index
           returning id""",
        *(known_id, quiz_id, question.text, question.type, question.points, question.partial_credit),
        *("case" in question.match, "accents" in question.match, "spaces" in question.match),
        *(list(question.accepted), question.value, question.tolerance, question.explanation, place),
    )
    rows: Sequence[Any] = ()
    if known_id is not None:
        rows = await tx.fetch(
            """select id, answer_text as text from public.quiz_answers where question_id = $1
               order by order_index, id""",
            question_id,
        )
    kept = _kept_ids(rows, [answer.text for answer in question.answers])
    if known_id is not None:
        await tx.execute(
            "delete from public.quiz_answers where question_id = $1 and id <> all ($2)",
            question_id,
            [each for each in kept if each],
        )
    await tx.executemany(
        """insert into public.quiz_answers (id, question_id, answer_text, is_correct, explanation, order_index)
           values (coalesce($1, gen_random_uuid()), $2, $3, $4, $5, $6)
           on conflict (id) do update set answer_text = excluded.answer_text, is_correct = excluded.is_correct,
             explanation = excluded.explanation, order_index = excluded.order_index""",
        [
            (answer_id, question_id, answer.text, answer.correct, answer.explanation, number)
            for number, (answer_id, answer) in enumerate(zip(kept, question.answers, strict=True), 1)
        ],
    )


def _kept_ids(rows: Sequence[Any], texts: Sequence[str]) -> list[UUID | None]:
    """For each text the row that has it, the first for the first where several have the same."""
    free: dict[str, list[UUID]] = {}
    for row in rows:
        free.setdefault(row["text"], []).append(row["id"])
    return [free[text].pop(0) if free.get(text) else None for text in texts]


async def put_simulation(tx: Tx, simulation_id: UUID, lesson_id: UUID, simulation: PackSimulation) -> None:
    """The simulation of a lesson, under this id when it is new, and its scenario."""
    stored_id = await tx.fetchval(
        """insert into public.simulations
             (id, lesson_id, scenario_description, ai_system_prompt, passing_grade, call_script_path)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (lesson_id) do update set scenario_description = excluded.scenario_description,
             ai_system_prompt = excluded.ai_system_prompt, passing_grade = excluded.passing_grade,
             call_script_path = excluded.call_script_path
           returning id""",
        *(simulation_id, lesson_id, simulation.scenario_description, simulation.ai_system_prompt),
        *(simulation.passing_grade, simulation.call_script),
    )
    if simulation.title is None:
        await tx.execute("delete from public.simulation_scenarios where simulation_id = $1", stored_id)
        return
    await tx.execute(
        """insert into public.simulation_scenarios
             (simulation_id, title, customer_name, customer_card, goals, script, rubric)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (simulation_id) do update set title = excluded.title, customer_name = excluded.customer_name,
             customer_card = excluded.customer_card, goals = excluded.goals, script = excluded.script,
             rubric = excluded.rubric""",
        *(stored_id, simulation.title, simulation.customer_name or "", simulation.customer_card),
        *(list(simulation.goals), simulation.script, simulation.rubric),
    )
