"""What an evaluation looks like as JSON, for `/openapi.json`.

A report is stored as it was made and grows with the judges: readers pass over fields that they do not know.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.openapi import Exact


class Stored(BaseModel):
    """Part of a stored report."""

    model_config = ConfigDict(extra="allow")


class QuotedEvidence(Stored):
    """Words that were really said, and where the recording has them."""

    turn_id: str
    quote: str
    polarity: Literal["positive", "negative"]
    start_ms: int
    end_ms: int


class CheckVerdictOfJudge(Exact):
    """What the judge had said of a check."""

    verdict: str


class CriterionOfJudge(Exact):
    """What the judge had said of a criterion."""

    verdict: str
    score: int | None


class CheckResult(Stored):
    """One question of a criterion."""

    key: str
    text: str
    verdict: str
    machine: CheckVerdictOfJudge | None = Field(None, description="Only where a person sees it otherwise.")
    overridden_because: str | None = Field(None, description="Only where a person has decided.")


class CriterionResult(Stored):
    """One criterion of the rubric."""

    key: str
    title: str
    kind: str
    severity: str
    weight: float
    score: int | None = Field(description="0 to 100; null where it could not be assessed.")
    verdict: str
    reason: str
    suggestion: str | None
    checks: list[CheckResult]
    evidence: list[QuotedEvidence]
    machine: CriterionOfJudge | None = Field(None, description="Only where it is another one after a review.")
    overridden_because: str | None = Field(None, description="Only where a person has decided.")


class SectionResult(Stored):
    """A part of the rubric."""

    key: str
    title: str
    weight: float
    score: int | None
    criteria: list[CriterionResult]


class MeasureResult(Stored):
    """One number that the clock says about the call."""

    key: str
    title: str
    value: float | None
    unit: str
    band: Literal["ok", "warn", "bad", "info"]
    note: str


class AutoFail(Stored):
    """What failed the call, whatever the rest."""

    criterion: str
    reason: str
    turn_id: str | None
    at_ms: int | None


class ResultOfJudge(Exact):
    """What the judge had given before a person looked."""

    overall_score: int
    passed: bool
    provisional: bool
    script_adherence: int | None
    empathy_score: str | None
    call_flow_score: int | None
    auto_fail: AutoFail | None


class ReviewOfReport(Exact):
    """Who has looked at the report, and what they say."""

    review_id: UUID
    decision: Literal["confirmed", "changed"]
    reviewer_id: UUID
    reviewer_name: str
    reason: str
    published_at: datetime | None = Field(description="Null in the preview of a draft.")
    settled: bool = Field(description="It was provisional, and is a result now.")
    certificate_stands: bool = Field(
        description="The call is not passed any more. The certificate that it helped to earn was not taken back."
    )
    machine: ResultOfJudge


class ReviewRequest(Exact):
    """The trainee disagrees."""

    id: UUID
    reason: str
    state: Literal["open", "answered"]
    created_at: datetime
    answered_at: datetime | None


class Report(Stored):
    """The report card. Every number leads back to a turn, and every turn to a place in the recording."""

    call_id: UUID
    simulation_id: UUID
    title: str
    mode: Literal["practice", "exam"]
    passed: bool
    provisional: bool = Field(description="It does not speak against the trainee.")
    provisional_because: list[str] = Field(default_factory=list)
    needs_human: bool = Field(False, description="The judge does not agree with itself: somebody has to look.")
    notices: list[str] = Field(default_factory=list, description="How the report came about.")
    passing_grade: int
    overall_score: int
    raw_score: float
    script_adherence: int | None
    empathy_score: str | None
    call_flow_score: int | None
    auto_fail: AutoFail | None
    summary: str
    keep: list[str]
    improve: list[str]
    judge: dict[str, Any] = Field(description="`kind`, `version`, and of a language model `model`, `prompt_hash`.")
    rubric: dict[str, Any]
    sections: list[SectionResult]
    measures: list[MeasureResult]
    mood: list[dict[str, int]]
    transcript: list[dict[str, Any]] = Field(description="The turns; some with `feedback`.")
    duration_ms: int | None
    end_reason: str | None
    created_at: datetime
    review: ReviewOfReport | None = Field(None, description="Null: nobody has looked, and the judge's word counts.")


class EvaluationState(Exact):
    """How far an evaluation is, and the report once it is done."""

    call_id: UUID
    state: Literal["waiting", "queued", "running", "done", "failed", "not_assessable"]
    report: Report | None
    message: str | None = Field(description="Why a call could not be assessed.")
    review_request: ReviewRequest | None = Field(description="What the trainee has asked; once for each call.")
