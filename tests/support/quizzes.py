"""A quiz with a question of each type, and short ways to take it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from core.identity import Person
from tests.support import quiz_model
from tests.support.courses import submit
from tests.support.quiz_model import Option, Question
from tests.support.world import World


@dataclass
class QuizRoom:
    """The course's quiz, which is passed with 80 %."""

    world: World
    owner: asyncpg.Connection
    questions: list[Question]

    @classmethod
    async def furnish(
        cls, world: World, owner: asyncpg.Connection, questions: list[Question] | None = None
    ) -> "QuizRoom":
        """Puts in one question of each type, or these."""
        questions = questions if questions is not None else one_of_each()
        async with world.database.acting_as_service() as tx:
            await quiz_model.store(tx, world.course.quiz_id, questions)
        return cls(world, owner, questions)

    @property
    def quiz_id(self) -> UUID:
        """Which quiz it is."""
        return self.world.course.quiz_id

    async def set(self, **settings: Any) -> None:
        """Sets columns of the quiz."""
        for column, value in settings.items():
            await self.world.as_service(f"update public.quizzes set {column} = $1", value)

    async def start(self, person: Person | None = None, *, window: UUID | None = None) -> dict[str, Any]:
        """What start_quiz answers, by default to tess."""
        [row] = await self.ask("select public.start_quiz($1, $2) as answer", self.quiz_id, window, person=person)
        return dict(row["answer"])

    async def save(
        self, sitting_id: str, answers: Any, person: Person | None = None, *, window: UUID | None = None
    ) -> dict[str, Any]:
        """What save_quiz_answers answers."""
        sql = "select public.save_quiz_answers($1, $2, $3) as answer"
        [row] = await self.ask(sql, UUID(sitting_id), answers, window, person=person)
        return dict(row["answer"])

    async def submit(
        self, sitting_id: str, answers: Any = None, person: Person | None = None, *, window: UUID | None = None
    ) -> dict[str, Any]:
        """What submit_quiz answers."""
        sql = "select public.submit_quiz($1, $2, $3) as answer"
        [row] = await self.ask(sql, UUID(sitting_id), answers, window, person=person)
        return dict(row["answer"])

    async def hand_in(self, answers: Any, person: Person | None = None) -> Any:
        """The row of the attempt."""
        person = person or self.world.cast.tess
        async with self.world.database.acting_as(person) as tx:
            row = await submit(tx, person, self.quiz_id, answers)
            return await tx.fetchrow(
                """select id, score, passed, answers, questions, attempted_at, sitting_id, started_at, is_late
                   from public.quiz_attempts where id = $1""",
                row["id"],
            )

    async def review(self, attempt_id: UUID, person: Person | None = None) -> dict[str, Any]:
        """What quiz_review answers."""
        [row] = await self.ask("select public.quiz_review($1) as answer", attempt_id, person=person)
        return dict(row["answer"])

    async def result(self, person: Person | None = None, of: Person | None = None) -> dict[str, Any]:
        """What quiz_result answers."""
        of = of or person or self.world.cast.tess
        [row] = await self.ask("select public.quiz_result($1, $2) as answer", self.quiz_id, of.user_id, person=person)
        return dict(row["answer"])

    async def ask(self, sql: str, *values: Any, person: Person | None = None) -> list[Any]:
        """The rows of a statement, by default of tess."""
        return await self.world.as_person(person or self.world.cast.tess, sql, *values)

    async def let_pass(self, **time: int) -> None:
        """Moves everything that was started and handed in into the past, by as much as `timedelta` takes."""
        amount, unit = next((amount, unit) for unit, amount in time.items())
        past = f"- interval '{amount} {unit}'"
        await self.owner.execute(
            f"""update callx.quiz_sittings set started_at = started_at {past}, deadline_at = deadline_at {past};
                update public.quiz_attempts set attempted_at = attempted_at {past}"""
        )

    def right(self, *, but: str | None = None) -> list[dict[str, Any]]:
        """The right answer to each question, except that of the type `but`."""
        return [right_answer(question) for question in self.questions if question.kind != but]


def right_answer(question: Question) -> dict[str, Any]:
    """What a front end sends for the right answer."""
    right = [str(option.id) for option in question.options if option.is_correct]
    in_order = [str(option.id) for option in sorted(question.options, key=lambda option: option.order_index)]
    by_kind: dict[str, dict[str, Any]] = {
        "multi_select": {"selected_answer_ids": right},
        "short_text": {"text": question.accepted and question.accepted[0]},
        "numeric": {"text": str(question.value)},
        "ordering": {"ordered_answer_ids": in_order},
    }
    fields = by_kind.get(question.kind, {"selected_answer_id": right[0] if right else None})
    return {"question_id": str(question.id), **fields}


def one_of_each() -> list[Question]:
    """A question of each type, each of one point."""
    return [
        Question("multiple_choice", options=[Option(True, 0), Option(False, 1), Option(False, 2)]),
        Question("true_false", options=[Option(False, 0), Option(True, 1)]),
        Question("multi_select", options=[Option(True, 0), Option(False, 1), Option(True, 2), Option(False, 3)]),
        Question("short_text", accepted=["Refund", "Money back"]),
        Question("numeric", value=Decimal("12.5"), tolerance=Decimal("0.5")),
        Question("ordering", options=[Option(False, place) for place in range(4)]),
    ]
