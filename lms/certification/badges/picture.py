"""The badge as people see it: an SVG whose letters are outlines, with the credential baked in as the standard says."""

import re
import threading
from dataclasses import dataclass
from datetime import date
from math import cos, pi, sin
from xml.sax.saxutils import escape, quoteattr

from lms.certification.printing.typesetting import Fitted, fitted, line

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
SIZE = 512
_MIDDLE = SIZE / 2
_GREEN, _GREEN_SOFT, _GREEN_DEEP = "#0E3B34", "#2F5C53", "#092A25"
_GOLD, _GOLD_LIGHT, _GOLD_DEEP, _PAPER = "#A67C2D", "#E3CB93", "#876320", "#FDFCF7"
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ONE_AT_A_TIME = threading.Lock()
"""Fonts are registered with reportlab when they are first used, which keeps them in one place for all threads."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What can be read on a badge."""

    product_title: str
    issuer: str
    issued_on: date


def baked(shown: Shown, credential: str) -> str:
    """The picture of a badge with its credential, a compact JWS. The same badge is the same text. Blocks."""
    with _ONE_AT_A_TIME:
        drawn = _drawn(shown)
    said = f"{shown.product_title}: certified by {shown.issuer}, {shown.issued_on.isoformat()}"
    said = _NOT_IN_XML.sub("", said)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{NAMESPACE}" viewBox="0 0 {SIZE} {SIZE}" '
        f'width="{SIZE}" height="{SIZE}" role="img" aria-label={quoteattr(said)}>\n'
        f"<openbadges:credential verify={quoteattr(credential)}></openbadges:credential>\n"
        f"<title>{escape(said)}</title>\n{drawn}\n</svg>\n"
    )


def _drawn(shown: Shown) -> str:
    title = fitted(
        shown.product_title,
        "display",
        width=262,
        sizes=(46, 40, 35, 30, 26, 22, 18),
        most_lines=(1, 2, 2, 3, 3, 4, 5),
    )
    issuer = fitted(shown.issuer, "plain", width=216, sizes=(15, 13, 11, 9.5), most_lines=(1, 1, 2, 2))
    parts = [
        _ribbon(-1, _GREEN_DEEP),
        _ribbon(1, _GREEN_SOFT),
        f'<path fill="{_GOLD}" d="{_toothed(218, 211, 72)}"/>',
        _circle(203, stroke=_GOLD_LIGHT, width=2.5),
        f'<circle cx="{_MIDDLE:g}" cy="232" r="192" fill="{_GREEN}"/>',
        f'<g fill="none" stroke="{_GOLD_LIGHT}" stroke-width="0.7" opacity="0.55">{_guilloche(188, 164, 48, 5)}</g>',
        _circle(160, stroke=_GOLD_LIGHT, width=1.2),
        _tick(),
        f'<g fill="{_PAPER}">{_block(title, 226, 1.14)}</g>',
        f'<path fill="{_GOLD_LIGHT}" d="{_diamond(296)}"/>',
        f'<g fill="{_GOLD_LIGHT}">{_block(issuer, 326, 1.25)}</g>',
        f'<g fill="{_PAPER}">{_banner(shown.issued_on)}</g>',
    ]
    return "\n".join(parts)


class _SvgPath:
    """Takes outlines as a PDFPathObject would, whose y grows upwards."""

    def __init__(self) -> None:
        self._steps: list[str] = []

    def moveTo(self, x: float, y: float) -> None:
        self._steps.append(f"M{_points(x, y)}")

    def lineTo(self, x: float, y: float) -> None:
        self._steps.append(f"L{_points(x, y)}")

    def curveTo(self, x1: float, y1: float, x2: float, y2: float, x3: float, y3: float) -> None:
        self._steps.append(f"C{_points(x1, y1)} {_points(x2, y2)} {_points(x3, y3)}")

    def close(self) -> None:
        self._steps.append("Z")

    def __str__(self) -> str:
        return "".join(self._steps)


def _points(x: float, y: float) -> str:
    return f"{_short(x)} {_short(-y)}"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _block(text: Fitted, middle: float, leading: float) -> str:
    """Lines whose middle is at a height, from above."""
    step = text.size * leading
    first = middle - step * (len(text.lines) - 1) / 2 + text.size * 0.32
    path = _SvgPath()
    for number, words in enumerate(text.lines):
        words.trace(path, _MIDDLE - words.width(text.size) / 2, -(first + number * step), text.size)
    return f'<path d="{path}"/>'


def _banner(issued_on: date) -> str:
    """CERTIFIED and the month, on the ribbon that crosses the foot."""
    back = (
        f'<path fill="{_GOLD_DEEP}" d="M96 384 L416 384 L398 410 L416 436 L96 436 L114 410 Z"/>'
        f'<path fill="none" stroke="{_GOLD_LIGHT}" stroke-width="1.2" d="M112 390 L400 390 M112 430 L400 430"/>'
    )
    words = line(f"CERTIFIED  ·  {issued_on:%B %Y}".upper(), "plain", weight=600, spacing=0.1)
    size = min(17.0, 262 / words.width(1))
    path = _SvgPath()
    words.trace(path, _MIDDLE - words.width(size) / 2, -410 - size * 0.36, size)
    return f'{back}<path d="{path}"/>'


def _circle(radius: float, *, stroke: str, width: float) -> str:
    return f'<circle cx="{_MIDDLE:g}" cy="232" r="{radius:g}" fill="none" stroke="{stroke}" stroke-width="{width:g}"/>'


def _toothed(outer: float, inner: float, teeth: int) -> str:
    places = []
    for step in range(2 * teeth):
        radius, turn = (outer, inner)[step % 2], pi * step / teeth
        places.append(f"{_MIDDLE + radius * cos(turn):.1f} {232 + radius * sin(turn):.1f}")
    return "M" + "L".join(places) + "Z"


def _guilloche(outer: float, inner: float, waves: int, phases: int) -> str:
    middle, swing, steps = (outer + inner) / 2, (outer - inner) / 2, waves * 8
    drawn = []
    for phase in range(phases):
        places = []
        for step in range(steps):
            turn = 2 * pi * step / steps
            radius = middle + swing * cos(waves * turn + 2 * pi * phase / phases)
            places.append(f"{_MIDDLE + radius * cos(turn):.1f} {232 + radius * sin(turn):.1f}")
        drawn.append(f'<path d="M{"L".join(places)}Z"/>')
    return "".join(drawn)


def _ribbon(side: int, colour: str) -> str:
    places = [(20, 400), (78, 508), (104, 478), (146, 486), (84, 380)]
    return f'<path fill="{colour}" d="M{"L".join(f"{_MIDDLE + side * x:g} {y}" for x, y in places)}Z"/>'


def _tick() -> str:
    return (
        f'<circle cx="{_MIDDLE:g}" cy="124" r="27" fill="{_GOLD}"/>'
        f'<circle cx="{_MIDDLE:g}" cy="124" r="23.5" fill="none" stroke="{_GOLD_LIGHT}" stroke-width="1.2"/>'
        f'<path d="M243 125l9 9 18-20" fill="none" stroke="{_PAPER}" stroke-width="5" stroke-linecap="round" '
        'stroke-linejoin="round"/>'
    )


def _diamond(y: float) -> str:
    return (
        f"M{_MIDDLE - 5:g} {y:g}l5-5 5 5-5 5z"
        f"M{_MIDDLE - 12:g} {y - 0.8:g}L{_MIDDLE - 90:g} {y:g}L{_MIDDLE - 12:g} {y + 0.8:g}Z"
        f"M{_MIDDLE + 12:g} {y - 0.8:g}L{_MIDDLE + 90:g} {y:g}L{_MIDDLE + 12:g} {y + 0.8:g}Z"
    )
