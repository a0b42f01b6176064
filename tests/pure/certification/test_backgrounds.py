"""An admin's own page."""

import contextlib
import io
from typing import Any

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from core.errors import Unprocessable
from lms.certification.printing.background import checked_page
from lms.certification.printing.printer import printed
from tests.pure.certification.test_printing import CERTIFICATE, page_of, text_of

MM = 72 / 25.4


def page(width_mm: float = 297, height_mm: float = 210, words: str = "OUR LETTERHEAD") -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(width_mm * MM, height_mm * MM), invariant=1)
    canvas.setFillColor(HexColor("#FCE8D5"))
    canvas.rect(0, 0, width_mm * MM, height_mm * MM, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#803300"))
    canvas.drawString(40, 30, words)
    canvas.showPage()
    canvas.drawString(40, 30, "A SECOND PAGE")
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def changed(change: Any) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(page()))
    change(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_a_certificate_is_printed_on_it():
    taken = checked_page(page())
    pdf = printed(CERTIFICATE, taken.content)
    text = text_of(pdf)
    assert "OUR LETTERHEAD" in text
    assert "SECOND" not in text
    assert "Tess Wójcik-Österreich" in text
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    assert printed(CERTIFICATE, taken.content) == pdf
    assert checked_page(page()).content == taken.content


@pytest.mark.parametrize(("width_mm", "height_mm"), [(297, 210), (279.4, 215.9), (420, 297), (200, 150)])
def test_a_certificate_has_the_size_of_its_page(width_mm, height_mm):
    box = page_of(printed(CERTIFICATE, checked_page(page(width_mm, height_mm)).content)).mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((width_mm * MM, height_mm * MM), abs=0.1)


def test_a_page_that_is_turned_lies_upright():
    upright = changed(lambda writer: None)
    turned = io.BytesIO()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(page(210, 297)))
    writer.pages[0].rotate(90)
    writer.write(turned)
    taken = checked_page(turned.getvalue())
    assert taken.width_pt > taken.height_pt
    assert checked_page(upright).width_pt == pytest.approx(taken.width_pt, abs=0.1)


def test_nothing_that_acts_comes_along():
    def arm(writer: pypdf.PdfWriter) -> None:
        action = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")}
        )
        writer.root_object[NameObject("/OpenAction")] = action
        writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
        writer.add_uri(0, "https://evil.example", pypdf.generic.RectangleObject((0, 0, 9, 9)))
        writer.add_attachment("virus.exe", b"MZ")

    armed = changed(arm)
    assert "/Annots" in page_of(armed)
    taken = checked_page(armed).content
    assert "/Annots" not in page_of(taken)
    for pdf in (taken, printed(CERTIFICATE, taken)):
        assert not any(word in pdf for word in (b"JavaScript", b"evil.example", b"virus", b"/AA "))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no PDF"),
        (b"%PDF-1.7 and then nothing", "no PDF"),
        (b"<html>", "no PDF"),
        (page()[:600], "no PDF|no page"),
        (page(210, 297), "wider than high"),
        (page(100, 60), "100 × 60 mm"),
        (page(1_000, 400), "1000 × 400 mm"),
        (changed(lambda writer: writer.encrypt("secret")), "password"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(content, reason):
    with pytest.raises(Unprocessable, match=reason) as refusal:
        checked_page(content)
    assert refusal.value.code == "bad_background"


@pytest.mark.parametrize("cut", range(5))
def test_a_broken_file_never_breaks_the_server(cut):
    whole = bytearray(page())
    for place in range(100 + cut, len(whole), 97):
        whole[place] ^= 0x5A
    with contextlib.suppress(Unprocessable):
        assert checked_page(bytes(whole)).content
