"""Every statement about an account. All of them need a transaction of the service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from accounts.account.shapes import Account
from core.db import Tx


@dataclass(frozen=True, slots=True)
class EmailChange:
    """A change of address, and who has agreed to it."""

    new_email: str
    current_confirmed: bool
    new_confirmed: bool


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is checked against."""

    account: Account
    password_hash: str | None
    deactivated: bool


ACCOUNT_COLUMNS = """
    u.id as user_id, u.email, u.created_at as user_created_at, u.updated_at as user_updated_at, u.email_confirmed_at,
    u.last_sign_in_at, u.raw_user_meta_data as user_metadata, u.deactivated_at
"""
_CREDENTIALS = f"select {ACCOUNT_COLUMNS}, u.encrypted_password from auth.users u"  # noqa: S608


async def credentials(tx: Tx, email: str) -> Credentials | None:
    """Who signs in with this (lower-case) address."""
    return _credentials(await tx.fetchrow(f"{_CREDENTIALS} where u.email = $1", email))


async def credentials_of(tx: Tx, user_id: UUID) -> Credentials | None:
    """The same of a known person."""
    return _credentials(await tx.fetchrow(f"{_CREDENTIALS} where u.id = $1", user_id))


async def insert_signed_up(
    tx: Tx, user_id: UUID, email: str, password_hash: str, metadata: Mapping[str, Any], now: datetime
) -> UUID | None:
    """A person with a confirmed address; a trigger adds profile and role trainee. None if the address is taken."""
    inserted: UUID | None = await tx.fetchval(
        """
        insert into auth.users (id, email, encrypted_password, email_confirmed_at, raw_user_meta_data, created_at)
        values ($1, $2, $3, $5, $4, $5) on conflict (email) do nothing returning id
        """,
        user_id,
        email,
        password_hash,
        dict(metadata),
        now,
    )
    return inserted


async def confirm_address(tx: Tx, user_id: UUID, now: datetime) -> None:
    """The person has shown that the address is theirs."""
    await tx.execute(
        "update auth.users set email_confirmed_at = $2 where id = $1 and email_confirmed_at is null", user_id, now
    )


async def name_of(tx: Tx, user_id: UUID) -> str:
    """The person's name; empty for somebody who gave none."""
    return await tx.fetchval("select full_name from public.profiles where id = $1", user_id) or ""


async def store_metadata(tx: Tx, user_id: UUID, metadata: Mapping[str, Any]) -> None:
    """Replaces what the person says about themself; a name in it becomes the profile's."""
    stored = dict(metadata)
    if isinstance(name := stored.get("full_name"), str):
        stored["full_name"] = await tx.fetchval(
            "update public.profiles set full_name = $2 where id = $1 returning full_name", user_id, name
        )
    await tx.execute("update auth.users set raw_user_meta_data = $2 where id = $1", user_id, stored)


async def set_password(tx: Tx, user_id: UUID, password_hash: str, login_id: UUID) -> None:
    """Replaces the hash; a login by a recovery link has done what it was for."""
    await tx.execute("update auth.users set encrypted_password = $2 where id = $1", user_id, password_hash)
    await tx.execute("update auth.logins set method = 'password' where id = $1", login_id)


async def start_email_change(tx: Tx, user_id: UUID, new_email: str, now: datetime) -> None:
    """A change that waits for both addresses; one that waited is forgotten."""
    await tx.execute(
        """
        insert into auth.email_changes (user_id, new_email, requested_at) values ($1, $2, $3)
        on conflict (user_id) do update set new_email = excluded.new_email, requested_at = excluded.requested_at,
          current_confirmed_at = null, new_confirmed_at = null
        """,
        user_id,
        new_email,
        now,
    )


async def email_change(tx: Tx, user_id: UUID) -> EmailChange | None:
    """The change that waits, locked."""
    row = await tx.fetchrow("select * from auth.email_changes where user_id = $1 for update", user_id)
    return None if row is None else _change(row)


async def agree_to_email_change(tx: Tx, user_id: UUID, side: str, now: datetime) -> EmailChange | None:
    """One address (`current` or `new`) has agreed; None when no change waits."""
    row = await tx.fetchrow(
        """
        update auth.email_changes set
          current_confirmed_at = case when $2 = 'current' then $3 else current_confirmed_at end,
          new_confirmed_at = case when $2 = 'new' then $3 else new_confirmed_at end
        where user_id = $1 returning *
        """,
        user_id,
        side,
        now,
    )
    return None if row is None else _change(row)


async def change_email(tx: Tx, user_id: UUID, new_email: str, now: datetime) -> bool:
    """Moves the person to the new address; False when somebody else has it."""
    try:
        async with tx.transaction():
            await tx.execute(
                "update auth.users set email = $2, email_confirmed_at = $3 where id = $1", user_id, new_email, now
            )
    except asyncpg.UniqueViolationError:
        return False
    await tx.execute("delete from auth.email_changes where user_id = $1", user_id)
    return True


async def store_password(tx: Tx, user_id: UUID, password_hash: str) -> None:
    """Replaces the stored hash."""
    await tx.execute("update auth.users set encrypted_password = $2 where id = $1", user_id, password_hash)


def account_of(row: Any) -> Account:
    """The account in a row with `ACCOUNT_COLUMNS`."""
    return Account(
        id=row["user_id"],
        email=row["email"],
        created_at=row["user_created_at"],
        updated_at=row["user_updated_at"],
        email_confirmed_at=row["email_confirmed_at"],
        last_sign_in_at=row["last_sign_in_at"],
        user_metadata=row["user_metadata"],
    )


def _credentials(row: Any) -> Credentials | None:
    if row is None:
        return None
    return Credentials(account_of(row), row["encrypted_password"], row["deactivated_at"] is not None)


def _change(row: Any) -> EmailChange:
    return EmailChange(row["new_email"], row["current_confirmed_at"] is not None, row["new_confirmed_at"] is not None)
