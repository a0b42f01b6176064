"""Notes managers and admins who read over REST what people did in calls, quizzes and videos."""

import hashlib

from core.db import Tx
from core.identity import Person

WATCHED = frozenset(
    {"call_moods", "call_turns", "calls", "evaluations", "quiz_attempts", "recordings", "simulation_attempts"}
    | {"unverified_evaluations", "evaluation_versions", "reviews", "video_watching"}
)
"""Tables that tell how somebody did."""
_NOTED_CHARACTERS = 1_000


async def note_read(tx: Tx, person: Person, tables: frozenset[str], asked: str, rows: int) -> None:
    """An observer for `core.rest.http`: one event a request, in its transaction, so what cannot be noted is not shown.

    Whether the person is staff is decided in the database; of trainees, who see nothing but their own, and of the
    service key nothing is noted. `asked` is cut to a thousand characters, the last of which are then its SHA-256: what
    differs further on is another question.
    """
    if person.kind == "authenticated":
        await tx.execute("select callx.audit_read($1, $2, $3)", sorted(tables), _shortened(asked), rows)


def _shortened(asked: str) -> str:
    if len(asked) <= _NOTED_CHARACTERS:
        return asked
    mark = f"…sha256:{hashlib.sha256(asked.encode()).hexdigest()}"
    return asked[: _NOTED_CHARACTERS - len(mark)] + mark
