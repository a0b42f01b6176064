"""What the handlers of the authentication wire read out of a request."""

import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from accounts.account.addresses import normalised_email, storable
from accounts.account.shapes import METADATA_BYTES, fits_token
from accounts.links.one_time import PURPOSE, OneTimeSecrets
from accounts.links.pkce import Challenge, challenge_of
from accounts.links.targets import RedirectRules, origin_of
from accounts.own_account.confirmations import Confirmations
from accounts.sign_in.logins import Device, Logins
from accounts.wire.keys import LIMITS, PASSWORDS
from core.app_keys import CLOCK, DATABASE, SECRETS, SETTINGS, SITE_URL
from core.client_address import client_address
from core.cors import is_allowed
from core.errors import BadRequest, Forbidden, Unauthorized
from core.identity import Person
from core.rate_limits import RateLimiter
from core.tokens import TokenIssuer
from core.web import signed_in

NO_STORE = {"Cache-Control": "no-store"}
EMAIL_LENGTH = 320
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f<>(),;:\"\\\[\]]{1,64}@[^@\s\x00-\x1f\x7f<>(),;:\"\\\[\]]{1,255}")


def text_of(body: Mapping[str, Any], name: str) -> str:
    """A text that must be given. Raises BadRequest `validation_failed`."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"`{name}` must be given as text.", code="validation_failed")
    return value


def email_of(body: Mapping[str, Any], name: str = "email") -> str:
    """An address, normalised. Raises BadRequest `validation_failed` for what cannot be one."""
    email = normalised_email(text_of(body, name))
    if len(email) > EMAIL_LENGTH or not _EMAIL.fullmatch(email):
        raise BadRequest("Unable to validate email address: invalid format", code="validation_failed")
    return email


def metadata_of(body: Mapping[str, Any], name: str = "data") -> dict[str, Any]:
    """What somebody says about themself. It is stored and shown to them, and decides nothing."""
    data = body.get(name) or {}
    if not isinstance(data, dict):
        raise BadRequest(f"`{name}` must be an object.", code="validation_failed")
    try:
        if not fits_token(data):
            raise BadRequest(f"`{name}` may have at most {METADATA_BYTES} bytes.", code="validation_failed")
        return {storable(key): _storable(value) for key, value in data.items()}
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"`{name}` is too deep, or has numbers without end.", code="validation_failed") from error


def challenge_in(body: Mapping[str, Any]) -> Challenge | None:
    """The PKCE challenge of a request that leads to a letter. Raises BadRequest `validation_failed`."""
    try:
        return challenge_of(body)
    except ValueError as error:
        raise BadRequest(str(error), code="validation_failed") from error


def redirect_target(request: web.Request, requested: str | None) -> str:
    """Where to send somebody with tokens: `requested` if that is allowed, else this server."""
    settings = request.app[SETTINGS]
    allowed = [*settings.allowed_redirects, *(origin for origin in settings.allowed_origins if origin != "*")]
    origin = origin_of(requested or "")
    if origin and not settings.allowed_origins and is_allowed(origin, settings):
        allowed.append(origin)  # a front end under development, on a server that only this machine reaches
    return RedirectRules(request.app[SITE_URL], tuple(allowed)).target(requested)


def device_of(request: web.Request) -> Device:
    """What is noted about where somebody signs in."""
    address = client_address(request)
    return Device(request.headers.get("User-Agent"), str(address) if address else None)


def logins_of(request: web.Request) -> Logins:
    """The logins of this server."""
    app = request.app
    issuer = TokenIssuer(app[SECRETS], app[CLOCK])
    return Logins(app[DATABASE], app[PASSWORDS], issuer, app[SETTINGS], app[CLOCK])


def confirmations_of(request: web.Request) -> Confirmations:
    """What one-time links lead to on this server."""
    app = request.app
    secrets = OneTimeSecrets(app[SECRETS].derive(PURPOSE))
    return Confirmations(app[DATABASE], logins_of(request), secrets, app[CLOCK], app[SITE_URL])


def limiter_of(request: web.Request) -> RateLimiter:
    """What counts guesses and letters."""
    return RateLimiter(request.app[DATABASE], request.app[CLOCK])


async def take_for_letter(request: web.Request, email: str) -> None:
    """Counts a letter to this address. Raises TooManyRequests `over_email_send_rate_limit`."""
    buckets = request.app[LIMITS].letter(client_address(request), email)
    await limiter_of(request).take(buckets, code="over_email_send_rate_limit", what="Too many letters were asked for.")


async def signed_in_here(request: web.Request) -> Person:
    """The signed-in person, refused with the codes of this wire."""
    try:
        return await signed_in(request)
    except Unauthorized as error:
        if error.code == "no_authorization":
            raise
        # Clients of this wire expect 403 here, and one code for every reason.
        raise Forbidden(f"invalid JWT: {error.message}", code="bad_jwt") from error


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): _storable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value
