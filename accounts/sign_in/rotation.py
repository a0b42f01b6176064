"""When a refresh token may be used. Pure.

A refresh token works once and is then replaced. The replaced one keeps working for a short grace, because several tabs
of a browser may refresh at the same moment; used after that, it was copied, and the whole login ends.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Use(Enum):
    """What to do with a refresh token that was presented."""

    ROTATE = "rotate"
    REPEAT_IN_GRACE = "repeat_in_grace"
    REUSED = "reused"
    EXPIRED = "expired"
    LOGIN_ENDED = "login_ended"


@dataclass(frozen=True, slots=True)
class StoredToken:
    """What is known about a refresh token; the token itself is not stored."""

    expires_at: datetime
    used_at: datetime | None
    login_revoked_at: datetime | None


def judge(token: StoredToken, *, now: datetime, grace: timedelta) -> Use:
    """What a token that is presented now may do."""
    if token.login_revoked_at is not None:
        return Use.LOGIN_ENDED
    if token.used_at is not None:
        return Use.REPEAT_IN_GRACE if now - token.used_at <= grace else Use.REUSED
    return Use.EXPIRED if now >= token.expires_at else Use.ROTATE
