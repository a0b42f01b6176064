"""What accounts do behind the requests: send letters, and tidy up."""

from collections.abc import Mapping

from accounts.letters.queue import LETTER_QUEUED
from accounts.letters.sending import LetterSender, Writer
from accounts.tidying import HOURLY, Tidying
from core.clock import Clock
from core.db import Database
from core.jobs import Subscriptions
from core.mailer import Mailer
from core.secrets import Secrets

EVERY_TEN_MINUTES = "*/10 * * * *"


def subscribe(
    subscriptions: Subscriptions,
    database: Database,
    mailer: Mailer,
    secrets: Secrets,
    clock: Clock,
    writers: Mapping[str, Writer] | None = None,
) -> None:
    """Lets queued letters be sent, and what is of no use any more be forgotten.

    `writers` write the kinds of letters that the packages above queue.
    """
    sender = LetterSender(database, mailer, secrets, clock, writers)
    subscriptions.on(LETTER_QUEUED, "accounts.send-letter", sender.letter_queued)
    subscriptions.at(EVERY_TEN_MINUTES, "accounts.send-waiting-letters", sender.send_waiting)
    subscriptions.at(HOURLY, "accounts.tidy", Tidying(database, clock).tidy)
