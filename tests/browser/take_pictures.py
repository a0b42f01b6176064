"""Makes the README's pictures anew: `python -m tests.browser.take_pictures`, with Chromium; takes about two minutes."""

import asyncio
import io
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import browsers
from tests.support.running_server import ROOT, RunningServer
from tests.support.spoken import Pause, write_script

IMAGES = ROOT / "docs" / "images"
WINDOW = {"width": 1280, "height": 800}
PHOTOGRAPHED_REPLY = 4
"""After this one Dana tells what it led to."""
TELLING = "My landlord charged me"


async def main() -> None:
    """The good call with Dana, photographed while she speaks, and its report card."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = RunningServer(Path(folder) / "data")
        await server.start()
        silence = Path(folder) / "silence.wav"
        write_script(silence, [Pause(1_000)])
        async with browsers() as start:
            browser = await start(silence)
            context = await browser.new_context(viewport=WINDOW, color_scheme="light")  # type: ignore[arg-type]
            await take(await context.new_page(), server.url)
        await server.stop()


async def take(page: Page, url: str) -> None:
    """Plays the call on `page`."""
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
            await page.wait_for_timeout(1_000)
            (IMAGES / "live-call.png").write_bytes(smaller(await page.screenshot()))
    await steps.see_report(page)
    await page.wait_for_timeout(1_000)
    (IMAGES / "report-card.png").write_bytes(smaller(await page.screenshot()))


def smaller(png: bytes) -> bytes:
    """The picture in half the bytes: the lowest bit of each colour, which only dithers gradients, is dropped."""
    with av.open(io.BytesIO(png), mode="r") as source:
        pixels = next(source.decode(video=0)).to_ndarray(format="rgb24")
    even = (np.minimum(pixels.astype(np.uint16) + 1, 255) & 0xFE).astype(np.uint8)
    encoder = av.CodecContext.create("png", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    height, width, _ = even.shape
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "rgb24"
    encoder.time_base = Fraction(1, 1)
    encoder.options = {"pred": "none", "compression_level": "9"}
    frame = av.VideoFrame.from_ndarray(even, format="rgb24")
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])


if __name__ == "__main__":
    asyncio.run(main())
