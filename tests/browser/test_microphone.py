"""What the brief says about a microphone that is blocked, missing, fine or too quiet."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from tests.browser import steps
from tests.browser.conftest import OpenBrowser, browsers, screenshot
from tests.support.running_server import RunningServer
from tests.support.spoken import ESPEAK, SOX, Pause, write_script

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

CHECK = re.compile("Check my microphone")
METER = ".meter__bar"


@pytest_asyncio.fixture(loop_scope="package")
async def launch() -> AsyncIterator[OpenBrowser]:
    """Starts browsers with a microphone of the test's choice."""
    async with browsers() as start:
        yield start


async def brief_in(context: BrowserContext, server: RunningServer) -> Page:
    page = await context.new_page()
    await steps.sign_in(page, server.url)
    await steps.open_brief(page)
    return page


async def test_a_blocked_microphone_is_explained_and_typing_works(
    shared_server: RunningServer, launch: OpenBrowser, tmp_path: Path
):
    write_script(tmp_path / "silence.wav", [Pause(1_000)])
    browser = await launch(tmp_path / "silence.wav", allow_microphone=False)
    page = await brief_in(await browser.new_context(viewport={"width": 1280, "height": 800}), shared_server)
    await page.get_by_role("button", name=CHECK).click()
    alert = page.get_by_role("alert").filter(has_text="The microphone is blocked for this site")
    await expect(alert).to_contain_text("Set “Microphone” to “Allow”")
    await screenshot(page, "microphone-blocked")
    await page.get_by_role("button", name="Start call").click()
    await expect(alert).to_be_visible()
    await steps.start_without_microphone(page)
    await steps.reply(page, steps.GOOD_REPLIES[0])
    await steps.end_call(page)


async def test_a_missing_microphone_is_explained(shared_server: RunningServer, page: Page):
    await page.context.grant_permissions(["microphone"])
    await steps.sign_in(page, shared_server.url)
    await steps.open_brief(page)
    await page.get_by_role("button", name=CHECK).click()
    alert = page.get_by_role("alert").filter(has_text="No microphone was found")
    await expect(alert).to_contain_text("Plug in a headset or a microphone")
    await expect(alert.get_by_role("button", name="Type instead of speaking")).to_be_visible()
    await screenshot(page, "microphone-missing")


KEEP_TRACKS = """
    window.tracks = [];
    const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await original(wanted);
        window.tracks.push(...stream.getTracks());
        return stream;
    };
"""
PULL_THE_PLUG = "for (const track of window.tracks) { track.stop(); track.dispatchEvent(new Event('ended')); }"


async def test_a_microphone_that_is_lost_in_a_call_can_be_had_back(
    shared_server: RunningServer, launch: OpenBrowser, tmp_path: Path
):
    write_script(tmp_path / "silence.wav", [Pause(1_000)])
    browser = await launch(tmp_path / "silence.wav")
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    await context.add_init_script(KEEP_TRACKS)
    page = await brief_in(context, shared_server)
    await page.get_by_role("button", name="Start call").click()
    await expect(page.get_by_text(steps.OPENING)).to_be_visible(timeout=30_000)
    await page.evaluate(PULL_THE_PLUG)
    await expect(page.get_by_text("Your microphone is gone.")).to_be_visible()
    await expect(page.locator("#assertive")).to_have_text("Microphone lost")
    await screenshot(page, "microphone-lost")
    await page.get_by_role("button", name="Use a microphone").click()
    await expect(page.get_by_text("Your microphone is gone.")).to_be_hidden()
    await expect(page.get_by_role("button", name="Mute")).to_be_visible()
    await steps.end_call(page)


@pytest.mark.skipif(not (ESPEAK and SOX), reason="!!! NO espeak-ng OR sox: nothing could be said")
async def test_a_voice_moves_the_meter_and_is_heard(shared_server: RunningServer, launch: OpenBrowser, tmp_path: Path):
    write_script(tmp_path / "voice.wav", ["Thank you for calling. How can I help you today? My name is Peter."])
    browser = await launch(tmp_path / "voice.wav")
    page = await brief_in(await browser.new_context(viewport={"width": 1280, "height": 800}), shared_server)
    await page.get_by_role("button", name=CHECK).click()
    await expect(page.get_by_text("We hear you well.")).to_be_visible()
    assert int(await page.locator(METER).get_attribute("width") or 0) > 0
    await screenshot(page, "microphone-heard")


async def test_a_silent_microphone_is_too_quiet(shared_server: RunningServer, launch: OpenBrowser, tmp_path: Path):
    write_script(tmp_path / "silence.wav", [Pause(8_000)])
    browser = await launch(tmp_path / "silence.wav")
    page = await brief_in(await browser.new_context(viewport={"width": 1280, "height": 800}), shared_server)
    await page.get_by_role("button", name=CHECK).click()
    await expect(page.get_by_text("Say a few words")).to_be_visible()
    await expect(page.get_by_text("We hear almost nothing.")).to_be_visible(timeout=10_000)
    await screenshot(page, "microphone-too-quiet")
