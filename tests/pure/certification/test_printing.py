"""The PDF, read back by two other libraries."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pypdf
import pypdfium2
import pytest

from lms.certification.certificate import Certificate
from lms.certification.printing import fonts, typesetting
from lms.certification.printing.printer import printed

CERTIFICATE = Certificate(
    holder_name="Tess Wójcik-Österreich",
    product_title="Billing Essentials",
    issuer="Harbour Telecom",
    issued_on=date(2026, 11, 24),
    expires_on=date(2027, 11, 24),
    score=92,
    code="7KQ4-9M2C-X0TB-5HZW",
    verify_url="https://callx.example/verify/7KQ4-9M2C-X0TB-5HZW",
)
SCRIPTS = {
    "Polish": "Zażółć Gęślą-Jaźń",
    "Vietnamese": "Nguyễn Thị Ánh Tuyết",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Наталья Щёголева",
    "Arabic": "محمد عبد الله الأحمد",
    "Hebrew": "שרה כהן",
    "Chinese": "王小明",
    "Traditional": "陳怡君 ㄔㄣˊ",
    "Japanese": "山田 はなこ",
    "Korean": "김서연",
    "Hindi": "दूरभाष सेवा",
    "Bengali": "রবীন্দ্রনাথ",
    "Tamil": "தமிழ்ச்செல்வி",
    "Thai": "การบริการลูกค้า",
    "German": "Änne Müßig",
    "Amharic": "አበበ ቢቂላ",
}


def page_of(pdf: bytes) -> Any:
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[0]


def text_of(pdf: bytes) -> str:
    return str(page_of(pdf).extract_text())


def ink(pdf: bytes, top: float, bottom: float) -> tuple[int, int, int]:
    """How many dark pixels a band of the page has, and the first and last columns that have some; of 842 columns."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=1, grayscale=True).to_numpy()[int(top) : int(bottom)]
    columns = (picture < 110).sum(axis=0).nonzero()[0]
    columns = columns[(columns > 60) & (columns < picture.shape[1] - 60)]
    return int((picture < 110).sum()), int(columns.min()), int(columns.max())


def test_everything_reads_back():
    pdf = printed(CERTIFICATE)
    text = text_of(pdf)
    for words in (
        "Tess Wójcik-Österreich", "Billing Essentials", "HARBOUR TELECOM", "24 November 2026", "24 November 2027",
        "92 %", "7KQ4-9M2C-X0TB-5HZW", "callx.example/verify",
    ):  # fmt: skip
        assert words in text
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    assert reader.metadata is not None
    assert reader.metadata.title == "Certificate: Billing Essentials"
    assert reader.metadata.author == "Harbour Telecom"
    assert CERTIFICATE.code in str(reader.metadata.keywords)
    [link] = [note["/A"]["/URI"] for note in page_of(pdf)["/Annots"]]
    assert link == CERTIFICATE.verify_url
    assert len(pdf) < 300_000


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_a_name_in_any_script_is_drawn_and_can_be_copied(script):
    name = SCRIPTS[script]
    pdf = printed(replace(CERTIFICATE, holder_name=name))
    assert name in text_of(pdf)
    dark, left, right = ink(pdf, 215, 265)
    assert dark > 150, "it is drawn"
    assert abs((left + right) / 2 - 421) < 12, "in the middle"


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_no_script_is_printed_in_empty_boxes(script):
    shaped = typesetting.line(SCRIPTS[script], "display")
    assert [glyph.id for piece in shaped.pieces for glyph in piece.glyphs if glyph.id == 0] == []
    assert "[U+" not in "".join(piece.text for piece in shaped.pieces)


def test_a_letter_that_no_font_has_is_printed_as_its_number():
    pdf = printed(replace(CERTIFICATE, holder_name="Tess 😀 Wójcik"))
    assert "Tess [U+1F600] Wójcik" in text_of(pdf)


def test_without_the_packages_of_fonts_letters_become_numbers_and_never_boxes(monkeypatch):
    monkeypatch.setattr(fonts, "_FALLBACK", ())
    assert "[U+738B][U+5C0F]" in text_of(printed(replace(CERTIFICATE, holder_name="王小 Tess")))


def test_all_fonts_are_embedded():
    for name in (CERTIFICATE.holder_name, SCRIPTS["Arabic"]):
        page = page_of(printed(replace(CERTIFICATE, holder_name=name)))
        found = {}
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object().get("/FontDescriptor")
            if descriptor is not None:
                found[str(font.get_object()["/BaseFont"]).partition("+")[2]] = "/FontFile2" in descriptor.get_object()
        assert found
        assert all(found.values()), found


def test_arabic_letters_are_joined():
    joined, apart = (typesetting.line(text, "display") for text in ("محمد", "م ح م د"))
    glyphs = [{glyph.id for piece in shaped.pieces for glyph in piece.glyphs} for shaped in (joined, apart)]
    assert len(glyphs[0] - glyphs[1]) >= 3, "letters have other shapes where they meet"


LONG = "Maria Magdalena Konstantinopoulou-Featherstonehaugh von und zu Hohenlohe-Schillingsfürst de la Trinidad"


@pytest.mark.parametrize(
    "name", [LONG, LONG + " " + LONG, "W" * 200, "محمد عبد الله " * 14, "王小明" * 66], ids=lambda name: name[:9]
)
def test_a_long_name_stays_inside_and_whole(name):
    name = name.strip()
    pdf = printed(replace(CERTIFICATE, holder_name=name, product_title=name))
    assert "".join(name.split()) in "".join(text_of(pdf).split())
    for band in ((205, 268), (310, 400)):
        _, left, right = ink(pdf, *band)
        assert left >= 86
        assert right <= 842 - 86


def test_a_title_without_end_ends_in_an_ellipsis():
    fitted = typesetting.fitted("word " * 2_000, "display", width=600, sizes=(20, 9), most_lines=(1, 3))
    assert len(fitted.lines) == 3
    assert fitted.lines[-1].pieces[-1].text.endswith("…")
    assert all(line.width(9) <= 600 for line in fitted.lines)


def test_equal_certificates_are_equal_bytes():
    arabic = replace(CERTIFICATE, holder_name=SCRIPTS["Arabic"])
    first = printed(arabic)
    assert printed(CERTIFICATE) == printed(CERTIFICATE)
    assert printed(arabic) == first
    assert printed(replace(arabic, code="0000-0000-0000-0000")) != first


@pytest.mark.parametrize(("size", "points"), [("a4", (842, 595)), ("letter", (792, 612))])
def test_the_page_lies_across_in_the_size_that_is_set(size, points):
    box = page_of(printed(replace(CERTIFICATE, page=size))).mediabox
    assert (round(box.width), round(box.height)) == points


def test_what_was_not_given_is_not_printed():
    text = text_of(printed(replace(CERTIFICATE, score=None, expires_on=None)))
    assert "score" not in text
    assert "VALID UNTIL" not in text
    assert "has successfully completed" in text
