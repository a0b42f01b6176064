"""What accounts do behind the requests: send letters, and tidy up."""

from accounts.letters.queue import LETTER_QUEUED
from accounts.letters.sending import LetterSender
from accounts.tidying import HOURLY, Tidying
from core.clock import Clock
from core.db import Database
from core.jobs import Subscriptions
from core.mailer import Mailer
from core.secrets import Secrets


def subscribe(subscriptions: Subscriptions, database: Database, mailer: Mailer, secrets: Secrets, clock: Clock) -> None:
    """Lets queued letters be sent, and what is of no use any more be forgotten."""
    sender = LetterSender(database, mailer, secrets, clock)
    subscriptions.on(LETTER_QUEUED, "accounts.send-letter", sender.letter_queued)
    subscriptions.at(HOURLY, "accounts.tidy", Tidying(database, clock).tidy)
