"""The main story: a trainee signs in, talks to Dana, and sees where the call went wrong."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import screenshot
from tests.support.running_server import RunningServer
from tests.support.spoken import ESPEAK, SOX, Pause, decoded, sound_spans, word_errors, write_script

pytestmark = pytest.mark.skipif(not (ESPEAK and SOX), reason="!!! NO espeak-ng OR sox: the spoken call was skipped")

LINES = (
    "Hello, my name is Peter. I am very sorry, that must have been a difficult week.",
    "I want to help you with this. Please tell me your account number and your date of birth.",
    "I have refunded the second charge to your card.",
)
"""None of them is in the phrase book."""
SCRIPT: tuple[str | Pause, ...] = (
    Pause(12_500),
    LINES[0],
    Pause(7_500),
    LINES[1],
    Pause(10_000),
    LINES[2],
    Pause(9_000),
)
MOST_WRONG_WORDS = 0.30
RECORDING_LENGTH_TOLERANCE_MS = 200
PLACE_TOLERANCE_MS = 100


async def sign_in(page: Page, server: RunningServer) -> None:
    await page.goto(server.url)
    await page.get_by_label("E-mail").fill("trainee@callx.example")
    await page.get_by_label("Password", exact=True).fill("callx-demo")
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("heading", name="Inbound Service Essentials")).to_be_visible()


async def open_simulation(page: Page) -> None:
    await page.get_by_role("heading", name="Inbound Service Essentials").click()
    await page.get_by_role("link", name=re.compile("Charged twice", re.IGNORECASE)).first.click()
    await expect(page.get_by_role("heading", name=re.compile("Charged twice", re.IGNORECASE)).first).to_be_visible()


async def own(page: Page, path: str) -> Any:
    """A request as the signed-in person of the page."""
    return await page.evaluate(
        """async (path) => {
            const kept = Object.values(localStorage).find((text) => text.includes("access_token"));
            const token = JSON.parse(kept).access_token;
            const answer = await fetch(path, {headers: {Authorization: `Bearer ${token}`}});
            if (path.endsWith("/recording")) {
                const bytes = new Uint8Array(await answer.arrayBuffer());
                let text = "";
                for (const byte of bytes) text += String.fromCharCode(byte);
                return btoa(text);
            }
            return answer.json();
        }""",
        path,
    )


@pytest.mark.slow
async def test_a_spoken_call_from_the_brief_to_the_report_card(
    running_server: RunningServer, open_browser: Callable[..., Awaitable[Browser]], tmp_path: Path
):
    microphone = tmp_path / "microphone.wav"
    write_script(microphone, SCRIPT)
    browser = await open_browser(microphone)
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    await sign_in(page, running_server)
    await open_simulation(page)
    await page.get_by_role("button", name=re.compile("Start call")).click()
    await expect(page.get_by_text("Finally, a human being", exact=False)).to_be_visible(timeout=30_000)
    await screenshot(page, "live-call")
    await page.wait_for_timeout(sum(part.length_ms for part in SCRIPT if isinstance(part, Pause)) + 4_000)
    await page.get_by_role("button", name=re.compile("End call")).click()
    await expect(page.get_by_text(re.compile("Passed|Not passed")).first).to_be_visible(timeout=60_000)
    await screenshot(page, "report-card")

    call_id = page.url.rstrip("/").split("/")[-1]
    await check_transcript(await own(page, f"/voice/v1/calls/{call_id}/transcript"))
    await check_recording(page, call_id)


async def check_transcript(transcript: Any) -> None:
    turns = transcript["turns"]
    assert {turn["speaker"] for turn in turns} == {"ai", "user"}
    heard = " ".join(turn["text"] for turn in turns if turn["speaker"] == "user")
    wrong, words = word_errors(" ".join(LINES), heard)
    assert wrong / words <= MOST_WRONG_WORDS, heard


async def check_recording(page: Page, call_id: str) -> None:
    import base64

    sound = await decoded(base64.b64decode(await own(page, f"/voice/v1/calls/{call_id}/recording")))
    call = await own(page, f"/voice/v1/calls/{call_id}")
    assert abs(len(sound) / 24 - call["duration_ms"]) <= RECORDING_LENGTH_TOLERANCE_MS
    turns = (await own(page, f"/voice/v1/calls/{call_id}/transcript"))["turns"]
    for channel, speaker in ((0, "user"), (1, "ai")):
        spans = sound_spans(sound[:, channel])
        for turn in (turn for turn in turns if turn["speaker"] == speaker):
            nearest = min(abs(start_ms - turn["start_ms"]) for start_ms, _ in spans)
            assert nearest <= PLACE_TOLERANCE_MS, (speaker, turn["text"], turn["start_ms"], spans)
