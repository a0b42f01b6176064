"""The functions about training: each makes one answer of what the database has counted."""

import asyncio
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, Field

from core.app_keys import CLOCK
from core.db import Tx
from core.functions import FUNCTIONS, FileAnswer, FunctionCall, InvalidInput
from core.rate_limits import Rate
from lms.analytics import answers, queries
from lms.analytics.answers import (
    CertifyingTimes,
    DropOff,
    Funnels,
    HardestCriteria,
    PassRates,
    QuizItems,
    ScoreDistributions,
    TrainingCosts,
)
from lms.analytics.asked import (
    IDLE_DAYS,
    AnalysisWanted,
    CourseAnalysisWanted,
    CoursesAnalysisWanted,
    QuizAnalysisWanted,
    ScoresWanted,
    SimulationsAnalysisWanted,
)
from lms.analytics.tables import ANALYSIS_TABLES, AnalysisName, table_rows
from lms.reports.exporting import CONTENT_TYPES, EXPORTER, Desk, FileFormat
from lms.reports.queries import note_export
from lms.reports.tables import file_name

READERS: tuple[Literal["GET", "POST"], ...] = ("GET", "POST")
"""functions.invoke asks by POST when it is not told how."""
TIMEOUT_S = 60
"""Ten thousand people in ten courses take a few seconds."""
_ANALYSES = Rate("analyse-training", burst=60, refill_ms=2_000)


class AnalysisExportWanted(AnalysisWanted):
    """Which analysis, of what, and as what."""

    table: AnalysisName
    format: FileFormat = "csv"
    product_id: UUID | None = Field(None, description="Needed for `lesson_drop_off`; not of `quiz_items`.")
    simulation_id: UUID | None = Field(None, description="Of `score_distributions` and `hardest_criteria`.")
    quiz_id: UUID | None = Field(None, description="Needed for `quiz_items`.")
    attempts: Literal["all", "first", "best", "latest"] = Field("all", description="Of `score_distributions`.")
    idle_days: int = Field(IDLE_DAYS, ge=1, le=365, description="Of `lesson_drop_off`.")


async def get_training_funnel(call: FunctionCall, wanted: CoursesAnalysisWanted) -> Funnels:
    """How many of those who entered each product in that time started, got half-way, finished and were certified."""
    async with call.acting(read_only=True) as tx:
        return answers.funnels(await queries.funnel(tx, wanted))


async def get_pass_rates(call: FunctionCall, wanted: CoursesAnalysisWanted) -> PassRates:
    """How many pass each quiz and simulation, at once and in the end, and at which attempt."""
    async with call.acting(read_only=True) as tx:
        return answers.pass_rates(await queries.passes(tx, wanted))


async def get_score_distributions(call: FunctionCall, wanted: ScoresWanted) -> ScoreDistributions:
    """How the points of simulations are spread, by dimension and by section of the rubric."""
    async with call.acting(read_only=True) as tx:
        return answers.score_distributions(await queries.scores(tx, wanted))


async def get_hardest_criteria(call: FunctionCall, wanted: SimulationsAnalysisWanted) -> HardestCriteria:
    """Which criteria of report cards are met least."""
    async with call.acting(read_only=True) as tx:
        return answers.hardest_criteria(await queries.criteria(tx, wanted))


async def get_quiz_items(call: FunctionCall, wanted: QuizAnalysisWanted) -> QuizItems:
    """How hard each question of a quiz is, whether it tells good from poor attempts, and who chose which answer."""
    async with call.acting(read_only=True) as tx:
        counted = await queries.quiz_items(tx, wanted)
    return await asyncio.to_thread(answers.quiz_items, counted)


async def get_lesson_drop_off(call: FunctionCall, wanted: CourseAnalysisWanted) -> DropOff:
    """At which lesson of a product people stop."""
    async with call.acting(read_only=True) as tx:
        return answers.drop_off(await queries.lesson_stops(tx, wanted, call.app[CLOCK].now()))


async def get_certifying_times(call: FunctionCall, wanted: CoursesAnalysisWanted) -> CertifyingTimes:
    """How many days people take to be certified, since they began and since it was assigned."""
    async with call.acting(read_only=True) as tx:
        return answers.certifying_times(await queries.certifying_times(tx, wanted))


async def get_training_costs(call: FunctionCall, wanted: CoursesAnalysisWanted) -> TrainingCosts:
    """What language models have cost, by product and by month, and what an attempt and a certificate cost."""
    async with call.acting(read_only=True) as tx:
        return answers.training_costs(await queries.costs(tx, wanted))


async def export_analytics(call: FunctionCall, wanted: AnalysisExportWanted) -> FileAnswer:
    """One of the analyses as a file for spreadsheets. Exports stand in the audit log."""
    table, exporter = ANALYSIS_TABLES[wanted.table], call.app[EXPORTER]
    desk = Desk(table, wanted.format)
    async with exporter.turn, call.acting() as tx:
        rows = table_rows(wanted.table, await _answer(call, tx, wanted))
        try:
            await asyncio.to_thread(desk.add, rows)
            content = await asyncio.to_thread(desk.content)
        finally:
            await asyncio.to_thread(desk.close)
        await note_export(tx, table.name, wanted.format, _given(wanted), len(rows))
    day = call.app[CLOCK].now().strftime("%Y-%m-%d")
    return FileAnswer(content, CONTENT_TYPES[wanted.format], file_name(table, wanted.format, day))


async def _answer(call: FunctionCall, tx: Tx, wanted: AnalysisExportWanted) -> BaseModel:
    given = wanted.model_dump()
    match wanted.table:
        case "training_funnel":
            return answers.funnels(await queries.funnel(tx, CoursesAnalysisWanted(**given)))
        case "pass_rates":
            return answers.pass_rates(await queries.passes(tx, CoursesAnalysisWanted(**given)))
        case "score_distributions":
            return answers.score_distributions(await queries.scores(tx, ScoresWanted(**given)))
        case "hardest_criteria":
            return answers.hardest_criteria(await queries.criteria(tx, SimulationsAnalysisWanted(**given)))
        case "certifying_times":
            return answers.certifying_times(await queries.certifying_times(tx, CoursesAnalysisWanted(**given)))
        case "training_costs":
            return answers.training_costs(await queries.costs(tx, CoursesAnalysisWanted(**given)))
        case "quiz_items":
            _require(wanted.quiz_id, "quiz_id")
            return answers.quiz_items(await queries.quiz_items(tx, QuizAnalysisWanted(**given)))
        case "lesson_drop_off":
            _require(wanted.product_id, "product_id")
            asked = CourseAnalysisWanted(**given)
            return answers.drop_off(await queries.lesson_stops(tx, asked, call.app[CLOCK].now()))


def _require(value: UUID | None, name: str) -> None:
    if value is None:
        raise InvalidInput([(name, "This table needs it.")])


def _given(wanted: BaseModel) -> Mapping[str, str]:
    given: Mapping[str, str] = wanted.model_dump(
        mode="json", exclude_none=True, exclude_defaults=True, exclude={"table", "format"}
    )
    return given


def add_functions(app: web.Application) -> None:
    """Enters the functions. Those of lms.reports must have been entered: files are made one at a time for all."""
    errors = {
        403: "`team_not_yours`: neither admin nor manager, or somebody else's team.",
        404: "`manager_not_found`, `product_not_found`, `simulation_not_found`, `quiz_not_found`: unknown, or hidden.",
    }
    functions = app[FUNCTIONS]
    options: dict[str, Any] = {"methods": READERS, "rate": _ANALYSES, "timeout_s": TIMEOUT_S, "errors": errors}
    functions.add("get-training-funnel", get_training_funnel, **options)
    functions.add("get-pass-rates", get_pass_rates, **options)
    functions.add("get-score-distributions", get_score_distributions, **options)
    functions.add("get-hardest-criteria", get_hardest_criteria, **options)
    functions.add("get-quiz-items", get_quiz_items, **options)
    functions.add("get-lesson-drop-off", get_lesson_drop_off, **options)
    functions.add("get-certifying-times", get_certifying_times, **options)
    functions.add("get-training-costs", get_training_costs, **options)
    functions.add("export-analytics", export_analytics, **options, file_types=tuple(CONTENT_TYPES.values()))
