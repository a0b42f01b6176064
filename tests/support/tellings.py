"""One thing to tell of each kind, with names that try to break out of the letter."""

from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

from accounts.letters.layout import Letter
from core.catalogue import Day, Value
from core.localised import Locale
from lms.notifications.kinds import Kind, Notice
from lms.notifications.wording import Phrase, Reader, Telling, letter

Fact: TypeAlias = tuple[str, Value | Phrase]
SITE = "https://callx.example"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
EXPIRES = datetime(2027, 1, 31, 23, 0, tzinfo=UTC)
UNSUBSCRIBE = f"{SITE}/letters/unsubscribe?token=1.2&x=<y>"


def tellings(*, course: str = "Billing", person: str = "Zoë Müller") -> dict[Kind, Telling]:
    """Of each kind one, about this course and person."""
    due: list[Fact] = [("course", course), ("due", DUE), ("progress", "3 / 8")]
    certificate: list[Fact] = [("course", course), ("valid_until", Day(EXPIRES))]
    call: list[Fact] = [("lesson", course), ("score", "82 / 100"), ("result", Phrase("result.passed"))]
    review: list[Fact] = [*call, ("score_before", "71 / 100"), ("reviewer", person), ("reason", course)]
    late = Phrase("digest.late", {"person": person, "course": course, "due": Day(NOW)})
    return {
        "welcome": Telling("/"),
        "assigned": Telling("/courses/1", {"course": course}, due[:2], due_at=DUE),
        "due_soon": Telling("/courses/1", {"course": course, "due": DUE}, due, due_at=DUE),
        "overdue": Telling("/courses/1", {"course": course, "due": NOW}, due),
        "unlocked": Telling(
            "/courses/1", {"course": course, "module": course}, [("course", course), ("module", course)]
        ),
        "report_ready": Telling("/calls/1", {"lesson": course}, call),
        "comment": Telling(
            "/calls/1?t=83000",
            {"lesson": course, "author": person, "text": course, "count": 1},
            [("lesson", course)],
            [Phrase("comment.said", {"author": person, "text": course})],
        ),
        "review_requested": Telling(
            "/calls/1",
            {"person": person, "lesson": course},
            [("person", person), ("lesson", course), ("reason", course)],
        ),
        "review_result": Telling("/calls/1", {"lesson": course}, review),
        "certified": Telling("/verify/1", {"course": course, "expires": Day(EXPIRES)}, certificate),
        "expiring": Telling("/courses/1", {"course": course, "expires": Day(EXPIRES)}, certificate),
        "expired": Telling("/courses/1", {"course": course, "expires": Day(EXPIRES)}, certificate),
        "weekly_digest": _digest("week", late),
        "monthly_digest": _digest("month", late),
    }


def _digest(period: str, late: Phrase) -> Telling:
    now = {"overdue": 9, "due_soon": 2, "expiring": 11, "disputes": 1}
    since = {"completed": 1, "certified": 3, "calls": 24, "passed_calls": 17}
    figures: list[Fact] = [(f"team_{name}", count) for name, count in now.items()]
    figures += [(f"team_{name}_{period}", count) for name, count in since.items()]
    figures.append((f"team_average_{period}", "81 / 100"))
    return Telling("/team", facts=figures, items=[late, Phrase("digest.more", {"count": 8})])


def written(kind: Kind, locale: Locale, *, course: str = "Billing", person: str = "Zoë Müller") -> Letter:
    """The letter of this kind."""
    notice = Notice(kind, UUID(int=1), UUID(int=2))
    telling = tellings(course=course, person=person)[kind]
    return letter(notice, telling, Reader(person, locale), site_url=SITE, unsubscribe_url=UNSUBSCRIBE, now=NOW)
