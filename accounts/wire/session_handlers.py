"""`/auth/v1`: what a Supabase client asks to sign in, stay signed in and sign out."""

from typing import Any, get_args

from aiohttp import web

from accounts.account.addresses import normalised_email
from accounts.account.shapes import user_object
from accounts.sign_in.logins import LogoutScope
from accounts.wire import schemas
from accounts.wire.keys import LIMITS
from accounts.wire.requests import (
    EMAIL_LENGTH,
    NO_STORE,
    confirmations_of,
    device_of,
    limiter_of,
    logins_of,
    signed_in_here,
    text_of,
)
from core.app_keys import SETTINGS
from core.client_address import client_address
from core.errors import BadRequest, CallXError
from core.openapi import ANYBODY, operation
from core.web import json_object

_SCOPES: dict[str, LogoutScope] = {scope: scope for scope in get_args(LogoutScope)}


def add_routes(app: web.Application, prefix: str) -> None:
    """Adds these routes."""
    app.router.add_post(f"{prefix}/token", issue_session)
    app.router.add_get(f"{prefix}/user", show_user)
    app.router.add_post(f"{prefix}/logout", end_logins)
    app.router.add_get(f"{prefix}/health", show_health)
    app.router.add_get(f"{prefix}/settings", show_settings)
    app.router.add_get(f"{prefix}/.well-known/jwks.json", show_keys)


@operation(
    "Sign in or refresh",
    tag=schemas.SIGN_IN_TAG,
    description="By password, by refresh token, or by the code that a letter's link led to (PKCE).",
    access=ANYBODY,
    query=schemas.TokenQuery,
    body=schemas.PasswordGrant | schemas.RefreshGrant | schemas.PkceGrant,
    answers={200: schemas.Session},
    errors={
        400: "`invalid_credentials`, also where no such account exists; `email_not_confirmed`, "
        "`user_banned`; `refresh_token_not_found`, `refresh_token_already_used`; `bad_code_verifier`; "
        "`validation_failed`, `bad_json`.",
        403: "`otp_expired`, `user_banned`.",
        404: "`flow_state_not_found`: that code is unknown or used.",
        429: schemas.TOO_MANY_GUESSES,
        503: "`busy`: too many sign in at this moment; `database_unavailable`.",
    },
    error=schemas.AuthError,
)
async def issue_session(request: web.Request) -> web.Response:
    """`POST /token?grant_type=password|refresh_token|pkce`: a session object."""
    body = await json_object(request)
    match request.query.get("grant_type"):
        case "password":
            session = await _sign_in(request, text_of(body, "email"), text_of(body, "password"))
        case "refresh_token":
            session = await logins_of(request).refresh(text_of(body, "refresh_token"))
        case "pkce":
            session = await _exchange(request, text_of(body, "auth_code"), text_of(body, "code_verifier"))
        case _:
            raise BadRequest("Grant types are password, refresh_token and pkce.", code="validation_failed")
    return web.json_response(session, headers=NO_STORE)


@operation(
    "Look at oneself",
    tag=schemas.ACCOUNT_TAG,
    description="Who is signed in, while the login lasts.",
    answers={200: schemas.User},
    errors={401: schemas.NOT_SIGNED_IN, 403: schemas.BAD_TOKEN},
    error=schemas.AuthError,
)
async def show_user(request: web.Request) -> web.Response:
    """`GET /user`: the user object of whoever asks, while the login lasts."""
    account = await logins_of(request).account_of(await signed_in_here(request))
    return web.json_response(user_object(account), headers=NO_STORE)


@operation(
    "Sign out",
    tag=schemas.SIGN_IN_TAG,
    description="Ends this login, all others, or all.",
    query=schemas.LogoutQuery,
    answers={204: None},
    errors={400: "`validation_failed`: no such scope.", 401: schemas.NOT_SIGNED_IN, 403: schemas.BAD_TOKEN},
    error=schemas.AuthError,
)
async def end_logins(request: web.Request) -> web.Response:
    """`POST /logout?scope=global|local|others`: 204."""
    scope = _SCOPES.get(request.query.get("scope", "global"))
    if scope is None:
        raise BadRequest("Scopes are global, local and others.", code="validation_failed")
    await logins_of(request).sign_out(await signed_in_here(request), scope)
    return web.Response(status=204)


@operation(
    "Ask whether sign-in is served",
    tag="About",
    access=ANYBODY,
    description="Answers without looking at the database.",
    answers={200: schemas.Health},
    error=schemas.AuthError,
)
async def show_health(request: web.Request) -> web.Response:
    """`GET /health`: this wire is served."""
    return web.json_response({"name": "CallX", "description": "CallX signs people in.", "version": "v1"})


@operation(
    "Ask how one can sign in",
    tag="About",
    access=ANYBODY,
    description="Whether people may sign up, and whether they confirm their address.",
    answers={200: schemas.SignInSettings},
    error=schemas.AuthError,
)
async def show_settings(request: web.Request) -> web.Response:
    """`GET /settings`: how one can sign in and up."""
    settings = request.app[SETTINGS]
    return web.json_response(
        {
            "external": {"email": True, "phone": False, "anonymous_users": False},
            "disable_signup": settings.sign_up != "open",
            "mailer_autoconfirm": not settings.confirm_email,
            "phone_autoconfirm": False,
            "sms_provider": "",
            "mfa_enabled": False,
            "saml_enabled": False,
        }
    )


@operation(
    "Read the public keys",
    tag="About",
    access=ANYBODY,
    description="None, because tokens are signed with a shared secret; clients then ask who they are.",
    answers={200: schemas.KeySet},
    error=schemas.AuthError,
)
async def show_keys(request: web.Request) -> web.Response:
    """`GET /.well-known/jwks.json`: none, because tokens are signed with a shared secret."""
    return web.json_response({"keys": []})


async def _sign_in(request: web.Request, email: str, password: str) -> dict[str, Any]:
    limiter, limits = limiter_of(request), request.app[LIMITS]
    account = normalised_email(email)[:EMAIL_LENGTH]
    tried, succeeded = limits.sign_in(client_address(request), account), limits.signed_in(account)
    # Taken before, and the one or the other given back after: many at the same time count as well.
    await limiter.take([*tried, *succeeded], code="over_request_rate_limit", what="Too many attempts to sign in.")
    try:
        session = await logins_of(request).sign_in(email, password, device_of(request))
    except CallXError as error:
        nothing_compared = error.status == 503 and error.code == "busy"
        await limiter.give_back([*tried, *succeeded] if nothing_compared else succeeded)
        raise
    await limiter.give_back(tried)
    return session


async def _exchange(request: web.Request, code: str, verifier: str) -> dict[str, Any]:
    await limiter_of(request).take(
        request.app[LIMITS].guess(client_address(request)), code="over_request_rate_limit", what="Too many attempts."
    )
    return await confirmations_of(request).exchange(code, verifier, device_of(request))
