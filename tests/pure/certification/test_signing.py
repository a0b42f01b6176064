"""The signature in a certificate's PDF, as readers that check it see it."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from core.clock import SystemClock
from core.errors import BadRequest, Conflict, Unavailable
from lms.certification.certificate import Certificate
from lms.certification.printing.printer import printed
from lms.certification.signing.key_making import make_signing_key
from lms.certification.signing.pdf_signature import KeyFile, PdfSignature
from tests.clock import FixedClock
from tests.support.certificate_authority import PASSPHRASE, Authority
from tests.support.signed_pdfs import checked_signature, signatures

CERTIFICATE = Certificate(
    holder_name="Zoë Österreich",
    product_title="Billing",
    issuer="Harbour Telecom",
    issued_on=date(2026, 11, 24),
    expires_on=None,
    score=92,
    code="7KQ4-9M2C-X0TB-5HZW",
    verify_url="https://callx.example/verify/7KQ4-9M2C-X0TB-5HZW",
)


@pytest.fixture(scope="module")
def authority():
    return Authority.founded()


@pytest.fixture(scope="module")
def key_file(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "signing.p12"
    return KeyFile(authority.write_key(path, "Harbour Telecom"), PASSPHRASE)


@pytest.fixture(scope="module")
def signed(key_file):
    return PdfSignature(key_file, SystemClock()).signed(printed(CERTIFICATE), CERTIFICATE)


def page_of_an_admin() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=900, height=640)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("background", [None, page_of_an_admin()], ids=["our own design", "a page of their own"])
def test_a_validator_finds_the_signature_whole_and_trusted(authority, key_file, background):
    pdf = PdfSignature(key_file, SystemClock()).signed(printed(CERTIFICATE, background), CERTIFICATE)
    status = checked_signature(pdf, [authority.certificate])
    assert (status.bottom_line, status.intact, status.valid, status.trusted) == (True, True, True, True)
    assert status.docmdp_ok
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.signing_cert.subject.native["common_name"] == "Harbour Telecom"
    reader = PdfReader(io.BytesIO(pdf))
    said: Any = (reader.get_fields() or {})["Signature"]["/V"].get_object()
    permissions: Any = reader.root_object["/Perms"]
    assert permissions["/DocMDP"] == said, "it certifies the whole document"
    assert (said["/SubFilter"], said["/Reason"]) == ("/ETSI.CAdES.detached", "Certificate 7KQ4-9M2C-X0TB-5HZW")


def test_the_words_are_still_there(signed):
    text = PdfReader(io.BytesIO(signed)).pages[0].extract_text()
    assert "Zoë Österreich" in text
    assert "7KQ4-9M2C-X0TB-5HZW" in text


def test_the_signature_is_not_seen_on_the_page(signed):
    places: Any = PdfReader(io.BytesIO(signed)).pages[0]["/Annots"]
    [field] = [place.get_object() for place in places if place.get_object().get("/FT") == "/Sig"]
    assert [float(edge) for edge in field["/Rect"]] == [0, 0, 0, 0]


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_changed_byte_is_found(authority, signed, place):
    original = len(printed(CERTIFICATE))
    changed = bytearray(signed)
    changed[int(original * place)] ^= 1
    status = checked_signature(bytes(changed), [authority.certificate])
    assert not status.intact
    assert not status.bottom_line


def test_what_is_added_afterwards_is_found(authority, signed):
    writer = PdfWriter(io.BytesIO(signed), incremental=True)
    writer.add_annotation(0, FreeText(text="and 100 %", rect=(50, 50, 200, 100)))
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(signed)
    status = checked_signature(out.getvalue(), [authority.certificate])
    assert status.intact, "what was signed is still there"
    assert not status.docmdp_ok
    assert not status.bottom_line


def test_another_authority_does_not_vouch(signed):
    status = checked_signature(signed, [Authority.founded().certificate])
    assert status.intact
    assert not status.trusted


def test_a_key_says_whose_it_is_and_until_when(key_file):
    facts = PdfSignature(key_file, SystemClock()).facts()
    assert facts.owner == "Common Name: Harbour Telecom"
    assert facts.good_from < datetime.now(UTC) < facts.good_until


@pytest.mark.parametrize("days", [(-400, -1), (1, 400)])
def test_a_key_out_of_its_time_signs_nothing(authority, tmp_path, days):
    path = authority.write_key(tmp_path / "old.p12", "Harbour Telecom", days=days)
    signature = PdfSignature(KeyFile(path, PASSPHRASE), SystemClock())
    with pytest.raises(Unavailable, match="It is good from") as refusal:
        signature.signed(b"%PDF", CERTIFICATE)
    assert refusal.value.code == "signing_key_unusable"


@pytest.mark.parametrize("passphrase", ["wrong", None, ""])
def test_a_wrong_passphrase_is_said(key_file, passphrase):
    with pytest.raises(Unavailable, match="CALLX_CERTIFICATE_SIGNING_PASSPHRASE"):
        PdfSignature(replace(key_file, passphrase=passphrase), SystemClock()).facts()


def test_a_file_that_is_no_key_is_said(tmp_path):
    for name, content in (("missing.p12", None), ("text.p12", b"no key"), ("empty.p12", b"")):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(Unavailable, match="cannot be used"):
            PdfSignature(KeyFile(tmp_path / name, PASSPHRASE), SystemClock()).facts()


def test_a_key_is_read_again_when_it_could_not_be_read(authority, tmp_path):
    signature = PdfSignature(KeyFile(tmp_path / "later.p12", PASSPHRASE), SystemClock())
    with pytest.raises(Unavailable):
        signature.facts()
    authority.write_key(tmp_path / "later.p12", "Harbour Telecom")
    assert signature.facts().owner == "Common Name: Harbour Telecom"


def test_a_key_of_ones_own_is_made_and_signs(tmp_path):
    path = tmp_path / "own.p12"
    make_signing_key(path, "Österreichische Hafen AG " * 5, PASSPHRASE, datetime.now(UTC), years=3)
    assert path.stat().st_mode & 0o777 == 0o600
    pdf = PdfSignature(KeyFile(path, PASSPHRASE), SystemClock()).signed(printed(CERTIFICATE), CERTIFICATE)
    assert signatures(pdf) == 1
    status = checked_signature(pdf, [])
    assert status.intact
    assert status.valid
    assert not status.trusted, "nobody vouches for it"
    with pytest.raises(Conflict):
        make_signing_key(path, "Another", PASSPHRASE, datetime.now(UTC), years=3)
    with pytest.raises(BadRequest):
        make_signing_key(tmp_path / "weak.p12", "Another", "short", datetime.now(UTC), years=3)


def test_the_time_is_that_of_the_clock(key_file):
    with pytest.raises(Unavailable, match="It is good from"):
        PdfSignature(key_file, FixedClock(datetime(2020, 1, 1, tzinfo=UTC))).signed(b"%PDF", CERTIFICATE)
