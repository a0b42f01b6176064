"""What the authentication wire says about a login. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.account.shapes import APP_METADATA, Account, fits_token, iso, user_object


@dataclass(frozen=True, slots=True)
class Login:
    """One signed-in device of one person, and how they signed in there."""

    id: UUID
    account: Account
    signed_in_at: datetime
    method: str = "password"


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
