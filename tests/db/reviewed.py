"""Judged calls of tess, and people who review them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.identity import Person
from evaluation.jobs import Evaluator
from evaluation.judgement import Judge
from evaluation.local_judge.judge import LocalJudge
from evaluation.reviews.overrides import Override
from evaluation.reviews.reviewing import Reviewed, Reviewing, Wish
from tests.clock import FixedClock
from tests.db.test_evaluator import finished_call
from tests.support.world import World


@dataclass(frozen=True)
class Desk:
    """The world, and short ways to review in it."""

    world: World
    clock: FixedClock

    async def judged(self, *args: Any, judge: Judge | None = None, **changes: Any) -> UUID:
        """A finished call with its report."""
        call_id = await finished_call(self.world, *args, **changes)
        await Evaluator(self.world.database, judge or LocalJudge(), self.clock).evaluate(call_id)
        return call_id

    async def review(self, person: Person, call_id: UUID, *overrides: Override, **wish: Any) -> Reviewed:
        """What a person says of a call."""
        wished = Wish(call_id=call_id, overrides=overrides, **{"reason": "I listened to it.", **wish})
        return await Reviewing(self.world.database, self.clock).review(person, wished)

    async def publish(self, person: Person, call_id: UUID, *overrides: Override, **wish: Any) -> Reviewed:
        """The same, for everybody to see."""
        return await self.review(person, call_id, *overrides, publish=True, **wish)

    async def evaluation(self, call_id: UUID) -> Any:
        """The row of the evaluation."""
        [row] = await self.world.as_service("select * from public.evaluations where call_id = $1", call_id)
        return row

    async def attempt(self, call_id: UUID) -> Any:
        """The row of the attempt."""
        [row] = await self.world.as_service("select * from public.simulation_attempts where call_id = $1", call_id)
        return row

    async def completed(self) -> list[UUID]:
        """The lessons that tess has completed."""
        rows = await self.world.as_service(
            "select lesson_id from public.lesson_completions where user_id = $1", self.world.cast.tess.user_id
        )
        return [row["lesson_id"] for row in rows]

    async def facts(self, kind: str) -> list[dict[str, Any]]:
        """What was told to whoever follows."""
        rows = await self.world.as_service("select payload from callx.facts where kind = $1 order by id", kind)
        return [row["payload"] for row in rows]


def not_met(criterion: str, check: str | None = None, reason: str = "") -> Override:
    """A person sees that it was not done."""
    return Override(criterion=criterion, check=check, verdict="not_met", reason=reason)


def met(criterion: str, check: str | None = None, reason: str = "") -> Override:
    """A person sees that it was done."""
    return Override(criterion=criterion, check=check, verdict="met", reason=reason)
