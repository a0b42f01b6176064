"""Sends the letters that were queued."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from accounts.letters.queue import queued_letter, settle
from accounts.letters.writing import LetterWriter
from accounts.links.one_time import PURPOSE, OneTimeSecrets
from core.clock import Clock
from core.db import Database
from core.facts import Fact
from core.mailer import Mail, Mailer, MailRefused
from core.secrets import Secrets

LATEST = timedelta(days=1)
"""A letter that could not be sent for so long is not sent any more."""


class LetterSender:
    """Follows `LetterQueued {letter_id}`; following it again sends nothing twice."""

    def __init__(self, database: Database, mailer: Mailer, secrets: Secrets, clock: Clock) -> None:
        self._database = database
        self._mailer = mailer
        self._writer = LetterWriter(OneTimeSecrets(secrets.derive(PURPOSE)))
        self._clock = clock

    async def letter_queued(self, fact: Fact) -> None:
        """Writes one letter and sends it. Raises MailDelayed to be called again, MailRefused to be given up."""
        letter_id, now = UUID(fact.payload["letter_id"]), self._clock.now()
        async with self._database.acting_as_service() as tx:
            queued = await queued_letter(tx, letter_id)
            if queued is None or queued.is_settled:
                return
            in_time = now - queued.created_at < LATEST
            letter = await self._writer.write(tx, queued, now) if in_time else None
            if letter is None:
                await settle(tx, letter_id, "not_needed", now)
                return
        mail = Mail(queued.recipient, letter.subject, letter.text, letter.html)
        try:
            await self._mailer.send(mail, idempotency_key=f"callx-letter-{letter_id}")
        except MailRefused:
            await self._settle(letter_id, "refused")
            raise
        await self._settle(letter_id, "sent")

    async def _settle(self, letter_id: UUID, outcome: Literal["sent", "refused"]) -> None:
        now = self._clock.now()
        async with self._database.acting_as_service() as tx:
            await settle(tx, letter_id, outcome, now)
