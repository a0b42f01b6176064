"""What there is to say about a subject, out of the database: nothing that a client sent stands in a letter."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from core.catalogue import Day, Value
from core.db import Tx
from lms.notifications import queries
from lms.notifications.kinds import Kind, Notice
from lms.notifications.wording import Phrase, Telling

MOST_LATE = 8
_FIGURES = ("overdue", "due_soon", "completed", "certified", "expiring")


async def telling_of(tx: Tx, notice: Notice, now: datetime) -> Telling | None:
    """What a notice says now; None when it is not true (any more), as of a course that was completed meanwhile.

    `tx` acts as the service.
    """
    loader = _LOADERS.get(notice.kind)
    return None if loader is None else await loader(tx, notice, now)


async def _welcome(tx: Tx, notice: Notice, now: datetime) -> Telling | None:
    return Telling("/")


async def _course(tx: Tx, notice: Notice, now: datetime) -> Telling | None:
    row = await tx.fetchrow(queries.COURSE, notice.user_id, notice.subject_id)
    if row is None or not row["is_assigned"] or row["status"] == "Completed":
        return None
    due_at: datetime | None = row["due_at"]
    if notice.kind != "assigned" and not _is_current(notice, due_at, now, over="overdue"):
        return None
    values: dict[str, Value] = {"course": row["course"]}
    facts: list[tuple[str, Value | Phrase]] = [("course", row["course"])]
    if due_at is not None:
        values["due"] = due_at
        facts.append(("due", due_at))
    if row["completed_lessons"]:
        facts.append(("progress", f"{row['completed_lessons']} / {row['total_lessons']}"))
    in_time = due_at if due_at is not None and due_at > now else None
    return Telling(f"/courses/{notice.subject_id}", values, facts, due_at=in_time)


async def _module(tx: Tx, notice: Notice, now: datetime) -> Telling | None:
    row = await tx.fetchrow(queries.MODULE, notice.user_id, notice.subject_id)
    if row is None:
        return None
    facts = [("course", row["course"]), ("module", row["module"])]
    return Telling(f"/courses/{row['product_id']}", {"module": row["module"], "course": row["course"]}, facts)


async def _attempt(tx: Tx, notice: Notice, now: datetime) -> Telling | None:
    row = await tx.fetchrow(queries.ATTEMPT, notice.user_id, notice.subject_id)
    if row is None:
        return None
    facts: list[tuple[str, Value | Phrase]] = [
        ("lesson", row["lesson"]),
        ("score", f"{row['overall_score']} / 100"),
        ("result", Phrase("result.passed" if row["passed"] else "result.failed")),
    ]
    path = f"/calls/{row['call_id']}" if row["call_id"] else f"/lessons/{row['lesson_id']}"
    return Telling(path, {"lesson": row["lesson"]}, facts)


async def _certification(tx: Tx, notice: Notice, now: datetime) -> Telling | None:
    row = await tx.fetchrow(queries.CERTIFICATION, notice.user_id, notice.subject_id)
    if row is None or row["revoked_at"] is not None:
        return None
    facts: list[tuple[str, Value | Phrase]] = [("course", row["course"])]
    values: dict[str, Value] = {"course": row["course"]}
    expires_at: datetime | None = row["expires_at"]
    if expires_at is not None:
        values["expires"] = Day(expires_at)
        facts.append(("valid_until", Day(expires_at)))
    if notice.kind != "certified" and not _is_current(notice, expires_at, now, over="expired"):
        return None
    path = f"/courses/{row['product_id']}"
    return Telling(f"/verify/{row['code']}" if notice.kind == "certified" and row["code"] else path, values, facts)


async def _team_week(tx: Tx, notice: Notice, now: datetime) -> Telling | None:
    counts: Any = await tx.fetchrow(queries.TEAM_WEEK, notice.user_id, now)
    if not any(counts):
        return None
    facts = [(f"team_{name}", counts[name]) for name in _FIGURES]
    late = await tx.fetch(queries.TEAM_LATE, notice.user_id, now, MOST_LATE)
    items = [
        Phrase("digest.late", {"person": row["full_name"], "course": row["course"], "due": Day(row["due_at"])})
        for row in late
    ]
    if counts["overdue"] > len(late):
        items.append(Phrase("digest.more", {"count": counts["overdue"] - len(late)}))
    return Telling("/team", facts=facts, items=items)


def _is_current(notice: Notice, at: datetime | None, now: datetime, *, over: Kind) -> bool:
    """Whether a reminder of a time still holds: one that was moved is told by a notice of its own."""
    return at is not None and occasion_at(at) == notice.occasion and (at <= now) == (notice.kind == over)


def occasion_at(at: datetime) -> str:
    """A time as the occasion of a notice, as queries.py writes it too."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


_Loader = Callable[[Tx, Notice, datetime], Awaitable[Telling | None]]
# Nobody can comment yet: the texts of the kind `comment` wait for the rows.
_LOADERS: dict[Kind, _Loader] = {
    "welcome": _welcome,
    "assigned": _course,
    "due_soon": _course,
    "overdue": _course,
    "unlocked": _module,
    "report_ready": _attempt,
    "review_result": _attempt,
    "certified": _certification,
    "expiring": _certification,
    "expired": _certification,
    "weekly_digest": _team_week,
}
