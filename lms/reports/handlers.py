"""The functions about what people have achieved."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, Field

from accounts.audit.rest_reads import note_read
from core.app_keys import CLOCK
from core.db import Tx
from core.errors import BadRequest, NotFound, Unauthorized
from core.functions import FUNCTIONS, FileAnswer, FunctionCall, InvalidInput
from core.rate_limits import Rate
from lms.reports import answers, queries
from lms.reports.answers import (
    CriterionRecord,
    PersonReport,
    PersonReportWanted,
    TeamScores,
    TeamScoresWanted,
    strengths_of,
    weaknesses_of,
)
from lms.reports.comparing import ComparedAttempt, Comparison, ComparisonWanted, Gain, StoredReport, compare
from lms.reports.exporting import CONTENT_TYPES, EXPORTER, Exporter, FileFormat
from lms.reports.tables import MOST_ROWS, TABLES, TableName, file_name

READERS: tuple[Literal["GET", "POST"], ...] = ("GET", "POST")
"""functions.invoke asks by POST when it is not told how."""
EXPORT_TIMEOUT_S = 90
_EXPORTS = Rate("export-table", burst=20, refill_ms=15_000)
_RESULTS = frozenset({"evaluations", "simulation_attempts"})


class ExportWanted(BaseModel):
    """Which rows of which table, and as what."""

    table: TableName
    format: FileFormat = "csv"
    user_id: UUID | None = Field(None, description="Only about this person; of `audit`, done by or to them.")
    product_id: UUID | None = Field(None, description="Only in this course. Not of `people` and `audit`.")
    since: AwareDatetime | None = Field(None, description="Only from then on; with a time zone.")
    until: AwareDatetime | None = Field(None, description="Only before then; with a time zone.")


async def get_team_scores(call: FunctionCall, wanted: TeamScoresWanted) -> TeamScores:
    """How everybody in a manager's team does, by score dimension: a heat map.

    Managers get their own team; admins say whose. The sections of rubrics are dimensions too: sections of several
    rubrics are the same when their keys are. That somebody looked stands in the audit log.
    """
    filters = queries.Filters(product_id=wanted.product_id, since=wanted.since)
    async with call.acting() as tx:
        scores = await queries.team_scores(
            tx,
            filters,
            manager_id=wanted.manager_id,
            simulation_id=wanted.simulation_id,
            sections=answers.MOST_SECTIONS,
            limit=wanted.limit,
            offset=wanted.offset,
        )
        await _note(call, tx, "get-team-scores", wanted, len(scores["people"]))
    return TeamScores.model_validate(scores)


async def get_person_report(call: FunctionCall, wanted: PersonReportWanted) -> PersonReport:
    """One person's page: courses, attempts, strengths and weaknesses, certificates.

    Answers for oneself, for managers of their team, for admins of anybody. That somebody looked at another person
    stands in the audit log.
    """
    caller = _caller(call)
    user_id = wanted.user_id or caller
    async with call.acting() as tx:
        report = await queries.person_report(tx, user_id, attempts=answers.MOST_ATTEMPTS, judged=answers.MOST_JUDGED)
        if user_id != caller:
            await _note(call, tx, "get-person-report", wanted, 1)
    criteria = [CriterionRecord.model_validate(criterion) for criterion in report["criteria"]]
    found = {"strengths": strengths_of(criteria), "weaknesses": weaknesses_of(criteria)}
    return PersonReport.model_validate(report | found)


async def compare_attempts(call: FunctionCall, wanted: ComparisonWanted) -> Comparison:
    """Two to five attempts of one person at one simulation, side by side.

    They come in the order in which they were made. Answers for whoever may see the attempts.
    """
    if len(set(wanted.attempt_ids)) < len(wanted.attempt_ids):
        raise InvalidInput([("attempt_ids", "An attempt is named twice.")])
    async with call.acting() as tx:
        rows = await queries.attempts_to_compare(tx, wanted.attempt_ids)
        if len(rows) < len(wanted.attempt_ids):
            raise NotFound("There is no such attempt.", code="attempt_not_found")
        if len({(row["user_id"], row["simulation_id"]) for row in rows}) > 1:
            raise BadRequest(
                "Only attempts of one person at one simulation can be compared.", code="attempts_not_comparable"
            )
        user_id, simulation_id = rows[0]["user_id"], rows[0]["simulation_id"]
        gain = await queries.gain(tx, user_id, simulation_id)
        if user_id != _caller(call):
            await _note(call, tx, "compare-attempts", wanted, len(rows))
    reports = [StoredReport.model_validate(row["report"]) if row["report"] else None for row in rows]
    attempts = [ComparedAttempt.model_validate({**row, "has_report": row["report"] is not None}) for row in rows]
    points = gain["best"] - gain["first"]
    return compare(user_id, simulation_id, attempts, reports, Gain.model_validate({**gain, "points": points}))


async def export_table(call: FunctionCall, wanted: ExportWanted) -> FileAnswer:
    """A table as a file, for spreadsheets or for programs.

    Managers get the rows of their team, admins all, everybody else their own; `audit` is for admins. Exports by
    managers and admins stand in the audit log. In XLSX times are times; in CSV and XLSX nothing is a formula. JSON
    holds the keys, titles and kinds of the columns, and the rows as objects.
    """
    table, exporter = TABLES[wanted.table], call.app[EXPORTER]
    if wanted.product_id is not None and not table.of_products:
        raise InvalidInput([("product_id", f"The table {table.name} has no courses.")])
    filters = queries.Filters(wanted.user_id, wanted.product_id, wanted.since, wanted.until)
    async with exporter.turn, call.acting() as tx:
        content, rows = await exporter.export(tx, table, wanted.format, filters)
        await queries.note_export(tx, table.name, wanted.format, _given(wanted, but={"table", "format"}), rows)
    day = call.app[CLOCK].now().strftime("%Y-%m-%d")
    return FileAnswer(content, CONTENT_TYPES[wanted.format], file_name(table, wanted.format, day))


def _caller(call: FunctionCall) -> UUID:
    if call.person.user_id is None:
        raise Unauthorized("Sign in first.", code="no_authorization")
    return call.person.user_id


async def _note(call: FunctionCall, tx: Tx, function: str, wanted: BaseModel, rows: int) -> None:
    asked = f"{function}?{urlencode(_given(wanted), doseq=True)}"
    await note_read(tx, call.person, _RESULTS, asked, rows)


def _given(wanted: BaseModel, *, but: set[str] | None = None) -> Mapping[str, str]:
    given: Mapping[str, str] = wanted.model_dump(mode="json", exclude_none=True, exclude_defaults=True, exclude=but)
    return given


def add_functions(app: web.Application) -> None:
    """Enters the functions."""
    app[EXPORTER] = Exporter()
    functions = app[FUNCTIONS]
    functions.add(
        "get-team-scores",
        get_team_scores,
        methods=READERS,
        errors={
            400: "`manager_id_needed`: an admin who manages nobody must say whose team.",
            403: "`team_not_yours`: no manager, or somebody else's team.",
            404: "`product_not_found`, `simulation_not_found`: unknown, or hidden. `manager_not_found`.",
        },
    )
    functions.add(
        "get-person-report",
        get_person_report,
        methods=READERS,
        errors={
            403: "`progress_not_yours`: neither oneself nor somebody of one's team.",
            404: "`person_not_found`.",
        },
    )
    functions.add(
        "compare-attempts",
        compare_attempts,
        methods=READERS,
        errors={
            400: "`attempts_not_comparable`: of several people or simulations.",
            404: "`attempt_not_found`: unknown, or not the caller's to see.",
        },
    )
    functions.add(
        "export-table",
        export_table,
        methods=READERS,
        rate=_EXPORTS,
        timeout_s=EXPORT_TIMEOUT_S,
        file_types=tuple(CONTENT_TYPES.values()),
        errors={
            403: "`not_admin`: the audit log.",
            413: f"`too_many_rows`: more than {MOST_ROWS}; nothing is left out instead.",
        },
    )
