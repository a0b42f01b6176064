"""Issues a certificate: exactly once, however many ask and wherever one of them dies.

The PDF is printed and its bytes are stored first, under a version that nothing names. Then one transaction, in which
whoever issues to the same person for the same product waits, looks again and writes everything: the certification, its
issue, the object's row and the fact `CertificateIssued`. What died before that left bytes without a row, which storage
removes by night; what comes second finds that it is done.
"""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import facts
from core.blobs import Blobs
from core.clock import Clock
from core.db import Database, Tx
from core.errors import Conflict, NotFound, Unavailable
from core.functions.errors import ExplainedConflict
from core.storage import queries as storage_queries
from lms.certification import queries
from lms.certification.certificate import Certificate
from lms.certification.codes import BITS, code_of
from lms.certification.press import Press, Printed, Printer, Terms

log = logging.getLogger(__name__)

CERTIFICATE_ISSUED = "CertificateIssued"
CERTIFICATE_REPRINTED = "CertificateReprinted"
BUCKET = "certificates"
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Issued:
    """The certificate that holds now; `path` is its object in the bucket `certificates`."""

    certification_id: UUID
    path: str
    code: str
    issued_at: datetime
    expires_at: datetime | None


class Issuer:
    """Issues and renews."""

    def __init__(self, database: Database, blobs: Blobs, clock: Clock, printer: Printer, terms: Terms) -> None:
        self._database = database
        self._clock = clock
        self.press = Press(database, blobs, printer, terms)
        self._one_at_a_time = asyncio.Lock()

    async def issue(self, user_id: UUID, product_id: UUID, *, renew: bool = False) -> Issued:
        """The certificate of a person for a product, made now if it was earned and is not there yet.

        One that can be renewed is, when everything was passed again; where nothing is assessed, when `renew` says so.
        Raises NotFound `product_not_found`, ExplainedConflict `not_completed` with what is missing, Conflict
        `certificate_revoked`, and Unavailable.
        """
        for _ in range(_TRIES):
            if found := await self._ready(user_id, product_id, renew=renew):
                return found
            async with self._one_at_a_time:  # printing costs a second: nobody prints what somebody is printing
                if found := await self._ready(user_id, product_id, renew=renew):
                    return found
                if issued := await self._make(user_id, product_id, renew=renew):
                    return issued
        raise Unavailable("The certificate could not be issued.", code="certificate_busy")

    async def issue_if_earned(self, user_id: UUID, product_id: UUID) -> None:
        """As `issue`, for whoever only follows what has happened: nothing happens if it was not earned."""
        try:
            await self.issue(user_id, product_id)
        except (ExplainedConflict, Conflict, NotFound) as error:
            log.debug("Nothing to issue to %s for %s: %s", user_id, product_id, error.code)

    async def _ready(self, user_id: UUID, product_id: UUID, *, renew: bool) -> Issued | None:
        """The certificate that is there; None when one is to be made. Raises what forbids it."""
        async with self._database.acting_as_service() as tx:
            standing = await tx.fetchrow(queries.STANDING, user_id, product_id)
            if _is_due(standing, self._clock.now(), renew=renew):
                return None
            return await _current(tx, user_id, product_id, standing)

    async def _make(self, user_id: UUID, product_id: UUID, *, renew: bool) -> Issued | None:
        """Prints and issues; None when somebody else was quicker."""
        now = self._clock.now()
        async with self._database.acting_as_service() as tx:
            standing = await tx.fetchrow(queries.STANDING, user_id, product_id)
        if not _is_due(standing, now, renew=renew):
            return None
        code = code_of(secrets.randbits(BITS))
        expires_at = _expiry(standing, now)
        certificate = self.press.terms.certificate(
            holder_name=standing["holder_name"],
            product_title=standing["product_title"],
            score=standing["score"],
            code=code,
            issued_at=now,
            expires_at=expires_at,
        )
        printed = await self.press.print(certificate, standing["background"])
        draft = Draft(user_id, product_id, standing["number"], certificate, code, now, expires_at, printed)
        async with self._database.acting_as_service() as tx:
            await tx.execute(queries.LOCK, user_id, product_id)
            standing = await tx.fetchrow(queries.STANDING, user_id, product_id)
            if _is_due(standing, now, renew=renew) and standing["number"] == draft.previous_number:
                return await write_issue(tx, draft)
        await self.press.throw_away(printed)
        return None


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate that is printed and not yet issued."""

    user_id: UUID
    product_id: UUID
    previous_number: int
    certificate: Certificate
    code: str
    issued_at: datetime
    expires_at: datetime | None
    printed: Printed


async def write_issue(tx: Tx, draft: Draft) -> Issued:
    """Issues what is printed; `tx` is the service's and holds queries.LOCK."""
    path = f"{draft.user_id}/{draft.product_id}.pdf"
    if draft.previous_number:
        kept = f"{draft.user_id}/{draft.product_id}/{draft.previous_number}.pdf"
        await tx.execute(queries.RENAME_OLD_OBJECT, path, kept)
        await tx.execute(queries.RENAME_OLD_ISSUE, path, kept)
    certification_id = await tx.fetchval(queries.CERTIFICATION, draft.user_id, draft.product_id, path)
    printed = draft.printed
    await tx.fetchrow(storage_queries.UPSERT, BUCKET, path, printed.version, printed.metadata, {})
    await tx.fetchval(
        queries.ISSUE,
        certification_id,
        draft.previous_number + 1,
        draft.code,
        draft.certificate.holder_name,
        draft.certificate.product_title,
        draft.certificate.issuer,
        draft.certificate.score,
        draft.issued_at,
        draft.expires_at,
        path,
        printed.sha256,
    )
    payload = {"certification_id": certification_id, "user_id": draft.user_id, "product_id": draft.product_id}
    await facts.emit(tx, CERTIFICATE_ISSUED, payload)
    return Issued(certification_id, path, draft.code, draft.issued_at, draft.expires_at)


def _is_due(standing: Any, now: datetime, *, renew: bool) -> bool:
    """Whether a certificate is to be made now."""
    if standing is None or not standing["is_open"] or not standing["is_complete"] or standing["revoked_at"]:
        return False
    if not standing["number"]:
        return True
    opens_at = standing["renewal_opens_at"]
    if opens_at is None or now < opens_at:
        return False
    return bool(standing["is_renewal_earned"]) if standing["is_assessed"] else renew


def _expiry(standing: Any, now: datetime) -> datetime | None:
    if standing["valid_days"] is None:
        return None
    return max(now, standing["expires_at"] or now) + timedelta(days=standing["valid_days"])


async def _current(tx: Tx, user_id: UUID, product_id: UUID, standing: Any) -> Issued:
    if row := await tx.fetchrow(queries.NEWEST, user_id, product_id):
        if row["revoked_at"] is not None:
            raise Conflict("This certificate was revoked. Talk to your manager.", code="certificate_revoked")
        return Issued(row["certification_id"], row["certificate_url"], row["code"], row["issued_at"], row["expires_at"])
    if standing is None or not standing["is_open"]:
        raise NotFound("There is no such product.", code="product_not_found")
    raise _not_completed(await tx.fetch(queries.MISSING, user_id, product_id))


def _not_completed(modules: Sequence[Any]) -> ExplainedConflict:
    message = "Not every lesson of this product is completed yet." if modules else "This product has no lessons yet."
    return ExplainedConflict(
        message,
        code="not_completed",
        problems=[(f"modules.{module['module_id']}", _said(module)) for module in modules],
    )


def _said(module: Any) -> str:
    done = f"{module['title']}: {module['completed_lessons']} of {module['total_lessons']} lessons are completed"
    if module["is_locked"]:
        return f"{done}; it is still locked."
    return f"{done}; missing: {', '.join(module['lessons'])}."
