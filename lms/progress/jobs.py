"""After a completion: tell of the module that it has opened, by the fact `ModuleUnlocked {user_id, module_id}`."""

from dataclasses import dataclass
from uuid import UUID

from core.db import Database
from core.facts import Fact
from core.jobs import Subscriptions
from lms.progress import queries


@dataclass(frozen=True, slots=True)
class UnlockAnnouncer:
    """Emits the fact once for each person and module, however often it runs."""

    database: Database

    async def lesson_completed(self, fact: Fact) -> None:
        """Follows the fact `LessonCompleted {user_id, lesson_id}`."""
        async with self.database.acting_as_service() as tx:
            await queries.announce_unlock(tx, UUID(fact.payload["user_id"]), UUID(fact.payload["lesson_id"]))


def subscribe(subscriptions: Subscriptions, database: Database) -> None:
    """Names the fact that progress follows."""
    announcer = UnlockAnnouncer(database)
    subscriptions.on("LessonCompleted", "progress.announce-unlock", announcer.lesson_completed)
