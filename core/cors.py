"""Which other origins' pages may talk to the public wires, and the preflights that their browsers send first."""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from core.app_keys import SETTINGS
from core.settings import Settings
from core.web import Handler

PREFIXES = ("/auth/v1", "/rest/v1", "/storage/v1", "/functions/v1", "/realtime/v1", "/voice/v1")
CORS_PREFIXES: web.AppKey[tuple[str, ...]] = web.AppKey("cors_prefixes", tuple)
"""Below which paths an application's wires are, where they are not at PREFIXES."""
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
REQUEST_HEADERS = ", ".join(
    (
        "authorization", "apikey", "x-client-info", "content-type", "accept", "accept-profile", "content-profile",
        "prefer", "range", "range-unit", "x-supabase-api-version", "x-upsert", "x-metadata", "cache-control",
        "x-retry-count", "x-region", "x-signature", "tus-resumable", "upload-length", "upload-metadata",
        "upload-offset", "upload-defer-length", "upload-concat", "upload-checksum", "x-request-id",
        "x-http-method-override", "if-none-match", "if-modified-since", "if-match", "if-range", "idempotency-key",
    )
)  # fmt: skip
EXPOSED_HEADERS = ", ".join(
    (
        "Content-Range", "Content-Location", "Location", "Preference-Applied", "ETag", "Accept-Ranges",
        "Content-Disposition", "Retry-After", "Allow", "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size",
        "Upload-Offset", "Upload-Length", "Upload-Defer-Length", "Upload-Metadata", "Upload-Expires",
        "X-Supabase-Api-Version", "X-Relay-Error", "X-Request-Id", "X-Total-Count", "Link",
    )
)  # fmt: skip
PREFLIGHT_MAX_AGE_S = 7_200  # more than browsers honour


@web.middleware
async def cors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers preflights and marks every answer, errors included: put it outside of `errors_to_json`.

    A handler that prepares its own response is out of reach here; `add_cors_headers` on the application's
    `on_response_prepare` marks those too.
    """
    if not request.path.startswith(request.app.get(CORS_PREFIXES, PREFIXES)):
        return await handler(request)
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response: web.StreamResponse = web.Response(status=204)
        if _allowed_origin(request) is not None:
            response.headers["Access-Control-Allow-Methods"] = METHODS
            response.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
            response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_MAX_AGE_S)
    else:
        response = await handler(request)
    if not response.prepared:
        await add_cors_headers(request, response)
    return response


async def add_cors_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Says whether the asking page may read this answer. Doing it twice does no harm."""
    if not request.path.startswith(request.app.get(CORS_PREFIXES, PREFIXES)):
        return
    if "Origin" not in response.headers.get("Vary", ""):
        response.headers.add("Vary", "Origin")
    if (origin := _allowed_origin(request)) is not None:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS


def is_allowed(origin: str, settings: Settings) -> bool:
    """Whether a page of this origin may use the wires.

    Without a list, a server that only this machine can reach is open to this machine's other ports, so that a front end
    under development works at once.
    """
    if settings.allowed_origins:
        return "*" in settings.allowed_origins or origin in _without_slash(settings.allowed_origins)
    return is_loopback(settings.host) and is_loopback(_host_of(origin))


def _allowed_origin(request: web.Request) -> str | None:
    origin = request.headers.get("Origin")
    return origin if origin and is_allowed(origin, request.app[SETTINGS]) else None


def _without_slash(origins: Iterable[str]) -> set[str]:
    return {origin.rstrip("/") for origin in origins}


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:  # no origin that a browser would send
        return ""


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
