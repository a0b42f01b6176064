"""A real Chromium over the real server."""

import asyncio
import shutil
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.support.running_server import RunningServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
RESULTS = Path(__file__).parent / "results"

OpenPage = Callable[..., Awaitable[Page]]


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


@pytest.fixture
async def open_browser() -> AsyncIterator[Callable[..., Awaitable[Browser]]]:
    """Starts Chromium; `microphone` is the WAV file that its microphone hears."""
    async with async_playwright() as playwright:
        browsers = []

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
            browsers.append(browser)
            return browser

        yield start
        for browser in browsers:
            await browser.close()


async def screenshot(page: Page, name: str) -> None:
    """Keeps what the page looks like now, for people to look at."""
    await asyncio.to_thread(RESULTS.mkdir, exist_ok=True)
    await page.screenshot(path=RESULTS / f"{name}.png", full_page=True)
