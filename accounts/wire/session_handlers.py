"""`/auth/v1`: what a Supabase client asks to sign in, stay signed in and sign out."""

from typing import Any, get_args

from aiohttp import web

from accounts.account.addresses import normalised_email
from accounts.account.shapes import user_object
from accounts.sign_in.logins import LogoutScope
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


async def show_user(request: web.Request) -> web.Response:
    """`GET /user`: the user object of whoever asks, while the login lasts."""
    account = await logins_of(request).account_of(await signed_in_here(request))
    return web.json_response(user_object(account), headers=NO_STORE)


async def end_logins(request: web.Request) -> web.Response:
    """`POST /logout?scope=global|local|others`: 204."""
    scope = _SCOPES.get(request.query.get("scope", "global"))
    if scope is None:
        raise BadRequest("Scopes are global, local and others.", code="validation_failed")
    await logins_of(request).sign_out(await signed_in_here(request), scope)
    return web.Response(status=204)


async def show_health(request: web.Request) -> web.Response:
    """`GET /health`: this wire is served."""
    return web.json_response({"name": "CallX", "description": "CallX signs people in.", "version": "v1"})


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


async def show_keys(request: web.Request) -> web.Response:
    """`GET /.well-known/jwks.json`: none, because tokens are signed with a shared secret."""
    return web.json_response({"keys": []})


async def _sign_in(request: web.Request, email: str, password: str) -> dict[str, Any]:
    limiter = limiter_of(request)
    buckets = request.app[LIMITS].sign_in(client_address(request), normalised_email(email)[:EMAIL_LENGTH])
    # Taken before and given back after success: many guesses at the same time count as well.
    await limiter.take(buckets, code="over_request_rate_limit", what="Too many attempts to sign in.")
    try:
        session = await logins_of(request).sign_in(email, password, device_of(request))
    except CallXError as error:
        if error.status == 503 and error.code == "busy":  # refused before anything was compared
            await limiter.give_back(buckets)
        raise
    await limiter.give_back(buckets)
    return session


async def _exchange(request: web.Request, code: str, verifier: str) -> dict[str, Any]:
    await limiter_of(request).take(
        request.app[LIMITS].guess(client_address(request)), code="over_request_rate_limit", what="Too many attempts."
    )
    return await confirmations_of(request).exchange(code, verifier, device_of(request))
