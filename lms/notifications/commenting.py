"""Comments on calls: those that come one after the other to the same person share one notification and one letter.

A comment is told on the screen at once. Within five minutes others about the same call join it, as long as it was not
read. Then, if it still was not, one letter goes out about all of them.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.clock import Clock
from core.db import Database, Tx
from core.facts import Fact
from core.jobs import Subscriptions
from lms.notifications import comment_queries, queries
from lms.notifications.kinds import Notice
from lms.notifications.notifying import Notifier
from lms.notifications.readers import reach_of

EVERY_FIVE_MINUTES = "*/5 * * * *"
TOGETHER = timedelta(minutes=5)
NEWS_FOR = timedelta(days=1)
"""No letter is written about a comment that is older."""
BATCH = 50
MOST_BATCHES = 20


@dataclass(frozen=True, slots=True)
class CommentNotices:
    """Tells of comments; following a fact again tells nothing twice."""

    database: Database
    notifier: Notifier
    clock: Clock

    async def commented(self, fact: Fact) -> None:
        """Follows `CallCommented {comment_id}`."""
        comment_id = UUID(fact.payload["comment_id"])
        async with self.database.acting_as_service() as tx:
            for row in await tx.fetch(comment_queries.WHOM_TO_TELL, comment_id):
                await self._tell(tx, row["user_id"], comment_id, row["call_id"])

    async def changed(self, fact: Fact) -> None:
        """Follows `CallCommentChanged {comment_id}`: what it said is gone, so it is gone where it was told, too."""
        async with self.database.acting_as_service() as tx:
            for row in await tx.fetch(comment_queries.TOLD_OF, UUID(fact.payload["comment_id"])):
                if row["is_gone"]:
                    await tx.execute(comment_queries.TAKE_BACK, row["id"])
                else:
                    await self.notifier.tell_more(tx, Notice("comment", row["user_id"], row["subject_id"]))

    async def write_letters(self) -> int:
        """Queues the letters that are due; how many."""
        queued = 0
        for _ in range(MOST_BATCHES):
            async with self.database.acting_as_service() as tx:
                now = self.clock.now()
                rows = await tx.fetch(comment_queries.WITHOUT_LETTER, now - TOGETHER, now - NEWS_FOR, BATCH)
                for row in rows:
                    queued += await self._queue(tx, row)
            if len(rows) < BATCH:
                break
        return queued

    async def _tell(self, tx: Tx, user_id: UUID, comment_id: UUID, call_id: UUID) -> None:
        await tx.execute(comment_queries.ONE_AFTER_THE_OTHER, user_id, call_id)
        if await tx.fetchval(comment_queries.IS_TOLD, comment_id, user_id):
            return
        open_one = await tx.fetchrow(comment_queries.STILL_OPEN, user_id, call_id, self.clock.now() - TOGETHER)
        notice = Notice("comment", user_id, open_one["subject_id"] if open_one else comment_id)
        if open_one is None and not await self.notifier.tell(tx, notice, by_letter=False):
            return
        notification_id = await tx.fetchval(queries.NOTIFICATION, user_id, "comment", notice.subject_id, "")
        await tx.execute(comment_queries.TOLD, comment_id, user_id, notification_id)
        if open_one is not None:
            await self.notifier.tell_more(tx, notice)

    async def _queue(self, tx: Tx, row: Any) -> bool:
        notice = Notice("comment", row["user_id"], row["subject_id"])
        await tx.execute(comment_queries.LETTER_WRITTEN, row["id"])
        reach = await reach_of(tx, notice.user_id, notice.kind)
        if reach is None or not reach.by_letter:
            return False
        await self.notifier.queue_letter(tx, notice, reach)
        return True


def subscribe(subscriptions: Subscriptions, notices: CommentNotices) -> None:
    """Names the facts and the chore."""
    subscriptions.on("CallCommented", "notifications.commented", notices.commented)
    subscriptions.on("CallCommentChanged", "notifications.comment-changed", notices.changed)
    subscriptions.at(EVERY_FIVE_MINUTES, "notifications.letters-about-comments", notices.write_letters)
