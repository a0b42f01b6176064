"""Makes the pictures of README and user guide anew: `python -m tests.browser.take_pictures`; takes four minutes."""

import asyncio
import io
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import av.filter
from playwright.async_api import Page, expect

from tests.browser import guide_pictures, steps
from tests.browser.conftest import browsers
from tests.support.running_server import ROOT, RunningServer
from tests.support.spoken import Pause, write_script

IMAGES = ROOT / "docs" / "images"
WINDOW = {"width": 1280, "height": 800}
PHOTOGRAPHED_REPLY = 4
"""After this one Dana tells what it led to."""
STILL_AFTER_MS = 1_000
TELLING = "My landlord charged me"


async def main() -> None:
    """The good call with Dana, photographed while she speaks, its report card, and what the three roles see."""
    (IMAGES / "guide").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = RunningServer(Path(folder) / "data")
        await server.start()
        silence, voice = Path(folder) / "silence.wav", Path(folder) / "voice.wav"
        write_script(silence, [Pause(1_000)])
        write_script(voice, ["Thank you for calling. How can I help you today? My name is Peter."])
        try:
            async with browsers() as start:
                browser = await start(silence)
                context = await browser.new_context(viewport=WINDOW, color_scheme="light")  # type: ignore[arg-type]
                call_id = await take(await context.new_page(), server.url)
                await guide_pictures.take(server, await start(voice), keep, call_id)
        finally:
            await server.stop()


async def keep(page: Page, name: str) -> None:
    """Into the guide's folder, once nothing moves."""
    await page.wait_for_timeout(STILL_AFTER_MS)
    (IMAGES / "guide" / f"{name}.png").write_bytes(smaller(await page.screenshot()))


async def take(page: Page, url: str) -> str:
    """Plays the call on `page`; its id."""
    await steps.sign_in(page, url)
    await steps.open_brief(page)
    await page.get_by_role("button", name="Start call").click()
    await expect(page.get_by_text(steps.OPENING)).to_be_visible(timeout=30_000)
    for number, text in enumerate(steps.GOOD_REPLIES):
        await expect(page.locator("[data-part=status]")).to_have_text("Dana is listening", timeout=30_000)
        await page.get_by_role("button", name="Type", exact=True).click()
        await steps.reply(page, text)
        await page.get_by_role("button", name="Type", exact=True).click()
        if number == PHOTOGRAPHED_REPLY:
            await expect(page.get_by_text(TELLING)).to_be_visible(timeout=30_000)
            await page.wait_for_timeout(STILL_AFTER_MS)
            (IMAGES / "live-call.png").write_bytes(smaller(await page.screenshot()))
    await steps.see_report(page)
    await page.wait_for_timeout(STILL_AFTER_MS)
    (IMAGES / "report-card.png").write_bytes(smaller(await page.screenshot()))
    return page.url.rpartition("/")[2]


def smaller(png: bytes) -> bytes:
    """The picture in half the bytes or less: 256 colours, chosen for it."""
    with av.open(io.BytesIO(png), mode="r") as source:
        frame = next(source.decode(video=0))
    palette = av.filter.Graph()
    start = palette.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 1))
    split, choose = palette.add("split"), palette.add("palettegen", "reserve_transparent=0")
    use, end = palette.add("paletteuse", "dither=none"), palette.add("buffersink")
    start.link_to(split)
    split.link_to(use, 0, 0)
    split.link_to(choose, 1, 0)
    choose.link_to(use, 0, 1)
    use.link_to(end)
    palette.configure()
    frame.pts = 0
    palette.push(frame)
    palette.push(None)
    reduced = palette.pull()
    assert isinstance(reduced, av.VideoFrame)
    encoder = av.CodecContext.create("png", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = reduced.width, reduced.height, "pal8"
    encoder.time_base = Fraction(1, 1)
    encoder.options = {"pred": "none", "compression_level": "9"}
    return b"".join(bytes(packet) for packet in [*encoder.encode(reduced), *encoder.encode(None)])


if __name__ == "__main__":
    asyncio.run(main())
