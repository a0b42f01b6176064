"""What comes at its time: due dates, expiring certificates, the week and the month of a team.

Once an hour for all servers together. People are reminded between 8 and 20 o'clock, and get a team's numbers on Mondays
or on the first of the month from 7 o'clock, each in their own time zone (`personal_settings.time_zone`, else
`site_settings.time_zone`), or in that of their subscription.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.clock import Clock
from core.db import Database, Tx
from lms.notifications import queries
from lms.notifications.kinds import Kind, Notice
from lms.notifications.notifying import Notifier

HOURLY = "13 * * * *"
DUE_SOON = timedelta(days=3)
"""So long before a due date people are reminded."""
LATE = timedelta(days=14)
"""What has been due or expired for longer is no news any more, as after a long pause of the server."""
KEPT = timedelta(days=400)
_BEFORE_ALL = UUID(int=0)

_Find = Callable[[Tx, UUID, UUID], Awaitable[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Reminders:
    """Reminds people; running it twice, or on two servers at once, tells nothing twice.

    Of each kind at most `most_batches` of `batch` people an hour, each batch in a transaction: the rest waits its turn.
    """

    database: Database
    notifier: Notifier
    clock: Clock
    batch: int = 50
    most_batches: int = 100

    async def remind(self) -> int:
        """How many were told something."""
        now = self.clock.now()
        told = await self._all("due_soon", self._finder(queries.DUE, "due_soon", now, now, now + DUE_SOON))
        told += await self._all("overdue", self._finder(queries.DUE, "overdue", now, now - LATE, now))
        told += await self._all("expiring", self._finder(queries.EXPIRING, "expiring", now, now, None))
        told += await self._all("expired", self._finder(queries.EXPIRING, "expired", now, now - LATE, now))
        told += await self._all("weekly_digest", self._digests("week", "weekly_digest", now))
        told += await self._all("monthly_digest", self._digests("month", "monthly_digest", now))
        async with self.database.acting_as_service() as tx:
            await tx.execute(queries.FORGET, now - KEPT, 1_000)
        return told

    def _finder(self, query: str, kind: Kind, now: datetime, after: datetime, until: datetime | None) -> _Find:
        async def find(tx: Tx, user_id: UUID, subject_id: UUID) -> Sequence[Any]:
            return list(await tx.fetch(query, now, after, until, kind, user_id, subject_id, self.batch))

        return find

    def _digests(self, every: str, kind: Kind, now: datetime) -> _Find:
        async def find(tx: Tx, user_id: UUID, subject_id: UUID) -> Sequence[Any]:
            return list(await tx.fetch(queries.DIGESTS, now, user_id, subject_id, every, kind, self.batch))

        return find

    async def _all(self, kind: Kind, find: _Find) -> int:
        told, user_id, subject_id = 0, _BEFORE_ALL, _BEFORE_ALL
        for _ in range(self.most_batches):
            async with self.database.acting_as_service() as tx:
                rows = await find(tx, user_id, subject_id)
                for row in rows:
                    notice = Notice(kind, row["user_id"], row["subject_id"], row["occasion"])
                    told += await self.notifier.tell(tx, notice)
            if len(rows) < self.batch:
                break
            user_id, subject_id = rows[-1]["user_id"], rows[-1]["subject_id"]
        return told
