"""What the authentication wire says about a person. Pure.

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


METADATA_BYTES = 2_048
"""Access tokens carry what people say about themselves, in a header of every request: so long it may be."""
APP_METADATA = {"provider": "email", "providers": ["email"]}


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
