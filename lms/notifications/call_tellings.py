"""What there is to say about comments on calls and reviews of calls."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.catalogue import Value
from core.db import Tx
from lms.notifications import comment_queries
from lms.notifications.kinds import Notice
from lms.notifications.wording import Phrase, Telling

MOST_COMMENTS = 8
LONGEST_QUOTE = 240
Fact = tuple[str, Value | Phrase]


async def comments(tx: Tx, notice: Notice, now: datetime) -> Telling | None:
    """All comments that share a notification, the earliest first; its place in the recording is where it leads."""
    rows = await tx.fetch(comment_queries.COMMENTS, notice.user_id, notice.subject_id)
    if not rows:
        return None
    first = rows[0]
    values: dict[str, Value] = {
        "count": len(rows),
        "author": first["author_name"],
        "lesson": first["lesson"],
        "text": _quoted(first["body"]),
    }
    items = [
        Phrase("comment.said", {"author": row["author_name"], "text": _quoted(row["body"])})
        for row in rows[:MOST_COMMENTS]
    ]
    if len(rows) > MOST_COMMENTS:
        items.append(Phrase("digest.more", {"count": len(rows) - MOST_COMMENTS}))
    return Telling(_path(first), values, [("lesson", first["lesson"])], items)


async def review(tx: Tx, notice: Notice, now: datetime) -> Telling | None:
    """What a person has decided about a call, and why."""
    row = await tx.fetchrow(comment_queries.REVIEW, notice.user_id, UUID(notice.occasion))
    if row is None:
        return None
    before, after = row["result"]["before"], row["result"]["after"]
    facts: list[Fact] = [
        ("lesson", row["lesson"]),
        ("score", f"{after['overall_score']} / 100"),
        ("result", Phrase("result.passed" if after["passed"] else "result.failed")),
        ("reviewer", row["reviewer_name"]),
        ("reason", _quoted(row["reason"])),
    ]
    if before["overall_score"] != after["overall_score"]:
        facts.insert(2, ("score_before", f"{before['overall_score']} / 100"))
    return Telling(f"/calls/{row['call_id']}", {"lesson": row["lesson"]}, facts)


async def review_to_do(tx: Tx, notice: Notice, now: datetime) -> Telling | None:
    """A call that waits for somebody to look; None once it was looked at, or is somebody else's to look at."""
    why = notice.occasion.partition("-")[0]
    row = await tx.fetchrow(comment_queries.REVIEW_TO_DO, notice.user_id, notice.subject_id, why)
    if row is None:
        return None
    facts: list[Fact] = [("person", row["person"]), ("lesson", row["lesson"])]
    if row["reason"]:
        facts.append(("reason", _quoted(row["reason"])))
    return Telling(f"/calls/{row['call_id']}", {"person": row["person"], "lesson": row["lesson"]}, facts)


def _path(comment: Any) -> str:
    at = "" if comment["at_ms"] is None else f"t={comment['at_ms']}&"
    return f"/calls/{comment['call_id']}?{at}comment={comment['id']}"


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1].rstrip()}…"
