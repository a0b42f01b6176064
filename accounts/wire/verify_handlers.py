"""`/auth/v1/verify`: following the links in letters, and typing their codes.

A letter's link leads to `GET /confirm`, a page with one button that POSTs here: mail scanners open links, and would
use them up. `GET /verify` does what Supabase's does, at once; no letter of ours contains it.
"""

import secrets
from collections.abc import Mapping
from html import escape
from typing import Any

from aiohttp import web

from accounts.letters.landing import landing_page
from accounts.links.one_time import KINDS_OF_TYPE
from accounts.links.targets import CONFIRM_PATH, origin_of, with_fragment, with_query
from accounts.own_account.confirmations import Confirmed
from accounts.wire import schemas
from accounts.wire.keys import LIMITS
from accounts.wire.requests import (
    NO_STORE,
    confirmations_of,
    device_of,
    email_of,
    limiter_of,
    redirect_target,
    text_of,
)
from core.client_address import client_address
from core.errors import BadRequest, CallXError
from core.openapi import ANYBODY, Content, operation
from core.web import json_object

FORM = "application/x-www-form-urlencoded"
LONGEST_TOKEN = 200
_BUTTONS = {
    "signup": "Confirm my address",
    "recovery": "Choose a new password",
    "invite": "Choose a password",
    "email_change": "Confirm the change",
}
_PRIVATE = NO_STORE | {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""The address of these pages is a secret."""
_LOCATION = {"Location": "The target, with tokens or an error behind `#`, or a PKCE code in its query."}


def add_routes(app: web.Application, prefix: str) -> None:
    """Adds these routes."""
    app.router.add_get(CONFIRM_PATH, show_button, allow_head=False)
    app.router.add_get(f"{prefix}/verify", follow_link, allow_head=False)
    app.router.add_post(f"{prefix}/verify", verify)


@operation(
    "See a letter's button",
    tag=schemas.SIGN_IN_TAG,
    description="Where the links in letters lead: a page whose button uses the link. Programs that check mail open "
    "links, and would use them up.",
    access=ANYBODY,
    query=schemas.LinkQuery,
    answers={200: Content({"text/html": None}, "The page.")},
    error=schemas.AuthError,
)
async def show_button(request: web.Request) -> web.Response:
    """`GET /confirm?token=&type=&redirect_to=`: a page whose button uses the link; nothing is looked up for it."""
    kind_type = request.query.get("type", "")
    target = redirect_target(request, request.query.get("redirect_to"))
    fields = {
        "token": request.query.get("token", "")[:LONGEST_TOKEN],
        "type": kind_type if kind_type in KINDS_OF_TYPE else "",
        "redirect_to": target,
    }
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {origin_of(target)}"
    )
    headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}
    page = _page(_BUTTONS.get(kind_type, "Go on"), fields, nonce)
    return web.Response(text=page, content_type="text/html", headers=_PRIVATE | headers)


@operation(
    "Follow a link",
    tag=schemas.SIGN_IN_TAG,
    description="Uses the link up at once, and leads to where it was meant to. Errors are told there too.",
    access=ANYBODY,
    query=schemas.LinkQuery,
    answers={303: Content({}, "To the target.", _LOCATION)},
    error=schemas.AuthError,
)
async def follow_link(request: web.Request) -> web.Response:
    """`GET /verify?token=&type=&redirect_to=`: 303 to the target, with tokens or an error behind `#`."""
    return await _followed(request, request.query)


@operation(
    "Use a link or a code",
    tag=schemas.SIGN_IN_TAG,
    description="A session for the token of a link, or for an address and the code that was sent to it. A form is "
    "followed like a link.",
    access=ANYBODY,
    body=Content({"application/json": schemas.VerifyByHash | schemas.VerifyByCode, FORM: schemas.LinkQuery}),
    answers={200: schemas.Session | schemas.HalfConfirmed, 303: Content({}, "For a form: to the target.", _LOCATION)},
    errors={
        400: "`validation_failed`, `bad_json`.",
        403: "`otp_expired`: wrong, used or too old; `user_banned`.",
        429: schemas.TOO_MANY_GUESSES,
    },
    error=schemas.AuthError,
)
async def verify(request: web.Request) -> web.Response:
    """`POST /verify`: a session for JSON with `token_hash`, or `email` and `token`; a form is followed like a link."""
    if request.content_type == FORM:
        form = await request.post()
        return await _followed(request, {name: value for name, value in form.items() if isinstance(value, str)})
    body = await json_object(request)
    kinds = KINDS_OF_TYPE.get(text_of(body, "type"), ())
    if body.get("token_hash") is not None:
        token = text_of(body, "token_hash")
        await _take_guess(request)
        confirmed = await confirmations_of(request).follow(token, kinds, device_of(request), for_redirect=False)
    else:
        email, code = email_of(body), text_of(body, "token")
        await _take_guess(request, email)
        confirmed = await confirmations_of(request).type_code(email, code, kinds, device_of(request))
    answer: dict[str, Any] = confirmed.session or {"msg": confirmed.message, "code": 200}
    return web.json_response(answer, headers=NO_STORE)


async def _followed(request: web.Request, given: Mapping[str, str]) -> web.Response:
    target = redirect_target(request, given.get("redirect_to"))
    try:
        token, kind_type = given.get("token") or given.get("token_hash") or "", given.get("type", "")
        if not token or kind_type not in KINDS_OF_TYPE:
            raise BadRequest("Email link is invalid or has expired", code="otp_expired")
        await _take_guess(request)
        confirmed = await confirmations_of(request).follow(
            token, KINDS_OF_TYPE[kind_type], device_of(request), for_redirect=True
        )
        location = _with_result(target, confirmed, kind_type)
    except CallXError as error:
        location = with_fragment(target, _error_values(error))
    return web.Response(status=303, headers=_PRIVATE | {"Location": location})


def _with_result(target: str, confirmed: Confirmed, kind_type: str) -> str:
    if confirmed.code is not None:
        return with_query(target, {"code": confirmed.code})
    if confirmed.session is None:
        return with_fragment(target, {"message": confirmed.message or ""})
    names = ("access_token", "expires_at", "expires_in", "refresh_token", "token_type")
    return with_fragment(target, {name: confirmed.session[name] for name in names} | {"type": kind_type})


def _error_values(error: CallXError) -> dict[str, str]:
    kind = "access_denied" if error.status < 500 else "server_error"
    return {"error": kind, "error_code": error.code, "error_description": error.message}


async def _take_guess(request: web.Request, email: str | None = None) -> None:
    buckets = request.app[LIMITS].guess(client_address(request), email)
    await limiter_of(request).take(buckets, code="over_request_rate_limit", what="Too many attempts.")


def _page(button: str, fields: Mapping[str, str], nonce: str) -> str:
    inputs = "\n".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())
    inside = f"""<p>This step is yours, so that no program that checks your mail can take it for you.</p>
<form method="post" action="verify">
{inputs}
<button type="submit">{escape(button)}</button>
</form>"""
    return landing_page(button, inside, nonce=nonce, heading="One click to go")
