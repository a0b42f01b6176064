"""The browser application: files of one folder, and index.html for every address the application draws itself.

Nothing inline runs and nothing foreign loads: the content policy allows this server's own files and sockets only. HTML
is never kept by a browser; everything else is kept and asked about again (ETag), so that a new version is there at the
next load without file names that change.
"""

import re
from pathlib import Path

from aiohttp import web

from core.errors import NotFound

DEFAULT_FOLDER = Path(__file__).parent.parent / "static"
FILES: web.AppKey[dict[str, Path]] = web.AppKey("static_files", dict)
"""Path below the folder -> file; listed once at the start, so that no request's path ever reaches the disk."""

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What is served, and as what; a file with any other ending is not there."""

_WIRES = "auth|rest|storage|functions|realtime|voice|v1|static|metrics|health"
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")


def add_routes(app: web.Application, folder: Path = DEFAULT_FOLDER) -> None:
    """Serves `folder` at /static/ and its index.html at every other path that is no wire's. Call it last."""
    app[FILES] = list_files(folder)
    app.router.add_get("/static/{path:.+}", _asset)
    app.router.add_get("/favicon.ico", _favicon)
    app.router.add_get(rf"/{{path:(?!(?:{_WIRES})(?:/|$)).*}}", _page)


def list_files(folder: Path) -> dict[str, Path]:
    """Every file of `folder` that may be served; hidden files and links that lead out of it are not among them."""
    root = folder.resolve()
    files = {}
    for file in sorted(root.rglob("*")):
        relative = file.relative_to(root)
        hidden = any(part.startswith(".") for part in relative.parts)
        if not hidden and file.suffix in CONTENT_TYPES and file.is_file() and file.resolve().is_relative_to(root):
            files[relative.as_posix()] = file
    return files


def security_headers(host: str) -> dict[str, str]:
    """What accompanies each file; `host` is the request's Host, whose sockets may be opened."""
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "media-src": "'self' blob:",
        "connect-src": f"'self'{sockets}",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "callx",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Permissions-Policy": "microphone=(self), autoplay=(self), camera=(), geolocation=(), payment=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _file_response(request: web.Request, file: Path, caching: str) -> web.FileResponse:
    headers = security_headers(request.host)
    headers["Content-Type"] = CONTENT_TYPES[file.suffix]
    headers["Cache-Control"] = caching
    return web.FileResponse(file, headers=headers)


async def _asset(request: web.Request) -> web.StreamResponse:
    file = request.app[FILES].get(request.match_info["path"])
    if file is None:
        raise NotFound("There is no such file.")
    return _file_response(request, file, "no-store" if file.suffix == ".html" else "no-cache")


async def _favicon(request: web.Request) -> web.StreamResponse:
    return _file_response(request, request.app[FILES]["favicon.svg"], "no-cache")


async def _page(request: web.Request) -> web.StreamResponse:
    if "." in request.match_info["path"].rsplit("/", 1)[-1]:
        raise NotFound("There is no such file.")
    return _file_response(request, request.app[FILES]["index.html"], "no-store")
