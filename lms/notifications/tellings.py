"""What there is to say about a subject, out of the database: nothing that a client sent stands in a letter."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.account.locales import locale_of
from core.catalogue import Day, Value
from core.db import Tx
from core.localised import Locale, language_of, zone_named
from lms.notifications import call_tellings, queries
from lms.notifications.kinds import Kind, Notice
from lms.notifications.wording import Phrase, Telling

MOST_LATE = 8
_FIGURES = ("overdue", "due_soon", "expiring", "disputes")
WEEK = timedelta(days=7)
_OF_THE_PERIOD = ("completed", "certified", "calls", "passed_calls")


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


async def _team(tx: Tx, notice: Notice, now: datetime) -> Telling | None:
    scope = await _scope_of(tx, notice)
    if scope is None:
        return None
    period, since = ("week", now - WEEK) if notice.kind == "weekly_digest" else ("month", _month_before(now))
    counts: Any = await tx.fetchrow(queries.TEAM_FIGURES, scope.manager_id, now, since)
    if not any(counts):
        return None
    facts: list[tuple[str, Value | Phrase]] = [(f"team_{name}", counts[name]) for name in _FIGURES]
    facts += [(f"team_{name}_{period}", counts[name]) for name in _OF_THE_PERIOD]
    if counts["average"] is not None:
        facts.append((f"team_average_{period}", f"{counts['average']} / 100"))
    late = await tx.fetch(queries.TEAM_LATE, scope.manager_id, now, MOST_LATE)
    items = [
        Phrase("digest.late", {"person": row["full_name"], "course": row["course"], "due": Day(row["due_at"])})
        for row in late
    ]
    if counts["overdue"] > len(late):
        items.append(Phrase("digest.more", {"count": counts["overdue"] - len(late)}))
    return Telling(scope.path, facts=facts, items=items, locale=scope.locale)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Of whom a digest tells: the team of a manager, or everybody."""

    manager_id: UUID | None
    path: str = "/team"
    locale: Locale | None = None


async def _scope_of(tx: Tx, notice: Notice) -> _Scope | None:
    """None when the subscription is gone, or its owner may not see that team any more."""
    if notice.subject_id == notice.user_id:
        return _Scope(notice.user_id)
    row = await tx.fetchrow(queries.SUBSCRIPTION, notice.user_id, notice.subject_id)
    if row is None or (row["manager_id"] is not None and not row["is_admin"]):
        return None
    own = await locale_of(tx, notice.user_id)
    zone = row["time_zone"] or own.time_zone
    await asyncio.to_thread(zone_named, zone)  # it may have to be read from disk
    locale = Locale(language_of(row["language"] or own.language), zone)
    if row["is_admin"]:
        return _Scope(row["manager_id"], "/admin/analytics", locale)
    return _Scope(notice.user_id, "/team", locale)


def _month_before(now: datetime) -> datetime:
    """A month ago; of the 31st of March the last of February."""
    last = now.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(now.day, last.day))


def _is_current(notice: Notice, at: datetime | None, now: datetime, *, over: Kind) -> bool:
    """Whether a reminder of a time still holds: one that was moved is told by a notice of its own."""
    return at is not None and occasion_at(at) == notice.occasion and (at <= now) == (notice.kind == over)


def occasion_at(at: datetime) -> str:
    """A time as the occasion of a notice, as queries.py writes it too."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


_Loader = Callable[[Tx, Notice, datetime], Awaitable[Telling | None]]
_LOADERS: dict[Kind, _Loader] = {
    "welcome": _welcome,
    "assigned": _course,
    "due_soon": _course,
    "overdue": _course,
    "unlocked": _module,
    "report_ready": _attempt,
    "comment": call_tellings.comments,
    "review_requested": call_tellings.review_to_do,
    "review_result": call_tellings.review,
    "certified": _certification,
    "expiring": _certification,
    "expired": _certification,
    "weekly_digest": _team,
    "monthly_digest": _team,
}
