"""Lines of text in any script.

Letters that one of our embedded fonts has are text of the PDF, kerned. Everything else is shaped by HarfBuzz and drawn
as outlines, so that no viewer can get Arabic or Devanagari wrong, under invisible text for searching and copying. A
letter that no font has is printed as its number, `[U+1F600]`: never as an empty box.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import uharfbuzz
from reportlab.lib.colors import Color
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr
from reportlab.pdfgen.canvas import Canvas

from lms.certification.printing.fonts import LAYER_ADVANCE, LAYER_FONT, Face, Style, Weight, faces_for
from lms.certification.printing.runs import directional_runs, tidied

ELLIPSIS = "…"
_EM = 1000
_INVISIBLE = 3
_NON_ZERO = 1
"""Contours of a letter, and letters that are joined, overlap."""
_ONE_GLYPH_A_LETTER = {"kern": True, "liga": False, "clig": False, "dlig": False, "calt": False}
_TOKEN = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]|\s+|[^\s\u2e80-\u9fff]+"
)


class Path(Protocol):
    """What outlines are drawn into: a PDFPathObject, or anything with the same five verbs."""

    def moveTo(self, x: float, y: float) -> None:
        """Begins a contour."""

    def lineTo(self, x: float, y: float) -> None:
        """A straight line."""

    def curveTo(self, x1: float, y1: float, x2: float, y2: float, x3: float, y3: float) -> None:
        """A cubic curve."""

    def close(self) -> None:
        """Ends a contour."""


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A shape and where it stands; thousandths of an em."""

    id: int
    advance: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a line in one font and one direction."""

    text: str
    face: Face
    font: uharfbuzz.Font
    glyphs: Sequence[_Glyph]
    is_rtl: bool
    is_text: bool
    """One glyph a letter, of an embedded font; else outlines."""

    @property
    def width(self) -> float:
        return sum(glyph.advance for glyph in self.glyphs)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was shaped; sizes come later."""

    pieces: Sequence[_Piece]
    spacing: float = 0.0
    """Between letters, in em."""

    def width(self, size: float) -> float:
        """Points, at a size in points."""
        letters = sum(len(piece.glyphs) for piece in self.pieces)
        return size * (sum(piece.width for piece in self.pieces) / _EM + self.spacing * max(0, letters - 1))

    @property
    def layer_letters(self) -> str:
        """What the font of the text layer must have."""
        return "".join(piece.text for piece in self.pieces if not piece.is_text)

    def draw(self, canvas: Canvas, x: float, y: float, size: float, colour: Color) -> None:
        """Sets the line with its left end at x and its base line at y."""
        canvas.setFillColor(colour)
        for piece in self.pieces:
            draw = _draw_text if piece.is_text else _draw_outlines
            draw(canvas, piece, x, y, size, self.spacing)
            x += size * (piece.width / _EM + self.spacing * len(piece.glyphs))

    def trace(self, path: Path, x: float, y: float, size: float) -> None:
        """Adds the outlines of all letters to a path, as `draw` would set them."""
        for piece in self.pieces:
            x = _trace(path, piece, x, y, size, self.spacing)


def line(text: str, style: Style, *, weight: Weight = 400, spacing: float = 0.0) -> Line:
    """Shapes one line. `spacing` only makes sense for capitals."""
    pieces: list[_Piece] = []
    for run in directional_runs(tidied(text)):
        parts = [
            _shaped(part, face, weight, is_rtl=run.is_rtl and face is not None)
            for part, face in _by_face(run.text, style)
        ]
        pieces += parts[::-1] if run.is_rtl else parts
    return Line(pieces, spacing)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines that fit into their place, at a size in points."""

    lines: Sequence[Line]
    size: float


def fitted(
    text: str, style: Style, *, width: float, sizes: Sequence[float], most_lines: Sequence[int], weight: Weight = 400
) -> Fitted:
    """The largest of `sizes` at which a text fits into so many lines of a width, wrapped between words.

    `most_lines` belong to `sizes`. A text that does not fit at the last of them ends in an ellipsis.
    """

    def shaped(words: str) -> Line:
        return line(words, style, weight=weight)

    for size, most in zip(sizes, most_lines, strict=True):
        lines = _wrapped(tidied(text), shaped, width, size, break_words=size == sizes[-1])
        if lines is not None and len(lines) <= most:
            return Fitted([shaped(words) for words in _balanced(tidied(text), lines, shaped, width, size)], size)
    lines = _wrapped(tidied(text), shaped, width, sizes[-1], break_words=True) or [""]
    lines = lines[: most_lines[-1]]
    while lines[-1] and shaped(lines[-1] + ELLIPSIS).width(sizes[-1]) > width:
        lines[-1] = lines[-1][:-1]
    return Fitted([shaped(words) for words in [*lines[:-1], lines[-1].rstrip() + ELLIPSIS]], sizes[-1])


def _wrapped(
    text: str, shaped: Callable[[str], Line], width: float, size: float, *, break_words: bool
) -> list[str] | None:
    """Fills line after line; None when a word is too wide and may not be broken."""
    lines, current = [], ""
    for token in _tokens(text):
        if shaped(current + token).width(size) <= width:
            current += token
            continue
        if shaped(token).width(size) > width:
            if not break_words:
                return None
            for letter in token:
                if current and shaped(current + letter).width(size) > width:
                    lines.append(current.strip())
                    current = ""
                current += letter
            continue
        lines.append(current.strip())
        current = token.lstrip()
    return [*lines, current.strip()] if current.strip() or not lines else lines


def _balanced(text: str, lines: list[str], shaped: Callable[[str], Line], width: float, size: float) -> list[str]:
    """As many lines, but none much shorter than the others."""
    if len(lines) < 2:
        return lines
    best = lines
    for narrower in range(95, 45, -5):
        tried = _wrapped(text, shaped, width * narrower / 100, size, break_words=False)
        if tried is None or len(tried) != len(lines):
            break
        best = tried
    return best


def _tokens(text: str) -> Iterator[str]:
    for found in _TOKEN.finditer(text):
        yield found[0]


def _by_face(text: str, style: Style) -> list[tuple[str, Face | None]]:
    """The text in parts, each with the font to set it in; one of None is no letter but a number to be printed."""
    faces = faces_for(text, style)
    whole = next((face for face in faces if face.has(text)), None)
    if whole is not None:
        return [(text, whole)]
    parts: list[tuple[str, Face | None]] = []
    for word in re.findall(r"\s+|\S+", text):
        face = next((face for face in faces if face.has(word)), None)
        found = [(word, face)] if face else [_for_cluster(cluster, faces) for cluster in _clusters(word)]
        for part, owner in found:
            if parts and parts[-1][1] is owner and owner is not None:
                parts[-1] = (parts[-1][0] + part, owner)
            else:
                parts.append((part, owner))
    return parts


def _for_cluster(cluster: str, faces: Sequence[Face]) -> tuple[str, Face | None]:
    face = next((face for face in faces if face.has(cluster)), None)
    return (cluster, face) if face else ("".join(f"[U+{ord(letter):04X}]" for letter in cluster), None)


def _clusters(word: str) -> list[str]:
    """Letters with the marks that belong to them."""
    clusters: list[str] = []
    for letter in word:
        if clusters and unicodedata.category(letter).startswith("M"):
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters


def _shaped(text: str, face: Face | None, weight: Weight, *, is_rtl: bool) -> _Piece:
    if face is None:
        face = faces_for(text, "plain")[0]
    font = face.font(weight)
    simple = face.embedded_as is not None
    glyphs, clusters = _shape(font, text, is_rtl, _ONE_GLYPH_A_LETTER if simple else None)
    if simple and not is_rtl and clusters == list(range(len(text))):
        return _Piece(text, face, font, glyphs, is_rtl, True)
    glyphs, _ = _shape(font, text, is_rtl, None)
    return _Piece(text, face, font, glyphs, is_rtl, False)


def _shape(
    font: uharfbuzz.Font, text: str, is_rtl: bool, features: dict[str, bool] | None
) -> tuple[list[_Glyph], list[int]]:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if is_rtl else "ltr"
    uharfbuzz.shape(font, buffer, features)
    scale = _EM / font.face.upem
    glyphs = [
        _Glyph(info.codepoint, place.x_advance * scale, place.x_offset * scale, place.y_offset * scale)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]
    return glyphs, [info.cluster for info in buffer.glyph_infos]


def _draw_text(canvas: Canvas, piece: _Piece, x: float, y: float, size: float, spacing: float) -> None:
    placed = [
        ShapeData(place, glyph.advance, 0, glyph.x, glyph.y, _width_of(piece.face, letter))
        for place, (letter, glyph) in enumerate(zip(piece.text, piece.glyphs, strict=True))
    ]
    text = canvas.beginText(x, y)
    text.setFont(piece.face.embedded_as, size)
    text.setCharSpace(spacing * size)
    text.textOut(ShapedStr(piece.text, shapeData=placed))
    text.setCharSpace(0)
    canvas.drawText(text)


def _width_of(face: Face, letter: str) -> float:
    """As reportlab has it in the widths of the font that it embeds."""
    return float(pdfmetrics.getFont(face.embedded_as).face.charWidths[ord(letter)])


def _draw_outlines(canvas: Canvas, piece: _Piece, x: float, y: float, size: float, spacing: float) -> None:
    path = canvas.beginPath()
    end = _trace(path, piece, x, y, size, spacing)
    canvas.drawPath(path, stroke=0, fill=1, fillMode=_NON_ZERO)
    _draw_layer(canvas, piece, x, y, size, end - x)


def _trace(path: Path, piece: _Piece, x: float, y: float, size: float, spacing: float) -> float:
    """Where the next piece begins."""
    for glyph in piece.glyphs:
        pen = _Pen(path, x + glyph.x * size / _EM, y + glyph.y * size / _EM, size / piece.face.shapes.upem)
        piece.font.draw_glyph_with_pen(glyph.id, pen)
        x += size * (glyph.advance / _EM + spacing)
    return x


def _draw_layer(canvas: Canvas, piece: _Piece, x: float, y: float, size: float, width: float) -> None:
    """The letters in the order in which they stand on the page: readers turn those of right-to-left scripts round."""
    letters = piece.text[::-1] if piece.is_rtl else piece.text
    text = canvas.beginText(x, y)
    text.setTextRenderMode(_INVISIBLE)
    text.setFont(LAYER_FONT, size)
    text.setHorizScale(100 * width / (size * LAYER_ADVANCE * len(letters)))
    text.textOut(letters)
    text.setHorizScale(100)
    text.setTextRenderMode(0)
    canvas.drawText(text)


class _Pen:
    """Takes outlines from HarfBuzz and draws them into a path."""

    def __init__(self, path: Path, x: float, y: float, scale: float) -> None:
        self._path, self._x, self._y, self._scale = path, x, y, scale
        self._at = (0.0, 0.0)

    def moveTo(self, point: tuple[float, float]) -> None:
        """Begins a contour."""
        self._path.moveTo(*self._placed(point))

    def lineTo(self, point: tuple[float, float]) -> None:
        """A straight line."""
        self._path.lineTo(*self._placed(point))

    def curveTo(self, *points: tuple[float, float]) -> None:
        """A cubic curve."""
        first, second, end = (self._placed(point) for point in points)
        self._path.curveTo(*first, *second, *end)

    def qCurveTo(self, *points: tuple[float, float]) -> None:
        """A quadratic curve, which PDF does not have: the same as a cubic one."""
        start = self._at
        control, end = (self._placed(point) for point in points)
        self._path.curveTo(*_towards(start, control), *_towards(end, control), *end)

    def closePath(self) -> None:
        """Ends a contour."""
        self._path.close()

    def endPath(self) -> None:
        """Ends an open contour, which fonts do not have."""

    def _placed(self, point: tuple[float, float]) -> tuple[float, float]:
        self._at = (self._x + point[0] * self._scale, self._y + point[1] * self._scale)
        return self._at


def _towards(point: tuple[float, float], control: tuple[float, float]) -> tuple[float, float]:
    return (point[0] + (control[0] - point[0]) * 2 / 3, point[1] + (control[1] - point[1]) * 2 / 3)
