"""What the functions about people's results take and answer. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, computed_field

from lms.progress.answers import Course

LARGEST_PAGE = 200
MOST_SECTIONS = 20
MOST_ATTEMPTS = 100
MOST_JUDGED = 20
MOST_POINTS = 5
GOOD_FROM = 80
EMPATHY_WORDS = ("Needs Improvement", "Good", "Excellent")

Verdict = Literal["met", "partial", "not_met", "not_applicable", "cannot_assess"]
EmpathyWord = Literal["Needs Improvement", "Good", "Excellent"]


class TeamScoresWanted(BaseModel):
    """Whose team, and which of its attempts."""

    manager_id: UUID | None = Field(None, description="For admins: whose team. Managers get their own.")
    product_id: UUID | None = Field(None, description="Only attempts in this product.")
    simulation_id: UUID | None = Field(None, description="Only attempts at this simulation.")
    since: AwareDatetime | None = Field(None, description="Only attempts from then on; with a time zone.")
    limit: int = Field(LARGEST_PAGE, ge=1, le=LARGEST_PAGE, description="At most so many people.")
    offset: int = Field(0, ge=0, le=1_000_000, description="Leaves out so many people before; they come by name.")


class Dimension(BaseModel):
    """One column of the heat map."""

    key: str = Field(examples=["overall", "empathy", "section:opening"])
    title: str
    kind: Literal["points", "words", "section"] = Field(
        description="`points` and `section`: 0 to 100. `words`: places in the list `words`."
    )

    @computed_field  # type: ignore[prop-decorator]
    @property
    def words(self) -> list[str] | None:
        """What the places mean, worst first."""
        return list(EMPATHY_WORDS) if self.kind == "words" else None


class Cell(BaseModel):
    """How somebody does in one dimension."""

    latest: int
    best: int
    attempts: int = Field(description="In which this was assessed.")
    trend: int | None = Field(description="The latest less the mean of up to three before it; null after one attempt.")


class PersonScores(BaseModel):
    """One row of the heat map."""

    user_id: UUID
    full_name: str
    attempts: int
    last_attempt_at: datetime | None
    scores: dict[str, Cell] = Field(description="By the key of the dimension; what was never assessed is not there.")


class TeamScores(BaseModel):
    """People by score dimensions."""

    total_people: int = Field(description="Of the whole team, whatever part of it was asked for.")
    dimensions: list[Dimension]
    sections_left_out: int = Field(description=f"Beyond the {MOST_SECTIONS} that were assessed most.")
    people: list[PersonScores]


class PersonReportWanted(BaseModel):
    """Whose page."""

    user_id: UUID | None = Field(None, description="Oneself when left out; somebody of one's team; for admins anybody.")


class Attempt(BaseModel):
    """One attempt at a simulation."""

    id: UUID
    simulation_id: UUID
    title: str
    product_id: UUID
    product_title: str
    call_id: UUID | None
    mode: str | None
    attempted_at: datetime | None
    duration_ms: int | None
    overall_score: int
    passed: bool
    script_adherence: int | None
    empathy_score: EmpathyWord | None
    call_flow_score: int | None


class QuizAttempt(BaseModel):
    """One attempt at a quiz."""

    id: UUID
    quiz_id: UUID
    title: str
    product_id: UUID
    product_title: str
    attempted_at: datetime | None
    score: int
    passed: bool


class Attempts(BaseModel):
    """The newest attempts at simulations."""

    total: int
    latest: list[Attempt] = Field(description=f"At most {MOST_ATTEMPTS}, the newest first.")


class QuizAttempts(BaseModel):
    """The newest attempts at quizzes."""

    total: int
    latest: list[QuizAttempt] = Field(description=f"At most {MOST_ATTEMPTS}, the newest first.")


class CriterionRecord(BaseModel):
    """How somebody did in one criterion over several calls."""

    key: str
    title: str
    section_title: str | None
    assessed: int = Field(description="In so many calls.")
    met: int
    partial: int
    not_met: int
    average: int = Field(ge=0, le=100, description="Of the points in these calls.")
    latest: Verdict


class PersonCertificate(BaseModel):
    """The newest certificate in one product."""

    certification_id: UUID
    product_id: UUID
    product_title: str
    code: str | None
    issued_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None
    state: Literal["valid", "expiring", "expired", "revoked"] = Field(
        description="`expiring`: it can be renewed already."
    )


class PersonReport(BaseModel):
    """One person: what they are to learn, what they did, and what they are good at."""

    user_id: UUID
    full_name: str
    email: str
    joined_at: datetime | None
    closed_at: datetime | None = Field(description="When the account was closed.")
    last_activity: datetime | None
    courses: list[Course]
    attempts: Attempts
    quiz_attempts: QuizAttempts
    strengths: list[CriterionRecord] = Field(
        description=f"The {MOST_POINTS} best criteria of the last {MOST_JUDGED} judged calls, from {GOOD_FROM} points."
    )
    weaknesses: list[CriterionRecord] = Field(description=f"The {MOST_POINTS} worst, below {GOOD_FROM} points.")
    certificates: list[PersonCertificate]


def strengths_of(criteria: Sequence[CriterionRecord]) -> list[CriterionRecord]:
    """The best first; of equals what was seen more often."""
    good = [criterion for criterion in criteria if criterion.average >= GOOD_FROM]
    return sorted(good, key=lambda criterion: (-criterion.average, -criterion.assessed, criterion.key))[:MOST_POINTS]


def weaknesses_of(criteria: Sequence[CriterionRecord]) -> list[CriterionRecord]:
    """The worst first; of equals what was seen more often."""
    poor = [criterion for criterion in criteria if criterion.average < GOOD_FROM]
    return sorted(poor, key=lambda criterion: (criterion.average, -criterion.assessed, criterion.key))[:MOST_POINTS]
