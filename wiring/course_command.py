"""`course import` and `course export`: packs of an operator, on the machine itself."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

from accounts import audit
from accounts.account.addresses import normalised_email
from accounts.people import queries as people_queries
from core import logs
from core.db import Tx
from core.errors import BadRequest, NotFound
from core.identity import Person
from core.settings import Settings
from lms.courses.packs.archive import PackFiles, YamlAlone, open_archive
from lms.courses.packs.exporting import Exporter
from lms.courses.packs.importing import Importer, ImportOptions, ImportReport
from lms.courses.packs.plan import PlannedRow
from lms.courses.packs.yaml_text import MOST_BYTES
from wiring.stores import Stores, open_stores

_MEGABYTE = 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
_FIND = """
    select id, key, title from public.products
    where archived_at is null and (id::text = $1 or key = $1 or lower(title) = lower($1)) order by created_at, id
"""


@dataclass(frozen=True, slots=True)
class CourseImport:
    """What the command line asks for; `actor` is the address of the admin in whose name it is done."""

    file: Path
    options: ImportOptions
    actor: str | None


@dataclass(frozen=True, slots=True)
class CourseExport:
    """What the command line asks for; `course` is an id, a key or a title."""

    course: str
    file: Path


async def run_import(settings: Settings, wanted: CourseImport) -> int:
    """Imports and prints what became of it; 0 when it was done (or would be), else 1.

    Raises BadRequest for a file that cannot be read or is no pack.
    """
    logs.request_id.set(f"course-{secrets.token_hex(8)}")
    file = await asyncio.to_thread(_open, wanted.file)
    with file:
        files = await asyncio.to_thread(_opened, file, wanted.file, settings.course_pack_mb * _MEGABYTE)
        async with open_stores(settings) as stores:
            person = await _person(stores, wanted.actor)
            importer = Importer(stores.database, stores.blobs, _Desk(stores, person).acting)
            report = await importer.take(files, wanted.options)
    _show(report, wanted.options)
    has_errors = any(finding.severity == "error" for finding in report.findings)
    return 1 if report.problems or (wanted.options.publish and has_errors) else 0


async def run_export(settings: Settings, wanted: CourseExport) -> None:
    """Writes a pack: YAML when the file is called so, else ZIP with the media.

    Raises NotFound for a course that is not there, BadRequest for a file that cannot be written or is there already.
    """
    async with open_stores(settings) as stores:
        product_id = await _find(stores, wanted.course)
        exporter = Exporter(stores.blobs, _Desk(stores, None).acting)
        if wanted.file.suffix in (".yaml", ".yml"):
            _, text = await exporter.yaml(product_id)
            await asyncio.to_thread(_write, wanted.file, text.encode())
        else:
            _, pack = await exporter.zip(product_id, most_bytes=settings.course_pack_mb * _MEGABYTE)
            with pack:
                await asyncio.to_thread(_write, wanted.file, pack)
    print(f"{wanted.file} has the course.")


@dataclass(frozen=True, slots=True)
class _Desk:
    """Opens transactions of the service, in the name of an admin if one was named."""

    stores: Stores
    person: Person | None

    @asynccontextmanager
    async def acting(self, *, read_only: bool = False) -> AsyncIterator[Tx]:
        async with self.stores.database.acting_as_service() as tx:
            if self.person is not None and not read_only:
                await audit.act_for_admin(tx, self.person)
            yield tx


async def _person(stores: Stores, email: str | None) -> Person | None:
    if email is None:
        return None
    async with stores.database.acting_as_service() as tx:
        user_id = await people_queries.active_id(tx, normalised_email(email))
    if user_id is None:
        raise NotFound(f"Nobody who may sign in has the address {email}.", code="user_not_found")
    return Person("authenticated", user_id=user_id)


async def _find(stores: Stores, course: str) -> UUID:
    async with stores.database.acting_as_service() as tx:
        rows = await tx.fetch(_FIND, course)
    if len(rows) > 1:
        keys = ", ".join(row["key"] for row in rows)
        raise BadRequest(f"Several courses are called {course}; name one by its key: {keys}.", code="several_courses")
    if not rows:
        raise NotFound(f"There is no course {course}.", code="product_not_found")
    product_id: UUID = rows[0]["id"]
    return product_id


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}.", code="no_such_file") from error


def _opened(file: IO[bytes], path: Path, most_bytes: int) -> PackFiles:
    if path.suffix in (".yaml", ".yml"):
        return YamlAlone(file.read(MOST_BYTES + 1))
    return open_archive(file, most_bytes=most_bytes)


def _write(path: Path, content: bytes | IO[bytes]) -> None:
    try:
        with path.open("xb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                while chunk := content.read(_CHUNK_BYTES):
                    file.write(chunk)
    except OSError as error:
        raise BadRequest(f"{path} cannot be written: {error.strerror}.", code="result_not_writable") from error


def _show(report: ImportReport, options: ImportOptions) -> None:
    print("\n".join(_lines(report)))
    if options.dry_run:
        print("This was a dry run: nothing was changed.")
    elif not report.applied:
        print("Nothing was changed.")


def _lines(report: ImportReport) -> list[str]:
    lines = [str(problem) for problem in report.problems]
    lines += [_line(row) for row in report.rows if row.outcome != "unchanged"]
    lines += [f"{file.outcome:9} {file.bucket}/{file.target}" for file in report.files if file.outcome != "there"]
    lines += [f"{finding.severity}: {finding.title}: {finding.message}" for finding in report.findings]
    if report.ignored:
        lines.append(f"Files that mean nothing here: {', '.join(report.ignored)}.")
    counts = Counter(row.outcome for row in report.rows)
    return [*lines, ", ".join(f"{number} {outcome}" for outcome, number in counts.items()) + "."] if counts else lines


def _line(row: PlannedRow) -> str:
    changes = f": {', '.join(row.changes)}" if row.changes else ""
    return f"{row.outcome:9} {row.kind:8} {row.title}{changes}"
