"""Sends the letters that were queued."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from accounts.letters.layout import Letter
from accounts.letters.queue import (
    Outcome,
    QueuedLetter,
    outcome_of,
    put_back,
    settle,
    take_letter,
    waiting_letters,
)
from accounts.letters.writing import KINDS, LetterWriter
from accounts.links.one_time import PURPOSE, OneTimeSecrets
from core.clock import Clock
from core.db import Database, Tx
from core.facts import Fact
from core.mailer import Attachment, Mail, MailDelayed, Mailer, MailRefused
from core.secrets import Secrets

log = logging.getLogger(__name__)

LATEST = timedelta(days=1)
"""A letter that could not be sent for so long is not sent any more."""
JOBS_TRY_FOR = timedelta(minutes=15)
"""So long the job of a letter tries by itself."""
MOST_AT_ONCE = 200
DELAYS_IN_A_ROW = 3
"""After so many the mail service is not asked any more this time: it is down, and not a letter."""


class Writer(Protocol):
    """Writes letters of some kinds."""

    async def write(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        """The letter; None when there is nobody to write to, or nothing to say any more. `tx` is the service's."""


class LetterSender:
    """Follows `LetterQueued {letter_id}`; following it again sends nothing twice.

    `writers` write the kinds of letters that other packages queue, by kind.
    """

    def __init__(
        self,
        database: Database,
        mailer: Mailer,
        secrets: Secrets,
        clock: Clock,
        writers: Mapping[str, Writer] | None = None,
    ) -> None:
        self._database = database
        self._mailer = mailer
        own = LetterWriter(OneTimeSecrets(secrets.derive(PURPOSE)))
        self._writers: Mapping[str, Writer] = {**(writers or {}), **dict.fromkeys(KINDS, own)}
        self._clock = clock

    async def letter_queued(self, fact: Fact) -> None:
        """Writes one letter and sends it. Raises MailDelayed to be called again, MailRefused to be given up."""
        await self.send(UUID(fact.payload["letter_id"]))

    async def send(self, letter_id: UUID) -> Outcome | None:
        """Writes a letter and sends it, if nobody has; what became of it, None if it is gone.

        Raises MailDelayed when it waits for another attempt or somebody else is sending it, MailRefused when it will
        never go out.
        """
        async with self._database.acting_as_service() as tx:
            queued = await take_letter(tx, letter_id, self._clock.now())
            if queued is None:
                outcome = await outcome_of(tx, letter_id)
        if queued is None:
            if outcome == "waiting":
                raise MailDelayed("Somebody else is sending the letter.")
            return None if outcome == "gone" else outcome
        return await self._send(queued)

    async def send_waiting(self) -> int:
        """Tries letters again that their jobs have given up for now; how many went out.

        So letters wait for a mail service that is away for hours, or for a key to be mended.
        """
        now, sent, delays = self._clock.now(), 0, 0
        async with self._database.acting_as_service() as tx:
            waiting = await waiting_letters(tx, now - JOBS_TRY_FOR, now, MOST_AT_ONCE)
        for letter_id in waiting:
            try:
                sent += await self.send(letter_id) == "sent"
                delays = 0
            except MailRefused:
                delays = 0  # noted with the letter
            except MailDelayed as error:
                delays += 1
                if delays == DELAYS_IN_A_ROW:
                    log.warning("Letters go on waiting: %s", error)
                    break
        return sent

    async def _send(self, queued: QueuedLetter) -> Outcome:
        now = self._clock.now()
        if now - queued.created_at >= LATEST:
            await self._settle(queued, "too_late")
            return "too_late"
        async with self._database.acting_as_service() as tx:
            letter = await self._writers[queued.kind].write(tx, queued, now)
        if letter is None:
            await self._settle(queued, "not_needed")
            return "not_needed"
        try:
            key = f"callx-letter-{queued.id}"
            handed_over_as = await self._mailer.send(_mail(queued.recipient, letter), idempotency_key=key)
        except MailRefused as error:
            await self._settle(queued, "refused", reason=str(error))
            raise
        except MailDelayed as error:
            async with self._database.acting_as_service() as tx:
                await put_back(tx, queued.id, str(error))
            raise
        await self._settle(queued, "sent", handed_over_as=handed_over_as)
        return "sent"

    async def _settle(
        self, queued: QueuedLetter, outcome: Outcome, *, reason: str | None = None, handed_over_as: str | None = None
    ) -> None:
        now = self._clock.now()
        async with self._database.acting_as_service() as tx:
            await settle(tx, queued.id, outcome, now, reason=reason, handed_over_as=handed_over_as)


def _mail(recipient: str, letter: Letter) -> Mail:
    headers: dict[str, str] = {}
    if letter.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        if letter.unsubscribe_url.startswith("https:"):  # RFC 8058 knows no other
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    attachments = [Attachment("callx.ics", "text/calendar", letter.calendar)] if letter.calendar else []
    return Mail(recipient, letter.subject, letter.text, letter.html, headers, attachments)
