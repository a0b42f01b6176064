"""Two to five attempts of one person at one simulation, side by side. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

FEWEST, MOST = 2, 5

Change = Literal["gained", "lost", "same", "unclear"]
T = TypeVar("T")
K = TypeVar("K")
PER_ATTEMPT = "One for each attempt, in their order; null where it was not part of the report."


class ComparisonWanted(BaseModel):
    """Which attempts."""

    attempt_ids: Annotated[list[UUID], Field(min_length=FEWEST, max_length=MOST)] = Field(
        description="Of one person at one simulation."
    )


class _Stored(BaseModel):
    model_config = ConfigDict(extra="ignore")


class StoredCheck(_Stored):
    """One check of a stored report."""

    key: str
    text: str
    verdict: str


class StoredCriterion(_Stored):
    """One criterion of a stored report."""

    key: str
    title: str
    verdict: str
    score: int | None = None
    checks: list[StoredCheck] = []


class StoredSection(_Stored):
    """One section of a stored report."""

    key: str
    title: str
    score: int | None = None
    criteria: list[StoredCriterion] = []


class StoredMeasure(_Stored):
    """One measured value of a stored report."""

    key: str
    title: str
    value: float | None = None
    unit: str
    band: str


class StoredReport(_Stored):
    """What of a report is compared."""

    sections: list[StoredSection] = []
    measures: list[StoredMeasure] = []


class ComparedAttempt(BaseModel):
    """One of the attempts: its numbers."""

    attempt_id: UUID
    call_id: UUID | None
    attempted_at: datetime | None
    mode: str | None
    duration_ms: int | None
    overall_score: int
    passed: bool
    script_adherence: int | None
    empathy_score: str | None
    call_flow_score: int | None
    reviewed_at: datetime | None = Field(None, description="When a person decided what counts.")
    machine_score: int | None = Field(None, description="Of a reviewed attempt: what the judge had given.")
    judge: str | None
    rubric_hash: str | None
    has_report: bool


class ComparedSection(BaseModel):
    """The points of one section."""

    key: str
    title: str
    scores: list[int | None] = Field(description=PER_ATTEMPT)


class ComparedCriterion(BaseModel):
    """The verdicts on one criterion."""

    section: str
    key: str
    title: str
    verdicts: list[str | None] = Field(description=PER_ATTEMPT)
    scores: list[int | None] = Field(description=PER_ATTEMPT)


class ComparedCheck(BaseModel):
    """The verdicts on one check."""

    criterion: str
    key: str
    text: str
    verdicts: list[str | None] = Field(description=PER_ATTEMPT)
    change: Change = Field(
        description="From the first to the last attempt that says `met` or `not_met`; `unclear` with fewer than two."
    )


class ComparedMeasure(BaseModel):
    """The values of one measure."""

    key: str
    title: str
    unit: str
    values: list[float | None] = Field(description=PER_ATTEMPT)
    bands: list[str | None] = Field(description=PER_ATTEMPT)


class Gain(BaseModel):
    """From the very first attempt at this simulation to the best, whatever attempts are compared."""

    attempts: int
    first: int
    best: int
    points: int


class Comparison(BaseModel):
    """Attempts from the first to the last, and what changed."""

    user_id: UUID
    simulation_id: UUID
    attempts: list[ComparedAttempt]
    same_rubric: bool = Field(description="Else what has the same key is compared, though it may mean something else.")
    gain: Gain
    sections: list[ComparedSection]
    criteria: list[ComparedCriterion]
    checks: list[ComparedCheck]
    measures: list[ComparedMeasure]


def compare(
    user_id: UUID,
    simulation_id: UUID,
    attempts: Sequence[ComparedAttempt],
    reports: Sequence[StoredReport | None],
    gain: Gain,
) -> Comparison:
    """Puts the attempts, oldest first, and their reports in the same order, side by side."""
    known = [report or StoredReport() for report in reports]
    sections = [{section.key: section for section in report.sections} for report in known]
    criteria = [
        {criterion.key: (section.key, criterion) for section in report.sections for criterion in section.criteria}
        for report in known
    ]
    checks = [
        {(key, check.key): check for key, (_, criterion) in of_one.items() for check in criterion.checks}
        for of_one in criteria
    ]
    measures = [{measure.key: measure for measure in report.measures} for report in known]
    hashes = {attempt.rubric_hash for attempt in attempts}
    return Comparison(
        user_id=user_id,
        simulation_id=simulation_id,
        attempts=list(attempts),
        same_rubric=len(hashes) == 1 and None not in hashes,
        gain=gain,
        sections=[_section(key, [of_one.get(key) for of_one in sections]) for key in _keys(sections)],
        criteria=[_criterion(key, [of_one.get(key) for of_one in criteria]) for key in _keys(criteria)],
        checks=[_check(key, [of_one.get(key) for of_one in checks]) for key in _keys(checks)],
        measures=[_measure(key, [of_one.get(key) for of_one in measures]) for key in _keys(measures)],
    )


def change_of(verdicts: Iterable[str | None]) -> Change:
    """What the last clear verdict says against the first one."""
    clear = [verdict for verdict in verdicts if verdict in ("met", "not_met")]
    if len(clear) < FEWEST:
        return "unclear"
    if clear[0] == clear[-1]:
        return "same"
    return "gained" if clear[-1] == "met" else "lost"


def _keys(found: Sequence[Mapping[K, object]]) -> list[K]:
    """All keys in the order of the newest report, those that only older ones have at the end."""
    return list(dict.fromkeys(key for of_one in reversed(found) for key in of_one))


def _newest(found: Sequence[T | None]) -> T:
    return next(one for one in reversed(found) if one is not None)


def _section(key: str, found: Sequence[StoredSection | None]) -> ComparedSection:
    return ComparedSection(key=key, title=_newest(found).title, scores=[one.score if one else None for one in found])


def _criterion(key: str, found: Sequence[tuple[str, StoredCriterion] | None]) -> ComparedCriterion:
    section, newest = _newest(found)
    return ComparedCriterion(
        section=section,
        key=key,
        title=newest.title,
        verdicts=[one[1].verdict if one else None for one in found],
        scores=[one[1].score if one else None for one in found],
    )


def _check(key: tuple[str, str], found: Sequence[StoredCheck | None]) -> ComparedCheck:
    verdicts = [one.verdict if one else None for one in found]
    return ComparedCheck(
        criterion=key[0], key=key[1], text=_newest(found).text, verdicts=verdicts, change=change_of(verdicts)
    )


def _measure(key: str, found: Sequence[StoredMeasure | None]) -> ComparedMeasure:
    newest = _newest(found)
    return ComparedMeasure(
        key=key,
        title=newest.title,
        unit=newest.unit,
        values=[one.value if one else None for one in found],
        bands=[one.band if one else None for one in found],
    )
