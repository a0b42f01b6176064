"""What admins ask about a person, as `auth.admin` of supabase-js sends it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.people.csv_file import wrong_email
from accounts.wire.requests import metadata_of
from core.errors import BadRequest

PER_PAGE = 50
MOST_PER_PAGE = 1_000
MOST_PAGES = 1_000_000
FOR_GOOD_HOURS = 10 * 365 * 24
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+")
_HOURS = re.compile(r"(\d+(?:\.\d+)?)h")
_NOT_HERE = ("phone", "phone_confirm", "password_hash", "role", "id", "nonce", "app_metadata")


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What is wanted; None where nothing is said."""

    email: str | None = None
    password: str | None = None
    metadata: Mapping[str, Any] | None = None
    confirm: bool = False
    active: bool | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """What of the account itself changes, for the log: names only."""
        wanted = {
            "email": self.email,
            "password": self.password,
            "user_metadata": self.metadata,
            "email_confirmed_at": self.confirm or None,
        }
        return tuple(name for name, value in wanted.items() if value is not None)


def account_change(body: Mapping[str, Any], *, new: bool) -> AccountChange:
    """Reads a body. Raises BadRequest `validation_failed` also for what other servers take and this one has not."""
    for name in _NOT_HERE:
        if body.get(name):
            raise BadRequest(
                f"`{name}` cannot be set here; roles are rows of user_roles." if name in ("role", "app_metadata")
                else f"`{name}` cannot be set here.",
                code="validation_failed",
            )  # fmt: skip
    email = _text(body, "email")
    if email is not None and (reason := wrong_email(email := email.strip().lower())):
        raise BadRequest(f"{reason}: `email`.", code="validation_failed")
    if new and email is None:
        raise BadRequest("`email` must be given.", code="validation_failed")
    return AccountChange(
        email=email,
        password=_text(body, "password"),
        metadata=None if body.get("user_metadata") is None else metadata_of(body, "user_metadata"),
        confirm=body.get("email_confirm") is True,
        active=_active(_text(body, "ban_duration")),
    )


def page_of(query: Mapping[str, str]) -> tuple[int, int]:
    """`page` from 1 and `per_page`. Raises BadRequest `validation_failed`."""
    page = _number(query.get("page"), 1, MOST_PAGES)
    return page, _number(query.get("per_page"), PER_PAGE, MOST_PER_PAGE)


def _number(text: str | None, default: int, most: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most):
        raise BadRequest(
            f"Pages count from 1, and a page has at most {MOST_PER_PAGE} people.", code="validation_failed"
        )
    return int(text)


def _text(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadRequest(f"`{name}` must be text.", code="validation_failed")
    return value


def _active(ban_duration: str | None) -> bool | None:
    """`none` reactivates; whoever is deactivated stays so until then, so a duration must be as good as for ever."""
    if ban_duration is None or ban_duration == "none":
        return None if ban_duration is None else True
    if not _DURATION.fullmatch(ban_duration):
        raise BadRequest("`ban_duration` is `none` or a duration like `876000h`.", code="validation_failed")
    if sum(float(hours) for hours in _HOURS.findall(ban_duration)) < FOR_GOOD_HOURS:
        raise BadRequest(
            "A deactivated person stays so until `ban_duration` is `none`: give ten years or more, like `876000h`.",
            code="validation_failed",
        )
    return False
