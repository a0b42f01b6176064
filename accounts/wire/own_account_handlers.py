"""`/auth/v1`: what people change about their own account, and their logins."""

from typing import Any
from uuid import UUID

from aiohttp import web

from accounts.account.shapes import user_object
from accounts.own_account.changes import AccountChanges, Wanted
from accounts.wire import schemas
from accounts.wire.keys import LIMITS, PASSWORDS
from accounts.wire.requests import (
    NO_STORE,
    challenge_in,
    confirmations_of,
    email_of,
    limiter_of,
    logins_of,
    metadata_of,
    redirect_target,
    signed_in_here,
    take_for_letter,
    text_of,
)
from core.app_keys import CLOCK, DATABASE, SETTINGS, SITE_URL
from core.client_address import client_address
from core.errors import NotFound
from core.openapi import operation
from core.web import json_object


def add_routes(app: web.Application, prefix: str) -> None:
    """Adds these routes."""
    app.router.add_put(f"{prefix}/user", change_user)
    app.router.add_get(f"{prefix}/logins", list_logins)
    app.router.add_delete(f"{prefix}/logins/{{login_id}}", end_login)


@operation(
    "Change oneself",
    tag=schemas.ACCOUNT_TAG,
    description="Password, metadata or address. A new password ends the other logins; a new address is confirmed "
    "by letters first.",
    query=schemas.RedirectQuery,
    body=schemas.AccountChange,
    answers={200: schemas.User},
    errors={
        400: "`validation_failed`, `bad_json`.",
        401: schemas.NOT_SIGNED_IN,
        403: schemas.BAD_TOKEN,
        422: "`weak_password`, `same_password`, `current_password_invalid`, `reauthentication_needed`, "
        "`reauthentication_not_valid`.",
        429: f"{schemas.TOO_MANY_GUESSES} {schemas.TOO_MANY_LETTERS}",
        503: "`busy`, `database_unavailable`.",
    },
    error=schemas.AuthError,
)
async def change_user(request: web.Request) -> web.Response:
    """`PUT /user` with any of `password`, `data` and `email`: the user object."""
    person, body, app = await signed_in_here(request), await json_object(request), request.app
    logins = logins_of(request)
    account = await logins.account_of(person)
    wanted = _wanted(request, body)
    limiter, buckets = limiter_of(request), app[LIMITS].sign_in(client_address(request), account.email)
    if wanted.password is not None:  # the old one may be guessed here as well as at sign-in
        await limiter.take(buckets, code="over_request_rate_limit", what="Too many attempts.")
    if wanted.new_email is not None and wanted.new_email != account.email:
        await take_for_letter(request, account.email)
        await take_for_letter(request, wanted.new_email)
    changes = AccountChanges(
        app[DATABASE],
        app[PASSWORDS],
        logins,
        confirmations_of(request),
        app[SETTINGS],
        app[CLOCK],
        app[SITE_URL],
    )
    changed, new_email = await changes.change(person, wanted)
    if wanted.password is not None:
        await limiter.give_back(buckets)
    shown = user_object(changed) | ({"new_email": new_email} if new_email else {})
    return web.json_response(shown, headers=NO_STORE)


@operation(
    "List one's logins",
    tag=schemas.ACCOUNT_TAG,
    description="Every device on which the person is signed in.",
    answers={200: schemas.Logins},
    errors={401: schemas.NOT_SIGNED_IN, 403: schemas.BAD_TOKEN},
    error=schemas.AuthError,
)
async def list_logins(request: web.Request) -> web.Response:
    """`GET /logins`: where the person is signed in."""
    logins = await logins_of(request).list_logins(await signed_in_here(request))
    return web.json_response({"logins": logins}, headers=NO_STORE)


@operation(
    "End a login",
    tag=schemas.ACCOUNT_TAG,
    description="Signs one device out.",
    path=schemas.LoginPath,
    answers={204: None},
    errors={401: schemas.NOT_SIGNED_IN, 403: schemas.BAD_TOKEN, 404: "`login_not_found`."},
    error=schemas.AuthError,
)
async def end_login(request: web.Request) -> web.Response:
    """`DELETE /logins/<id>`: signs one device out; 204."""
    person = await signed_in_here(request)
    try:
        login_id = UUID(request.match_info["login_id"])
    except ValueError as error:
        raise NotFound("You have no such login.", code="login_not_found") from error
    await logins_of(request).end_login(person, login_id)
    return web.Response(status=204)


def _wanted(request: web.Request, body: dict[str, Any]) -> Wanted:
    def given(name: str) -> str | None:
        return text_of(body, name) if body.get(name) is not None else None

    requested = request.query.get("redirect_to")
    return Wanted(
        password=given("password"),
        current_password=given("current_password"),
        nonce=given("nonce"),
        metadata=metadata_of(body) if body.get("data") is not None else None,
        new_email=email_of(body) if body.get("email") is not None else None,
        redirect_to=redirect_target(request, requested) if requested else None,
        challenge=challenge_in(body),
    )
