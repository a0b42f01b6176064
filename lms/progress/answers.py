"""What the functions about progress take and answer. Pure.

Percentages are rounded down, so that 100 stands only for all lessons; of no lessons 0 % are done.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

LARGEST_PAGE = 1_000

Status = Literal["Not started", "In progress", "Completed", "Past due", "Did not pass"]
CertificationStatus = Literal["Certified", "In Progress", "Not Started"]
STATUS = (
    "`Completed`: all lessons, or certified. `Did not pass`: no attempt is left at a quiz. `Past due`: not completed "
    "after the due date. `In progress`: something was done in it. `Not started`: nothing."
)


class ProgressWanted(BaseModel):
    """Whose progress in which product."""

    product_id: UUID
    user_id: UUID | None = Field(None, description="Oneself when left out; somebody of one's team; for admins anybody.")


class CoursesWanted(BaseModel):
    """Whose courses."""

    user_id: UUID | None = Field(None, description="Oneself when left out; somebody of one's team; for admins anybody.")


class TeamWanted(BaseModel):
    """Whose team, in what, and which part of it."""

    manager_id: UUID | None = Field(None, description="For admins: whose team. Managers get their own.")
    product_id: UUID | None = Field(None, description="Only progress in this product.")
    limit: int = Field(LARGEST_PAGE, ge=1, le=LARGEST_PAGE, description="At most so many agents.")
    offset: int = Field(0, ge=0, le=1_000_000, description="Leaves out so many agents before; they come by name.")


class LockReason(BaseModel):
    """Why a module is locked: another one comes first."""

    kind: Literal["prerequisite"]
    module_id: UUID = Field(description="The module to complete.")
    title: str


class ModuleProgress(BaseModel):
    """One module."""

    module_id: UUID
    title: str
    order_index: int
    progress: int = Field(ge=0, le=100, description="Per cent.")
    completed_lessons: int
    total_lessons: int
    is_locked: bool
    lock_reason: LockReason | None


class CourseState(BaseModel):
    """How far somebody is in one product."""

    product_id: UUID
    overall_progress: int = Field(ge=0, le=100, description="Per cent.")
    completed_lessons: int
    total_lessons: int
    status: Status = Field(description=STATUS)
    due_at: datetime | None
    completed_at: datetime | None
    is_late: bool = Field(description="Completed after the due date.")
    certified_at: datetime | None
    last_activity: datetime | None


class UserProgress(CourseState):
    """Progress of one person in one product."""

    user_id: UUID
    modules: list[ModuleProgress]


class NextLesson(BaseModel):
    """Where to go on."""

    lesson_id: UUID
    title: str
    lesson_type: str
    module_id: UUID
    module_title: str


class Course(CourseState):
    """One product on somebody's list."""

    title: str
    description: str | None
    is_assigned: bool
    next_lesson: NextLesson | None = Field(description="The first open one that is not completed.")


class Courses(BaseModel):
    """The products that somebody may open, those to be done first coming first."""

    user_id: UUID
    courses: list[Course]


class TeamStats(BaseModel):
    """The whole team, whatever part of it was asked for: certified, in progress and not started add up to the total."""

    total_agents: int
    certified: int
    in_progress: int
    not_started: int
    overdue: int = Field(description="Agents with something past due.")


class ProductCounts(BaseModel):
    """In how many products an agent is how far."""

    total: int
    certified: int
    completed: int
    in_progress: int
    past_due: int
    not_started: int
    did_not_pass: int


class Agent(BaseModel):
    """One person of a team."""

    user_id: UUID
    full_name: str
    certification_status: CertificationStatus = Field(description="`Certified`: in all products that count.")
    overall_progress: int = Field(ge=0, le=100, description="Per cent of all lessons of the products that count.")
    last_activity: datetime | None = Field(description="The last completion, attempt or call, in any product.")
    status: Status = Field(description=f"The one that needs attention most. {STATUS}")
    due_at: datetime | None = Field(description="The next due date of what is not completed.")
    products: ProductCounts


class TeamProgress(BaseModel):
    """A manager's team."""

    team_stats: TeamStats
    agents: list[Agent]
