"""Access tokens, API keys and links: signed here, verified here. The only importer of PyJWT.

The first two are JWTs signed with one derived key. An access token says who signed in and lives an hour; an API key
names only a role (`anon`, `service_role`) and lives for years. `accounts` decides what an access token says.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

import jwt
from aiohttp import web

from core.app_keys import CLOCK, SECRETS
from core.clock import Clock
from core.errors import Unauthorized
from core.identity import ANONYMOUS, Person
from core.secrets import Secrets

ALGORITHM = "HS256"
AUDIENCE = "authenticated"
ISSUER = "callx"
PURPOSE = "access-token"
PUBLISHABLE_PREFIX = "sb_publishable_"
API_KEY_LIFETIME = timedelta(days=3_650)
MAXIMUM_LENGTH = 8_192
TOKENS_KEPT = 2_048
"""A front end sends the same one with every request, and to check a signature takes longer than to read a row."""
FOREIGN_CLOCK_SKEW_S = 30

ApiKeyRole = Literal["anon", "service_role"]


class TokenIssuer:
    """Signs claims. Whoever holds one can become anybody, so only sign-in and `server.py keys` make one."""

    def __init__(self, secrets: Secrets, clock: Clock) -> None:
        self._key = secrets.derive(PURPOSE)
        self._clock = clock

    def sign(self, claims: Mapping[str, Any], *, lifetime: timedelta) -> str:
        """A token of these claims that is good for `lifetime` from now; issuer, audience and times are added here."""
        issued_at = int(self._clock.now().timestamp())
        times = {"iat": issued_at, "exp": issued_at + int(lifetime.total_seconds())}
        return jwt.encode({**claims, "iss": ISSUER, "aud": AUDIENCE, **times}, self._key, algorithm=ALGORITHM)

    def api_key(self, role: ApiKeyRole) -> str:
        """The key that a client is configured with; `service_role` may do everything and belongs on servers only."""
        return self.sign({"role": role}, lifetime=API_KEY_LIFETIME)


class TokenVerifier:
    """Turns a bearer into the Person it was issued to."""

    def __init__(self, secrets: Secrets, clock: Clock) -> None:
        self._key = secrets.derive(PURPOSE)
        self._clock = clock

    def verify(self, bearer: str) -> Person:
        """The person of a token. Raises Unauthorized `bad_jwt` (forged, malformed, not ours) or `token_expired`."""
        claims = _good_now(_decoded(bearer, self._key, AUDIENCE), self._clock)
        match claims.get("role"):
            case "anon":
                return Person("anonymous", claims=claims)
            case "service_role":
                return Person("service", claims=claims)
            case "authenticated":
                user_id, login_id = _uuid(claims, "sub"), _uuid(claims, "session_id")
                return Person("authenticated", user_id=user_id, login_id=login_id, claims=claims)
            case _:
                raise _bad_token()


class LinkTokens:
    """Signs and reads what a link is good for.

    Each purpose has a key and an audience of its own, so that a link is never a sign-in nor a link of another kind.
    """

    def __init__(self, secrets: Secrets, clock: Clock, purpose: str) -> None:
        self._key = secrets.derive(purpose)
        self._audience = purpose
        self._clock = clock

    def sign(self, claims: Mapping[str, Any], *, lifetime: timedelta) -> str:
        """A token of these claims that is good for `lifetime` from now."""
        issued_at = int(self._clock.now().timestamp())
        times = {"iat": issued_at, "exp": issued_at + int(lifetime.total_seconds())}
        return jwt.encode({**claims, "iss": ISSUER, "aud": self._audience, **times}, self._key, algorithm=ALGORITHM)

    def verify(self, token: str) -> dict[str, Any]:
        """What was signed. Raises Unauthorized `bad_jwt` or `token_expired`."""
        return _good_now(_decoded(token, self._key, self._audience), self._clock)


class ForeignTokens:
    """Reads tokens of another issuer, signed with a key that it shares; their claims are its own affair.

    As in PostgREST, times may differ by half a minute, a token need not expire, and the audience counts only if one is
    expected.
    """

    def __init__(self, key: bytes, clock: Clock, audience: str | None = None) -> None:
        self._key = key
        self._clock = clock
        self._audience = audience

    def claims_of(self, token: str) -> dict[str, Any]:
        """What the token says. Raises Unauthorized `bad_jwt` (forged, malformed, not for us) or `token_expired`."""
        if len(token) > MAXIMUM_LENGTH:
            raise _bad_token()
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                audience=self._audience,
                options={
                    "verify_aud": self._audience is not None,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "verify_sub": False,
                    "verify_jti": False,
                },
            )
        except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
            raise _bad_token() from error
        now_s = self._clock.now().timestamp()
        if "exp" in claims and now_s - FOREIGN_CLOCK_SKEW_S >= _seconds(claims, "exp"):
            raise Unauthorized("The token has expired.", code="token_expired")
        if any(name in claims and now_s + FOREIGN_CLOCK_SKEW_S < _seconds(claims, name) for name in ("nbf", "iat")):
            raise _bad_token()
        return claims


async def identify(request: web.Request) -> Person:
    """Who asks, for `core.web.IDENTIFY`. Raises Unauthorized for a bearer that is no good."""
    return bearer_of(request, TokenVerifier(request.app[SECRETS], request.app[CLOCK]).verify)


def bearer_of(request: web.Request, verify: Callable[[str], Person]) -> Person:
    """Who a request says it comes from. Raises Unauthorized for a bearer that is no good.

    A client that is not signed in sends its API key as the bearer too. That key may be any text, for example the one of
    the server that this one replaces: unless it is a valid token of ours it stands for nobody in particular.
    """
    header = request.headers.get("Authorization", "").strip()
    if not header:
        return ANONYMOUS
    scheme, _, bearer = header.partition(" ")
    bearer = bearer.strip()
    if scheme.lower() != "bearer" or not bearer:
        raise _bad_token()
    if bearer.startswith(PUBLISHABLE_PREFIX):
        return ANONYMOUS
    try:
        return verify(bearer)
    except Unauthorized:
        if bearer == request.headers.get("apikey"):
            return ANONYMOUS
        raise


def _decoded(token: str, key: str, audience: str) -> dict[str, Any]:
    if len(token) > MAXIMUM_LENGTH:
        raise _bad_token()
    return dict(_signed_claims(token, key, audience))


@lru_cache(maxsize=TOKENS_KEPT)
def _signed_claims(token: str, key: str, audience: str) -> dict[str, Any]:
    """What a token says, if it is ours: that does not change, only the time does, which is looked at each time."""
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=ISSUER,
            # Times are compared with our own clock instead of the library's.
            options={
                "require": ["exp", "aud", "iss"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise _bad_token() from error


def _good_now(claims: dict[str, Any], clock: Clock) -> dict[str, Any]:
    now_s = clock.now().timestamp()
    if now_s >= _seconds(claims, "exp"):
        raise Unauthorized("The token has expired.", code="token_expired")
    if "nbf" in claims and now_s < _seconds(claims, "nbf"):
        raise _bad_token()
    return claims


def _bad_token() -> Unauthorized:
    return Unauthorized("The token is not valid.", code="bad_jwt")


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _bad_token()
    return value


def _uuid(claims: Mapping[str, Any], name: str) -> UUID:
    try:
        return UUID(claims.get(name))
    except (TypeError, ValueError, AttributeError) as error:
        raise _bad_token() from error
