"""Queueing a letter: in the transaction of what it is about, sent by a job once that has committed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from accounts.links.pkce import Challenge
from core import facts
from core.db import Tx

LETTER_QUEUED = "LetterQueued"

LetterKind = Literal[
    "sign_up",
    "sign_up_again",
    "recovery",
    "invitation",
    "email_change_new",
    "email_change_current",
    "email_change_again",
    "reauthentication",
    "password_changed",
    "email_changed",
]


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    """A letter that waits, or does no more."""

    id: UUID
    kind: LetterKind
    recipient: str
    user_id: UUID | None
    details: Mapping[str, Any]
    created_at: datetime
    is_settled: bool


async def queue_letter(
    tx: Tx,
    kind: LetterKind,
    recipient: str,
    *,
    site_url: str,
    now: datetime,
    user_id: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> UUID:
    """Queues a letter and emits the fact `LetterQueued {letter_id}`; `tx` acts as the service.

    `recipient` is a normalised address, which nobody needs to have: whether there is anything to send is found out by
    the job, so that asking tells nothing. `site_url` is where this server is reached, as its own settings say.
    """
    letter_id: UUID = await tx.fetchval(
        """
        insert into auth.letters (kind, recipient, user_id, details, created_at) values ($1, $2, $3, $4, $5)
        returning id
        """,
        kind,
        recipient,
        user_id,
        {**(details or {}), "site_url": site_url},
        now,
    )
    await facts.emit(tx, LETTER_QUEUED, {"letter_id": letter_id})
    return letter_id


async def queue_email_change(
    tx: Tx,
    user_id: UUID,
    current_email: str,
    new_email: str,
    *,
    site_url: str,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Asks both addresses of a change."""
    said = {**(details or {}), "new_email": new_email}
    await queue_letter(tx, "email_change_new", new_email, site_url=site_url, now=now, user_id=user_id, details=said)
    await queue_letter(
        tx, "email_change_current", current_email, site_url=site_url, now=now, user_id=user_id, details=said
    )


def link_details(redirect_to: str | None, challenge: Challenge | None) -> dict[str, Any]:
    """What a letter must know to write its link."""
    details: dict[str, Any] = {"redirect_to": redirect_to} if redirect_to else {}
    if challenge:
        details |= {"code_challenge": challenge.value, "code_challenge_method": challenge.method}
    return details


async def queued_letter(tx: Tx, letter_id: UUID) -> QueuedLetter | None:
    """The letter; None when its person was deleted."""
    row = await tx.fetchrow("select * from auth.letters where id = $1", letter_id)
    if row is None:
        return None
    settled = row["settled_at"] is not None
    return QueuedLetter(
        row["id"], row["kind"], row["recipient"], row["user_id"], row["details"], row["created_at"], settled
    )


async def settle(tx: Tx, letter_id: UUID, outcome: Literal["sent", "not_needed", "refused"], now: datetime) -> None:
    """Nothing is left to do for the letter; what it was to say is forgotten."""
    await tx.execute(
        "update auth.letters set outcome = $2, settled_at = $3, details = '{}' where id = $1 and settled_at is null",
        letter_id,
        outcome,
        now,
    )
