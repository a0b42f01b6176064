"""`import-course` and `export-course`."""

import asyncio
import tempfile
from collections import Counter
from typing import IO, Literal
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, Field

from core.app_keys import BLOBS, SETTINGS
from core.errors import NotFound
from core.functions import FUNCTIONS, FileAnswer, FunctionCall, InvalidInput
from core.openapi.operations import Exact
from core.storage.errors import StorageError
from core.storage.keys import OBJECTS
from core.storage.object_names import object_name
from lms.courses.packs.archive import PackFiles, YamlAlone, open_archive
from lms.courses.packs.exporting import Exporter, pieces_of
from lms.courses.packs.importing import Importer, ImportOptions, ImportReport, require_admin
from lms.courses.packs.media import FileOutcome
from lms.courses.packs.plan import Kind, Outcome
from lms.courses.packs.problems import bad_pack
from lms.courses.packs.yaml_text import MOST_BYTES

ZIP, YAML = "application/zip", "application/yaml"
BODIES = (ZIP, YAML, "application/x-zip-compressed", "application/octet-stream")
"""The last is what functions.invoke makes of a Blob."""
ANY_BYTES = "application/octet-stream"
"""Of a ZIP file it would make a text."""
_ZIP_BEGINS = b"PK"
TIMEOUT_S = 900.0
_MEGABYTE = 1024 * 1024


class ImportWanted(BaseModel):
    """Which pack, unless it is the body itself, and how."""

    path: str = Field(
        "", max_length=1_100, description="A file that was uploaded: `course-packs/<name>.zip` or `.yaml`."
    )
    yaml: str = Field("", max_length=1_000_000, description="A course without media, as text.")
    dry_run: bool = Field(False, description="Only tells what would change.")
    publish: bool = Field(False, description="Shows what is new at once; nothing is written if there are errors.")
    remove_missing: bool = Field(
        False, description="Deletes, or archives, modules and lessons of the course that the pack has not."
    )


class ExportWanted(BaseModel):
    """Which course, and with its media or without."""

    product_id: UUID
    format: Literal["zip", "yaml"] = "zip"


class ImportedRow(Exact):
    """What happens to the product, a module or a lesson."""

    kind: Kind
    key: str
    title: str
    outcome: Outcome
    changes: list[str]
    id: UUID | None = Field(description="Of what was there before.")


class ImportedFile(Exact):
    """What happens to a file that the course names."""

    file: str = Field(description="In the pack.")
    bucket: str
    path: str = Field(description="In the bucket: another one where this name is taken by another file.")
    outcome: FileOutcome
    size_bytes: int


class CourseFinding(Exact):
    """As of `check_content`."""

    severity: Literal["error", "warning"]
    code: str
    kind: Kind
    title: str
    message: str


class PackProblem(Exact):
    """What is wrong in the pack. Line and column count from 1; they are 0 where there is none."""

    file: str
    line: int
    column: int
    field: str
    message: str


class CourseImport(Exact):
    """What was changed, or would be."""

    applied: bool = Field(description="Whether anything was written: not in a dry run, and not with errors.")
    product_id: UUID | None
    key: str
    title: str
    create: int
    update: int
    unchanged: int
    keep: int
    remove: int
    rows: list[ImportedRow]
    files: list[ImportedFile]
    ignored_files: list[str]
    findings: list[CourseFinding]
    errors: list[PackProblem]


async def import_course(call: FunctionCall, wanted: ImportWanted) -> CourseImport:
    """Take a course pack in, with all that is in it or not at all.

    The pack is the body (`application/zip` or `application/yaml`), the field `yaml`, or a file that was uploaded to the
    bucket `course-packs`, which is the way for large ones. A course with the same key is changed to what the pack says;
    importing again changes nothing. A new course is a draft. For admins. `docs/courses.md` has the format.
    """
    async with call.acting(read_only=True) as tx:
        await require_admin(tx)
    options = ImportOptions(dry_run=wanted.dry_run, publish=wanted.publish, remove_missing=wanted.remove_missing)
    importer = Importer(call.database, call.app[BLOBS], call.acting)
    if wanted.yaml and not call.body:
        return _told(await importer.take(YamlAlone(wanted.yaml.encode()), options))
    if call.body and not call.body.startswith(_ZIP_BEGINS):
        return _told(await importer.take(YamlAlone(call.body), options))
    with await asyncio.to_thread(tempfile.TemporaryFile) as file:
        is_zip = await _fetch(call, wanted, file)
        files = await asyncio.to_thread(_opened, file, call.app[SETTINGS].course_pack_mb * _MEGABYTE, is_zip)
        return _told(await importer.take(files, options))


async def export_course(call: FunctionCall, wanted: ExportWanted) -> FileAnswer:
    """A course as the pack that `import-course` takes, drafts included. For admins.

    As ZIP with its videos and attachments, or as YAML without them.
    """
    exporter = Exporter(call.app[BLOBS], call.acting)
    if wanted.format == "yaml":
        course, text = await exporter.yaml(wanted.product_id)
        return FileAnswer(text.encode(), YAML, f"{course.key}.yaml")
    most_bytes = call.app[SETTINGS].course_pack_mb * _MEGABYTE
    course, file = await exporter.zip(wanted.product_id, most_bytes=most_bytes)
    return FileAnswer(pieces_of(file), ANY_BYTES, f"{course.key}.zip")


async def _fetch(call: FunctionCall, wanted: ImportWanted, file: IO[bytes]) -> bool:
    """Puts the pack into the file; whether it is a ZIP file."""
    if call.body:
        await asyncio.to_thread(file.write, call.body)
        return True
    if not wanted.path:
        raise InvalidInput([("path", "Name a pack: give `path` or `yaml`, or send it as the body.")])
    bucket, _, name = wanted.path.partition("/")
    try:
        found = await call.app[OBJECTS].find(call.person, object_name(bucket, name))
    except StorageError as error:
        raise NotFound("There is no such file.", code="pack_not_found") from error
    if found.size_bytes > call.app[SETTINGS].course_pack_mb * _MEGABYTE:
        raise bad_pack(f"A pack has at most {call.app[SETTINGS].course_pack_mb} MB.")
    async for chunk in call.app[BLOBS].stream(found.key):
        await asyncio.to_thread(file.write, chunk)
    return not name.endswith((".yaml", ".yml"))


def _opened(file: IO[bytes], most_bytes: int, is_zip: bool) -> PackFiles:
    file.seek(0)
    return open_archive(file, most_bytes=most_bytes) if is_zip else YamlAlone(file.read(MOST_BYTES + 1))


def _told(report: ImportReport) -> CourseImport:
    counted = Counter(row.outcome for row in report.rows)
    return CourseImport(
        applied=report.applied,
        product_id=report.product_id,
        key=report.key,
        title=report.title,
        create=counted["create"],
        update=counted["update"],
        unchanged=counted["unchanged"],
        keep=counted["keep"],
        remove=counted["remove"],
        rows=[
            ImportedRow(
                kind=row.kind,
                key=row.key,
                title=row.title,
                outcome=row.outcome,
                changes=list(row.changes),
                id=row.id,
            )
            for row in report.rows
        ],
        files=[
            ImportedFile(
                file=file.member,
                bucket=file.bucket,
                path=file.target,
                outcome=file.outcome,
                size_bytes=file.size_bytes,
            )
            for file in report.files
        ],
        ignored_files=list(report.ignored),
        findings=[CourseFinding.model_validate(finding, from_attributes=True) for finding in report.findings],
        errors=[PackProblem.model_validate(problem, from_attributes=True) for problem in report.problems],
    )


def add_functions(app: web.Application) -> None:
    """Enters both."""
    functions = app[FUNCTIONS]
    refused = {403: "`not_admin`."}
    functions.add(
        "import-course",
        import_course,
        other_bodies=BODIES,
        timeout_s=TIMEOUT_S,
        errors=refused
        | {
            400: "`bad_course_pack`: the whole file is useless.",
            404: "`pack_not_found`.",
            409: "`import_under_way`: somebody imports the same course.",
            422: "`course_refused`: the database does not take it.",
        },
    )
    functions.add(
        "export-course",
        export_course,
        methods=("GET", "POST"),
        file_types=(ANY_BYTES, YAML),
        timeout_s=TIMEOUT_S,
        errors=refused | {404: "`product_not_found`: unknown, or archived.", 413: "`course_too_large`."},
    )
