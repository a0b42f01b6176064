"""A real Chromium over the real server."""

import asyncio
import shutil
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.team import Team, team_with_a_history
from tests.support.running_server import RunningServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
RESULTS = Path(__file__).parent / "results"

OpenBrowser = Callable[..., Awaitable[Browser]]

expect.set_options(timeout=20_000)
"""Milliseconds that what should happen may take, on a machine that is busy with other tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests are skipped, and everybody can read that they were."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="!!! NO CHROMIUM: the browser tests were skipped"))
    if CHROMIUM is None:
        warnings.warn("!!! NO CHROMIUM: the browser tests were skipped", stacklevel=1)


@pytest.fixture
async def running_server(tmp_path: Path) -> AsyncIterator[RunningServer]:
    """The program with its demo content, over a folder of the test's own."""
    server = RunningServer(tmp_path / "data")
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def shared_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    """The same for all tests that do not mind what others did."""
    server = RunningServer(tmp_path_factory.mktemp("shared") / "data")
    await server.start()
    yield server
    await server.stop()


@asynccontextmanager
async def browsers() -> AsyncIterator[OpenBrowser]:
    async with async_playwright() as playwright:
        started: list[Browser] = []

        async def start(microphone: Path | None = None, *, allow_microphone: bool = True) -> Browser:
            flags = [
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--autoplay-policy=no-user-gesture-required",
            ]
            if microphone is not None:
                flags += [
                    "--use-fake-device-for-media-stream",
                    f"--use-file-for-fake-audio-capture={microphone}%noloop",
                ]
            if allow_microphone and microphone is not None:
                flags.append("--use-fake-ui-for-media-stream")
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
            started.append(browser)
            return browser

        yield start
        for browser in started:
            await browser.close()


@pytest.fixture
async def open_browser() -> AsyncIterator[OpenBrowser]:
    """Starts Chromium; `microphone` is the WAV file that its microphone hears."""
    async with browsers() as start:
        yield start


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def shared_browser() -> AsyncIterator[Browser]:
    """A Chromium without a microphone, for tests that open contexts of their own in it."""
    async with browsers() as start:
        yield await start()


HANG_UP = """async () => {
    const call = JSON.parse(sessionStorage.getItem("callx.call"))?.call.call_id;
    const login = JSON.parse(localStorage.getItem("callx.login"));
    const headers = {Authorization: `Bearer ${login?.access_token}`};
    if (call) await fetch(`/voice/v1/calls/${call}`, {method: "DELETE", headers});
}"""


@pytest_asyncio.fixture(loop_scope="package")
async def page(shared_browser: Browser) -> AsyncIterator[Page]:
    """A page of a browser that nobody has used; a call that is still open in it at the end is hung up."""
    context = await shared_browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    yield page
    await page.evaluate(HANG_UP)
    await context.close()


async def screenshot(page: Page, name: str, *, full_page: bool = True) -> None:
    """Keeps what the page looks like now, for people to look at."""
    await asyncio.to_thread(RESULTS.mkdir, exist_ok=True)
    await page.screenshot(path=RESULTS / f"{name}.png", full_page=full_page)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def team(shared_server: RunningServer) -> AsyncIterator[Team]:
    """The demo manager's team with a history, on the shared server."""
    async with aiohttp.ClientSession() as client:
        yield await team_with_a_history(shared_server, client)
