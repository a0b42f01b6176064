"""A small course with a lesson of each type, and what a trainee leaves behind in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.db import Tx
from core.identity import Person


@dataclass(frozen=True)
class Course:
    """The ids of one product and of everything in it."""

    product_id: UUID
    module_id: UUID
    video_lesson_id: UUID
    text_lesson_id: UUID
    quiz_lesson_id: UUID
    simulation_lesson_id: UUID
    quiz_id: UUID
    question_id: UUID
    simulation_id: UUID


async def build_course(tx: Tx, *, title: str = "Billing", is_active: bool = True) -> Course:
    """Writes a product with one module, four lessons and all that hangs on them; `tx` acts as the service."""
    product_id = await tx.fetchval(
        "insert into public.products (title, is_active) values ($1, $2) returning id", title, is_active
    )
    module_id = await tx.fetchval(
        "insert into public.modules (product_id, title, order_index) values ($1, 'First', 1) returning id", product_id
    )
    lessons = {
        kind: await tx.fetchval(
            """insert into public.lessons (module_id, title, lesson_type, order_index, text_content)
               values ($1, initcap($2), $2::public.lesson_type, $3, 'Words.') returning id""",
            module_id,
            kind,
            number,
        )
        for number, kind in enumerate(("video", "text", "quiz", "simulation"), 1)
    }
    await tx.execute(
        "insert into public.lesson_attachments (lesson_id, file_name, file_path) values ($1, 'a.pdf', 'x/a.pdf')",
        lessons["text"],
    )
    quiz_id, question_id = await _build_quiz(tx, lessons["quiz"])
    return Course(
        product_id=product_id,
        module_id=module_id,
        video_lesson_id=lessons["video"],
        text_lesson_id=lessons["text"],
        quiz_lesson_id=lessons["quiz"],
        simulation_lesson_id=lessons["simulation"],
        quiz_id=quiz_id,
        question_id=question_id,
        simulation_id=await _build_simulation(tx, lessons["simulation"]),
    )


async def record_everything(tx: Tx, person: Person, course: Course) -> UUID:
    """Writes one row of each personal table for `person`, as after one failed call; the id of that call."""
    user_id = person.user_id
    call_id = await _record_call(tx, person, course)
    await attempt(tx, person, course, passed=False, call_id=call_id)
    await tx.execute(
        "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)", user_id, course.text_lesson_id
    )
    await tx.execute(
        "insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers) values ($1, $2, 0, false, '[]')",
        user_id,
        course.quiz_id,
    )
    await tx.execute("insert into public.quiz_allowances (user_id) values ($1)", user_id)
    await _record_certificate(tx, person, course)
    return call_id


async def _record_call(tx: Tx, person: Person, course: Course) -> UUID:
    user_id = person.user_id
    call_id: UUID = await tx.fetchval(
        """insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed)
           values ($1, $2, 'practice', 'ended', '\\x00', 1) returning id""",
        user_id,
        course.simulation_id,
    )
    for sql in (
        """insert into public.call_turns (call_id, number, speaker, text, start_ms, end_ms)
           values ($1, 1, 'ai', 'Hi', 0, 9)""",
        "insert into public.call_moods (call_id, at_ms, mood) values ($1, 0, 50)",
        "insert into public.call_gaps (call_id, line, from_ms, to_ms) values ($1, 'customer', 0, 50)",
        "insert into public.recordings (call_id, journal) values ($1, 'journal')",
        "insert into public.evaluations (call_id) values ($1)",
    ):
        await tx.execute(sql, call_id)
    await tx.execute(
        """insert into public.unverified_evaluations
             (user_id, simulation_id, transcript_hash, transcript, report, judge)
           values ($1, $2, 'x', '[]', '{}', 'local-1')""",
        user_id,
        course.simulation_id,
    )
    await tx.execute(
        """insert into public.model_usage
             (user_id, call_id, purpose, model, input_tokens, cached_tokens, output_tokens)
           values ($1, $2, 'judge', 'a model', 1, 0, 1)""",
        user_id,
        call_id,
    )
    return call_id


async def _record_certificate(tx: Tx, person: Person, course: Course) -> None:
    user_id = person.user_id
    for sql in (
        "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x.pdf')",
        "insert into public.assignments (user_id, product_id) values ($1, $2)",
    ):
        await tx.execute(sql, user_id, course.product_id)
    await tx.execute(
        """insert into public.certificate_issues
             (certification_id, number, code, holder_name, product_title, issuer, issued_at, object_name, pdf_sha256)
           select id, 1, upper(right(replace(user_id::text, '-', ''), 16)), 'Tess', 'Billing', 'CallX', now(),
             user_id || '/x.pdf', repeat('0', 64)
           from public.certifications where user_id = $1 and product_id = $2""",
        user_id,
        course.product_id,
    )
    for sql in (
        """insert into public.certificate_badges (issue_id, status_number, credential, printed_at)
           select i.id, nextval('callx.badge_numbers'), 'head.body.signature', now()
           from public.certificate_issues i join public.certifications c on c.id = i.certification_id
           where c.user_id = $1 and c.product_id = $2""",
        """with work as (
             insert into public.certificate_reissues (product_id, how, which, reason, total, finished_at)
             values ($2, 'reprint', 'all', 'A new logo.', 1, now()) returning id
           )
           insert into public.certificate_reissue_items (reissue_id, issue_id)
           select w.id, i.id
           from work w, public.certificate_issues i join public.certifications c on c.id = i.certification_id
           where c.user_id = $1 and c.product_id = $2""",
    ):
        await tx.execute(sql, user_id, course.product_id)


async def attempt(tx: Tx, person: Person, course: Course, *, passed: bool, call_id: UUID | None = None) -> None:
    """Writes an attempt at the course's simulation."""
    await tx.execute(
        """insert into public.simulation_attempts (user_id, simulation_id, overall_score, passed, transcript, call_id)
           values ($1, $2, 50, $3, '[]', $4)""",
        person.user_id,
        course.simulation_id,
        passed,
        call_id,
    )


async def complete(tx: Tx, person: Person, lesson_id: UUID) -> int:
    """Inserts a completion as a front end would; how many rows came of it."""
    status: str = await tx.execute(
        "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)", person.user_id, lesson_id
    )
    return int(status.rpartition(" ")[2])


async def submit(tx: Tx, person: Person, quiz_id: UUID, answers: Any) -> Any:
    """Submits a quiz as the specification's front end does, with a score of its own making; the row that came of it."""
    return await tx.fetchrow(
        """insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers) values ($1, $2, 85, true, $3)
           returning id, score, passed, answers, questions, attempted_at""",
        person.user_id,
        quiz_id,
        answers,
    )


async def right_answers(tx: Tx, quiz_id: UUID) -> list[dict[str, str]]:
    """What to submit for a full score; `tx` acts as the service."""
    rows = await tx.fetch(
        """select q.id, min(a.id::text) as answer_id from public.quiz_questions q
           join public.quiz_answers a on a.question_id = q.id and a.is_correct
           where q.quiz_id = $1 group by q.id order by q.order_index""",
        quiz_id,
    )
    return [{"question_id": str(row["id"]), "selected_answer_id": row["answer_id"]} for row in rows]


async def build_modules(
    tx: Tx, modules: Sequence[tuple[int, bool | None, int]], *, title: str = "Dripping"
) -> tuple[UUID, list[UUID], list[list[UUID]]]:
    """A product with modules of text lessons, each given as (order_index, is_prerequisite, number of lessons).

    Returns the id of the product, of its modules, and of the lessons of each; `tx` acts as the service.
    """
    product_id = await tx.fetchval("insert into public.products (title) values ($1) returning id", title)
    module_ids, lesson_ids = [], []
    for order_index, linked, lessons in modules:
        module_id = await tx.fetchval(
            """insert into public.modules (product_id, title, order_index, is_prerequisite)
               values ($1, 'M', $2, $3) returning id""",
            product_id,
            order_index,
            linked,
        )
        rows = await tx.fetch(
            """insert into public.lessons (module_id, title, lesson_type, order_index)
               select $1, 'L', 'text', n from generate_series(1, $2::int) n returning id""",
            module_id,
            lessons,
        )
        module_ids.append(module_id)
        lesson_ids.append([row["id"] for row in rows])
    return product_id, module_ids, lesson_ids


async def _build_quiz(tx: Tx, lesson_id: UUID) -> tuple[UUID, UUID]:
    quiz_id = await tx.fetchval(
        "insert into public.quizzes (lesson_id, passing_grade) values ($1, 80) returning id", lesson_id
    )
    question_id = await tx.fetchval(
        """insert into public.quiz_questions (quiz_id, question_text, question_type, order_index)
           values ($1, 'Is it?', 'true_false', 1) returning id""",
        quiz_id,
    )
    await tx.execute(
        """insert into public.quiz_answers (question_id, answer_text, is_correct, order_index)
           values ($1, 'Yes', true, 1), ($1, 'No', false, 2)""",
        question_id,
    )
    return quiz_id, question_id


async def _build_simulation(tx: Tx, lesson_id: UUID) -> UUID:
    simulation_id: UUID = await tx.fetchval(
        """insert into public.simulations (lesson_id, scenario_description, ai_system_prompt, passing_grade)
           values ($1, 'A customer calls.', 'Be angry.', 70) returning id""",
        lesson_id,
    )
    await tx.execute(
        """insert into public.simulation_scenarios (simulation_id, title, customer_name, script)
           values ($1, 'Overcharged', 'Casey', '{}')""",
        simulation_id,
    )
    return simulation_id
