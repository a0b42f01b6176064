"""An admin's own page that certificates are printed on: looked at before it is taken, and kept as a copy."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from accounts import audit
from core.blobs import Blobs
from core.db import Database
from core.errors import NotFound
from core.identity import Person
from core.storage import queries as storage_queries
from core.storage.errors import StorageError
from core.storage.object_names import object_name
from core.storage.objects import Objects
from core.storage.shapes import blob_key, system_metadata
from lms.certification import queries
from lms.certification.issuing import BUCKET
from lms.certification.press import PDF
from lms.certification.printing.background import MM_PT, Page, bad_background, checked_page

LARGEST_BYTES = 10 * 1024 * 1024
_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class ChosenPage:
    """A page that was taken; `name` is its object in the bucket `certificates`."""

    name: str
    width_mm: float
    height_mm: float


class Backgrounds:
    """Chooses pages."""

    def __init__(self, database: Database, blobs: Blobs, objects: Objects) -> None:
        self._database = database
        self._blobs = blobs
        self._objects = objects

    async def choose(self, person: Person, product_id: UUID, path: str | None) -> ChosenPage | None:
        """Prints on the first page of the uploaded file `bucket/path` from now on; None for our own design.

        Raises Forbidden `not_admin`, NotFound `product_not_found` or `background_not_found`, Unprocessable
        `bad_background` with what is wrong with the file.
        """
        async with self._database.acting_as_service() as tx:
            await audit.act_for_admin(tx, person)
        page = None if path is None else await self._checked(person, path)
        version = uuid4()
        if page is None:
            await self._write(person, product_id, None)
            return None
        name = f"backgrounds/{product_id}/{hashlib.sha256(page.content).hexdigest()[:32]}.pdf"
        stored = await self._blobs.put(blob_key(version), page.content, PDF)
        metadata = system_metadata(version, stored.size_bytes, stored.modified_at, PDF, "no-cache")
        await self._write(person, product_id, name, version, metadata)
        return ChosenPage(name, round(page.width_pt / MM_PT, 1), round(page.height_pt / MM_PT, 1))

    async def _write(
        self,
        person: Person,
        product_id: UUID,
        name: str | None,
        version: UUID | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        async with self._database.acting_as_service() as tx:
            await audit.act_for_admin(tx, person)
            row = await tx.fetchrow(queries.PRODUCT_FOR_BACKGROUND, product_id)
            if row is None:
                raise NotFound("There is no such product.", code="product_not_found")
            if name is not None:
                await tx.fetchrow(storage_queries.UPSERT, BUCKET, name, version, metadata, {})
            if (before := row["certificate_background"]) not in (None, name):
                await tx.execute(queries.REMOVE_OBJECT, before)
            await tx.execute(queries.SET_BACKGROUND, product_id, name)

    async def _checked(self, person: Person, path: str) -> Page:
        try:
            found = await self._objects.find(person, object_name(*_parts(path)))
        except StorageError as error:
            raise NotFound("There is no such file.", code="background_not_found") from error
        if found.size_bytes > LARGEST_BYTES:
            raise bad_background(f"It has more than {LARGEST_BYTES >> 20} MB.")
        content = await self._blobs.get(found.key)
        async with asyncio.timeout(_TIMEOUT_S):
            return await asyncio.to_thread(checked_page, content)


def _parts(path: str) -> tuple[str, str]:
    bucket, _, name = path.partition("/")
    return bucket, name
