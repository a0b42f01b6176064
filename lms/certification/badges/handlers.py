"""The public addresses of badges: anybody's, of any origin, cacheable, and without a name or an address in them."""

import asyncio
import hashlib
import re
from typing import Any

from aiohttp import web
from pydantic import BaseModel, Field

from core.app_keys import CLOCK, DATABASE, SETTINGS
from core.client_address import client_address, limit_key
from core.errors import NotFound
from core.openapi import operation
from core.openapi.operations import ANYBODY, Content, Exact
from core.rate_limits import Bucket, Rate, RateLimiter
from lms.certification import queries
from lms.certification.badges.credential import CONTEXT, profile
from lms.certification.badges.picture import Shown, baked
from lms.certification.badges.status_list import FRESH_FOR_S
from lms.certification.codes import read_code
from lms.certification.keys import BADGES

_TAG = "Certificates"
_JWS = "text/plain"
"""As the standard has it for a credential that is a compact JWS."""
_SVG = "image/svg+xml"
_DRAWING_TIMEOUT_S = 20
_LIST = re.compile("0|[1-9][0-9]{0,6}")
_RATE = Rate("badges", burst=60, refill_ms=1_000)
_ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_LIMITED = {429: "`over_request_rate_limit`: too often from one address; see Retry-After."}


class BadgePath(BaseModel):
    """What stands on the certificate."""

    code: str = Field(description="Sixteen letters and digits; groups and case do not matter.")


class KeyPath(BaseModel):
    """Which key."""

    thumbprint: str = Field(description="As RFC 7638 has it.")


class ListPath(BaseModel):
    """Which list."""

    number: str = Field(description="As `statusListCredential` of a badge says.", examples=["0"])


class PublicKey(Exact):
    """A JSON Web Key of Ed25519."""

    kty: str
    crv: str
    x: str
    alg: str
    use: str
    kid: str


class PublicKeys(Exact):
    """A JSON Web Key Set."""

    keys: list[PublicKey]


@operation(
    "Read a badge",
    tag=_TAG,
    access=ANYBODY,
    path=BadgePath,
    answers={200: Content({_JWS: str}, description="A compact JWS whose payload is the credential."), 304: None},
    errors={404: "`badge_unknown`", **_LIMITED},
)
async def credential(request: web.Request) -> web.Response:
    """An Open Badges 3.0 credential as a VC-JWT, for wallets and verifiers."""
    row = await _badge(request)
    return _answer(request, row["credential"], _JWS)


@operation(
    "See a badge",
    tag=_TAG,
    access=ANYBODY,
    path=BadgePath,
    answers={
        200: Content({_SVG: str}, description="An SVG with the credential in `openbadges:credential`."),
        304: None,
    },
    errors={404: "`badge_unknown`", **_LIMITED},
)
async def picture(request: web.Request) -> web.Response:
    """The badge as a picture with its credential baked in, for portfolios and letters."""
    row = await _badge(request)
    shown = Shown(row["product_title"], row["issuer"], row["issued_at"].date())
    async with asyncio.timeout(_DRAWING_TIMEOUT_S):
        drawn = await asyncio.to_thread(baked, shown, row["credential"])
    return _answer(request, drawn, _SVG)


@operation(
    "Which badges are revoked",
    tag=_TAG,
    access=ANYBODY,
    path=ListPath,
    answers={200: Content({_JWS: str}, description="A Bitstring Status List credential as a compact JWS."), 304: None},
    errors={404: "`status_list_unknown`", **_LIMITED},
)
async def status_list(request: web.Request) -> web.Response:
    """One bit for each badge, set when it holds no more. Keep it for five minutes at most."""
    await _limit(request)
    number = request.match_info["number"]
    found = await request.app[BADGES].status_list(int(number)) if _LIST.fullmatch(number) else None
    if found is None:
        raise NotFound("There is no such status list.", code="status_list_unknown")
    return _answer(request, found, _JWS)


@operation("Who issues badges", tag=_TAG, access=ANYBODY, answers={200: dict[str, Any]}, errors=_LIMITED)
async def issuer(request: web.Request) -> web.Response:
    """The profile of the organisation, as Open Badges has it."""
    await _limit(request)
    said = profile(request.app[SETTINGS].certificate_issuer, request.app[BADGES].addresses)
    return web.json_response({"@context": CONTEXT, **said}, headers=_headers())


@operation("The keys of badges", tag=_TAG, access=ANYBODY, answers={200: PublicKeys}, errors=_LIMITED)
async def keys(request: web.Request) -> web.Response:
    """All public keys that badges of this server were ever signed with, the one of today first."""
    found = await request.app[BADGES].keys()
    return web.json_response({"keys": found}, headers=_headers())


@operation(
    "The key of a badge",
    tag=_TAG,
    access=ANYBODY,
    path=KeyPath,
    answers={200: PublicKey},
    errors={404: "`key_unknown`", **_LIMITED},
)
async def key(request: web.Request) -> web.Response:
    """What `kid` in the header of a badge leads to."""
    await _limit(request)
    for found in await request.app[BADGES].keys():
        if found["kid"] == request.match_info["thumbprint"]:
            return web.json_response(found, headers=_headers())
    raise NotFound("No badge was ever signed with this key.", code="key_unknown")


def add_routes(app: web.Application) -> None:
    """Adds them all."""
    app.router.add_get("/badges/issuer", issuer)
    app.router.add_get("/badges/keys.json", keys)
    app.router.add_get("/badges/keys/{thumbprint}", key)
    app.router.add_get("/badges/status/{number}", status_list)
    app.router.add_get("/badges/{code}.svg", picture)
    app.router.add_get("/badges/{code}", credential)


async def _badge(request: web.Request) -> Any:
    await _limit(request)
    code = read_code(request.match_info["code"]) or ""
    async with request.app[DATABASE].acting_as_service() as tx:
        row: Any = await tx.fetchrow(queries.BADGE_BY_CODE, code)
    if row is None:
        raise NotFound("There is no badge with this code.", code="badge_unknown")
    return row


async def _limit(request: web.Request) -> None:
    limiter = RateLimiter(request.app[DATABASE], request.app[CLOCK])
    bucket = Bucket(_RATE, limit_key(client_address(request)))
    await limiter.take([bucket], code="over_request_rate_limit", what="Too many badges were looked at.")


def _answer(request: web.Request, text: str, content_type: str) -> web.Response:
    headers = _headers()
    headers["ETag"] = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    if content_type == _SVG:
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    return web.Response(text=text, content_type=content_type, charset="utf-8", headers=headers)


def _headers() -> dict[str, str]:
    return {**_ANYWHERE, "Cache-Control": f"public, max-age={FRESH_FOR_S}", "X-Robots-Tag": "noindex"}
