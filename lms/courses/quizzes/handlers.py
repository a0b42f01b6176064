"""`import-quiz` and `export-quiz`."""

from collections import Counter
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, Field

from core.db import Tx
from core.errors import BadRequest, Forbidden, NotFound
from core.functions import FUNCTIONS, FileAnswer, FunctionCall
from core.openapi.operations import Exact
from lms.courses.quizzes import queries
from lms.courses.quizzes.csv_file import read_questions, write_questions
from lms.courses.quizzes.plan import Outcome, PlannedRow, plan

CSV = "text/csv"
REFUSED = {403: "`not_admin`.", 404: "`quiz_not_found`: unknown, or archived."}


class ImportWanted(BaseModel):
    """Which quiz takes the questions of which file."""

    quiz_id: UUID
    dry_run: bool = Field(False, description="Only tells what would change.")
    csv: str = Field("", max_length=1_000_000, description="The file, when it is not the body itself as `text/csv`.")


class ExportWanted(BaseModel):
    """Which quiz."""

    quiz_id: UUID


class CellProblem(Exact):
    """What is wrong with one cell."""

    column: str = Field(description="Empty when it is the row.")
    reason: str


class ImportedRow(Exact):
    """What happens to one row."""

    row: int = Field(description="As spreadsheets count; the header is 1.")
    question: str
    outcome: Outcome
    changes: list[str]
    errors: list[CellProblem]


class QuizImport(Exact):
    """What was changed, or would be."""

    applied: bool = Field(description="Whether anything was written: not in a dry run, and not when a row has errors.")
    create: int
    update: int
    unchanged: int
    error: int
    ignored_columns: list[str]
    rows: list[ImportedRow]


async def import_quiz(call: FunctionCall, wanted: ImportWanted) -> QuizImport:
    """Put the questions of a CSV file into a quiz.

    A question with the same text is changed to what the file says; others are added behind. Nothing is removed, and
    nothing is written when a row has errors. Importing again changes nothing. For admins. `docs/quizzes.md` has the
    columns.
    """
    file = read_questions(_text(call, wanted))
    async with call.acting() as tx:
        await _require_admin(tx)
        if not await queries.lock_quiz(tx, wanted.quiz_id):
            raise NotFound("There is no such quiz.", code="quiz_not_found")
        planned = plan(file.rows, await queries.questions_of(tx, wanted.quiz_id))
        is_applied = not wanted.dry_run and all(row.outcome != "error" for row in planned)
        if is_applied:
            for row in planned:
                await _write(tx, wanted.quiz_id, row)
    counted = Counter(row.outcome for row in planned)
    return QuizImport(
        applied=is_applied,
        create=counted["create"],
        update=counted["update"],
        unchanged=counted["unchanged"],
        error=counted["error"],
        ignored_columns=list(file.ignored_columns),
        rows=[_told(row) for row in planned],
    )


async def export_quiz(call: FunctionCall, wanted: ExportWanted) -> FileAnswer:
    """The questions of a quiz as the CSV file that `import-quiz` takes. For admins."""
    async with call.acting(read_only=True) as tx:
        await _require_admin(tx)
        title = await queries.quiz_title(tx, wanted.quiz_id)
        if title is None:
            raise NotFound("There is no such quiz.", code="quiz_not_found")
        known = await queries.questions_of(tx, wanted.quiz_id)
    text = write_questions(each.question for each in known)
    return FileAnswer(text.encode("utf-8-sig"), CSV, f"{title}.csv")


def _text(call: FunctionCall, wanted: ImportWanted) -> str:
    if not call.body:
        return wanted.csv
    try:
        return call.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = call.body.count(b"\n", 0, error.start) + 1
        raise BadRequest(
            f"The file is not UTF-8 (byte 0x{call.body[error.start]:02x} in line {line}). "
            "Save it as `CSV UTF-8` and try again.",
            code="not_utf8",
        ) from error


async def _require_admin(tx: Tx) -> None:
    if not await queries.is_admin(tx):
        raise Forbidden("Only admins change quizzes.", code="not_admin")


async def _write(tx: Tx, quiz_id: UUID, row: PlannedRow) -> None:
    question = row.row.question
    assert question is not None, "A row with errors keeps everything from being written."
    if row.known is None:
        await queries.insert_question(tx, quiz_id, question)
    elif row.outcome == "update":
        await queries.update_question(tx, row.known, question)


def _told(row: PlannedRow) -> ImportedRow:
    return ImportedRow(
        row=row.row.number,
        question=row.row.text,
        outcome=row.outcome,
        changes=list(row.changes),
        errors=[CellProblem(column=problem.column, reason=problem.reason) for problem in row.row.problems],
    )


def add_functions(app: web.Application) -> None:
    """Enters both."""
    functions = app[FUNCTIONS]
    unusable = "`not_utf8`, `bad_csv`, `missing_column`, `doubled_column`, `too_many_rows`: the whole file is useless."
    functions.add("import-quiz", import_quiz, other_bodies=(CSV,), errors={400: unusable, **REFUSED})
    functions.add("export-quiz", export_quiz, methods=("GET", "POST"), file_types=(CSV,), errors=REFUSED)
