"""`/auth/v1`: every route, and the shape of its errors."""

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from accounts.sign_in.password_rules import WeakPassword
from accounts.sign_in.passwords import Passwords
from accounts.wire import letter_handlers, own_account_handlers, people_handlers, session_handlers, verify_handlers
from accounts.wire.keys import LIMITS, PASSWORDS
from accounts.wire.limits import Limits
from core.errors import CallXError
from core.web import ERROR_SHAPES

PREFIX = "/auth/v1"
API_VERSION_HEADER = "X-Supabase-Api-Version"
API_VERSION = "2024-01-01"


def add_routes(app: web.Application, *, passwords: Passwords | None = None, limits: Limits | None = None) -> None:
    """Adds the authentication wire; tests pass cheaper passwords and narrower limits."""
    app[PASSWORDS] = passwords or Passwords()
    app[LIMITS] = limits or Limits()
    if ERROR_SHAPES not in app:
        app[ERROR_SHAPES] = {}
    app[ERROR_SHAPES][PREFIX] = auth_error
    app.on_response_prepare.append(_echo_api_version)
    app.cleanup_ctx.append(_close_passwords)
    for handlers in (session_handlers, letter_handlers, verify_handlers, own_account_handlers, people_handlers):
        handlers.add_routes(app, PREFIX)


def auth_error(error: CallXError, request_id: str) -> dict[str, Any]:
    """The body of an error on this wire: both the shape that older and the one that newer clients read."""
    body: dict[str, Any] = {
        "code": error.code,
        "error_code": error.code,
        "message": error.message,
        "msg": error.message,
        "request_id": request_id,
    }
    if isinstance(error, WeakPassword):
        body["weak_password"] = {"reasons": error.reasons}
    return body


async def _echo_api_version(request: web.Request, response: web.StreamResponse) -> None:
    if request.path.startswith(PREFIX) and API_VERSION_HEADER in request.headers:
        response.headers[API_VERSION_HEADER] = API_VERSION


async def _close_passwords(app: web.Application) -> AsyncIterator[None]:
    yield
    app[PASSWORDS].close()
