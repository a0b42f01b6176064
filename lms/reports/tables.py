"""Which tables can be exported, and their columns. Pure.

The keys are those of the statements in `queries`. Titles are English; another language would name them by these keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

TableName = Literal["people", "progress", "attempts", "quiz_attempts", "certificates", "assignments", "audit"]
Kind = Literal["text", "long_text", "id", "number", "percent", "yes_no", "time"]
MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column; times are in UTC."""

    key: str
    title: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `time` says which column `since` and `until` are about."""

    name: str
    columns: tuple[Column, ...]
    time: str
    of_products: bool = True


_PERSON = (Column("full_name", "Name"), Column("email", "E-mail"))
_IDS = Column("user_id", "Person ID", "id")
_PRODUCT = Column("product_title", "Course")

_TABLES = (
    Table(
        "people",
        (
            *_PERSON,
            Column("roles", "Roles"),
            Column("managers", "Managers"),
            Column("joined_at", "Joined (UTC)", "time"),
            Column("last_activity", "Last activity (UTC)", "time"),
            Column("closed_at", "Closed (UTC)", "time"),
            _IDS,
        ),
        time="joined_at",
        of_products=False,
    ),
    Table(
        "progress",
        (
            *_PERSON,
            _PRODUCT,
            Column("status", "Status"),
            Column("progress", "Progress (%)", "percent"),
            Column("completed_lessons", "Lessons completed", "number"),
            Column("total_lessons", "Lessons", "number"),
            Column("is_assigned", "Assigned", "yes_no"),
            Column("due_at", "Due (UTC)", "time"),
            Column("completed_at", "Completed (UTC)", "time"),
            Column("is_late", "Late", "yes_no"),
            Column("certified_at", "Certified (UTC)", "time"),
            Column("last_activity", "Last activity (UTC)", "time"),
            _IDS,
            Column("product_id", "Course ID", "id"),
        ),
        time="last_activity",
    ),
    Table(
        "attempts",
        (
            *_PERSON,
            _PRODUCT,
            Column("title", "Simulation"),
            Column("attempted_at", "Attempted (UTC)", "time"),
            Column("mode", "Mode"),
            Column("duration_s", "Duration (s)", "number"),
            Column("overall_score", "Overall score", "percent"),
            Column("passing_grade", "Needed to pass", "percent"),
            Column("passed", "Passed", "yes_no"),
            Column("script_adherence", "Script adherence", "percent"),
            Column("empathy_score", "Empathy"),
            Column("call_flow_score", "Call flow", "percent"),
            Column("reviewed_at", "Reviewed (UTC)", "time"),
            Column("machine_score", "Score before the review", "percent"),
            Column("machine_passed", "Passed before the review", "yes_no"),
            _IDS,
            Column("simulation_id", "Simulation ID", "id"),
            Column("attempt_id", "Attempt ID", "id"),
            Column("call_id", "Call ID", "id"),
        ),
        time="attempted_at",
    ),
    Table(
        "quiz_attempts",
        (
            *_PERSON,
            _PRODUCT,
            Column("title", "Quiz"),
            Column("attempted_at", "Attempted (UTC)", "time"),
            Column("score", "Score", "percent"),
            Column("passing_grade", "Needed to pass", "percent"),
            Column("passed", "Passed", "yes_no"),
            _IDS,
            Column("quiz_id", "Quiz ID", "id"),
            Column("attempt_id", "Attempt ID", "id"),
        ),
        time="attempted_at",
    ),
    Table(
        "certificates",
        (
            *_PERSON,
            Column("product_title", "Course, as printed"),
            Column("holder_name", "Name, as printed"),
            Column("number", "Number", "number"),
            Column("code", "Code"),
            Column("score", "Score", "percent"),
            Column("issued_at", "Issued (UTC)", "time"),
            Column("expires_at", "Expires (UTC)", "time"),
            Column("state", "State"),
            Column("revoked_at", "Revoked (UTC)", "time"),
            Column("revocation_reason", "Reason of revocation", "long_text"),
            _IDS,
            Column("product_id", "Course ID", "id"),
        ),
        time="issued_at",
    ),
    Table(
        "assignments",
        (
            Column("assigned_to", "Assigned to"),
            Column("full_name", "Person, or manager of the team"),
            _PRODUCT,
            Column("due_at", "Due (UTC)", "time"),
            Column("assigned_at", "Assigned (UTC)", "time"),
            Column("assigned_by", "Assigned by"),
            _IDS,
            Column("product_id", "Course ID", "id"),
            Column("assignment_id", "Assignment ID", "id"),
        ),
        time="assigned_at",
    ),
    Table(
        "audit",
        (
            Column("id", "Number", "number"),
            Column("at", "At (UTC)", "time"),
            Column("actor_name", "Who"),
            Column("actor_role", "As"),
            Column("action", "Action"),
            Column("subject_kind", "What"),
            Column("subject_id", "ID", "id"),
            Column("details", "Details", "long_text"),
            Column("request_id", "Request"),
            Column("actor_id", "Person ID", "id"),
            Column("hash", "Seal"),
        ),
        time="at",
        of_products=False,
    ),
)

TABLES: Mapping[str, Table] = {table.name: table for table in _TABLES}
assert set(TABLES) == set(get_args(TableName))


def file_name(table: Table, file_format: str, day: str) -> str:
    """Like callx-quiz-attempts-2026-11-24.xlsx."""
    return f"callx-{table.name.replace('_', '-')}-{day}.{file_format}"
