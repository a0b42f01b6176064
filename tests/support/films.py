"""Small films and PDFs, made when they are needed."""

import io
from typing import Any

import av
import numpy as np
from reportlab.pdfgen import canvas

FILM_PER_SECOND = 10


def film(
    seconds: float = 12.0, *, codec: str = "libvpx", container: str = "webm", width: int = 64, grain: int = 0
) -> bytes:
    """A film whose picture grows brighter; VP8 in WebM, which every Chromium plays. `grain` makes it large."""
    chance = np.random.default_rng(7)
    out = io.BytesIO()
    with av.open(out, "w", format=container) as film:
        stream: Any = film.add_stream(codec, rate=FILM_PER_SECOND)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = width, width * 9 // 16, "yuv420p", 5
        for number in range(round(seconds * FILM_PER_SECOND)):
            picture = np.full((width * 9 // 16, width, 3), number % 160 + 40, np.uint8)
            picture += chance.integers(0, grain + 1, picture.shape, np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")):
                film.mux(packet)
        for packet in stream.encode(None):
            film.mux(packet)
    return out.getvalue()


def pdf(*pages: str, password: str | None = None) -> bytes:
    """A PDF with these pages; a page without words is a page with a rectangle."""
    out = io.BytesIO()
    paper = canvas.Canvas(out, encrypt=password)
    for text in pages:
        for number, line in enumerate(text.splitlines()):
            paper.drawString(50, 750 - 16 * number, line)
        if not text:
            paper.rect(50, 50, 200, 200)
        paper.showPage()
    paper.save()
    return out.getvalue()
