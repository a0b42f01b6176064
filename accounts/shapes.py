"""What the authentication wire says about a person and a login. Pure.

The shapes are those of Supabase's authentication server, because the clients made for it read them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Account:
    """A person as the authentication wire sees them."""

    id: UUID
    email: str
    created_at: datetime
    updated_at: datetime
    email_confirmed_at: datetime | None = None
    last_sign_in_at: datetime | None = None
    user_metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Login:
    """One signed-in device of one person, and how they signed in there."""

    id: UUID
    account: Account
    signed_in_at: datetime
    method: str = "password"


METADATA_BYTES = 2_048
"""Access tokens carry what people say about themselves, in a header of every request: so long it may be."""
APP_METADATA = {"provider": "email", "providers": ["email"]}


def access_claims(login: Login) -> dict[str, Any]:
    """What an access token says, besides issuer, audience and times.

    `role` is the same for everybody: what somebody may do is looked up in the database at each request.
    """
    account = login.account
    return {
        "sub": str(account.id),
        "role": "authenticated",
        "email": account.email,
        "phone": "",
        "app_metadata": APP_METADATA,
        "user_metadata": dict(account.user_metadata) if fits_token(account.user_metadata) else {},
        "aal": "aal1",
        "amr": [{"method": login.method, "timestamp": int(login.signed_in_at.timestamp())}],
        "session_id": str(login.id),
        "is_anonymous": False,
    }


def fits_token(metadata: Mapping[str, Any]) -> bool:
    """Whether the metadata is short enough to travel. Raises ValueError for what is no JSON."""
    return len(json.dumps(dict(metadata), allow_nan=False)) <= METADATA_BYTES


def user_object(account: Account) -> dict[str, Any]:
    """The `user` of a session and the answer of `GET /user`."""
    return {
        "id": str(account.id),
        "aud": "authenticated",
        "role": "authenticated",
        "email": account.email,
        "email_confirmed_at": iso(account.email_confirmed_at),
        "phone": "",
        "confirmed_at": iso(account.email_confirmed_at),
        "last_sign_in_at": iso(account.last_sign_in_at),
        "app_metadata": APP_METADATA,
        "user_metadata": dict(account.user_metadata),
        "identities": [_identity(account)],
        "created_at": iso(account.created_at),
        "updated_at": iso(account.updated_at),
        "is_anonymous": False,
    }


def session_object(
    account: Account, *, access_token: str, refresh_token: str, expires_in_s: int, now: datetime
) -> dict[str, Any]:
    """What a sign-in and a refresh answer."""
    return {
        "access_token": access_token,
        "token_type": "bearer",
        "expires_in": expires_in_s,
        "expires_at": int(now.timestamp()) + expires_in_s,
        "refresh_token": refresh_token,
        "user": user_object(account),
    }


def login_object(row: Mapping[str, Any], *, is_current: bool) -> dict[str, Any]:
    """One entry of `GET /logins`."""
    return {
        "id": str(row["id"]),
        "created_at": iso(row["created_at"]),
        "refreshed_at": iso(row["refreshed_at"]),
        "user_agent": row["user_agent"],
        "ip": row["ip"],
        "method": row["method"],
        "is_current": is_current,
    }


def iso(time: datetime | None) -> str | None:
    """A time as text with its zone, or None."""
    return None if time is None else time.isoformat()


def _identity(account: Account) -> dict[str, Any]:
    return {
        "identity_id": str(account.id),
        "id": str(account.id),
        "user_id": str(account.id),
        "identity_data": {
            "sub": str(account.id),
            "email": account.email,
            "email_verified": account.email_confirmed_at is not None,
            "phone_verified": False,
        },
        "provider": "email",
        "last_sign_in_at": iso(account.last_sign_in_at),
        "created_at": iso(account.created_at),
        "updated_at": iso(account.updated_at),
        "email": account.email,
    }
