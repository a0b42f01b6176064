"""The answers as tables for spreadsheets: a row for each thing that was counted. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, get_args

from pydantic import BaseModel

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
from lms.analytics.distributions import Distribution
from lms.analytics.rates import Share
from lms.reports.tables import Column, Table

AnalysisName = Literal[
    "training_funnel",
    "pass_rates",
    "score_distributions",
    "hardest_criteria",
    "quiz_items",
    "lesson_drop_off",
    "certifying_times",
    "training_costs",
]
Row = Mapping[str, Any]
_PRODUCT = Column("product_title", "Course")
_PRODUCT_ID = Column("product_id", "Course ID", "id")


def _numbers(**titles: str) -> tuple[Column, ...]:
    return tuple(Column(key, title, "number") for key, title in titles.items())


def _share(key: str, title: str) -> tuple[Column, ...]:
    return (
        Column(f"{key}_count", f"{title}: count", "number"),
        Column(f"{key}_of", f"{title}: of", "number"),
        Column(f"{key}_per_cent", f"{title} (%)", "percent"),
        Column(f"{key}_low", f"{title}: at least (%)", "percent"),
        Column(f"{key}_high", f"{title}: at most (%)", "percent"),
    )


_SPREAD = _numbers(
    n="Cases",
    mean="Mean",
    standard_deviation="Standard deviation",
    smallest="Smallest",
    lower_quartile="Lower quartile",
    median="Median",
    upper_quartile="Upper quartile",
    ninth_decile="Ninth decile",
    largest="Largest",
)
_COST = _numbers(
    cost_usd="Cost (USD)",
    requests_without_price="Requests without a price",
    attempts="Attempts",
    certificates="Certificates",
    cost_per_attempt_usd="Cost per attempt (USD)",
    cost_per_certificate_usd="Cost per certificate (USD)",
)

_TABLES = (
    Table(
        "training_funnel",
        (
            _PRODUCT,
            Column("stage", "Stage"),
            Column("people", "People", "number"),
            *_share("of_all", "Of all"),
            *_share("of_previous", "Of the stage before"),
            _PRODUCT_ID,
        ),
        time="entered",
    ),
    Table(
        "pass_rates",
        (
            _PRODUCT,
            Column("kind", "Kind"),
            Column("title", "Title"),
            Column("passing_grade", "Needed to pass", "percent"),
            *_share("people_passed", "People who passed"),
            *_share("attempts_passed", "Attempts passed"),
            *_share("passed_at_once", "Passed at the first attempt"),
            Column("median", "Attempts to pass: median", "number"),
            Column("mean", "Attempts to pass: mean", "number"),
            Column("ninth_decile", "Attempts to pass: ninth decile", "number"),
            Column("subject_id", "ID", "id"),
            _PRODUCT_ID,
        ),
        time="attempted_at",
    ),
    Table(
        "score_distributions",
        (
            _PRODUCT,
            Column("title", "Simulation"),
            Column("dimension", "Dimension"),
            *_SPREAD,
            *(Column(f"from_{low}", f"From {low}", "number") for low in range(0, 100, 10)),
            Column("simulation_id", "Simulation ID", "id"),
        ),
        time="attempted_at",
    ),
    Table(
        "hardest_criteria",
        (
            Column("title", "Criterion"),
            Column("section_title", "Section"),
            *_numbers(mean_score="Mean points", assessed="Assessed", people="People", simulations="Simulations"),
            *_share("met", "Met"),
            *_numbers(partial="Met in part", not_met="Not met", not_applicable="Did not apply"),
            *_share("cannot_assess", "Could not be assessed"),
            Column("too_few", "Too few", "yes_no"),
            Column("key", "Key"),
        ),
        time="attempted_at",
    ),
    Table(
        "quiz_items",
        (
            Column("place", "Place", "number"),
            Column("text", "Question", "long_text"),
            Column("question_type", "Type"),
            *_numbers(n="First attempts", facility="Facility", discrimination="Discrimination"),
            Column("upper_lower", "Upper less lower 27 %", "number"),
            Column("flags", "To look at"),
            Column("too_few", "Too few", "yes_no"),
            Column("option", "Answer", "long_text"),
            Column("is_correct", "Correct", "yes_no"),
            *_numbers(chosen="Chosen", share="Share", upper_share="Of the upper 27 %", lower_share="Of the lower 27 %"),
            Column("question_id", "Question ID", "id"),
        ),
        time="attempted_at",
    ),
    Table(
        "lesson_drop_off",
        (
            Column("place", "Place", "number"),
            Column("module_title", "Module"),
            Column("title", "Lesson"),
            Column("lesson_type", "Type"),
            *_share("completed", "Completed"),
            *_share("stopped", "Stopped here"),
            Column("idle", "Idle", "number"),
            Column("lesson_id", "Lesson ID", "id"),
        ),
        time="began_at",
    ),
    Table(
        "certifying_times",
        (_PRODUCT, Column("certified", "Certified", "number"), Column("since", "Days since"), *_SPREAD, _PRODUCT_ID),
        time="issued_at",
    ),
    Table(
        "training_costs",
        (
            _PRODUCT,
            Column("month", "Month"),
            *_COST,
            *_numbers(customer_usd="Customers (USD)", judge_usd="Judges (USD)", requests="Requests", tokens="Tokens"),
            Column("spoken_minutes", "Spoken (min)", "number"),
            _PRODUCT_ID,
        ),
        time="created_at",
    ),
)
ANALYSIS_TABLES: Mapping[str, Table] = {table.name: table for table in _TABLES}
assert set(ANALYSIS_TABLES) == set(get_args(AnalysisName))


def table_rows(name: AnalysisName, answer: BaseModel) -> list[Row]:
    """The rows, each with a value for every column of the table."""
    keys = [column.key for column in ANALYSIS_TABLES[name].columns]
    return [{key: row.get(key) for key in keys} for row in _ROWS[name](answer)]


def _flat(key: str, share: Share) -> dict[str, Any]:
    return {f"{key}_{name}": value for name, value in share.model_dump().items()}


def _spread(spread: Distribution) -> dict[str, Any]:
    return spread.model_dump(exclude={"bars", "too_few"})


def _funnel_rows(answer: Funnels) -> Iterator[Row]:
    for product in answer.products:
        for stage in product.stages:
            shares = _flat("of_all", stage.of_all) | _flat("of_previous", stage.of_previous)
            named = {"product_title": product.title, "product_id": product.product_id}
            yield {**named, "stage": stage.stage, "people": stage.people, **shares}


def _pass_rows(answer: PassRates) -> Iterator[Row]:
    for subject in answer.subjects:
        shares = {
            **_flat("people_passed", subject.people_passed),
            **_flat("attempts_passed", subject.attempts_passed),
            **_flat("passed_at_once", subject.passed_at_once),
        }
        yield {**subject.model_dump(), **shares, **_spread(subject.attempts_to_pass)}


def _score_rows(answer: ScoreDistributions) -> Iterator[Row]:
    for simulation in answer.simulations:
        for dimension in simulation.dimensions:
            bars = {f"from_{bar.low:.0f}": bar.count for bar in dimension.points.bars}
            named = simulation.model_dump(include={"product_title", "title", "simulation_id"})
            yield {**named, "dimension": dimension.title, **_spread(dimension.points), **bars}


def _criterion_rows(answer: HardestCriteria) -> Iterator[Row]:
    for criterion in answer.criteria:
        shares = _flat("met", criterion.met) | _flat("cannot_assess", criterion.cannot_assess)
        yield criterion.model_dump() | shares


def _item_rows(answer: QuizItems) -> Iterator[Row]:
    """A row for each option; one for a question that has none."""
    for item in answer.items:
        shown = item.model_dump(exclude={"options"}) | {"flags": ", ".join(item.flags)}
        if not item.options:
            yield shown
        for option in item.options:
            yield {**shown, **option.model_dump(exclude={"text"}), "option": option.text}


def _stop_rows(answer: DropOff) -> Iterator[Row]:
    for lesson in answer.lessons:
        yield lesson.model_dump() | _flat("completed", lesson.completed) | _flat("stopped", lesson.stopped)


def _time_rows(answer: CertifyingTimes) -> Iterator[Row]:
    for product in answer.products:
        spreads = (("began", product.days_since_began), ("assigned", product.days_since_assigned))
        for since, spread in spreads:
            named = {"product_title": product.title, "product_id": product.product_id}
            yield {**named, "certified": product.certified, "since": since, **_spread(spread)}


def _cost_rows(answer: TrainingCosts) -> Iterator[Row]:
    """First a row for each product, then one for each month."""
    for product in answer.products:
        yield product.model_dump() | {"product_title": product.title}
    for month in answer.months:
        yield month.model_dump()


_ROWS: Mapping[AnalysisName, Callable[[Any], Iterable[Row]]] = {
    "training_funnel": _funnel_rows,
    "pass_rates": _pass_rows,
    "score_distributions": _score_rows,
    "hardest_criteria": _criterion_rows,
    "quiz_items": _item_rows,
    "lesson_drop_off": _stop_rows,
    "certifying_times": _time_rows,
    "training_costs": _cost_rows,
}
