"""`GET /verify/<code>`: whether a certificate is genuine, for anybody who holds it."""

from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel, Field

from core.app_keys import BLOBS, CLOCK, DATABASE, SECRETS, SETTINGS, SITE_URL
from core.client_address import client_address, limit_key
from core.errors import NotFound
from core.openapi import operation
from core.openapi.operations import ANYBODY, JSON, Content, Exact, PlainError
from core.rate_limits import Bucket, Rate, RateLimiter
from core.storage.keys import OBJECTS
from lms.certification import page, queries
from lms.certification.backgrounds import Backgrounds
from lms.certification.badges.handlers import add_routes as add_badge_routes
from lms.certification.codes import grouped, read_code
from lms.certification.functions import add_functions
from lms.certification.keys import BACKGROUNDS, BADGES, ISSUER, REISSUER
from lms.certification.reissuing import Reissuer
from lms.certification.setup import open_badges, open_issuer
from lms.certification.verification import ADDRESS, State, Verified, verified

_HTML = "text/html"
_RATE = Rate("verify-certificate", burst=30, refill_ms=2_000)


class VerifyPath(BaseModel):
    """What stands on the certificate."""

    code: str = Field(description="Sixteen letters and digits; groups and case do not matter.")


class VerifiedCertificate(Exact):
    """A certificate, as the public may know it."""

    state: State
    code: str
    holder: str = Field(description="The name, or the initials if the holder chose so.")
    product: str
    issuer: str
    score: int | None
    issued_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    is_renewed: bool = Field(description="A newer certificate took its place.")
    pdf_sha256: str
    earlier_pdf_sha256: list[str] = Field(description="Of PDFs that were given out before it was printed anew.")
    badge: str | None = Field(description="The path of its Open Badge, a picture; null until it is made.")
    credential: str | None = Field(description="The path of the same badge as a signed credential.")


@operation(
    "Check a certificate",
    tag="Certificates",
    access=ANYBODY,
    path=VerifyPath,
    answers={
        200: Content({_HTML: str, JSON: VerifiedCertificate}, description="A page, or JSON for `Accept`."),
        404: Content(
            {_HTML: str, JSON: PlainError},
            description="`certificate_unknown`: a code that was never issued, or is none. As a page, or JSON.",
        ),
    },
    errors={
        429: "`over_request_rate_limit`: too often from one address; see Retry-After.",
    },
)
async def verify(request: web.Request) -> web.Response:
    """Says whom a certificate was issued to, for what, and whether it still holds."""
    limiter = RateLimiter(request.app[DATABASE], request.app[CLOCK])
    bucket = Bucket(_RATE, limit_key(client_address(request)))
    await limiter.take([bucket], code="over_request_rate_limit", what="Too many certificates were checked.")
    found = await _find(request)
    if _wants_json(request):
        if found is None:
            raise NotFound("No certificate has this code.", code="certificate_unknown")
        return web.json_response(found.as_json(), headers=page.HEADERS)
    text = page.unknown_page() if found is None else page.certificate_page(found)
    return web.Response(text=text, content_type=_HTML, status=404 if found is None else 200, headers=page.HEADERS)


def add_routes(app: web.Application) -> None:
    """Adds the public page and the functions of certification."""
    app[ISSUER] = open_issuer(app[SETTINGS], app[DATABASE], app[BLOBS], app[CLOCK], app[SITE_URL])
    app[BADGES] = open_badges(app[SECRETS], app[DATABASE], app[CLOCK], app[SITE_URL])
    app[REISSUER] = Reissuer(app[DATABASE], app[CLOCK], app[ISSUER].press)
    app[BACKGROUNDS] = Backgrounds(app[DATABASE], app[BLOBS], app[OBJECTS])
    app.router.add_get(ADDRESS + "{code:.*}", verify)
    add_badge_routes(app)
    add_functions(app)


async def _find(request: web.Request) -> Verified | None:
    """What the code stands for. One that is none is looked for too, so that it takes as long as any other."""
    code = read_code(request.match_info["code"]) or ""
    async with request.app[DATABASE].acting_as_service() as tx:
        row: Any = await tx.fetchrow(queries.BY_CODE, code)
    return verified(row, grouped(code), request.app[CLOCK].now()) if row else None


def _wants_json(request: web.Request) -> bool:
    accepted = request.headers.get("Accept", "")
    return JSON in accepted and _HTML not in accepted
