"""Every statement about courses and teams that the service makes. All of them need a transaction of the service."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.db import Tx


async def person_by_email(tx: Tx, email: str) -> UUID | None:
    """Who has this (lower-case) address."""
    person_id: UUID | None = await tx.fetchval("select id from auth.users where email = $1", email)
    return person_id


async def assign_manager(tx: Tx, *, trainee_id: UUID, manager_id: UUID) -> None:
    """Puts a trainee into a manager's team, if not there yet."""
    await tx.execute(
        """insert into public.manager_assignments (trainee_id, manager_id) values ($1, $2)
           on conflict (trainee_id, manager_id) do nothing""",
        trainee_id,
        manager_id,
    )


async def insert_product(tx: Tx, product_id: UUID, title: str, description: str, created_by: UUID | None) -> bool:
    """A new active product; false when this id exists already."""
    inserted = await tx.fetchval(
        """insert into public.products (id, title, description, is_active, created_by) values ($1, $2, $3, true, $4)
           on conflict (id) do nothing returning id""",
        product_id,
        title,
        description,
        created_by,
    )
    return inserted is not None


async def insert_module(
    tx: Tx, module_id: UUID, product_id: UUID, title: str, description: str, order_index: int, *, prerequisite: bool
) -> None:
    """A module of a product."""
    await tx.execute(
        """insert into public.modules (id, product_id, title, description, order_index, is_prerequisite)
           values ($1, $2, $3, $4, $5, $6)""",
        module_id,
        product_id,
        title,
        description,
        order_index,
        prerequisite,
    )


async def insert_lesson(
    tx: Tx,
    lesson_id: UUID,
    module_id: UUID,
    title: str,
    lesson_type: str,
    order_index: int,
    *,
    video_path: str | None,
    text_html: str | None,
) -> None:
    """A lesson of a module; `video_path` lies in the bucket `lesson-videos`."""
    await tx.execute(
        """insert into public.lessons (id, module_id, title, lesson_type, order_index, video_url, text_content)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        lesson_id,
        module_id,
        title,
        lesson_type,
        order_index,
        video_path,
        text_html,
    )


async def insert_quiz(tx: Tx, quiz_id: UUID, lesson_id: UUID, passing_grade: int) -> None:
    """The quiz of a quiz lesson."""
    await tx.execute(
        "insert into public.quizzes (id, lesson_id, passing_grade) values ($1, $2, $3)",
        quiz_id,
        lesson_id,
        passing_grade,
    )


async def insert_question(
    tx: Tx,
    question_id: UUID,
    quiz_id: UUID,
    text: str,
    question_type: str,
    order_index: int,
    answers: Sequence[tuple[UUID, str, bool]],
) -> None:
    """A question with its answers (id, text, whether it is correct) in their order."""
    await tx.execute(
        """insert into public.quiz_questions (id, quiz_id, question_text, question_type, order_index)
           values ($1, $2, $3, $4, $5)""",
        question_id,
        quiz_id,
        text,
        question_type,
        order_index,
    )
    await tx.executemany(
        """insert into public.quiz_answers (id, question_id, answer_text, is_correct, order_index)
           values ($1, $2, $3, $4, $5)""",
        [
            (answer_id, question_id, answer, correct, place)
            for place, (answer_id, answer, correct) in enumerate(answers)
        ],
    )


async def insert_simulation(
    tx: Tx, simulation_id: UUID, lesson_id: UUID, scenario_description: str, ai_system_prompt: str, passing_grade: int
) -> None:
    """The simulation of a simulation lesson."""
    await tx.execute(
        """insert into public.simulations (id, lesson_id, scenario_description, ai_system_prompt, passing_grade)
           values ($1, $2, $3, $4, $5)""",
        simulation_id,
        lesson_id,
        scenario_description,
        ai_system_prompt,
        passing_grade,
    )


async def insert_scenario(
    tx: Tx,
    simulation_id: UUID,
    title: str,
    customer_name: str,
    customer_card: Mapping[str, Any],
    goals: Sequence[str],
    script: Mapping[str, Any],
    rubric: Mapping[str, Any],
) -> None:
    """Who calls in a simulation: the card and goals that the trainee sees, and the hidden script and rubric."""
    await tx.execute(
        """insert into public.simulation_scenarios
               (simulation_id, title, customer_name, customer_card, goals, script, rubric)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        simulation_id,
        title,
        customer_name,
        dict(customer_card),
        list(goals),
        dict(script),
        dict(rubric),
    )
