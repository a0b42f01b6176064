"""Videos in a real Chromium: played in parts, gone on with, over links that run out, told to the server, completed."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, Request, Route, expect

from tests.browser import steps, videos
from tests.browser.accessibility import axe_rules, broken_rules, sticks_out
from tests.browser.conftest import screenshot
from tests.support.films import film, pdf
from tests.support.running_server import RunningServer
from tests.support.visitor import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

PATIENCE_MS = 30_000
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


async def state(page: Page) -> dict[str, Any]:
    """What the video element says."""
    told: dict[str, Any] = await page.locator("video").evaluate(
        "(v) => ({at: v.currentTime, paused: v.paused, speed: v.playbackRate, length: v.duration, ready: v.readyState})"
    )
    return told


async def plays_beyond(page: Page, seconds: float) -> None:
    await eventually(lambda: state(page), lambda seen: seen["at"] > seconds)


async def test_a_video_is_watched_told_and_completed(shared_server: RunningServer, page: Page):
    lesson = await videos.make_lesson(
        shared_server, "Hear them out", film=film(6), must_watch=True, text_content="<p>What it shows.</p>"
    )
    ranges: list[str | None] = []
    page.on("request", lambda request: ranges.append(request.headers.get("range")) if is_film(request) else None)
    await steps.sign_in(page, shared_server.url)
    await page.goto(lesson.address(shared_server))
    rule = page.locator("[data-rule]")
    await expect(rule).to_have_text("Watch at least 90 % of the video to complete this lesson. 0 % watched.")
    await expect(page.get_by_role("button", name="Mark complete")).to_have_count(0)
    await eventually(lambda: state(page), lambda seen: seen["ready"] >= 2)
    assert ranges
    assert all(value and value.startswith("bytes=") for value in ranges), "Chromium asks for parts, and gets them"
    await page.get_by_label("Speed").select_option("2")
    await page.get_by_role("group", name="Video controls").get_by_role("button", name="Play").click()
    await expect(page.locator("[data-completed]")).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.locator("#polite")).to_have_text("Lesson completed")
    await expect(rule).to_have_text("100 % watched.")
    assert (await videos.watched(page, lesson))["watched_ms"] >= 5_400


def is_film(request: Request) -> bool:
    return "/lesson-videos/" in request.url and "token=" in request.url


async def test_one_goes_on_where_one_was(shared_server: RunningServer, page: Page):
    lesson = await videos.make_lesson(shared_server, "Go on", film=film(60))
    await steps.sign_in(page, shared_server.url)
    await page.goto(lesson.address(shared_server))
    await eventually(lambda: state(page), lambda seen: seen["ready"] >= 2)
    picture = page.locator("video")
    await picture.focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("l")
    await page.keyboard.press("Space")
    await plays_beyond(page, 16)
    await page.keyboard.press("Space")
    await eventually(lambda: videos.watched(page, lesson), lambda row: row["position_ms"] > 15_000)
    assert (await videos.watched(page, lesson))["watched_ms"] < 10_000, "what was skipped was not watched"

    await page.get_by_role("link", name=re.compile(lesson.product)).click()
    await page.goto(lesson.address(shared_server))
    go_on = page.get_by_role("button", name=re.compile(r"Continue at 0:1\d"))
    await expect(go_on).to_be_visible(timeout=PATIENCE_MS)
    await screenshot(page, "video-resume")
    await go_on.click()
    await plays_beyond(page, 15.5)
    await expect(go_on).to_be_hidden()
    await page.keyboard.press("0")
    assert (await state(page))["at"] < 5


async def test_keys_work_in_the_player_and_nowhere_else(shared_server: RunningServer, page: Page):
    lesson = await videos.make_lesson(shared_server, "Keys", film=film(30))
    await steps.sign_in(page, shared_server.url)
    await page.goto(lesson.address(shared_server))
    await eventually(lambda: state(page), lambda seen: seen["ready"] >= 2)
    await page.keyboard.press("k")
    await page.keyboard.press("ArrowRight")
    assert await state(page) == await state(page) | {"at": 0, "paused": True}
    await page.locator("video").focus()
    await page.keyboard.press(">")
    await page.keyboard.press("5")
    seen = await eventually(lambda: state(page), lambda now: now["at"] > 14)
    assert (seen["speed"], seen["paused"]) == (1.25, True)
    await page.keyboard.press("m")
    await expect(page.get_by_role("button", name="Mute")).to_have_attribute("aria-pressed", "true")


async def test_a_link_that_runs_out_is_made_anew_at_the_same_place(shared_server: RunningServer, page: Page):
    content = film(20, width=320, grain=60)
    assert len(content) > 300_000
    lesson = await videos.make_lesson(shared_server, "Long enough", film=content)
    tokens: list[str] = []
    half = len(content) // 2

    async def answer(route: Route) -> None:
        token = route.request.url.rpartition("token=")[2]
        if token not in tokens:
            tokens.append(token)
        asked = re.search(r"bytes=(\d+)", route.request.headers.get("range", ""))
        begin = int(asked[1]) if asked else 0
        if token != tokens[0]:
            await route.continue_()
        elif begin < half:
            headers = {"Content-Type": "video/webm", "Content-Range": f"bytes {begin}-{half - 1}/{len(content)}"}
            await route.fulfill(status=206, headers=headers, body=content[begin:half])
        else:
            await route.fulfill(status=400, json={"statusCode": "400", "error": "InvalidJWT", "message": "jwt expired"})

    await page.route(re.compile(r"/object/sign/lesson-videos/.*token="), answer)
    await steps.sign_in(page, shared_server.url)
    await page.goto(lesson.address(shared_server))
    await eventually(lambda: state(page), lambda seen: seen["ready"] >= 2)
    await page.get_by_label("Speed").select_option("2")
    await page.get_by_role("group", name="Video controls").get_by_role("button", name="Play").click()
    seen = await eventually(lambda: state(page), lambda now: now["at"] > 14 and not now["paused"])
    assert seen["speed"] == 2, "with the speed that was chosen"
    assert len(tokens) > 1
    await eventually(lambda: videos.watched(page, lesson), lambda row: row["watched_ms"] > 9_000)


@pytest.mark.parametrize(("content", "text"), [(b"no film", "cannot play this video"), (None, "is not there any more")])
async def test_what_cannot_be_played_says_why(
    shared_server: RunningServer, page: Page, content: bytes | None, text: str
):
    columns: dict[str, Any] = {} if content else {"video_url": "nowhere/film.webm"}
    lesson = await videos.make_lesson(shared_server, "Odd", film=content, must_watch=True, **columns)
    await steps.sign_in(page, shared_server.url)
    await page.goto(lesson.address(shared_server))
    await expect(page.locator("[data-trouble]")).to_contain_text(text, timeout=PATIENCE_MS)
    await screenshot(page, f"video-{'unsupported' if content else 'missing'}")
    await page.get_by_role("button", name="Mark complete").click()
    await expect(page.locator("[data-completed]")).to_be_visible()


async def test_what_was_watched_without_a_connection_is_told_when_it_is_back(shared_server: RunningServer, page: Page):
    lesson = await videos.make_lesson(shared_server, "On the train", film=film(30))
    await steps.sign_in(page, shared_server.url)
    await page.goto(lesson.address(shared_server))
    await eventually(lambda: state(page), lambda seen: seen["ready"] == 4)
    await page.context.set_offline(True)
    await page.locator("video").focus()
    await page.keyboard.press("Space")
    await plays_beyond(page, 3)
    await page.keyboard.press("Space")
    await page.context.set_offline(False)
    await eventually(lambda: videos.watched(page, lesson), lambda row: row["watched_ms"] >= 2_500)


async def test_a_video_elsewhere_is_an_honest_link(shared_server: RunningServer, page: Page):
    lesson = await videos.make_lesson(shared_server, "Elsewhere", video_url="https://www.youtube.com/watch?v=x")
    await steps.sign_in(page, shared_server.url)
    await page.goto(lesson.address(shared_server))
    link = page.get_by_role("link", name="Watch at youtube.com")
    await expect(link).to_have_attribute("href", "https://www.youtube.com/watch?v=x")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await screenshot(page, "video-elsewhere")
    await page.get_by_role("button", name="Mark complete").click()
    await expect(page.locator("[data-completed]")).to_be_visible()


async def test_captions_and_attachments(shared_server: RunningServer, page: Page):
    attachments = {
        "handbook.pdf": (pdf("The deposit is kept."), "application/pdf"),
        "picture.png": (PICTURE, "image/png"),
        "gone.csv": (b"a,b", "text/csv"),
    }
    lesson = await videos.make_lesson(
        shared_server,
        "With everything",
        film=film(20, width=640, grain=20),
        attachments=attachments,
        captions=True,
        text_content="<h2>What it shows</h2><p>How to listen.</p>",
    )
    await steps.sign_in(page, shared_server.url)
    await page.goto(lesson.address(shared_server))
    button = page.get_by_role("button", name="Captions")
    await expect(button).to_be_enabled(timeout=PATIENCE_MS)
    await button.click()
    await expect(button).to_have_attribute("aria-pressed", "true")
    await page.locator("video").focus()
    await page.keyboard.press("k")
    await eventually(lambda: page.locator("video").evaluate("(v) => v.textTracks[0].activeCues?.[0]?.text"))
    await page.keyboard.press("k")
    panel = page.get_by_role("region", name="Attachments")
    await expect(panel.get_by_role("listitem")).to_have_count(3)
    await expect(panel).not_to_contain_text("film.en.vtt")
    await expect(panel.locator("img")).to_be_visible(timeout=PATIENCE_MS)
    async with page.expect_download() as coming:
        await panel.get_by_role("button", name="Download handbook.pdf").click()
    assert (await coming.value).suggested_filename == "handbook.pdf"
    for width, scheme in ((1280, "light"), (390, "dark"), (390, "light"), (1280, "dark")):
        await page.set_viewport_size({"width": width, "height": 844})
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await screenshot(page, f"video-{width}-{scheme}")
        assert await broken_rules(page, await axe_rules()) == []
    for width in (320, 390):
        await page.set_viewport_size({"width": width, "height": 800})
        assert await sticks_out(page) == []
