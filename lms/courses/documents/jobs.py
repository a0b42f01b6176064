"""What was uploaded is read: the text of its pages, or why there is none, stands with the document."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core.blobs import Blobs
from core.clock import Clock
from core.db import Database
from core.errors import NotFound
from core.facts import Fact
from core.jobs import Subscriptions
from core.storage.shapes import blob_key
from lms.courses.confined.process import Limits, Reading, read_confined
from lms.courses.documents import queries

log = logging.getLogger(__name__)

DOCUMENT_STORED = "DocumentStored"
MOST_BYTES = 50 << 20
LIMITS = Limits(memory_bytes=1 << 30, cpu_s=60, total_s=120, read_bytes=2 * MOST_BYTES)
READER = "lms.courses.documents.pdf_text"
PROBLEMS = {
    "no_text": "It has no text that could be searched: its pages may be pictures.",
    "encrypted": "It is locked by a password.",
    "broken": "It is no PDF that can be read.",
    "too_large": f"It is too large to be read: at most {MOST_BYTES >> 20} MB, and what fits in a gigabyte of memory.",
    "too_slow": "Reading it took too long.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document."""

    state: str
    problem: str | None
    page_count: int | None
    pages: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Reads documents one after the other; reading one again changes nothing."""

    database: Database
    blobs: Blobs
    clock: Clock
    limits: Limits = LIMITS
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def document_stored(self, fact: Fact) -> None:
        """Follows the fact `DocumentStored {object_id}`. Raises Unavailable, and the job comes again."""
        async with self._turn:
            await self.read(UUID(fact.payload["object_id"]))

    async def read(self, object_id: UUID) -> None:
        """Reads it if it waits for that."""
        async with self.database.acting_as_service() as tx:
            row = await tx.fetchrow(queries.WAITING, object_id)
        if row is None:
            return
        size_bytes = int(row["metadata"].get("size") or 0)
        if size_bytes > MOST_BYTES:
            outcome = Outcome("too_large", PROBLEMS["too_large"], None, {})
        else:
            try:
                key = blob_key(row["version"])
                outcome = outcome_of(await read_confined(READER, self.blobs, key, size_bytes, self.limits))
            except NotFound:
                return  # it has just been replaced or removed
        await self._store(object_id, row["version"], outcome)

    async def _store(self, object_id: UUID, version: UUID, outcome: Outcome) -> None:
        pages = sorted(outcome.pages.items())
        async with self.database.acting_as_service() as tx:
            language = await tx.fetchval(
                queries.STORE_PAGES, object_id, version, [number for number, _ in pages], [text for _, text in pages]
            )
            if language is None:
                return
            told = (outcome.state, outcome.problem, outcome.page_count, language if pages else None)
            await tx.execute(queries.IS_READ, object_id, version, *told, self.clock.now())
        log.info("Document %s is %s: %d pages with text.", object_id, outcome.state, len(pages))


def outcome_of(reading: Reading) -> Outcome:
    """What the answers of the reader come to. What was read before it was ended counts."""
    pages: dict[int, str] = {}
    told: dict[str, Any] = {}
    for answer in reading.answers:
        if "text" in answer:
            pages[int(answer["number"])] = str(answer["text"])
        else:
            told |= answer
    page_count = told.get("page_count")
    if not pages:
        state = told.get("problem") or ({"done": "no_text", "died": "broken"}.get(reading.end) or reading.end)
        return Outcome(state, PROBLEMS[state], page_count, {})
    problem = None
    if reading.end != "done":
        problem = f"Only pages up to {max(pages)} of {page_count} were read: the next one could not be."
    elif "left_out" in told:
        problem = f"Its last {told['left_out']} of {page_count} pages were not read: it is too long."
    elif "bad_pages" in told:
        problem = f"Pages that could not be read: {', '.join(map(str, told['bad_pages'][:20]))}."
    return Outcome("read", problem, page_count, pages)


def subscribe(subscriptions: Subscriptions, database: Database, blobs: Blobs, clock: Clock) -> None:
    """Names the fact that documents follow."""
    reader = DocumentReader(database, blobs, clock)
    subscriptions.on(DOCUMENT_STORED, "documents.read", reader.document_stored)
