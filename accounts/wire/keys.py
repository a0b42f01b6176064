"""What accounts keep under the application's keys."""

from aiohttp import web

from accounts.sign_in.passwords import Passwords
from accounts.wire.limits import Limits

PASSWORDS = web.AppKey("passwords", Passwords)
LIMITS = web.AppKey("account_limits", Limits)
