"""Every statement about logins and refresh tokens. All of them need a transaction of the service."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.account.queries import ACCOUNT_COLUMNS, account_of
from accounts.sign_in.rotation import StoredToken
from accounts.sign_in.shapes import Login
from core.db import Tx


@dataclass(frozen=True, slots=True)
class PresentedToken:
    """A refresh token that exists, with the login it belongs to."""

    id: UUID
    stored: StoredToken
    login: Login


async def start_login(
    tx: Tx, user_id: UUID, now: datetime, *, user_agent: str | None, address: str | None, method: str = "password"
) -> Login:
    """A new login of this person, whose last sign-in this is."""
    account = await tx.fetchrow(
        f"update auth.users u set last_sign_in_at = $2 where u.id = $1 returning {ACCOUNT_COLUMNS}",  # noqa: S608
        user_id,
        now,
    )
    login_id = await tx.fetchval(
        """
        insert into auth.logins (user_id, created_at, user_agent, ip, method) values ($1, $2, $3, $4::text::inet, $5)
        returning id
        """,
        user_id,
        now,
        user_agent,
        address,
        method,
    )
    return Login(login_id, account_of(account), now, method)


async def live_login(tx: Tx, login_id: UUID, user_id: UUID) -> Login | None:
    """The login, unless it was ended or its person deactivated."""
    row = await tx.fetchrow(
        f"""
        select l.id, l.created_at, l.method, {ACCOUNT_COLUMNS} from auth.logins l join auth.users u on u.id = l.user_id
        where l.id = $1 and u.id = $2 and l.revoked_at is null and u.deactivated_at is null
        """,  # noqa: S608
        login_id,
        user_id,
    )
    return None if row is None else _login(row)


async def presented_token(tx: Tx, token_hash: bytes) -> PresentedToken | None:
    """The refresh token of this hash. Its login stays locked, so that two refreshes of one login take turns."""
    row = await tx.fetchrow(
        f"""
        select t.id as token_id, t.expires_at, t.used_at, t.revoked_at as token_revoked_at,
               l.id, l.created_at, l.method, l.revoked_at, {ACCOUNT_COLUMNS}
        from auth.refresh_tokens t
        join auth.logins l on l.id = t.login_id
        join auth.users u on u.id = l.user_id
        where t.token_hash = $1
        for update of l
        """,  # noqa: S608
        token_hash,
    )
    if row is None:
        return None
    # Read again under the lock: whoever held it before may have used the token or ended the login.
    fresh = await tx.fetchrow(
        """
        select t.used_at, coalesce(t.revoked_at, l.revoked_at) as revoked_at
        from auth.refresh_tokens t join auth.logins l on l.id = t.login_id
        where t.id = $1
        """,
        row["token_id"],
    )
    ended_at = fresh["revoked_at"] or row["deactivated_at"]
    stored = StoredToken(row["expires_at"], fresh["used_at"], ended_at)
    return PresentedToken(row["token_id"], stored, _login(row))


async def add_token(tx: Tx, login_id: UUID, token_hash: bytes, *, now: datetime, expires_at: datetime) -> UUID:
    """A further refresh token of a login."""
    token_id: UUID = await tx.fetchval(
        """
        insert into auth.refresh_tokens (login_id, token_hash, issued_at, expires_at) values ($1, $2, $3, $4)
        returning id
        """,
        login_id,
        token_hash,
        now,
        expires_at,
    )
    await tx.execute("update auth.logins set refreshed_at = $2 where id = $1", login_id, now)
    return token_id


async def mark_used(tx: Tx, token_id: UUID, replaced_by: UUID, now: datetime) -> None:
    """The token was exchanged for another; a second exchange in its grace leaves the first time standing."""
    await tx.execute(
        """
        update auth.refresh_tokens set used_at = coalesce(used_at, $3), replaced_by = coalesce(replaced_by, $2)
        where id = $1
        """,
        token_id,
        replaced_by,
        now,
    )


async def drop_stale_tokens(tx: Tx, login_id: UUID, before: datetime) -> None:
    """Forgets refresh tokens that expired before this time: presented again, they are unknown."""
    await tx.execute("delete from auth.refresh_tokens where login_id = $1 and expires_at < $2", login_id, before)


async def logins_of(tx: Tx, user_id: UUID, now: datetime) -> list[Any]:
    """Logins of a person that still can be refreshed, latest first."""
    rows: list[Any] = await tx.fetch(
        """
        select l.id, l.created_at, l.refreshed_at, l.user_agent, host(l.ip) as ip, l.method from auth.logins l
        where l.user_id = $1 and l.revoked_at is null
          and exists (select from auth.refresh_tokens t where t.login_id = l.id and t.expires_at > $2)
        order by l.created_at desc, l.id
        """,
        user_id,
        now,
    )
    return rows


async def end_logins(
    tx: Tx, user_id: UUID, now: datetime, *, only: UUID | None = None, except_for: UUID | None = None
) -> int:
    """Ends logins of a person (all, only one, or all but one); how many there were."""
    ended = await tx.fetch(
        """
        update auth.logins set revoked_at = $2
        where user_id = $1 and revoked_at is null
          and ($3::uuid is null or id = $3) and ($4::uuid is null or id <> $4)
        returning id
        """,
        user_id,
        now,
        only,
        except_for,
    )
    return len(ended)


def _login(row: Any) -> Login:
    return Login(row["id"], account_of(row), row["created_at"], row["method"])
