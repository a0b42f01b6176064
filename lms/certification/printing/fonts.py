"""The letters: fonts that come as Python packages, all under the SIL Open Font License, and which of them has what."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import uharfbuzz
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

Style = Literal["display", "italic", "plain"]
Weight = Literal[400, 600]
LAYER_FONT = "callx-text-layer"
LAYER_ADVANCE = 0.5
"""Of an em: how wide each letter of a text layer is."""

_EMBEDDED: dict[Style, str] = {
    "display": "fontpkg_eb_garamond/files/EBGaramond[wght].ttf",
    "italic": "fontpkg_eb_garamond/files/EBGaramond-Italic[wght].ttf",
    "plain": "fontpkg_noto_sans/files/NotoSans[wdth,wght].ttf",
}
_FALLBACK: Sequence[str] = (
    "fontpkg_noto_sans/files/NotoSans[wdth,wght].ttf",
    *(
        f"justmytype_intl_{pack}/fonts/ofl/notosans{name.lower()}/NotoSans{name}[{axes}].ttf"
        for pack, name, axes in (
            ("rtl", "Arabic", "wdth,wght"),
            ("rtl", "Hebrew", "wdth,wght"),
            ("south_asia", "Devanagari", "wdth,wght"),
            ("south_asia", "Bengali", "wdth,wght"),
            ("south_asia", "Tamil", "wdth,wght"),
            ("south_asia", "Telugu", "wdth,wght"),
            ("sea", "Thai", "wdth,wght"),
            ("sea", "Lao", "wdth,wght"),
            ("sea", "Khmer", "wdth,wght"),
            ("sea", "Myanmar", "wdth,wght"),
            ("africa", "Ethiopic", "wdth,wght"),
            ("cjk", "JP", "wght"),
            ("cjk", "KR", "wght"),
            ("cjk", "SC", "wght"),
            ("cjk", "TC", "wght"),
        )
    ),
)
_HAN = ("SC", "JP", "TC", "KR")


@dataclass(frozen=True, slots=True)
class Face:
    """One font file. `embedded_as` is its name in reportlab, for those whose letters become text of the PDF."""

    shapes: uharfbuzz.Face
    letters: frozenset[int]
    embedded_as: str | None

    def font(self, weight: Weight) -> uharfbuzz.Font:
        """For shaping and drawing; an embedded one only in its own weight."""
        font = uharfbuzz.Font(self.shapes)
        if self.embedded_as is None:
            font.set_variations({"wght": float(weight)})
        return font

    def has(self, text: str) -> bool:
        """Whether no letter of the text is missing."""
        return all(ord(letter) in self.letters for letter in text if letter not in "\u200c\u200d")


def faces_for(text: str, style: Style) -> Sequence[Face]:
    """Where to look for the letters of a text, the best first."""
    own = _face(_EMBEDDED[style], style)
    others = [face for path in _in_order(text) if (face := _face(path, None)) is not None]
    return [own, *others] if own is not None else others


@cache
def _face(path: str, style: Style | None) -> Face | None:
    file = _file(path)
    if file is None:
        return None
    shapes = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file)))
    name = None
    if style is not None:
        name = f"callx-{style}"
        pdfmetrics.registerFont(TTFont(name, str(file), shapable=False))
    return Face(shapes, frozenset(shapes.unicodes), name)


def _file(path: str) -> Path | None:
    """The file of an installed package; it is not imported."""
    package, _, inside = path.partition("/")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent / inside
    return file if file.is_file() else None


def _in_order(text: str) -> Sequence[str]:
    """Chinese characters look different in each country: kana and hangul tell which is meant, else simplified ones."""
    if any("\u3040" <= letter <= "\u30ff" for letter in text):
        first = "JP"
    elif any("\uac00" <= letter <= "\ud7af" or "\u1100" <= letter <= "\u11ff" for letter in text):
        first = "KR"
    else:
        first = "SC"
    order = [first, *(name for name in _HAN if name != first)]
    return sorted(
        _FALLBACK, key=lambda path: next((n for n, name in enumerate(order) if f"NotoSans{name}[" in path), -1)
    )


def layer_font(letters: str) -> TTFont:
    """A font of empty glyphs: what is drawn as outlines lies under text of it, to be searched, copied and read out."""
    names = {ord(letter): f"u{ord(letter):X}" for letter in sorted(set(letters))}
    order = [".notdef", *names.values()]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(names)
    builder.setupGlyf({name: Glyph() for name in order})
    builder.setupHorizontalMetrics({name: (round(1000 * LAYER_ADVANCE), 0) for name in order})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "CallX Text Layer", "styleName": "Regular", "psName": "CallXTextLayer"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    file = io.BytesIO()
    builder.save(file)
    file.seek(0)
    return TTFont(LAYER_FONT, file, shapable=False)
