"""The browser application as a browser gets it."""

import posixpath
import re
from pathlib import Path

import pytest
from aiohttp import web

from core import static_files
from core.web import errors_to_json

FIRST_LOAD_LIMIT_BYTES = 150_000
REFERENCE = re.compile(
    r"""(?:^import|\bfrom) "(\.[^"]+\.js)"|(?:src|href)="(/static/[^"]+)"|new URL\("(\./[^"]+)\"""", re.MULTILINE
)
"""What a page or a module loads by itself; what it loads on demand (`import("…")`) is not among it."""


async def start_call(request: web.Request) -> web.Response:
    return web.json_response({})


@pytest.fixture
def app() -> web.Application:
    """Built outside the event loop, as the server builds it: listing the folder blocks."""
    app = web.Application(middlewares=[errors_to_json])
    app.router.add_post("/voice/v1/calls", start_call)
    static_files.add_routes(app)
    return app


@pytest.fixture
async def client(aiohttp_client, app):
    return await aiohttp_client(app)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/courses/abc", "/calls/abc/live"])
async def test_every_page_of_the_application_is_index_html(client, path):
    response = await client.get(path)
    assert response.status == 200
    assert response.content_type == "text/html"
    assert response.headers["Cache-Control"] == "no-store"
    assert "app-shell" in await response.text()


async def test_a_module_is_asked_about_again_and_not_sent_again(client):
    first = await client.get("/static/js/main.js")
    assert first.content_type == "text/javascript"
    assert first.headers["Cache-Control"] == "no-cache"
    again = await client.get("/static/js/main.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304


@pytest.mark.parametrize("path", ["/static/js/main.js", "/static/css/base.css", "/courses/abc"])
async def test_text_is_sent_compressed_to_whoever_takes_it(client, path):
    plain = await client.get(path, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    packed = await client.get(path, headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert await packed.read() == await plain.read()
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"])
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]


async def test_a_copy_is_good_however_it_was_packed(client):
    packed = await client.get("/static/js/main.js", headers={"Accept-Encoding": "gzip"})
    headers = {"Accept-Encoding": "identity", "If-None-Match": f'W/{packed.headers["ETag"]}, "other"'}
    assert (await client.get("/static/js/main.js", headers=headers)).status == 304
    assert (await client.get("/static/js/main.js", headers={"If-None-Match": '"other"'})).status == 200


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("GZIP", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("br, gzip; q=0.000", False),
        ("gzip;q=0.001", True),
        ("gzipped", False),
    ],
)
def test_whether_gzip_is_taken(header, takes):
    assert static_files.accepts_gzip(header) is takes


@pytest.mark.parametrize("page", ["sign_in", "courses", "course", "lesson", "brief", "live_call", "report"])
async def test_what_a_first_visit_loads_stays_small(client, page):
    loaded = await loaded_at_first(client, f"/static/js/pages/{page}.js")
    assert len(loaded) > 20
    assert sum(loaded.values()) <= FIRST_LOAD_LIMIT_BYTES, loaded


async def loaded_at_first(client, page: str) -> dict[str, int]:
    """What the browser fetches for one page, with what it imports, and the bytes of each on the wire."""
    waiting, loaded = ["/", "/static/favicon.svg", page], {}
    while waiting:
        path = waiting.pop()
        if path in loaded:
            continue
        response = await client.get(path, headers={"Accept-Encoding": "gzip"})
        assert response.status == 200, path
        loaded[path] = int(response.headers["Content-Length"])
        found = ["".join(groups) for groups in REFERENCE.findall(await response.text())]
        waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in found]
    return loaded


async def test_nothing_inline_and_nothing_foreign_may_run(client):
    headers = (await client.get("/")).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_only_sockets_of_the_own_host_may_be_opened(client):
    policy = (await client.get("/", headers={"Host": "callx.example:8080"})).headers["Content-Security-Policy"]
    assert "connect-src 'self' ws://callx.example:8080 wss://callx.example:8080;" in policy


def test_a_host_cannot_add_to_the_policy():
    assert "evil" not in static_files.security_headers("evil; script-src *")["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../core/web.py",
        "/static/%2e%2e/core/web.py",
        "/static//etc/passwd",
        "/static/js/package.json",
        "/static/nothing.js",
        "/missing.png",
        "/voice/v1/nothing",
        "/rest",
    ],
)
async def test_what_is_no_file_of_the_application_is_not_there(client, path):
    assert (await client.get(path)).status == 404


async def test_a_wire_keeps_its_own_answers(client):
    assert (await client.get("/voice/v1/calls")).status == 405


def test_hidden_files_and_links_out_of_the_folder_are_not_served(tmp_path: Path):
    outside = tmp_path / "outside.js"
    outside.write_text("secret")
    folder = tmp_path / "static"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "x.js").write_text("x")
    (folder / "a.js").write_text("a")
    (folder / "link.js").symlink_to(outside)
    assert list(static_files.list_files(folder)) == ["a.js"]


@pytest.mark.may_block
async def test_in_a_watched_folder_changes_are_seen_at_the_next_request(aiohttp_client, tmp_path: Path):
    app = web.Application(middlewares=[errors_to_json])
    for name in ("index.html", "a.js", "b.js"):
        (tmp_path / name).write_text("old")
    static_files.add_routes(app, tmp_path, watch=True)
    client = await aiohttp_client(app)
    first = await client.get("/static/a.js")
    (tmp_path / "a.js").write_text("changed")
    (tmp_path / "b.js").unlink()
    (tmp_path / "new.js").write_text("new")
    again = await client.get("/static/a.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.text()) == (200, "changed")
    assert (await client.get("/static/b.js")).status == 404
    assert await (await client.get("/static/new.js")).text() == "new"
    assert (await client.get("/static/../conftest.py")).status == 404


@pytest.mark.may_block
async def test_without_watching_the_disk_is_not_looked_at(aiohttp_client, tmp_path: Path):
    app = web.Application(middlewares=[errors_to_json])
    (tmp_path / "a.js").write_text("old")
    static_files.add_routes(app, tmp_path)
    client = await aiohttp_client(app)
    (tmp_path / "a.js").write_text("changed")
    assert await (await client.get("/static/a.js")).text() == "old"
