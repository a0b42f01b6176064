"""Queueing a letter: in the transaction of what it is about, sent by a job once that has committed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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


Outcome = Literal["sent", "not_needed", "refused", "too_late"]

TURN = timedelta(seconds=60)
"""So long nobody else tries to send a letter that somebody has begun to send."""
NOT_AGAIN_WITHIN = timedelta(days=1)
"""So long the same is not said twice to the same address."""
_LINK = re.compile(r"https?://\S+")
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    """A letter that is to be written."""

    id: UUID
    kind: str
    recipient: str
    user_id: UUID | None
    details: Mapping[str, Any]
    created_at: datetime


async def queue_letter(
    tx: Tx,
    kind: str,
    recipient: str,
    *,
    site_url: str,
    now: datetime,
    user_id: UUID | None = None,
    details: Mapping[str, Any] | None = None,
    about: str | None = None,
    requested_by: UUID | None = None,
) -> UUID:
    """Queues a letter and emits the fact `LetterQueued {letter_id}`; `tx` acts as the service.

    `kind` is one that somebody writes (`accounts.letters.sending`). `recipient` is a normalised address, which nobody
    needs to have: whether there is anything to send is found out by the job, so that asking tells nothing. `site_url`
    is where this server is reached, as its own settings say.
    """
    letter_id: UUID = await tx.fetchval(
        """
        insert into auth.letters (kind, recipient, user_id, details, created_at, about, requested_by)
        values ($1, $2, $3, $4, $5, $6, $7) returning id
        """,
        kind,
        recipient,
        user_id,
        {**(details or {}), "site_url": site_url},
        now,
        about,
        requested_by,
    )
    await facts.emit(tx, LETTER_QUEUED, {"letter_id": letter_id})
    return letter_id


async def queue_letter_once(
    tx: Tx,
    kind: str,
    recipient: str,
    *,
    about: str,
    site_url: str,
    now: datetime,
    user_id: UUID,
    details: Mapping[str, Any],
    requested_by: UUID | None = None,
) -> UUID:
    """As `queue_letter`, but of letters about the same to the same address the one of the last day is meant.

    That holds whoever asks, and for requests at the same time. A letter that came to nothing does not count.
    """
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"callx.letter {recipient} {about}")
    known: UUID | None = await tx.fetchval(
        """
        select id from auth.letters
        where recipient = $1 and about = $2 and created_at > $3 and (outcome is null or outcome = 'sent')
        order by created_at desc limit 1
        """,
        recipient,
        about,
        now - NOT_AGAIN_WITHIN,
    )
    return known or await queue_letter(
        tx,
        kind,
        recipient,
        site_url=site_url,
        now=now,
        user_id=user_id,
        details=details,
        about=about,
        requested_by=requested_by,
    )


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


async def take_letter(tx: Tx, letter_id: UUID, now: datetime) -> QueuedLetter | None:
    """The letter, which is the caller's to send for a minute; None when it is settled, gone or somebody else's."""
    row = await tx.fetchrow(
        """
        update auth.letters set taken_until = $3, attempts = attempts + 1
        where id = $1 and settled_at is null and (taken_until is null or taken_until <= $2)
        returning id, kind, recipient, user_id, details, created_at
        """,
        letter_id,
        now,
        now + TURN,
    )
    return None if row is None else QueuedLetter(*row)


async def outcome_of(tx: Tx, letter_id: UUID) -> Outcome | Literal["waiting", "gone"]:
    """What has become of a letter."""
    row = await tx.fetchrow("select outcome from auth.letters where id = $1", letter_id)
    return "gone" if row is None else row["outcome"] or "waiting"


async def put_back(tx: Tx, letter_id: UUID, reason: str) -> None:
    """The letter could not be sent now, and is anybody's to try again."""
    await tx.execute(
        "update auth.letters set taken_until = null, failure = $2 where id = $1 and settled_at is null",
        letter_id,
        _tellable(reason),
    )


async def settle(
    tx: Tx,
    letter_id: UUID,
    outcome: Outcome,
    now: datetime,
    *,
    reason: str | None = None,
    handed_over_as: str | None = None,
) -> None:
    """Nothing is left to do for the letter; what it was to say is forgotten."""
    await tx.execute(
        """
        update auth.letters set outcome = $2, settled_at = $3, details = '{}', taken_until = null, handed_over_as = $5,
          failure = case when $2 = 'sent' then null else coalesce($4, failure) end
        where id = $1 and settled_at is null
        """,
        letter_id,
        outcome,
        now,
        None if reason is None else _tellable(reason),
        handed_over_as,
    )


async def waiting_letters(tx: Tx, before: datetime, now: datetime, limit: int) -> list[UUID]:
    """Letters that were queued before then and that nobody is sending, oldest first."""
    rows = await tx.fetch(
        """
        select id from auth.letters
        where settled_at is null and created_at < $1 and (taken_until is null or taken_until <= $2)
        order by created_at limit $3
        """,
        before,
        now,
        limit,
    )
    return [row["id"] for row in rows]


def _tellable(reason: str) -> str:
    """A reason as admins may read it: the links of letters are secret."""
    return _LINK.sub("…", reason)[:_LONGEST_REASON]
