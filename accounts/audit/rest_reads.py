"""Notes managers and admins who read over REST what people did in calls and quizzes."""

from core.db import Tx
from core.identity import Person

WATCHED = frozenset(
    {"call_moods", "call_turns", "calls", "evaluations", "quiz_attempts", "recordings", "simulation_attempts"}
    | {"unverified_evaluations"}
)
"""Tables that tell how somebody did."""


async def note_read(tx: Tx, person: Person, tables: frozenset[str], asked: str, rows: int) -> None:
    """An observer for `core.rest.http`: one event a request, in its transaction, so what cannot be noted is not shown.

    Whether the person is staff is decided in the database; of trainees, who see nothing but their own, and of the
    service key nothing is noted. `asked` is cut after a thousand characters.
    """
    if person.kind == "authenticated":
        await tx.execute("select callx.audit_read($1, $2, $3)", sorted(tables), asked, rows)
