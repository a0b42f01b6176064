"""What sign-in keeps under the application's keys."""

from dataclasses import dataclass, field

from aiohttp import web

from accounts.passwords import Passwords
from core.rate_limits import RateLimit


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """How often a wrong password may be tried; right ones do not count."""

    per_address: RateLimit = field(default_factory=lambda: RateLimit(burst=50, refill_ms=2_000))
    per_account: RateLimit = field(default_factory=lambda: RateLimit(burst=10, refill_ms=30_000))


PASSWORDS = web.AppKey("passwords", Passwords)
SIGN_IN_LIMITS = web.AppKey("sign_in_limits", SignInLimits)
