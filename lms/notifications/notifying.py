"""Tells somebody something, once: a line on the screen, and a letter."""

from dataclasses import dataclass
from uuid import UUID

from accounts.letters.queue import queue_letter_once
from core.clock import Clock
from core.db import Tx
from lms.notifications import queries
from lms.notifications.kinds import Notice
from lms.notifications.readers import Reach, reach_of
from lms.notifications.tellings import telling_of
from lms.notifications.wording import line

LETTER_PREFIX = "notice_"
"""Before the kind of a notice, in the kind of its letter: accounts have letters of their own."""


@dataclass(frozen=True, slots=True)
class Notifier:
    """Tells people things. `site_url` is where links in letters lead, without a slash at the end."""

    site_url: str
    clock: Clock

    async def tell(self, tx: Tx, notice: Notice, *, by_letter: bool = True) -> bool:
        """Tells it, unless it was told before, is not true any more, or nobody is there; whether it did.

        `tx` acts as the service. What the person does not want to see is noted all the same, so that it is not told
        later by another way. Without `by_letter` somebody else sees to the letter.
        """
        now = self.clock.now()
        reach = await reach_of(tx, notice.user_id, notice.kind, notice.subject_id)
        telling = await telling_of(tx, notice, now) if reach is not None else None
        if reach is None or telling is None:
            return False
        shown = line(notice.kind, telling, reach.reader)
        told = await tx.fetchval(
            queries.TELL,
            notice.user_id,
            notice.kind,
            notice.subject_id,
            notice.occasion,
            shown.title,
            shown.body,
            telling.path,
            reach.wants_in_app,
            now,
        )
        if told is not None and by_letter and reach.by_letter:
            await self.queue_letter(tx, notice, reach)
        return told is not None

    async def tell_more(self, tx: Tx, notice: Notice) -> None:
        """What was told says more by now: the line on the screen changes, and is no second one."""
        reach = await reach_of(tx, notice.user_id, notice.kind, notice.subject_id)
        telling = await telling_of(tx, notice, self.clock.now()) if reach is not None else None
        if reach is None or telling is None:
            return
        shown = line(notice.kind, telling, reach.reader)
        about = (notice.user_id, notice.kind, notice.subject_id, notice.occasion)
        await tx.execute(queries.TELL_MORE, *about, shown.title, shown.body, telling.path)

    async def queue_letter(self, tx: Tx, notice: Notice, reach: Reach, *, requested_by: UUID | None = None) -> UUID:
        """Queues the letter of a notice; the id of the letter, which is an earlier one if that was of the last day."""
        return await queue_letter_once(
            tx,
            f"{LETTER_PREFIX}{notice.kind}",
            reach.email,
            about=notice.about,
            site_url=self.site_url,
            now=self.clock.now(),
            user_id=notice.user_id,
            details={"subject_id": str(notice.subject_id), "occasion": notice.occasion},
            requested_by=requested_by,
        )
