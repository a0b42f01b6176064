"""What people are told of when it happens, and what at its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.clock import Clock
from core.db import Database, Tx
from core.facts import Fact
from core.jobs import Subscriptions
from lms.notifications import comment_queries, commenting, queries
from lms.notifications.kinds import Kind, Notice
from lms.notifications.notifying import Notifier
from lms.notifications.reminders import HOURLY, Reminders
from lms.notifications.tellings import occasion_at

BATCH = 100
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Announcements:
    """Follows facts; following one again tells nothing twice."""

    database: Database
    notifier: Notifier

    async def report_ready(self, fact: Fact) -> None:
        """Follows `CallEvaluated {attempt_id}`."""
        attempt_id = UUID(fact.payload["attempt_id"])
        async with self.database.acting_as_service() as tx:
            user_id = await tx.fetchval(queries.OWNER_OF_ATTEMPT, attempt_id)
            if user_id is not None:
                await self.notifier.tell(tx, Notice("report_ready", user_id, attempt_id))

    async def judged_again(self, fact: Fact) -> None:
        """Follows `CallJudgedAgain {attempt_id}`: a provisional result is one now."""
        attempt_id = UUID(fact.payload["attempt_id"])
        async with self.database.acting_as_service() as tx:
            user_id = await tx.fetchval(queries.OWNER_OF_ATTEMPT, attempt_id)
            if user_id is not None:
                await self.notifier.tell(tx, Notice("report_ready", user_id, attempt_id, f"again-{fact.id}"))

    async def reviewed(self, fact: Fact) -> None:
        """Follows `CallReviewed {attempt_id, review_id}`."""
        attempt_id, review_id = UUID(fact.payload["attempt_id"]), fact.payload["review_id"]
        async with self.database.acting_as_service() as tx:
            user_id = await tx.fetchval(queries.OWNER_OF_ATTEMPT, attempt_id)
            if user_id is not None:
                await self.notifier.tell(tx, Notice("review_result", user_id, attempt_id, review_id))

    async def review_requested(self, fact: Fact) -> None:
        """Follows `ReviewRequested {request_id}`: the trainee's managers are told."""
        async with self.database.acting_as_service() as tx:
            for row in await tx.fetch(comment_queries.WHO_REVIEWS, UUID(fact.payload["request_id"])):
                await self.notifier.tell(tx, Notice("review_requested", row["user_id"], row["call_id"], "dispute"))

    async def review_assigned(self, fact: Fact) -> None:
        """Follows `ReviewAssigned {call_id, user_id}`: somebody was given a call to look at."""
        user_id, call_id = UUID(fact.payload["user_id"]), UUID(fact.payload["call_id"])
        await self._tell(Notice("review_requested", user_id, call_id, f"assigned-{fact.id}"))

    async def unlocked(self, fact: Fact) -> None:
        """Follows `ModuleUnlocked {user_id, module_id}`."""
        await self._tell(Notice("unlocked", UUID(fact.payload["user_id"]), UUID(fact.payload["module_id"])))

    async def certified(self, fact: Fact) -> None:
        """Follows `CertificateIssued {certification_id, user_id}`; each renewal is told."""
        notice = Notice("certified", UUID(fact.payload["user_id"]), UUID(fact.payload["certification_id"]))
        async with self.database.acting_as_service() as tx:
            issued_at = await tx.fetchval(queries.ISSUED_AT, notice.subject_id, notice.user_id)
            if issued_at is not None:
                occasion = occasion_at(issued_at)
                await self.notifier.tell(tx, Notice(notice.kind, notice.user_id, notice.subject_id, occasion))

    async def welcome(self, fact: Fact) -> None:
        """Follows `FirstSignIn {user_id}`."""
        user_id = UUID(fact.payload["user_id"])
        await self._tell(Notice("welcome", user_id, user_id))

    async def assigned(self, fact: Fact) -> None:
        """Follows `CourseAssigned {assignment_id}`: to one person, or to all of a team."""
        last = NOBODY
        while True:
            async with self.database.acting_as_service() as tx:
                rows = await tx.fetch(queries.ASSIGNED, UUID(fact.payload["assignment_id"]), last, BATCH)
                await self._tell_rows("assigned", rows, tx)
            if len(rows) < BATCH:
                return
            last = rows[-1]["user_id"]

    async def joined(self, fact: Fact) -> None:
        """Follows `TeamJoined {user_id, manager_id}`: whoever joins a team has what it is assigned."""
        async with self.database.acting_as_service() as tx:
            ids = UUID(fact.payload["user_id"]), UUID(fact.payload["manager_id"])
            await self._tell_rows("assigned", await tx.fetch(queries.TEAM_COURSES, *ids), tx)

    async def _tell_rows(self, kind: Kind, rows: Sequence[Any], tx: Tx) -> None:
        for row in rows:
            await self.notifier.tell(tx, Notice(kind, row["user_id"], row["product_id"]))

    async def _tell(self, notice: Notice) -> None:
        async with self.database.acting_as_service() as tx:
            await self.notifier.tell(tx, notice)


def subscribe(subscriptions: Subscriptions, database: Database, site_url: str, clock: Clock) -> None:
    """Names the facts that people are told of. `site_url` is where links lead."""
    notifier = Notifier(site_url.rstrip("/"), clock)
    announcements = Announcements(database, notifier)
    subscriptions.on("CallEvaluated", "notifications.report-ready", announcements.report_ready)
    subscriptions.on("CallJudgedAgain", "notifications.judged-again", announcements.judged_again)
    subscriptions.on("CallReviewed", "notifications.reviewed", announcements.reviewed)
    subscriptions.on("ReviewRequested", "notifications.review-requested", announcements.review_requested)
    subscriptions.on("ReviewAssigned", "notifications.review-assigned", announcements.review_assigned)
    subscriptions.on("ModuleUnlocked", "notifications.unlocked", announcements.unlocked)
    subscriptions.on("CertificateIssued", "notifications.certified", announcements.certified)
    subscriptions.on("FirstSignIn", "notifications.welcome", announcements.welcome)
    subscriptions.on("CourseAssigned", "notifications.assigned", announcements.assigned)
    subscriptions.on("TeamJoined", "notifications.joined", announcements.joined)
    commenting.subscribe(subscriptions, commenting.CommentNotices(database, notifier, clock))
    subscriptions.at(HOURLY, "notifications.remind", Reminders(database, notifier, clock).remind)
