"""What recognition does behind the requests: award each badge once, after what earned it."""

from dataclasses import dataclass
from uuid import UUID

from core import facts
from core.db import Database
from core.facts import Fact
from core.jobs import Subscriptions
from lms.recognition import queries
from lms.recognition.badges import badges_of

BADGE_EARNED = "BadgeEarned"
EVERY_NIGHT = "17 4 * * *"
_PEOPLE_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Awarding:
    """Follows facts by looking at all that somebody has done, so that doing it again changes nothing."""

    database: Database

    async def award(self, user_id: UUID) -> None:
        """Awards what was earned and is not there yet, each with a fact `BadgeEarned {award_id, user_id, badge}`."""
        async with self.database.acting_as_service() as tx:
            if not await queries.is_recognised(tx, user_id):
                return
            for earned in badges_of(await queries.history(tx, user_id)):
                if award_id := await queries.award(tx, user_id, earned):
                    payload = {"award_id": award_id, "user_id": user_id, "badge": earned.badge}
                    await facts.emit(tx, BADGE_EARNED, payload)

    async def of_person(self, fact: Fact) -> None:
        """Follows facts that name a `user_id`."""
        await self.award(UUID(fact.payload["user_id"]))

    async def of_attempt(self, fact: Fact) -> None:
        """Follows facts that name an `attempt_id`."""
        async with self.database.acting_as_service() as tx:
            user_id = await queries.person_of_attempt(tx, UUID(fact.payload["attempt_id"]))
        if user_id is not None:
            await self.award(user_id)

    async def of_everybody(self, _: Fact) -> None:
        """Follows `RecognitionTurnedOn`."""
        await self.catch_up()

    async def catch_up(self) -> None:
        """Awards to all who are in a team with recognition, so also to those who have joined one."""
        after: UUID | None = None
        while True:
            async with self.database.acting_as_service() as tx:
                people = await queries.recognised(tx, after, _PEOPLE_AT_ONCE)
            for user_id in people:
                await self.award(user_id)
            if len(people) < _PEOPLE_AT_ONCE:
                return
            after = people[-1]


def subscribe(subscriptions: Subscriptions, database: Database) -> None:
    """Names the facts that recognition follows, and what it does by night."""
    awarding = Awarding(database)
    subscriptions.on("CallEvaluated", "recognition.of-call", awarding.of_attempt)
    subscriptions.on("CallReviewed", "recognition.of-review", awarding.of_attempt)
    subscriptions.on("CallJudgedAgain", "recognition.of-judged-again", awarding.of_attempt)
    subscriptions.on("LessonCompleted", "recognition.of-lesson", awarding.of_person)
    subscriptions.on("CertificateIssued", "recognition.of-certificate", awarding.of_person)
    subscriptions.on("RecognitionTurnedOn", "recognition.turned-on", awarding.of_everybody)
    subscriptions.at(EVERY_NIGHT, "recognition.catch-up", awarding.catch_up)
