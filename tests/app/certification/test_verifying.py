"""The public page of a certificate."""

import re

import pytest
from yarl import URL

from lms.certification.codes import read_code

JSON = {"Accept": "application/json"}


async def revoke(school, *, by="ada", certification_id):
    body = {"certification_id": certification_id, "reason": "Somebody else took the call."}
    async with school.client.post(
        "/rest/v1/rpc/revoke_certification", json=body, headers=school.headers[by]
    ) as response:
        return response.status


async def test_a_valid_certificate_says_so(school, certified):
    page = await school.open(certified["verify_url"])
    text = await page.text()
    assert (page.status, page.content_type, page.charset) == (200, "text/html", "utf-8")
    for words in ("Valid certificate", ">Tess<", ">Billing<", "Harbour Telecom", "24 November 2026", certified["code"]):
        assert words in text
    assert "callx.example" not in text, "no address of a person"
    assert str(school.cast.tess.user_id) not in text


async def test_the_page_runs_and_loads_nothing(school, certified):
    page = await school.open(certified["verify_url"])
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert {name: page.headers[name] for name in ("Referrer-Policy", "Cache-Control", "X-Robots-Tag")} == {
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }
    text = await page.text()
    assert not re.search(r"<script|<link|<img|src=|\son\w+=|style=", text)
    code = certified["code"]
    assert re.findall(r'href="([^"]*)"', text) == [f"/badges/{code}.svg", f"/badges/{code}"]


async def test_a_name_cannot_bring_markup(school):
    async with school.database.acting_as_service() as tx:
        await tx.execute(
            "update public.profiles set full_name = $1 where id = $2", "<b>T</b>", school.cast.tess.user_id
        )
        await tx.execute("update public.products set title = '\"><script>alert(1)</script>'")
    await school.finish("tess")
    _, given = await school.ask("tess")
    text = await (await school.open(given["verify_url"])).text()
    assert "<b>" not in text
    assert "<script" not in text
    assert "&lt;b&gt;T&lt;/b&gt;" in text


async def test_programs_get_json(school, certified):
    answer = await school.open(certified["verify_url"], **JSON)
    body = await answer.json()
    assert re.fullmatch("[0-9a-f]{64}", body.pop("pdf_sha256"))
    assert body == {
        "state": "valid",
        "code": certified["code"],
        "holder": "Tess",
        "product": "Billing",
        "issuer": "Harbour Telecom",
        "score": 75,
        "issued_at": "2026-11-24T09:00:00+00:00",
        "expires_at": None,
        "revoked_at": None,
        "is_renewed": False,
        "earlier_pdf_sha256": [],
        "badge": f"/badges/{certified['code']}.svg",
        "credential": f"/badges/{certified['code']}",
    }
    assert answer.headers["Vary"] == "Accept"


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("0", "o")])
async def test_a_code_may_be_typed_as_people_type(school, certified, change):
    assert (await school.open(f"/verify/{change(certified['code'])}")).status == 200


async def test_unknown_and_malformed_codes_are_the_same_page(school, certified):
    pages = []
    for code in (
        "0000-0000-0000-0000",
        "x",
        "%00",
        "..%2f",
        "",
        "a/b",
        "%F0%9F%98%80",
        "A" * 500,
        certified["code"][:-1],
        "'--",
    ):
        page = await school.client.get(URL(f"/verify/{code}", encoded=True))
        headers = {name: value for name, value in page.headers.items() if name.lower() not in ("x-request-id", "date")}
        pages.append((page.status, headers, await page.text()))
        assert pages[-1] == pages[0], code
    assert pages[0][0] == 404
    answer = await school.open("/verify/0000-0000-0000-0000", **JSON)
    assert (answer.status, (await answer.json())["error"]["code"]) == (404, "certificate_unknown")


async def test_an_expired_certificate_says_so(school, clock):
    async with school.database.acting_as_service() as tx:
        await tx.execute("update public.products set certificate_valid_days = 30")
    await school.finish("tess")
    _, given = await school.ask("tess")
    assert given["expires_at"].startswith("2026-12-24T09:00:00")
    assert "Valid until" in await (await school.open(given["verify_url"])).text()
    clock.advance(30 * 24 * 3_600_000)
    page = await school.open(given["verify_url"])
    text = await page.text()
    assert page.status == 200
    assert "Expired certificate" in text
    assert "Expired on" in text
    assert "Final score" not in text


async def test_only_an_admin_revokes_and_the_page_says_so(school, certified):
    wanted = certified["certification_id"]
    assert [await revoke(school, by=name, certification_id=wanted) for name in ("tess", "mira")] == [404, 404]
    assert "Valid certificate" in await (await school.open(certified["verify_url"])).text()
    assert await revoke(school, certification_id=wanted) == 204
    text = await (await school.open(certified["verify_url"])).text()
    assert "Revoked certificate" in text
    assert "Somebody else" not in text, "why is between the holder and the admin"
    status, body = await school.ask("tess")
    assert (status, body["code"]) == (409, "certificate_revoked")


async def test_the_holder_decides_how_the_page_names_them(school, certified):
    address = f"/rest/v1/certifications?id=eq.{certified['certification_id']}"
    for name, expected in (("theo", "Tess"), ("mira", "Tess"), ("tess", "T.")):
        async with school.client.patch(address, json={"shown_name": "initials"}, headers=school.headers[name]):
            pass
        body = await (await school.open(certified["verify_url"], **JSON)).json()
        assert body["holder"] == expected


async def test_one_address_cannot_try_many_codes(school, certified):
    statuses = [(await school.open(f"/verify/{number:016d}")).status for number in range(31)]
    assert statuses == [404] * 30 + [429]
    refusal = await school.open(certified["verify_url"])
    assert (refusal.status, refusal.headers["Retry-After"]) == (429, "2")


def test_what_the_fixture_gives_is_a_code():
    assert read_code("7kq4 9m2c-xotb-5hzw") == "7KQ49M2CX0TB5HZW"
