"""What the functions about training take. Pure."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

IDLE_DAYS = 14


class AnalysisWanted(BaseModel):
    """Whose results, and of what time."""

    manager_id: UUID | None = Field(
        None,
        description="Only this manager's team. Admins who leave it out get everybody; managers get their own team.",
    )
    since: AwareDatetime | None = Field(None, description="From then on; with a time zone.")
    until: AwareDatetime | None = Field(None, description="Before then; with a time zone.")


class CoursesAnalysisWanted(AnalysisWanted):
    """Of one product or of all."""

    product_id: UUID | None = Field(None, description="Only this product.")


class CourseAnalysisWanted(AnalysisWanted):
    """Of one product."""

    product_id: UUID
    idle_days: int = Field(IDLE_DAYS, ge=1, le=365, description="Idle is who did nothing in it for so many days.")


class SimulationsAnalysisWanted(CoursesAnalysisWanted):
    """Of one simulation or of all."""

    simulation_id: UUID | None = Field(None, description="Only this simulation.")


class ScoresWanted(SimulationsAnalysisWanted):
    """And which attempts."""

    attempts: Literal["all", "first", "best", "latest"] = Field(
        "all", description="Of each person at each simulation in that time: all, or this one."
    )


class QuizAnalysisWanted(AnalysisWanted):
    """Of one quiz."""

    quiz_id: UUID
