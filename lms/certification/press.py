"""Prints a certificate and stores its PDF under a version that nothing names yet: the row that names it comes later."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core.blobs import BlobInfo, Blobs
from core.db import Database
from core.storage.shapes import blob_key, system_metadata
from lms.certification import queries
from lms.certification.certificate import Certificate, PageSize
from lms.certification.codes import grouped

PDF = "application/pdf"
PRINTING_TIMEOUT_S = 60
_STORING_TIMEOUT_S = 60
Printer = Callable[[Certificate, bytes | None], bytes]
"""Makes the PDF, on the page of an admin where there is one. Blocks."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands on all certificates of this place."""

    issuer: str
    page: PageSize
    verify_address: str
    """Ends with a slash."""

    def certificate(
        self,
        *,
        holder_name: str,
        product_title: str,
        score: int | None,
        code: str,
        issued_at: datetime,
        expires_at: datetime | None,
    ) -> Certificate:
        """What is printed of these; `code` as it is stored, without groups."""
        return Certificate(
            holder_name=holder_name,
            product_title=product_title,
            issuer=self.issuer,
            issued_on=issued_at.date(),
            expires_on=expires_at.date() if expires_at else None,
            score=score,
            code=grouped(code),
            verify_url=self.verify_address + grouped(code),
            page=self.page,
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF that is stored, and not yet an object."""

    version: UUID
    stored: BlobInfo
    sha256: str

    @property
    def metadata(self) -> dict[str, Any]:
        """Of its object."""
        return system_metadata(self.version, self.stored.size_bytes, self.stored.modified_at, PDF, "no-cache")


class Press:
    """Prints."""

    def __init__(self, database: Database, blobs: Blobs, printer: Printer, terms: Terms) -> None:
        self._database = database
        self._blobs = blobs
        self._printer = printer
        self.terms = terms

    async def print(self, certificate: Certificate, background: str | None) -> Printed:
        """On the page that is the object `background` of the bucket `certificates`, if there is one."""
        page = None
        if background is not None:
            async with self._database.acting_as_service() as tx:
                version = await tx.fetchval(queries.VERSION_OF, background)
            page = await self._blobs.get(blob_key(version)) if version else None
        async with asyncio.timeout(PRINTING_TIMEOUT_S):
            pdf = await asyncio.to_thread(self._printer, certificate, page)
        version = uuid4()
        async with asyncio.timeout(_STORING_TIMEOUT_S):
            stored = await self._blobs.put(blob_key(version), pdf, PDF)
        return Printed(version, stored, hashlib.sha256(pdf).hexdigest())

    async def throw_away(self, printed: Printed) -> None:
        """What somebody else was quicker with."""
        await self._blobs.delete(blob_key(printed.version))
