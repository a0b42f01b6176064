"""The browser application: files of one folder, and index.html for every address the application draws itself.

Nothing inline runs and nothing foreign loads: the content policy allows this server's own files and sockets only. HTML
is never kept by a browser; everything else is kept and asked about again (ETag), so that a new version is there at the
next load without file names that change. All of it is read and compressed once, at the start; a changed file needs a
restart, except where the folder is watched (with `--demo`): there each file is looked at when it is asked for.
"""

import asyncio
import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from core.errors import NotFound

DEFAULT_FOLDER = Path(__file__).parent.parent / "static"
SMALLEST_TO_COMPRESS_BYTES = 512


@dataclass(frozen=True)
class StaticFile:
    """One file as it is sent; `gzipped` is None where compressing does not pay. `etag` stands without its quotes."""

    content_type: str
    body: bytes
    gzipped: bytes | None
    etag: str


FILES: web.AppKey[dict[str, StaticFile]] = web.AppKey("static_files", dict)
"""Path below the folder -> file, so that no request's path ever reaches the disk."""
WATCHED: web.AppKey["WatchedFolder"] = web.AppKey("watched_folder")

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".json": "application/json",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What is served, and as what; a file with any other ending is not there."""
NOT_SERVED = frozenset({"package.json"})
"""Tells Node what the scripts are; browsers have no use for it."""

_WIRES = "auth|rest|storage|functions|realtime|voice|v1|static|metrics|health"
_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?=,|$)", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")


def add_routes(app: web.Application, folder: Path = DEFAULT_FOLDER, *, watch: bool = False) -> None:
    """Serves `folder` at /static/ and its index.html at every other path that is no wire's. Call it last.

    With `watch` a file that was changed, added or removed is seen at the next request.
    """
    app[FILES] = {path: _read(file) for path, file in list_files(folder).items()}
    if watch:
        app[WATCHED] = WatchedFolder(folder, app[FILES])
    app.router.add_get("/static/{path:.+}", _asset)
    app.router.add_get("/favicon.ico", _favicon)
    app.router.add_get(rf"/{{path:(?!(?:{_WIRES})(?:/|$)).*}}", _page)


class WatchedFolder:
    """Keeps `files` as they are on disk. `look_at` blocks: use it in a thread."""

    def __init__(self, folder: Path, files: dict[str, StaticFile]) -> None:
        self._folder = folder
        self._files = files
        self._seen = {path: _changed(file) for path, file in list_files(folder).items()}

    def look_at(self, path: str) -> None:
        """Reads this file again if it is another one than before."""
        file = (list_files(self._folder) if path not in self._seen else {path: self._folder / path}).get(path)
        if file is None:
            return
        try:
            changed = _changed(file)
            if changed != self._seen.get(path):
                self._files[path], self._seen[path] = _read(file), changed
        except FileNotFoundError:
            self._files.pop(path, None)
            self._seen.pop(path, None)


def _read(file: Path) -> StaticFile:
    return prepared(file.read_bytes(), CONTENT_TYPES[file.suffix])


def _changed(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_mtime_ns, found.st_size


async def _file(app: web.Application, path: str) -> StaticFile | None:
    watched = app.get(WATCHED)
    if watched is not None:
        await asyncio.to_thread(watched.look_at, path)
    return app[FILES].get(path)


async def _needed(app: web.Application, path: str) -> StaticFile:
    file = await _file(app, path)
    assert file is not None
    return file


def list_files(folder: Path) -> dict[str, Path]:
    """Every file of `folder` that may be served; hidden files and links that lead out of it are not among them."""
    root = folder.resolve()
    files = {}
    for file in sorted(root.rglob("*")):
        relative = file.relative_to(root)
        hidden = file.name in NOT_SERVED or any(part.startswith(".") for part in relative.parts)
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


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether a request with this Accept-Encoding takes gzip."""
    return _GZIP.search(accept_encoding) is not None


def add_page(app: web.Application, address: str, path: str) -> None:
    """Serves one page of the folder at an address of its own. Call it before `add_routes`."""

    async def page(request: web.Request) -> web.StreamResponse:
        return file_response(request, await _needed(request.app, path), "no-store")

    app.router.add_get(address, page)


def prepared(body: bytes, content_type: str) -> StaticFile:
    """A file that does not change while the server runs, ready to be sent."""
    is_text = "charset" in content_type or "json" in content_type
    gzipped = gzip.compress(body, mtime=0) if is_text and len(body) >= SMALLEST_TO_COMPRESS_BYTES else None
    return StaticFile(content_type, body, gzipped, hashlib.sha256(body).hexdigest()[:32])


def file_response(request: web.Request, file: StaticFile, caching: str) -> web.Response:
    """The file, compressed where the client takes it, or 304 for one that has it; `caching` is Cache-Control."""
    gzipped = file.gzipped if accepts_gzip(request.headers.get("Accept-Encoding", "")) else None
    etags = (f"{file.etag}-gzip", file.etag) if gzipped else (file.etag, f"{file.etag}-gzip")
    headers = security_headers(request.host)
    headers |= {"Cache-Control": caching, "ETag": f'"{etags[0]}"', "Vary": "Accept-Encoding"}
    if any(known.value in (*etags, "*") for known in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = file.content_type
    if gzipped:
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=gzipped or file.body, headers=headers)


async def _asset(request: web.Request) -> web.StreamResponse:
    file = await _file(request.app, request.match_info["path"])
    if file is None:
        raise NotFound("There is no such file.")
    is_page = file.content_type.startswith("text/html")
    return file_response(request, file, "no-store" if is_page else "no-cache")


async def _favicon(request: web.Request) -> web.StreamResponse:
    return file_response(request, await _needed(request.app, "favicon.svg"), "no-cache")


async def _page(request: web.Request) -> web.StreamResponse:
    if "." in request.match_info["path"].rsplit("/", 1)[-1]:
        raise NotFound("There is no such file.")
    return file_response(request, await _needed(request.app, "index.html"), "no-store")
