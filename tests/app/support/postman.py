"""Takes the letters that were queued out to nobody, and shows what is in them."""

import re
from urllib.parse import parse_qs, urlsplit

from accounts.letters.sending import LetterSender
from core.clock import Clock
from core.db import Database
from core.facts import Fact
from core.mailer import Mail
from tests.app.support.wires import SECRET

_WAITING = """
    select f.id, f.kind, f.payload, f.emitted_at from callx.facts f
    join auth.letters l on l.id = (f.payload ->> 'letter_id')::uuid
    where f.kind = 'LetterQueued' and l.settled_at is null order by f.id
"""


class Postman:
    """A mailer that keeps what it is given, and does the worker's work when told to."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.sent: dict[str, Mail] = {}
        self._database = database
        self._sender = LetterSender(database, self, SECRET, clock)

    async def send(self, mail: Mail, *, idempotency_key: str) -> None:
        """Keeps it; as at Resend, a key counts once."""
        self.sent.setdefault(idempotency_key, mail)

    async def deliver(self) -> list[Mail]:
        """Sends what waits, and what comes of that; the new mails."""
        before = set(self.sent)
        while waiting := await self.waiting():
            for fact in waiting:
                await self._sender.letter_queued(fact)
        return [mail for key, mail in self.sent.items() if key not in before]

    async def waiting(self) -> list[Fact]:
        """The facts whose letters wait."""
        async with self._database.acting_as_service() as tx:
            return [Fact(*row) for row in await tx.fetch(_WAITING)]


def link_in(mail: Mail) -> str:
    """The address of a letter's button."""
    found = re.search(r"https://callx\.example/auth/v1/confirm\?\S+", mail.text)
    assert found, mail.text
    return found[0]


def query_of(url: str) -> dict[str, str]:
    """The values in an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def fragment_of(url: str) -> dict[str, str]:
    """The values behind `#`."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).fragment).items()}


def token_in(mail: Mail) -> str:
    """The token of a letter's link."""
    return query_of(link_in(mail))["token"]


def code_in(mail: Mail) -> str:
    """The code to be typed."""
    found = re.search(r"^Code: (\d{6})$", mail.text, re.MULTILINE)
    assert found, mail.text
    return found[1]
