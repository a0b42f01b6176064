"""Takes a pack in: everything of it, in one transaction, or nothing. Taking it in again changes nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from core.blobs import Blobs
from core.db import Database, Tx
from core.errors import Conflict, Forbidden, Unprocessable
from lms.courses.packs import queries
from lms.courses.packs.archive import PackFiles
from lms.courses.packs.course import PackCourse
from lms.courses.packs.known import known_by_key
from lms.courses.packs.media import Acting, MediaDesk, MediaFile, StoredMedia, pretended, with_targets
from lms.courses.packs.plan import PlannedRow, plan
from lms.courses.packs.problems import Problem
from lms.courses.packs.reading import COURSE_FILE, UnreadableCourse, read_course
from lms.courses.packs.writer import CourseWriter, NewId, any_id


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a pack is taken in.

    `publish`: what is new is shown at once if the course has no errors, else nothing is written. `remove_missing`: what
    the course has and the pack has not is deleted, or archived where it has results.
    """

    dry_run: bool = False
    publish: bool = False
    remove_missing: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a course, as of `check_content`."""

    severity: str
    code: str
    kind: str
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was done, or would be. With `problems` nothing was."""

    applied: bool = False
    product_id: UUID | None = None
    key: str = ""
    title: str = ""
    rows: Sequence[PlannedRow] = ()
    files: Sequence[MediaFile] = ()
    ignored: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    problems: Sequence[Problem] = ()

    @property
    def has_errors(self) -> bool:
        """Whether the course cannot be published as it is."""
        return any(finding.severity == "error" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports as whoever `acting` opens transactions for."""

    database: Database
    blobs: Blobs
    acting: Acting
    new_id: NewId = field(default=any_id)

    async def take(self, files: PackFiles, options: ImportOptions) -> ImportReport:
        """Imports a pack.

        Raises Forbidden `not_admin`, BadRequest `bad_course_pack`, Conflict `import_under_way` and Unprocessable
        `course_refused`; what is wrong inside of the texts is told in the report.
        """
        async with self.acting(read_only=True) as tx:
            await require_admin(tx)
        try:
            course = await asyncio.to_thread(read_course, files.text)
        except UnreadableCourse as error:
            return ImportReport(problems=error.problems)
        desk = MediaDesk(self.database, self.blobs, self.acting)
        found = await desk.look(course, files)
        refused = [Problem(file.member, file.reason) for file in found if file.outcome == "refused"]
        if refused:
            return ImportReport(key=course.key, title=course.title, files=found, problems=refused)
        course = with_targets(course, found)
        if options.dry_run:
            return await self._told(course, found, files, options)
        stored = await desk.store(found, files)
        try:
            return await self._write(course, found, stored, files, options)
        except BaseException:
            await desk.forget(stored)
            raise

    async def _told(
        self, course: PackCourse, found: list[MediaFile], files: PackFiles, options: ImportOptions
    ) -> ImportReport:
        """What would happen: done, looked at, and taken back, so that what the database refuses is told too."""
        try:
            async with self.acting() as tx:
                report = await self._written(tx, course, pretended(found), options)
                raise _TakenBack
        except _TakenBack:
            return _completed(report, found, files, applied=False)
        except asyncpg.PostgresError as error:
            return ImportReport(
                key=course.key, title=course.title, files=found, problems=[Problem(COURSE_FILE, _said(error))]
            )

    async def _write(
        self,
        course: PackCourse,
        found: list[MediaFile],
        stored: list[StoredMedia],
        files: PackFiles,
        options: ImportOptions,
    ) -> ImportReport:
        try:
            async with self.acting() as tx:
                report = await self._written(tx, course, stored, options)
                if options.publish and report.has_errors:
                    raise _TakenBack
        except _TakenBack:
            return _completed(report, found, files, applied=False)
        except asyncpg.PostgresError as error:
            raise Unprocessable(_said(error), code="course_refused") from error
        return _completed(report, found, files, applied=True)

    async def _written(
        self, tx: Tx, course: PackCourse, stored: list[StoredMedia], options: ImportOptions
    ) -> ImportReport:
        if not await tx.fetchval(queries.LOCK, course.key):
            raise Conflict("This course is being imported already.", code="import_under_way")
        known = await known_by_key(tx, course.key)
        planned = plan(course, known, remove_missing=options.remove_missing)
        for media in stored:
            await media.write(tx)
        # In a course that is seen already, what is new waits; in a new one all of it does, with the course.
        as_drafts = known is not None and known.is_published and not options.publish
        product_id = await CourseWriter(tx, course, new_id=self.new_id, as_drafts=as_drafts).write(planned)
        report = ImportReport(
            product_id=product_id,
            key=course.key,
            title=course.title,
            rows=planned.rows(),
            findings=[Finding(**row) for row in await tx.fetch(queries.FINDINGS, product_id)],
        )
        if options.publish and not report.has_errors:
            await tx.fetchval(queries.PUBLISH, product_id)
        return report


class _TakenBack(Exception):
    pass


async def require_admin(tx: Tx) -> None:
    """Raises Forbidden `not_admin`. The service may too."""
    if not await tx.fetchval(queries.IS_ADMIN):
        raise Forbidden("Only admins change courses.", code="not_admin")


async def write_new_course(
    tx: Tx, course: PackCourse, *, new_id: NewId, created_by: UUID | None, is_published: bool
) -> UUID:
    """A course that is not there yet, without media; its id. `tx` is the service's. Nothing is checked."""
    writer = CourseWriter(tx, course, new_id=new_id, as_drafts=False, created_by=created_by)
    product_id = await writer.write(plan(course, None, remove_missing=False))
    if is_published:
        await tx.execute("update public.products set is_active = true where id = $1", product_id)
    return product_id


def _completed(report: ImportReport, found: list[MediaFile], files: PackFiles, *, applied: bool) -> ImportReport:
    return ImportReport(
        applied=applied,
        product_id=report.product_id if applied or report.rows[0].outcome != "create" else None,
        key=report.key,
        title=report.title,
        rows=report.rows,
        files=found,
        ignored=files.ignored,
        findings=report.findings,
    )


def _said(error: asyncpg.PostgresError) -> str:
    return f"The database refuses this: {error.args[0] if error.args else error}"
