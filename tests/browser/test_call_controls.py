"""What a telephone can do besides speaking: hold, the keypad, push to talk, notes."""

import json
import re
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, WebSocket, expect

from tests.browser import steps
from tests.browser.accessibility import axe_rules
from tests.browser.conftest import OpenBrowser, browsers
from tests.browser.inspection import SMALLEST, WIDE, Inspection
from tests.support.running_server import RunningServer
from tests.support.spoken import ESPEAK, SOX, Pause, write_script

pytestmark = [
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.slow,
    pytest.mark.skipif(not (ESPEAK and SOX), reason="!!! NO espeak-ng OR sox: the microphone was left out"),
]

NOTE = "Account 4471-90\nrefund, 3 to 5 days"
PATIENCE_MS = 20_000
SOUND = "sound"


@pytest_asyncio.fixture(loop_scope="package")
async def launch() -> AsyncIterator[OpenBrowser]:
    """Starts browsers with a microphone of the test's choice."""
    async with browsers() as start:
        yield start


class Wire:
    """What the page has sent to the call, in order; runs of sound stand as one `SOUND`."""

    def __init__(self, page: Page) -> None:
        self.sent: list[Any] = []
        page.on("websocket", self._watch)

    def _watch(self, socket: WebSocket) -> None:
        if socket.url.endswith("/socket"):
            socket.on("framesent", self._sent)

    def _sent(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            message = json.loads(frame)
            if message["type"] in {"hold", "keypad", "talk", "mute"}:
                self.sent.append(message)
        elif self.sent[-1:] != [SOUND]:
            self.sent.append(SOUND)


async def until(page: Page, true: Callable[[], bool], what: str) -> None:
    for _ in range(PATIENCE_MS // 50):
        if true():
            return
        await page.wait_for_timeout(50)
    raise AssertionError(what)


def talk(*, pressed: bool) -> dict[str, Any]:
    return {"type": "talk", "pressed": pressed}


def status_of(page: Page) -> Locator:
    return page.locator("[data-part=status]")


async def call_with_a_microphone(launch: OpenBrowser, server: RunningServer, folder: Path) -> tuple[Page, Wire]:
    write_script(folder / "silence.wav", [Pause(1_000)])
    browser = await launch(folder / "silence.wav")
    page = await browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    wire = Wire(page)
    await steps.sign_in(page, server.url)
    await steps.open_brief(page)
    await page.get_by_role("button", name="Start call").click()
    await expect(page.get_by_text(steps.OPENING)).to_be_visible(timeout=30_000)
    return page, wire


async def test_hold_keypad_push_to_talk_and_notes_from_call_to_report(
    shared_server: RunningServer, launch: OpenBrowser, tmp_path: Path
):
    page, wire = await call_with_a_microphone(launch, shared_server, tmp_path)
    await hold_and_come_back(page, wire)
    await dial(page, wire)
    await push_to_talk(page, wire)
    await page.keyboard.press("n")
    await expect(page.get_by_role("textbox", name="Your notes")).to_be_focused()
    await page.keyboard.type(NOTE)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Notes")).to_be_focused()
    await page.get_by_role("button", name="Type").click()
    await steps.reply(page, steps.GOOD_REPLIES[0])
    await steps.end_call(page)
    await steps.see_report(page)
    noted = page.get_by_role("region", name="Your notes")
    await expect(noted.locator(".own-notes__text")).to_have_text(NOTE)


async def hold_and_come_back(page: Page, wire: Wire) -> None:
    hold = page.locator("[data-do=hold]")
    await page.keyboard.press("h")
    await expect(status_of(page)).to_have_text(re.compile(r"^On hold \d:\d\d$"))
    await expect(status_of(page)).to_have_text(re.compile(r"^On hold \d:0[2-9]$"))
    await expect(hold).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_role("button", name="Resume")).to_be_visible()
    await hold.click()
    await expect(status_of(page)).not_to_contain_text("On hold")
    await expect(hold).to_have_attribute("aria-pressed", "false")
    held = [message for message in wire.sent if message != SOUND and message["type"] == "hold"]
    assert held == [{"type": "hold", "on": True}, {"type": "hold", "on": False}]


async def dial(page: Page, wire: Wire) -> None:
    await page.keyboard.press("5")
    await page.keyboard.press("k")
    await expect(page.get_by_role("region", name="Keypad")).to_be_visible()
    await page.keyboard.press("4")
    await page.keyboard.press("#")
    await page.get_by_role("button", name="7", exact=True).click()
    await expect(page.get_by_label("Keys pressed")).to_have_text("4#7")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("region", name="Keypad")).to_be_hidden()
    await expect(page.get_by_role("button", name="Keypad")).to_be_focused()
    digits = [message["digit"] for message in wire.sent if message != SOUND and message["type"] == "keypad"]
    assert digits == ["4", "#", "7"], "only while it is open"


async def push_to_talk(page: Page, wire: Wire) -> None:
    button = page.locator("[data-talk]")
    await page.keyboard.press("p")
    await expect(button).to_be_focused()
    await expect(page.locator("[data-do=mute]")).to_be_hidden()
    assert wire.sent[-1] == talk(pressed=False)

    keys = page.keyboard
    enter = partial(keys.press, "Enter")
    for press, let_go in ((partial(keys.down, "Space"), partial(keys.up, "Space")), (enter, enter)):
        before = len(wire.sent)
        await press()
        await expect(button).to_have_attribute("aria-pressed", "true")
        await until(page, lambda: wire.sent[-1] == SOUND, "no sound while talking")
        await page.wait_for_timeout(400)  # longer than a tap
        await let_go()
        await expect(button).to_have_attribute("aria-pressed", "false")
        await until(page, lambda: wire.sent[-1] == talk(pressed=False), "sound goes on")
        assert wire.sent[before:] == [talk(pressed=True), SOUND, talk(pressed=False)]

    await page.locator("[data-do=push]").click()
    await until(page, lambda: wire.sent[-1] == SOUND, "the microphone stays off")
    assert wire.sent[-2] == {"type": "mute", "on": False}
    await expect(button).to_be_hidden()
    await page.locator(".call__status").click()


async def test_every_state_of_the_controls_keeps_the_rules_and_fits(
    shared_server: RunningServer, launch: OpenBrowser, tmp_path: Path
):
    page, _wire = await call_with_a_microphone(launch, shared_server, tmp_path)
    inspection = Inspection(page, await axe_rules())
    await page.keyboard.press("h")
    await expect(status_of(page)).to_contain_text("On hold")
    await inspection.look("call-hold")
    await page.keyboard.press("h")
    await page.keyboard.press("k")
    await page.keyboard.press("4")
    await inspection.look("call-keypad")
    await page.keyboard.press("Escape")
    await page.keyboard.press("p")
    await inspection.look("call-push-to-talk")
    await page.keyboard.press("n")
    await page.keyboard.type(NOTE)
    await inspection.look("call-notes")
    await page.keyboard.press("Escape")
    await page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
    await page.get_by_role("button", name="More").click()
    await expect(page.get_by_role("button", name="Keypad")).to_be_visible()
    await inspection.look("call-more")
    await fits_below_the_captions(page)
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await steps.end_call(page)
    assert not inspection.findings, "\n".join(inspection.findings)


async def fits_below_the_captions(page: Page) -> None:
    """At 320 px nothing lies over the captions, and each control is big enough for a finger."""
    await page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
    captions = await page.locator(".call__captions").bounding_box()
    controls = await page.locator(".controls").bounding_box()
    assert captions is not None
    assert controls is not None
    assert captions["height"] >= 96
    assert captions["y"] + captions["height"] <= controls["y"] + 1
    assert controls["y"] + controls["height"] <= SMALLEST["height"] + 1
    for control in await page.locator(".control:visible").all():
        box = await control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40, await control.text_content()
