"""Every statement about one-time tokens. All of them need a transaction of the service."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.links.one_time import GUESSES, Kind
from core.db import Tx

OF_ACCOUNTS: Collection[Kind] = ("recovery", "email_change", "reauthentication", "exchange")
"""The kinds that belong to an account that is there."""

_TOKEN = "id, kind, email, user_id, details"  # noqa: S105 - column names


@dataclass(frozen=True, slots=True)
class OneTimeToken:
    """A token that is or was good for something, once."""

    id: UUID
    kind: Kind
    email: str
    user_id: UUID | None
    details: Mapping[str, Any]


async def add(tx: Tx, token: OneTimeToken, token_hash: bytes, *, now: datetime, expires_at: datetime) -> None:
    """Adds a token; adding it again changes nothing."""
    await tx.execute(
        """
        insert into auth.one_time_tokens (id, kind, token_hash, email, user_id, details, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing
        """,
        token.id,
        token.kind,
        token_hash,
        token.email,
        token.user_id,
        dict(token.details),
        now,
        expires_at,
    )


async def use(tx: Tx, token_hash: bytes, kinds: Collection[str], now: datetime) -> OneTimeToken | None:
    """Uses the token of this hash up; None if there is none, or it was used, or its time is over."""
    row = await tx.fetchrow(
        f"""
        update auth.one_time_tokens set used_at = $3
        where token_hash = $1 and kind = any ($2::text[]) and used_at is null and expires_at > $3 returning {_TOKEN}
        """,  # noqa: S608
        token_hash,
        list(kinds),
        now,
    )
    return None if row is None else _token(row)


async def open_for_codes(tx: Tx, email: str, kinds: Collection[str], now: datetime) -> list[OneTimeToken]:
    """The tokens whose code may be typed, locked, so that guesses at the same moment count."""
    rows = await tx.fetch(
        f"""
        select {_TOKEN} from auth.one_time_tokens
        where email = $1 and kind = any ($2::text[]) and used_at is null and expires_at > $3 and wrong_guesses < $4
        order by created_at desc, id for update
        """,  # noqa: S608
        email,
        list(kinds),
        now,
        GUESSES,
    )
    return [_token(row) for row in rows]


async def count_wrong_guess(tx: Tx, token_ids: Collection[UUID]) -> None:
    """A code was wrong for all of these."""
    await tx.execute(
        "update auth.one_time_tokens set wrong_guesses = wrong_guesses + 1 where id = any ($1)", list(token_ids)
    )


async def mark_used(tx: Tx, token_id: UUID, now: datetime) -> None:
    """The token's code was right."""
    await tx.execute("update auth.one_time_tokens set used_at = $2 where id = $1", token_id, now)


async def drop_of_person(tx: Tx, user_id: UUID, kinds: Collection[str]) -> None:
    """Makes every link of these kinds that was sent to this person useless."""
    await tx.execute(
        "delete from auth.one_time_tokens where user_id = $1 and kind = any ($2::text[])", user_id, list(kinds)
    )


async def drop_sign_ups(tx: Tx, email: str) -> None:
    """Forgets who wanted to sign up with this address: it has an account now."""
    await tx.execute("delete from auth.one_time_tokens where email = $1 and kind = 'sign_up'", email)


async def newest_sign_up(tx: Tx, email: str) -> OneTimeToken | None:
    """The latest sign-up with this address that has not become an account, its link expired or not."""
    row = await tx.fetchrow(
        f"""
        select {_TOKEN} from auth.one_time_tokens
        where email = $1 and kind = 'sign_up' and used_at is null order by created_at desc limit 1
        """,  # noqa: S608
        email,
    )
    return None if row is None else _token(row)


async def waiting_password(tx: Tx, email: str) -> str | None:
    """The hash that the latest sign-up with this address brought, its letter written or not."""
    password_hash: str | None = await tx.fetchval(
        """
        select w.details ->> 'password_hash' from (
          select details, created_at from auth.one_time_tokens
          where email = $1 and kind = 'sign_up' and used_at is null
          union all
          select details, created_at from auth.letters
          where recipient = $1 and kind = 'sign_up' and settled_at is null
        ) as w order by w.created_at desc limit 1
        """,
        email,
    )
    return password_hash


def _token(row: Any) -> OneTimeToken:
    return OneTimeToken(row["id"], row["kind"], row["email"], row["user_id"], row["details"])
