"""Whom something is said to, how, and whether they want to hear it."""

from dataclasses import dataclass
from uuid import UUID

from accounts.account.locales import locale_of
from core.db import Tx
from lms.notifications import queries
from lms.notifications.kinds import Kind
from lms.notifications.wording import Reader


@dataclass(frozen=True, slots=True)
class Reach:
    """A person who can be told something."""

    reader: Reader
    email: str
    is_confirmed: bool
    """Whether the address is known to be theirs: letters go to no other."""
    wants_email: bool
    wants_in_app: bool

    @property
    def by_letter(self) -> bool:
        """Whether a letter may go out."""
        return self.is_confirmed and self.wants_email


async def reach_of(tx: Tx, user_id: UUID, kind: Kind, subject_id: UUID | None = None) -> Reach | None:
    """How the person is reached with this kind of thing; None for nobody, and for whoever was deactivated.

    Whether a report comes by letter depends on the attempt, `subject_id`. `tx` acts as the service.
    """
    row = await tx.fetchrow(queries.READER, user_id, kind, subject_id)
    if row is None:
        return None
    reader = Reader(row["full_name"], await locale_of(tx, user_id))
    return Reach(reader, row["email"], row["is_confirmed"], row["wants_email"], row["wants_in_app"])
