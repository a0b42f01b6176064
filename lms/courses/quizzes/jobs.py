"""Attempts that people left lying are handed in when their time is over."""

import logging
from dataclasses import dataclass

from core.db import Database
from core.jobs import Subscriptions
from lms.courses.quizzes import queries

log = logging.getLogger(__name__)

EVERY_MINUTE = "* * * * *"
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Invigilator:
    """Any number of servers may do this at the same time."""

    database: Database

    async def end_overdue(self) -> None:
        """Hands in what was saved in attempts whose time is over."""
        ended = _AT_ONCE
        while ended == _AT_ONCE:
            async with self.database.acting_as_service() as tx:
                ended = await tx.fetchval(queries.END_OVERDUE, _AT_ONCE)
            if ended:
                log.info("Handed in %d quiz attempts whose time was over.", ended)


def subscribe(subscriptions: Subscriptions, database: Database) -> None:
    """Names what is done at set times."""
    subscriptions.at(EVERY_MINUTE, "quizzes.end-overdue", Invigilator(database).end_overdue)
