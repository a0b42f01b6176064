"""What stands where on a certificate. Points, from the lower left corner."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import segno
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from lms.certification.certificate import Certificate
from lms.certification.printing.ornaments import GOLD, GREEN, GREY, INK, rule
from lms.certification.printing.typesetting import Fitted, Line, fitted, line

_QR_SIZE = 74.0
_QUIET_MODULES = 2


@dataclass(slots=True)
class Layout:
    """Lines in their places; drawn when all are known, because the font of the text layer depends on all of them."""

    width: float
    height: float
    placed: list[tuple[Line, float, float, float, Color]] = field(default_factory=list)

    def centre(self, text: Line, x: float, y: float, size: float, colour: Color) -> None:
        """A line whose middle is at x."""
        self.placed.append((text, x - text.width(size) / 2, y, size, colour))

    def block(self, text: Fitted, x: float, middle: float, leading: float, colour: Color) -> None:
        """Lines whose middle, from the top of the first to the base of the last, is at a height."""
        step = text.size * leading
        top = middle + step * (len(text.lines) - 1) / 2 - text.size * 0.28
        for number, words in enumerate(text.lines):
            self.centre(words, x, top - number * step, text.size, colour)

    @property
    def layer_letters(self) -> str:
        """What the font of the text layer must have."""
        return "".join(text.layer_letters for text, *_ in self.placed)

    def draw(self, canvas: Canvas) -> None:
        """Sets all lines."""
        for text, x, y, size, colour in self.placed:
            text.draw(canvas, x, y, size, colour)


def laid_out(certificate: Certificate, width: float, height: float) -> Layout:
    """Everything that is text."""
    layout = Layout(width, height)
    x = width / 2
    room = width - 2 * 88
    issuer = fitted(certificate.issuer, "plain", width=room - 60, sizes=(13, 11, 9, 7.5), most_lines=(1, 1, 1, 2))
    spaced = [line(words, "plain", weight=600, spacing=0.2) for words in [certificate.issuer.upper()]]
    if len(issuer.lines) == 1 and spaced[0].width(11) <= room and not spaced[0].layer_letters:
        layout.centre(spaced[0], x, height - 84, 11, GREEN)
    else:
        layout.block(issuer, x, height - 80, 1.25, GREEN)
    layout.centre(line("Certificate", "display", spacing=0.01), x, height - 146, 60, GREEN)
    layout.centre(line("This is to certify that", "italic"), x, height - 196, 16, GREY)
    name = fitted(
        certificate.holder_name,
        "display",
        width=room,
        sizes=(46, 40, 34, 28, 24, 20, 17, 14, 11),
        most_lines=(1, 1, 1, 1, 2, 2, 3, 3, 4),
    )
    layout.block(name, x, height - 240, 1.15, INK)
    layout.centre(line(_achieved(certificate), "italic"), x, height - 304, 16, GREY)
    title = fitted(
        certificate.product_title,
        "display",
        width=room,
        sizes=(30, 26, 22, 20, 17, 14, 11, 9),
        most_lines=(1, 1, 2, 2, 3, 3, 4, 5),
    )
    layout.block(title, x, height - 347, 1.2, GREEN)
    _foot(layout, certificate)
    return layout


def _achieved(certificate: Certificate) -> str:
    if certificate.score is None:
        return "has successfully completed"
    return f"has successfully completed, with a final score of {certificate.score} %,"


def _foot(layout: Layout, certificate: Certificate) -> None:
    left = 88 + 84
    dates = [("Date of issue", certificate.issued_on)]
    if certificate.expires_on is not None:
        dates.append(("Valid until", certificate.expires_on))
    y = 128.0 if len(dates) == 2 else 104.0
    for label, day in dates:
        layout.centre(line(_spelled(day), "display"), left, y, 15, INK)
        layout.centre(line(label.upper(), "plain", spacing=0.14), left, y - 19, 6.8, GREY)
        y -= 50
    right = layout.width - 88 - 62
    layout.centre(line(certificate.code, "plain", spacing=0.03), right, 79, 8.5, INK)
    layout.centre(line("VERIFY THIS CERTIFICATE", "plain", spacing=0.12), right, 68, 5.6, GREY)
    where = fitted(
        certificate.verify_url.rpartition("/")[0].partition("://")[2],
        "plain",
        width=170,
        sizes=(6.5, 5.5, 4.5),
        most_lines=(1, 1, 2),
    )
    layout.block(where, right, 59, 1.2, GREY)


def rules(canvas: Canvas, layout: Layout, certificate: Certificate) -> None:
    """The lines between the words, and the QR code."""
    rule(canvas, layout.width / 2, layout.height - 276, 190)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.6)
    left = 88 + 84
    for y in (128.0, 78.0) if certificate.expires_on is not None else (104.0,):
        canvas.line(left - 78, y - 7, left + 78, y - 7)
    right = layout.width - 88 - 62
    _draw_qr(canvas, certificate.verify_url, right - _QR_SIZE / 2, 90, _QR_SIZE)


def _draw_qr(canvas: Canvas, address: str, x: float, y: float, size: float) -> None:
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    step = size / (len(rows) + 2 * _QUIET_MODULES)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(x, y, size, size, stroke=0, fill=1)
    canvas.setFillColor(INK)
    path = canvas.beginPath()
    for row, cells in enumerate(rows):
        for start, length in _dark_spans(cells):
            top = y + size - (row + 1 + _QUIET_MODULES) * step
            path.rect(x + (start + _QUIET_MODULES) * step, top, length * step, step)
    canvas.drawPath(path, stroke=0, fill=1)


def _dark_spans(cells: list[int]) -> Iterator[tuple[int, int]]:
    start = None
    for place, dark in enumerate([*cells, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None


def _spelled(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
