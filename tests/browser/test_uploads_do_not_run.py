"""Hole 25 in a real browser: what somebody uploads has no script on our origin, whatever it says it is."""

import contextlib
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Error, Page

from core.db import Database
from core.storage import content_rules
from tests.app.support.shelf import Shelf, stored
from tests.app.support.wires import bearer, give_passwords, sign_in, wires
from tests.browser.conftest import OpenBrowser
from tests.clock import FixedClock
from tests.people import Cast

MARK = 'localStorage.setItem("ran", "yes")'
XML_START = '<?xml version="1.0"?>'
PAGES = {
    "page.html": ("text/html", f"<!doctype html><script>{MARK}</script>"),
    "drawing.svg": ("image/svg+xml", f'<svg xmlns="http://www.w3.org/2000/svg"><script>{MARK}</script></svg>'),
    "page.xhtml": (
        "application/xhtml+xml",
        f'{XML_START}<html xmlns="http://www.w3.org/1999/xhtml"><script>{MARK}</script></html>',
    ),
    "feed.xml": ("text/xml", f'{XML_START}<a><script xmlns="http://www.w3.org/1999/xhtml">{MARK}</script></a>'),
}
DISGUISED = {
    "film.mp4": ("video/mp4", PAGES["page.html"][1]),
    "picture.png": ("image/png", PAGES["page.html"][1]),
    "paper.pdf": ("application/pdf", PAGES["page.html"][1]),
    "text.txt": ("text/plain", PAGES["page.html"][1]),
    "unknown": ("application/octet-stream", PAGES["page.html"][1]),
}
WALLS = {"the attachment": "Content-Disposition", "the policy": "Content-Security-Policy"}


@pytest.fixture
async def server(aiohttp_server: Any, database: Database, cast: Cast, clock: FixedClock) -> TestServer:
    """The wires over one origin."""
    await give_passwords(database, cast)
    server: TestServer = await aiohttp_server(wires(database, clock))
    return server


@pytest.fixture
async def shelf(server: TestServer, aiohttp_client: Any) -> Shelf:
    """An admin who has made a bucket that takes everything and is open to everybody."""
    client = await aiohttp_client(server)
    shelf = Shelf(client, bearer(await sign_in(client, "ada")))
    assert (await shelf.ask("POST", "/bucket", json={"id": "anything", "public": True})).status == 200
    return shelf


@pytest.fixture
async def page(open_browser: OpenBrowser) -> Page:
    """A page of a browser of the test's own."""
    return await (await open_browser()).new_page()


async def that_run(page: Page, server: TestServer, shelf: Shelf, uploads: dict[str, tuple[str, str]]) -> list[str]:
    """Which of these, opened by their addresses, can write into our origin's storage."""
    ran = []
    for name, (content_type, text) in uploads.items():
        await stored(await shelf.put(f"anything/{name}", text.encode(), content_type))
        with contextlib.suppress(Error):  # a download is no page
            await page.goto(str(server.make_url(f"/storage/v1/object/public/anything/{name}")))
        await page.goto(str(server.make_url("/auth/v1/health")))
        if await page.evaluate('localStorage.getItem("ran")') is not None:
            ran.append(name)
        await page.evaluate("localStorage.clear()")
    return ran


def take_out(monkeypatch: pytest.MonkeyPatch, *headers: str) -> None:
    whole = content_rules.headers

    def without(*arguments: Any, **keywords: Any) -> dict[str, str]:
        return {name: value for name, value in whole(*arguments, **keywords).items() if name not in headers}

    monkeypatch.setattr(content_rules, "headers", without)


async def test_hole_25_an_upload_runs_on_our_origin(server: TestServer, shelf: Shelf, page: Page):
    assert await that_run(page, server, shelf, PAGES | DISGUISED) == []


@pytest.mark.parametrize("missing", WALLS)
async def test_each_wall_holds_when_the_other_is_gone(
    server: TestServer, shelf: Shelf, page: Page, monkeypatch: pytest.MonkeyPatch, missing: str
):
    take_out(monkeypatch, WALLS[missing])
    assert await that_run(page, server, shelf, PAGES) == []


async def test_hole_25_is_open_without_both_walls(
    server: TestServer, shelf: Shelf, page: Page, monkeypatch: pytest.MonkeyPatch
):
    take_out(monkeypatch, *WALLS.values())
    assert await that_run(page, server, shelf, PAGES) == [*PAGES]


async def test_hole_25_a_page_of_ours_loads_an_upload_as_a_script(
    server: TestServer, shelf: Shelf, page: Page, monkeypatch: pytest.MonkeyPatch
):
    load = "(name) => import(`/storage/v1/object/public/anything/${name}`).then(() => true, () => false)"
    for name in ("code.js", "more.js"):
        await stored(await shelf.put(f"anything/{name}", f"{MARK};".encode(), "text/javascript"))
    await page.goto(str(server.make_url("/auth/v1/health")))
    assert await page.evaluate(load, "code.js") is False
    assert await page.evaluate('localStorage.getItem("ran")') is None

    monkeypatch.setattr(content_rules, "_sent", lambda content_type: content_type)
    assert await page.evaluate(load, "more.js") is True
    assert await page.evaluate('localStorage.getItem("ran")') == "yes"
