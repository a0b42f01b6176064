"""From a Certificate to the bytes of its PDF."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from reportlab.lib.pagesizes import A4, landscape, letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from lms.certification.certificate import Certificate
from lms.certification.printing import ornaments
from lms.certification.printing.background import checked_page, printed_on
from lms.certification.printing.fonts import layer_font
from lms.certification.printing.layout import laid_out, rules

_ONE_AT_A_TIME = threading.Lock()
"""reportlab keeps its fonts in one place for all threads."""


def printed(certificate: Certificate, background: bytes | None = None) -> bytes:
    """One landscape page, on `background` (as `checked_page` made it) or on our own design. Blocks for a second.

    The same certificate on the same page is always the same bytes.
    """
    if background is None:
        return _drawn(certificate, *landscape(A4 if certificate.page == "a4" else letter), own_design=True)
    page = checked_page(background)
    return printed_on(background, _drawn(certificate, page.width_pt, page.height_pt, own_design=False))


def _drawn(certificate: Certificate, page_width: float, page_height: float, *, own_design: bool) -> bytes:
    """As if the page were A4 or letter, and then to the size that it has."""
    width, height = (page_width, page_height) if own_design else landscape(A4)
    layout = laid_out(certificate, width, height)
    file = io.BytesIO()
    with _ONE_AT_A_TIME, _layer(layout.layer_letters):
        canvas = Canvas(file, pagesize=(page_width, page_height), invariant=1, pageCompression=1, lang="en")
        canvas.setTitle(f"Certificate: {certificate.product_title}")
        canvas.setAuthor(certificate.issuer)
        canvas.setSubject(f"{certificate.holder_name}, {certificate.issued_on.isoformat()}")
        canvas.setKeywords(["certificate", certificate.code, certificate.verify_url])
        canvas.setCreator("CallX")
        scale = min(page_width / width, page_height / height)
        canvas.translate((page_width - width * scale) / 2, (page_height - height * scale) / 2)
        canvas.scale(scale, scale)
        if own_design:
            ornaments.paper(canvas, width, height)
            ornaments.frame(canvas, width, height)
            ornaments.seal(canvas, width / 2, 112)
        rules(canvas, layout, certificate)
        layout.draw(canvas)
        canvas.linkURL(certificate.verify_url, (width - 88 - 62 - 40, 56, width - 88 - 62 + 40, 166), relative=1)
        canvas.showPage()
        canvas.save()
    return file.getvalue()


@contextmanager
def _layer(letters: str) -> Iterator[None]:
    """Lets reportlab know the font of one document's text layer, and forget it."""
    if not letters:
        yield
        return
    font = layer_font(letters)
    pdfmetrics.registerFont(font)
    try:
        yield
    finally:
        font.unregister()
