"""What the functions about training answer, made of what the database has counted. Pure."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from lms.analytics.distributions import POINTS_EDGES, Distribution, distribution
from lms.analytics.quiz_items import OptionCounts, QuizItem, quiz_item
from lms.analytics.rates import TOO_FEW_BELOW, Share, share

DAYS_EDGES = (0, 1, 3, 7, 14, 30, 60, 90)
ATTEMPTS_EDGES = (1, 2, 3, 4, 5, 6)
_HOURS_A_DAY = 24
Counted = Mapping[str, Any]

Stage = Literal["entered", "started", "half_way", "finished", "certified"]
STAGES: tuple[Stage, ...] = ("entered", "started", "half_way", "finished", "certified")


class FunnelStage(BaseModel):
    """How many got at least so far."""

    stage: Stage
    people: int
    of_all: Share = Field(description="Of those who entered.")
    of_previous: Share = Field(description="Of those who reached the stage before.")


class Funnel(BaseModel):
    """One product: how far people got."""

    product_id: UUID
    title: str
    lessons: int
    assigned: int = Field(description="Of those who entered; the others began by themselves.")
    stages: list[FunnelStage]


class Funnels(BaseModel):
    """Products by title."""

    products: list[Funnel]


class PassRate(BaseModel):
    """One quiz or simulation that was tried in that time."""

    kind: Literal["quiz", "simulation"]
    subject_id: UUID
    title: str
    product_id: UUID
    product_title: str
    passing_grade: int
    people_passed: Share = Field(description="Of the people with an attempt in that time, who had passed at its end.")
    attempts_passed: Share
    passed_at_once: Share = Field(description="Of people's very first attempts.")
    attempts_to_pass: Distribution = Field(
        description="Of those who passed for the first time, counting from their first."
    )


class PassRates(BaseModel):
    """In the order of the courses."""

    subjects: list[PassRate]


class ScoredDimension(BaseModel):
    """One dimension of a simulation's report cards."""

    key: str = Field(examples=["overall", "script_adherence", "call_flow", "section:opening"])
    title: str
    points: Distribution


class EmpathyCounts(BaseModel):
    """How often each word was given; a report without any counts nowhere."""

    excellent: int
    good: int
    needs_improvement: int


class SimulationScores(BaseModel):
    """One simulation."""

    simulation_id: UUID
    title: str
    product_id: UUID
    product_title: str
    passing_grade: int
    attempts: int
    reached_grade: Share = Field(description="Attempts whose overall points reach the passing grade, passed or not.")
    empathy: EmpathyCounts
    dimensions: list[ScoredDimension]


class ScoreDistributions(BaseModel):
    """Simulations by product and title."""

    simulations: list[SimulationScores]


class CriterionDifficulty(BaseModel):
    """One criterion over all report cards that have it."""

    key: str
    title: str
    section_title: str | None
    simulations: int
    people: int
    assessed: int = Field(description="Report cards in which it was met, met in part or not met.")
    met: Share
    partial: int
    not_met: int
    not_applicable: int
    cannot_assess: Share = Field(description="Of the report cards in which it applied.")
    mean_score: float | None = Field(description="0 to 100, of those assessed.")
    too_few: bool = Field(description=f"Assessed fewer than {TOO_FEW_BELOW} times.")


class HardestCriteria(BaseModel):
    """Criteria, the lowest mean first."""

    criteria: list[CriterionDifficulty]


class QuizItems(BaseModel):
    """One quiz, question by question, over people's first attempts."""

    quiz_id: UUID
    title: str
    passing_grade: int
    people: int
    items: list[QuizItem]


class LessonStop(BaseModel):
    """One lesson, and who does not get past it."""

    lesson_id: UUID
    title: str
    lesson_type: str
    module_id: UUID
    module_title: str
    place: int
    completed: Share = Field(description="Of those who began the product.")
    stopped: Share = Field(description="Of those who began: it is the first lesson that they have not completed.")
    idle: int = Field(description="Of those who stopped here, who have done nothing in the product for some time.")


class DropOff(BaseModel):
    """One product, lesson by lesson."""

    product_id: UUID
    title: str
    started: int
    finished: Share
    lessons: list[LessonStop]


class CertifyingTime(BaseModel):
    """How long people took, in days."""

    product_id: UUID
    title: str
    certified: int = Field(description="First certificates issued in that time, unless revoked.")
    days_since_began: Distribution
    days_since_assigned: Distribution = Field(description="Of those to whom it was assigned before.")


class CertifyingTimes(BaseModel):
    """Products by title."""

    products: list[CertifyingTime]


class Cost(BaseModel):
    """What models have cost, in US dollars, by the prices in CALLX_MODEL_PRICES when they answered."""

    cost_usd: float
    requests_without_price: int = Field(description="Of models that had no price: the cost is at least so much.")
    attempts: int
    certificates: int = Field(description="Issued in that time, renewed ones too.")
    cost_per_attempt_usd: float | None
    cost_per_certificate_usd: float | None


class ProductCost(Cost):
    """Of one product."""

    product_id: UUID | None = Field(description="Null: requests that belong to no call, as unverified reports.")
    title: str | None
    customer_usd: float
    judge_usd: float
    requests: int
    tokens: int
    spoken_minutes: float = Field(description="Of spoken calls; what a voice model costs is not in the cost.")


class MonthCost(Cost):
    """Of one month, by UTC."""

    month: str = Field(examples=["2026-11"])


class TrainingCosts(BaseModel):
    """What models have cost, and what came of it."""

    products: list[ProductCost]
    months: list[MonthCost]


def funnels(counted: list[Counted]) -> Funnels:
    """Of `callx.training_funnel`."""
    return Funnels(products=[_funnel(row) for row in counted])


def _funnel(row: Counted) -> Funnel:
    people = [int(row["people"]), *(int(row[stage]) for stage in STAGES[1:])]
    # Who got further got here, whatever was moved or removed since.
    reached = [max(people[place:]) for place in range(len(people))]
    stages = [
        FunnelStage(
            stage=stage, people=n, of_all=share(n, reached[0]), of_previous=share(n, reached[max(place - 1, 0)])
        )
        for place, (stage, n) in enumerate(zip(STAGES, reached, strict=True))
    ]
    shown = {key: row[key] for key in ("product_id", "title", "lessons", "assigned")}
    return Funnel(**shown, stages=stages)


def pass_rates(counted: list[Counted]) -> PassRates:
    """Of `callx.pass_counts`."""
    return PassRates(subjects=[_pass_rate(row) for row in counted])


def _pass_rate(row: Counted) -> PassRate:
    keys = ("kind", "subject_id", "title", "product_id", "product_title", "passing_grade")
    return PassRate(
        **{key: row[key] for key in keys},
        people_passed=share(row["people_passed"], row["people"]),
        attempts_passed=share(row["passed_attempts"], row["attempts"]),
        passed_at_once=share(row["passed_at_once"], row["first_attempts"]),
        attempts_to_pass=distribution(row["attempts_to_pass"], ATTEMPTS_EDGES, open_ended=True),
    )


def score_distributions(counted: list[Counted]) -> ScoreDistributions:
    """Of `callx.score_counts`."""
    return ScoreDistributions(simulations=[_scores(row) for row in counted])


def _scores(row: Counted) -> SimulationScores:
    dimensions = [
        ScoredDimension(key=d["key"], title=d["title"] or d["key"], points=distribution(d["levels"], POINTS_EDGES))
        for d in row["dimensions"] or ()
    ]
    overall = [d["levels"] for d in row["dimensions"] or () if d["key"] == "overall"]
    reached = sum(n for levels in overall for points, n in levels if points >= row["passing_grade"])
    keys = ("simulation_id", "title", "product_id", "product_title", "passing_grade", "attempts", "empathy")
    return SimulationScores(
        **{key: row[key] for key in keys}, reached_grade=share(reached, row["attempts"]), dimensions=dimensions
    )


def hardest_criteria(counted: list[Counted]) -> HardestCriteria:
    """Of `callx.criterion_counts`."""
    return HardestCriteria(criteria=[_criterion(row) for row in counted])


def _criterion(row: Counted) -> CriterionDifficulty:
    assessed = row["met"] + row["partial"] + row["not_met"]
    keys = ("key", "section_title", "simulations", "people", "partial", "not_met", "not_applicable", "mean_score")
    return CriterionDifficulty(
        **{key: row[key] for key in keys},
        title=row["title"] or row["key"],
        assessed=assessed,
        met=share(row["met"], assessed),
        cannot_assess=share(row["cannot_assess"], assessed + row["cannot_assess"]),
        too_few=assessed < TOO_FEW_BELOW,
    )


def quiz_items(counted: Counted) -> QuizItems:
    """Of `callx.quiz_item_counts`."""
    items = [quiz_item(item) for item in counted["items"]]
    if not counted["knows_key"]:
        items = [item.model_copy(update={"options": [_without_key(each) for each in item.options]}) for item in items]
    return QuizItems(**{name: counted[name] for name in ("quiz_id", "title", "passing_grade", "people")}, items=items)


def _without_key(option: OptionCounts) -> OptionCounts:
    return option.model_copy(update={"is_correct": None})


def drop_off(counted: Counted) -> DropOff:
    """Of `callx.lesson_stops`."""
    started = counted["started"]
    lessons = [
        {**row, "completed": share(row["completed"], started), "stopped": share(row["stopped"], started)}
        for row in counted["lessons"]
    ]
    return DropOff.model_validate({**counted, "finished": share(counted["finished"], started), "lessons": lessons})


def certifying_times(counted: list[Counted]) -> CertifyingTimes:
    """Of `callx.certifying_times`."""
    return CertifyingTimes(
        products=[
            CertifyingTime(
                **{key: row[key] for key in ("product_id", "title", "certified")},
                days_since_began=_days(row["since_began"]),
                days_since_assigned=_days(row["since_assigned"]),
            )
            for row in counted
        ]
    )


def _days(hours: list[tuple[float, int]]) -> Distribution:
    return distribution([(value / _HOURS_A_DAY, n) for value, n in hours], DAYS_EDGES, open_ended=True)


def training_costs(counted: Counted) -> TrainingCosts:
    """Of `callx.training_costs`."""
    return TrainingCosts(
        products=[
            ProductCost(
                **{k: row[k] for k in ("product_id", "title", "customer_usd", "judge_usd", "requests", "tokens")},
                **_cost(row),
                spoken_minutes=round(row["spoken_ms"] / 60_000, 1),
            )
            for row in counted["products"]
        ],
        months=[MonthCost(month=row["month"], **_cost(row)) for row in counted["months"]],
    )


def _cost(row: Counted) -> dict[str, Any]:
    cost, attempts, certificates = float(row["cost_usd"]), int(row["attempts"]), int(row["certificates"])
    return {
        "cost_usd": round(cost, 6),
        "requests_without_price": row["unpriced"],
        "attempts": attempts,
        "certificates": certificates,
        "cost_per_attempt_usd": round(cost / attempts, 6) if attempts else None,
        "cost_per_certificate_usd": round(cost / certificates, 6) if certificates else None,
    }
