"""What accounts keep under the application's keys."""

from aiohttp import web

from accounts.limits import Limits
from accounts.passwords import Passwords

PASSWORDS = web.AppKey("passwords", Passwords)
LIMITS = web.AppKey("account_limits", Limits)
