"""`/auth/v1`: whatever ends in a letter. The answers say nothing about whether an address has an account."""

from typing import Any

from aiohttp import web

from accounts.letters.queue import LetterKind, link_details, queue_letter
from accounts.own_account.sign_up import SignUp, SignUps
from accounts.wire import schemas
from accounts.wire.keys import PASSWORDS
from accounts.wire.requests import (
    NO_STORE,
    challenge_in,
    device_of,
    email_of,
    logins_of,
    metadata_of,
    redirect_target,
    signed_in_here,
    take_for_letter,
    text_of,
)
from core.app_keys import CLOCK, DATABASE, SETTINGS, SITE_URL
from core.errors import BadRequest, Unprocessable
from core.openapi import ANYBODY, operation
from core.web import json_object

_AGAIN: dict[str, LetterKind] = {"signup": "sign_up_again", "email_change": "email_change_again"}


def add_routes(app: web.Application, prefix: str) -> None:
    """Adds these routes."""
    app.router.add_post(f"{prefix}/signup", sign_up)
    app.router.add_post(f"{prefix}/recover", recover)
    app.router.add_post(f"{prefix}/resend", resend)
    app.router.add_post(f"{prefix}/otp", refuse_otp)
    app.router.add_get(f"{prefix}/reauthenticate", reauthenticate)


@operation(
    "Sign up",
    tag=schemas.ACCOUNT_TAG,
    description="The answer is the person while a letter is under way, and a session where addresses are not "
    "confirmed. Whether an address has an account already is told to its owner alone, by letter.",
    access=ANYBODY,
    query=schemas.RedirectQuery,
    body=schemas.SignUpWanted,
    answers={200: schemas.User | schemas.Session},
    errors={
        400: "`validation_failed`, `bad_json`.",
        422: "`signup_disabled`, `weak_password`, `user_already_exists`, `anonymous_provider_disabled`.",
        429: schemas.TOO_MANY_LETTERS,
        503: "`busy`, `database_unavailable`.",
    },
    error=schemas.AuthError,
)
async def sign_up(request: web.Request) -> web.Response:
    """`POST /signup`: the user object while a letter is under way, or a session object."""
    body, app = await json_object(request), request.app
    if body.get("email") is None:
        raise Unprocessable("Anonymous sign-ins are disabled", code="anonymous_provider_disabled")
    email = email_of(body)
    wanted = SignUp(email, text_of(body, "password"), metadata_of(body), _redirect(request), challenge_in(body))
    if app[SETTINGS].sign_up == "open":
        await take_for_letter(request, email)
    sign_ups = SignUps(app[DATABASE], app[PASSWORDS], logins_of(request), app[SETTINGS], app[CLOCK], app[SITE_URL])
    return web.json_response(await sign_ups.sign_up(wanted, device_of(request)), headers=NO_STORE)


@operation(
    "Ask for a new password",
    tag=schemas.ACCOUNT_TAG,
    description="A letter with a link goes to the address if it has an account; the answer is the same if not.",
    access=ANYBODY,
    query=schemas.RedirectQuery,
    body=schemas.LetterWanted,
    answers={200: schemas.Empty},
    errors={400: "`validation_failed`, `bad_json`.", 429: schemas.TOO_MANY_LETTERS},
    error=schemas.AuthError,
)
async def recover(request: web.Request) -> web.Response:
    """`POST /recover`: `{}`; a letter with a link to choose a password goes to the address if it has an account."""
    body = await json_object(request)
    return await _ask(request, "recovery", email_of(body), body)


@operation(
    "Ask for a letter again",
    tag=schemas.ACCOUNT_TAG,
    description="It goes again if it is waited for; the answer is the same if not.",
    access=ANYBODY,
    query=schemas.RedirectQuery,
    body=schemas.LetterAgain,
    answers={200: schemas.Empty},
    errors={400: "`validation_failed`, `bad_json`.", 429: schemas.TOO_MANY_LETTERS},
    error=schemas.AuthError,
)
async def resend(request: web.Request) -> web.Response:
    """`POST /resend` with `type` signup or email_change: `{}`; the letter goes again if it is waited for."""
    body = await json_object(request)
    kind = _AGAIN.get(text_of(body, "type"))
    if kind is None:
        raise BadRequest("Types are signup and email_change.", code="validation_failed")
    return await _ask(request, kind, email_of(body), body)


@operation(
    "Sign in by a link alone",
    tag=schemas.SIGN_IN_TAG,
    description="Not offered here.",
    access=ANYBODY,
    answers={},
    errors={422: "`otp_disabled`."},
    error=schemas.AuthError,
)
async def refuse_otp(request: web.Request) -> web.Response:
    """`POST /otp`: signing in by a link alone is not offered."""
    raise Unprocessable("Sign in with your password; links alone sign nobody in here.", code="otp_disabled")


@operation(
    "Ask for a code",
    tag=schemas.ACCOUNT_TAG,
    description="A letter with a code goes to the signed-in person, who then may change the password.",
    answers={200: schemas.Empty},
    errors={401: schemas.NOT_SIGNED_IN, 403: schemas.BAD_TOKEN, 429: schemas.TOO_MANY_LETTERS},
    error=schemas.AuthError,
)
async def reauthenticate(request: web.Request) -> web.Response:
    """`GET /reauthenticate`: `{}`; a letter with a code goes to the signed-in person."""
    account = await logins_of(request).account_of(await signed_in_here(request))
    await take_for_letter(request, account.email)
    app = request.app
    async with app[DATABASE].acting_as_service() as tx:
        await queue_letter(
            tx,
            "reauthentication",
            account.email,
            site_url=app[SITE_URL],
            now=app[CLOCK].now(),
            user_id=account.id,
        )
    return web.json_response({}, headers=NO_STORE)


async def _ask(request: web.Request, kind: LetterKind, email: str, body: dict[str, Any]) -> web.Response:
    details = link_details(_redirect(request), challenge_in(body))
    await take_for_letter(request, email)
    app = request.app
    async with app[DATABASE].acting_as_service() as tx:
        await queue_letter(tx, kind, email, site_url=app[SITE_URL], now=app[CLOCK].now(), details=details)
    return web.json_response({}, headers=NO_STORE)


def _redirect(request: web.Request) -> str | None:
    """The allowed target that was asked for; None when none was."""
    requested = request.query.get("redirect_to")
    return redirect_target(request, requested) if requested else None
