"""The signature is whole in what people download, however they download it."""

import asyncio
import hashlib
import io

import pytest
from pypdf import PdfReader, PdfWriter

import lms.certification.handlers
from core.app_keys import BLOBS
from core.blobs import Blobs
from core.clock import SystemClock
from core.settings import Settings
from lms.certification.keys import REISSUER
from lms.certification.press import Press, Terms
from lms.certification.reissuing import Reissuer, Wish
from lms.certification.setup import open_printer
from tests.app.certification.conftest import School
from tests.app.support.wires import bearer, give_passwords, sign_in, wires
from tests.support.certificate_authority import PASSPHRASE, Authority
from tests.support.courses import build_course
from tests.support.signed_pdfs import checked_signature, signatures

# pyHanko has an event loop of its own in the thread that signs, and may block that.
pytestmark = pytest.mark.may_block


@pytest.fixture(scope="module")
def authority():
    return Authority.founded()


@pytest.fixture
def clock():
    return SystemClock()


@pytest.fixture
def settings(authority, tmp_path):
    key = authority.write_key(tmp_path / "key.p12", "Harbour Telecom")
    return Settings(
        certificate_issuer="Harbour Telecom", certificate_signing_key=key, certificate_signing_passphrase=PASSPHRASE
    )


@pytest.fixture
async def school(aiohttp_client, database, cast, clock, settings, tmp_path):
    """A server that signs, over a folder."""
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        course = await build_course(tx)
    blobs = await asyncio.to_thread(Blobs.open, tmp_path / "objects")
    app = wires(database, clock, settings=settings, blobs=blobs)
    lms.certification.handlers.add_routes(app)
    client = await aiohttp_client(app)
    headers = {name: bearer(await sign_in(client, name)) for name, _ in cast}
    return School(client, database, cast, course, headers)


async def downloads(school, certified) -> list[bytes]:
    """By the link, and by the bucket."""
    linked = await (await school.open(certified["certificate_url"])).read()
    path = f"/storage/v1/object/authenticated/certificates/{certified['path']}"
    async with school.client.get(path, headers=school.headers["tess"]) as answer:
        return [linked, await answer.read()]


async def test_what_is_downloaded_validates(school, certified, authority):
    for pdf in await downloads(school, certified):
        status = await asyncio.to_thread(checked_signature, pdf, [authority.certificate])
        assert status.bottom_line
        assert status.docmdp_ok
    verified = await (await school.open(certified["verify_url"], Accept="application/json")).json()
    assert verified["pdf_sha256"] == hashlib.sha256(pdf).hexdigest()


async def test_a_reprint_is_signed_on_the_page_of_an_admin(school, certified, authority, settings, clock):
    writer = PdfWriter()
    writer.add_blank_page(width=842, height=595)
    page = io.BytesIO()
    writer.write(page)
    ada = {**school.headers["ada"], "Content-Type": "application/pdf"}
    address = "/storage/v1/object/lesson-attachments/page.pdf"
    async with school.client.post(address, data=page.getvalue(), headers=ada) as answer:
        assert answer.status == 200
    body = {"product_id": str(school.course.product_id), "path": "lesson-attachments/page.pdf"}
    address = "/functions/v1/set-certificate-background"
    async with school.client.post(address, json=body, headers=school.headers["ada"]) as answer:
        assert answer.status == 200, await answer.text()
    [before, _] = await downloads(school, certified)

    wish = Wish(school.course.product_id, "reprint", "all", "A page of our own.")
    reissuer = school.client.app[REISSUER]
    await reissuer.go_on((await reissuer.ask(school.cast.ada, wish)).reissue_id)

    for pdf in await downloads(school, (await school.ask("tess"))[1]):
        assert pdf != before
        assert (await asyncio.to_thread(checked_signature, pdf, [authority.certificate])).bottom_line
        assert certified["code"] in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    verified = await (await school.open(certified["verify_url"], Accept="application/json")).json()
    assert verified["pdf_sha256"] == hashlib.sha256(pdf).hexdigest()
    assert verified["earlier_pdf_sha256"] == [hashlib.sha256(before).hexdigest()]


async def test_with_a_key_that_cannot_be_used_nothing_is_issued_and_nothing_lost(school, settings, tmp_path):
    await school.finish("tess")
    key = tmp_path / "key.p12"
    good, _ = key.read_bytes(), key.write_bytes(b"broken")
    status, body = await school.ask("tess")
    assert (status, body["code"]) == (503, "signing_key_unusable")
    key.write_bytes(good)
    status, given = await school.ask("tess")
    assert status == 200
    assert signatures((await downloads(school, given))[0]) == 1


async def test_without_a_key_a_reprint_takes_the_signature_away(school, certified, clock):
    [signed, _] = await downloads(school, certified)
    assert signatures(signed) == 1
    unsigned = Settings(certificate_issuer="Harbour Telecom")
    terms = Terms("Harbour Telecom", "a4", "https://callx.example/verify/")
    press = Press(school.database, school.client.app[BLOBS], open_printer(unsigned, clock), terms)
    reissuer = Reissuer(school.database, clock, press)
    wish = Wish(school.course.product_id, "reprint", "all", "The key was lost.")
    await reissuer.go_on((await reissuer.ask(school.cast.ada, wish)).reissue_id)
    assert signatures((await downloads(school, (await school.ask("tess"))[1]))[0]) == 0
