"""`/auth/v1`: what a Supabase client asks to sign in, stay signed in and sign out."""

from collections.abc import AsyncIterator
from typing import Any, get_args

from aiohttp import web

from accounts.keys import PASSWORDS, SIGN_IN_LIMITS, SignInLimits
from accounts.logins import Device, Logins, LogoutScope
from accounts.passwords import Passwords
from accounts.people import normalised_email
from accounts.shapes import user_object
from core.app_keys import CLOCK, DATABASE, SECRETS, SETTINGS
from core.errors import BadRequest, CallXError, Forbidden, TooManyRequests, Unauthorized
from core.identity import Person
from core.tokens import TokenIssuer
from core.web import ERROR_SHAPES, json_object, signed_in

PREFIX = "/auth/v1"
API_VERSION_HEADER = "X-Supabase-Api-Version"
API_VERSION = "2024-01-01"
NO_STORE = {"Cache-Control": "no-store"}
EMAIL_LENGTH = 320
_SCOPES: dict[str, LogoutScope] = {scope: scope for scope in get_args(LogoutScope)}


def add_routes(app: web.Application, *, passwords: Passwords | None = None, limits: SignInLimits | None = None) -> None:
    """Adds the authentication wire; tests pass cheaper passwords and narrower limits."""
    app[PASSWORDS] = passwords or Passwords()
    app[SIGN_IN_LIMITS] = limits or SignInLimits()
    if ERROR_SHAPES not in app:
        app[ERROR_SHAPES] = {}
    app[ERROR_SHAPES][PREFIX] = auth_error
    app.on_response_prepare.append(_echo_api_version)
    app.cleanup_ctx.append(_close_passwords)
    app.router.add_post(f"{PREFIX}/token", issue_session)
    app.router.add_get(f"{PREFIX}/user", show_user)
    app.router.add_post(f"{PREFIX}/logout", end_logins)
    app.router.add_get(f"{PREFIX}/health", show_health)
    app.router.add_get(f"{PREFIX}/settings", show_settings)
    app.router.add_get(f"{PREFIX}/.well-known/jwks.json", show_keys)


def auth_error(error: CallXError, request_id: str) -> dict[str, Any]:
    """The body of an error on this wire: both the shape that older and the one that newer clients read."""
    return {
        "code": error.code,
        "error_code": error.code,
        "message": error.message,
        "msg": error.message,
        "request_id": request_id,
    }


async def issue_session(request: web.Request) -> web.Response:
    """`POST /token?grant_type=password|refresh_token`: a session object."""
    body = await json_object(request)
    match request.query.get("grant_type"):
        case "password":
            session = await _sign_in(request, _text(body, "email"), _text(body, "password"))
        case "refresh_token":
            session = await _logins(request).refresh(_text(body, "refresh_token"))
        case _:
            raise BadRequest("Grant types are password and refresh_token.", code="validation_failed")
    return web.json_response(session, headers=NO_STORE)


async def show_user(request: web.Request) -> web.Response:
    """`GET /user`: the user object of whoever asks, while the login lasts."""
    account = await _logins(request).account_of(await _signed_in(request))
    return web.json_response(user_object(account), headers=NO_STORE)


async def end_logins(request: web.Request) -> web.Response:
    """`POST /logout?scope=global|local|others`: 204."""
    scope = _SCOPES.get(request.query.get("scope", "global"))
    if scope is None:
        raise BadRequest("Scopes are global, local and others.", code="validation_failed")
    await _logins(request).sign_out(await _signed_in(request), scope)
    return web.Response(status=204)


async def show_health(request: web.Request) -> web.Response:
    """`GET /health`: this wire is served."""
    return web.json_response({"name": "CallX", "description": "CallX signs people in.", "version": "v1"})


async def show_settings(request: web.Request) -> web.Response:
    """`GET /settings`: how one can sign in."""
    return web.json_response(
        {
            "external": {"email": True, "phone": False, "anonymous_users": False},
            "disable_signup": True,
            "mailer_autoconfirm": True,
            "phone_autoconfirm": False,
            "sms_provider": "",
            "mfa_enabled": False,
            "saml_enabled": False,
        }
    )


async def show_keys(request: web.Request) -> web.Response:
    """`GET /.well-known/jwks.json`: none, because tokens are signed with a shared secret."""
    return web.json_response({"keys": []})


async def _sign_in(request: web.Request, email: str, password: str) -> dict[str, Any]:
    limits, now_ms = request.app[SIGN_IN_LIMITS], request.app[CLOCK].monotonic_ms()
    address, account = request.remote or "unknown", normalised_email(email)[:EMAIL_LENGTH]
    # Taken before and given back after success: many guesses at the same time count as well.
    for limit, key in ((limits.per_address, address), (limits.per_account, account)):
        if wait_ms := limit.take(key, now_ms):
            wait_s = -(-wait_ms // 1_000)
            message = f"Too many attempts to sign in. Try again in {wait_s} seconds."
            raise TooManyRequests(message, code="over_request_rate_limit")
    device = Device(request.headers.get("User-Agent"), request.remote)
    try:
        session = await _logins(request).sign_in(email, password, device)
    except CallXError as error:
        if error.status >= 500:  # an outage is not a guess
            _give_back(limits, address, account)
        raise
    _give_back(limits, address, account)
    return session


def _give_back(limits: SignInLimits, address: str, account: str) -> None:
    limits.per_address.give_back(address)
    limits.per_account.give_back(account)


def _logins(request: web.Request) -> Logins:
    app = request.app
    issuer = TokenIssuer(app[SECRETS], app[CLOCK])
    return Logins(app[DATABASE], app[PASSWORDS], issuer, app[SETTINGS], app[CLOCK])


async def _signed_in(request: web.Request) -> Person:
    try:
        return await signed_in(request)
    except Unauthorized as error:
        if error.code == "no_authorization":
            raise
        # Clients of this wire expect 403 here, and one code for every reason.
        raise Forbidden(f"invalid JWT: {error.message}", code="bad_jwt") from error


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"`{name}` must be given as text.", code="validation_failed")
    return value


async def _echo_api_version(request: web.Request, response: web.StreamResponse) -> None:
    if request.path.startswith(PREFIX) and API_VERSION_HEADER in request.headers:
        response.headers[API_VERSION_HEADER] = API_VERSION


async def _close_passwords(app: web.Application) -> AsyncIterator[None]:
    yield
    app[PASSWORDS].close()
