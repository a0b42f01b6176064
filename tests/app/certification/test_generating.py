"""`generate-certificate` on the wire, as section 6.3 prints it, and hole 11."""

import asyncio
import io
from urllib.parse import urlsplit
from uuid import uuid4

import pypdf
import pytest

from tests.app.support.wires import SITE

COUNTS = """
    select (select count(*) from public.certifications) as certifications,
      (select count(*) from public.certificate_issues) as issues,
      (select count(*) from storage.objects where bucket_id = 'certificates') as objects,
      (select count(*) from callx.facts where kind = 'CertificateIssued') as facts
"""


async def counts(school):
    async with school.database.acting_as_service() as tx:
        return tuple(await tx.fetchrow(COUNTS))


async def test_the_answer_is_a_link_that_opens_without_a_header(school, certified):
    tess = school.cast.tess.user_id
    path = f"{tess}/{school.course.product_id}.pdf"
    assert set(certified) == {
        "certificate_url", "path", "certification_id", "code", "verify_url", "issued_at", "expires_at", "badge_url",
        "credential_url",
    }  # fmt: skip
    assert certified["path"] == path
    link = urlsplit(certified["certificate_url"])
    assert f"{link.scheme}://{link.netloc}" == SITE
    assert link.path == f"/storage/v1/object/sign/certificates/{path}"
    opened = await school.open(certified["certificate_url"])
    assert (opened.status, opened.content_type) == (200, "application/pdf")
    text = pypdf.PdfReader(io.BytesIO(await opened.read())).pages[0].extract_text()
    for words in ("Tess", "Billing", "HARBOUR TELECOM", "24 November 2026", certified["code"], "75 %"):
        assert words in text
    assert certified["verify_url"] == f"{SITE}/verify/{certified['code']}"
    assert (await school.open(certified["verify_url"])).status == 200
    async with school.database.acting_as(school.cast.tess) as tx:
        assert await tx.fetchval("select certificate_url from public.certifications") == path


async def test_fifty_calls_at_once_make_one(school):
    await school.finish("tess")
    answers = await asyncio.gather(*(school.ask("tess") for _ in range(50)))
    assert {status for status, _ in answers} == {200}
    assert len({(body["code"], body["certification_id"], body["path"]) for _, body in answers}) == 1
    assert await counts(school) == (1, 1, 1, 1)


async def test_who_has_not_finished_is_told_what_is_missing(school):
    status, body = await school.ask("tess")
    assert (status, body["code"]) == (409, "not_completed")
    assert body["details"] == [
        {
            "field": f"modules.{school.course.module_id}",
            "message": "First: 0 of 4 lessons are completed; missing: Video, Text, Quiz, Simulation.",
        }
    ]
    assert await counts(school) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "sql",
    [
        "update public.products set is_active = false",
        "update public.products set archived_at = now()",
    ],
)
async def test_hole_11_a_hidden_product_is_not_there(school, sql):
    await school.finish("tess")
    async with school.database.acting_as_service() as tx:
        await tx.execute(sql)
    for name in ("tess", "ada"):
        status, body = await school.ask(name)
        assert (status, body["code"]) == (404, "product_not_found")
    assert await counts(school) == (0, 0, 0, 0)


async def test_hole_11_an_unknown_an_empty_and_an_unassigned_product(school):
    async with school.database.acting_as_service() as tx:
        empty = await tx.fetchval("insert into public.products (title) values ('Empty') returning id")
    assert (await school.ask("tess", product_id=str(uuid4())))[1]["code"] == "product_not_found"
    status, body = await school.ask("tess", product_id=str(empty))
    assert (status, body["code"], body["details"]) == (409, "not_completed", [])
    async with school.database.acting_as_service() as tx:
        await tx.execute("update public.site_settings set open_enrolment = false")
    assert (await school.ask("tess"))[1]["code"] == "product_not_found"


async def test_hole_11_nobody_gets_anothers(school, certified):
    wanted = {"user_id": str(school.cast.tess.user_id), "path": certified["path"]}
    for name in ("theo", "mira", "ada"):
        status, body = await school.ask(name, **wanted)
        assert (status, body["code"]) == (409, "not_completed"), name
    status, body = await school.ask("nobody")
    assert (status, body["code"]) == (401, "no_authorization")
    assert await counts(school) == (1, 1, 1, 1)


async def test_a_login_that_has_ended_gets_none(school, certified):
    async with school.database.acting_as_service() as tx:
        await tx.execute("update auth.users set deactivated_at = now() where id = $1", school.cast.tess.user_id)
    status, body = await school.ask("tess")
    assert (status, body["code"]) == (401, "login_ended")
    opened = await school.open(certified["certificate_url"])
    assert opened.status == 400, "a link may what its maker may"


@pytest.mark.parametrize(
    ("name", "status"),
    [("tess", 200), ("mira", 200), ("ada", 200), ("theo", 400), ("otto", 400), ("nobody", 400)],
)
async def test_who_may_download_the_pdf(school, certified, name, status):
    address = f"/storage/v1/object/certificates/{certified['path']}"
    async with school.client.get(address, headers=school.headers.get(name, {})) as response:
        body = await response.read()
    assert response.status == status
    assert body.startswith(b"%PDF") == (status == 200)
    async with school.client.post(
        "/storage/v1/object/sign/certificates/" + certified["path"],
        json={"expiresIn": 60},
        headers=school.headers.get(name, {}),
    ) as response:
        assert response.status == status


@pytest.mark.parametrize("name", ["tess", "mira", "ada"])
async def test_nobody_writes_a_certificate(school, certified, name):
    address = f"/storage/v1/object/certificates/{certified['path']}"
    headers = {**school.headers[name], "Content-Type": "application/pdf", "x-upsert": "true"}
    async with school.client.post(address, data=b"%PDF-1.4 forged", headers=headers) as response:
        assert response.status == 400
    async with school.client.delete(
        "/storage/v1/object/certificates", json={"prefixes": [certified["path"]]}, headers=school.headers[name]
    ) as response:
        assert await response.json() == []
    assert (await school.open(certified["certificate_url"])).status == 200
