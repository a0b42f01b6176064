"""All certificates of a product, printed or issued anew: asked for by an admin, done by a job, one after the other.

What is to be done is written down when it is asked for, a row for each certificate. Each is settled in the transaction
that changes it, so that whoever takes over from a worker that died finds what is still to do, and does nothing twice.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import asyncpg

from accounts import audit
from core import facts
from core.clock import Clock
from core.db import Database, Tx
from core.errors import CallXError, Conflict, NotFound, Unavailable
from core.identity import Person
from core.storage import queries as storage_queries
from lms.certification import queries, reissue_queries
from lms.certification.codes import BITS, code_of
from lms.certification.issuing import BUCKET, CERTIFICATE_REPRINTED, Draft, write_issue
from lms.certification.press import Press

log = logging.getLogger(__name__)

REISSUE_GOES_ON = "CertificateReissueGoesOn"
AT_ONCE = 20
"""Certificates of one job: other jobs get their turn between two."""
How = Literal["reprint", "reissue"]
Which = Literal["valid", "expired", "all"]
_LONGEST_PROBLEM = 500
_PASSING = (Unavailable, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_STAYING = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
"""Of those: what the database will refuse the next time, too."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an admin wants done with which certificates of a product, and why."""

    product_id: UUID
    how: How
    which: Which
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is."""

    reissue_id: UUID
    total: int
    done: int
    skipped: int
    failed: int
    asked_at: datetime
    finished_at: datetime | None

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Progress":
        """From a row of certificate_reissues."""
        names = ("total", "done", "skipped", "failed", "asked_at", "finished_at")
        return cls(row["id"], *(row[name] for name in names))


class Reissuer:
    """Takes wishes, and fulfils them."""

    def __init__(self, database: Database, clock: Clock, press: Press) -> None:
        self._database = database
        self._clock = clock
        self._press = press

    async def ask(self, person: Person, wish: Wish) -> Progress:
        """Writes down what is to be done, and lets it begin; goes on with the same wish if it is not finished yet.

        Raises Unauthorized, Forbidden `not_admin`, NotFound `product_not_found`, Conflict `reissue_running` while
        another wish for this product is not finished.
        """
        now = self._clock.now()
        async with self._database.acting_as_service() as tx:
            await audit.act_for_admin(tx, person)
            if await tx.fetchval(reissue_queries.PRODUCT, wish.product_id) is None:
                raise NotFound("There is no such product.", code="product_not_found")
            row = await tx.fetchrow(reissue_queries.UNFINISHED, wish.product_id)
            if row is None:
                row = await self._begin(tx, person, wish, now)
            elif (row["how"], row["which"]) != (wish.how, wish.which):
                raise Conflict("Another reissue of this product is not finished yet.", code="reissue_running")
            if row["finished_at"] is None:
                await facts.emit(tx, REISSUE_GOES_ON, {"reissue_id": row["id"]})
        return Progress.of_row(row)

    async def go_on(self, reissue_id: UUID) -> None:
        """Does the next certificates, and says so if there are more. Any number of workers may do so at once."""
        async with self._database.acting_as_service() as tx:
            items = await tx.fetch(reissue_queries.TO_DO, reissue_id, AT_ONCE)
        for item in items:
            await self._settle(reissue_id, item["issue_id"])
        async with self._database.acting_as_service() as tx:
            if await tx.fetchval(reissue_queries.IS_LEFT, reissue_id):
                await facts.emit(tx, REISSUE_GOES_ON, {"reissue_id": reissue_id})
            else:
                await tx.execute(reissue_queries.FINISH, reissue_id, self._clock.now())

    async def wake(self) -> None:
        """Lets everything go on that is not finished: its job may have been given up."""
        async with self._database.acting_as_service() as tx:
            for row in await tx.fetch(reissue_queries.ALL_UNFINISHED):
                await facts.emit(tx, REISSUE_GOES_ON, {"reissue_id": row["id"]})

    async def _begin(self, tx: Tx, person: Person, wish: Wish, now: datetime) -> Any:
        values = (wish.product_id, wish.how, wish.which, wish.reason, person.user_id, now)
        row = await tx.fetchrow(reissue_queries.BEGIN, *values)
        said = {"how": wish.how, "which": wish.which, "reason": wish.reason}
        details = {"reissue_id": str(row["id"]), **said, "total": row["total"]}
        await audit.record(tx, "certificates.reissue_asked", "product", wish.product_id, details)
        return row

    async def _settle(self, reissue_id: UUID, issue_id: UUID) -> None:
        try:
            await self._do(reissue_id, issue_id)
        except Exception as error:
            if isinstance(error, _PASSING) and not isinstance(error, _STAYING):
                raise  # for the queue to try again, later; but one that cannot be done keeps no other waiting
            log.warning("Certificate %s is left as it is by reissue %s: %r", issue_id, reissue_id, error)
            problem = error.message if isinstance(error, CallXError) else repr(error)
            async with self._database.acting_as_service() as tx:
                if await tx.fetchrow(reissue_queries.TAKE, reissue_id, issue_id):
                    await self._note(tx, reissue_id, issue_id, "failed", problem[:_LONGEST_PROBLEM])

    async def _do(self, reissue_id: UUID, issue_id: UUID) -> None:
        async with self._database.acting_as_service() as tx:
            row = await tx.fetchrow(reissue_queries.ITEM, reissue_id, issue_id)
        if row is None or row["is_over"]:
            await self._skip(reissue_id, issue_id)
            return
        draft = await (self._reprinted if row["how"] == "reprint" else self._reissued)(row)
        async with self._database.acting_as_service() as tx:
            await tx.execute(queries.LOCK, row["user_id"], row["product_id"])
            taken = await tx.fetchrow(reissue_queries.TAKE, reissue_id, issue_id)
            if taken is not None and not taken["is_over"]:
                is_kept = await self._write(tx, row, draft)
                await self._note(tx, reissue_id, issue_id, "done", None)
            elif taken is not None:
                is_kept = False
                await self._note(tx, reissue_id, issue_id, "skipped", None)
            else:
                is_kept = False  # another worker was quicker
        if not is_kept:
            await self._press.throw_away(draft.printed)

    async def _reprinted(self, row: Any) -> Draft:
        """The same certificate, on the page and by the name of today."""
        return await self._draft(
            row,
            row["holder_name"],
            row["product_title"],
            row["score"],
            row["code"],
            row["issued_at"],
            row["expires_at"],
        )

    async def _reissued(self, row: Any) -> Draft:
        """A new one with the names of today; it ends when the old one would have, if that has not ended already."""
        now = self._clock.now()
        expires_at = row["expires_at"]
        if expires_at is not None and expires_at <= now:
            expires_at = now + timedelta(days=row["valid_days"]) if row["valid_days"] else None
        code = code_of(secrets.randbits(BITS))
        return await self._draft(row, row["name_today"], row["title_today"], row["score_today"], code, now, expires_at)

    async def _draft(
        self,
        row: Any,
        holder_name: str,
        product_title: str,
        score: int | None,
        code: str,
        issued_at: datetime,
        expires_at: datetime | None,
    ) -> Draft:
        certificate = self._press.terms.certificate(
            holder_name=holder_name,
            product_title=product_title,
            score=score,
            code=code,
            issued_at=issued_at,
            expires_at=expires_at,
        )
        printed = await self._press.print(certificate, row["background"])
        ids = row["user_id"], row["product_id"]
        return Draft(*ids, row["number"], certificate, code, issued_at, expires_at, printed)

    async def _write(self, tx: Tx, row: Any, draft: Draft) -> bool:
        """Whether the PDF is another one now."""
        if row["how"] == "reissue":
            await write_issue(tx, draft)
            return True
        printed = draft.printed
        changed = await tx.fetchval(
            reissue_queries.REPRINT, row["issue_id"], printed.sha256, draft.certificate.issuer, self._clock.now()
        )
        if changed is None:
            return False  # the same page, name and words: the same bytes
        await tx.fetchrow(storage_queries.UPSERT, BUCKET, row["object_name"], printed.version, printed.metadata, {})
        ids = {name: row[name] for name in ("certification_id", "user_id", "product_id")}
        await facts.emit(tx, CERTIFICATE_REPRINTED, ids)
        return True

    async def _skip(self, reissue_id: UUID, issue_id: UUID) -> None:
        """If it is not settled yet."""
        async with self._database.acting_as_service() as tx:
            if await tx.fetchrow(reissue_queries.TAKE, reissue_id, issue_id):
                await self._note(tx, reissue_id, issue_id, "skipped", None)

    async def _note(
        self,
        tx: Tx,
        reissue_id: UUID,
        issue_id: UUID,
        outcome: Literal["done", "skipped", "failed"],
        problem: str | None,
    ) -> None:
        await tx.execute(reissue_queries.NOTE, reissue_id, issue_id, outcome, problem, self._clock.now())
        await tx.execute(reissue_queries.COUNT[outcome], reissue_id)
