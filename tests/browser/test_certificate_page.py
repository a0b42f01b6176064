"""The public page of a certificate: for every eye, every width, in light and dark, without a script."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, Route, expect

from lms.certification.page import HEADERS, certificate_page, unknown_page
from lms.certification.verification import Verified
from tests.browser.accessibility import axe_rules, broken_rules, sticks_out
from tests.browser.conftest import screenshot
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

CODE = "7KQ4-9M2C-X0TB-5HZW"
VALID = Verified(
    state="valid",
    code=CODE,
    holder="Tess Wójcik-Österreich",
    product="Billing Essentials: Refunds and Retention",
    issuer="Harbour Telecom Academy",
    score=92,
    issued_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
    expires_at=datetime(2027, 11, 24, 9, tzinfo=UTC),
    revoked_at=None,
    is_renewed=False,
    pdf_sha256="0123456789abcdef" * 4,
    earlier_pdf_sha256=("fedcba9876543210" * 4,),
    has_badge=True,
)
LONG = "Konstantinopoulou-Featherstonehaugh-Schillingsfürst-" * 3
PAGES = {
    "valid": certificate_page(VALID),
    "expired": certificate_page(replace(VALID, state="expired", score=None, is_renewed=True)),
    "revoked": certificate_page(replace(VALID, state="revoked", score=None, revoked_at=VALID.issued_at)),
    "arabic": certificate_page(replace(VALID, holder="محمد عبد الله", product="خدمة العملاء", expires_at=None)),
    "long": certificate_page(replace(VALID, holder=LONG, product=LONG, issuer=LONG)),
    "unknown": unknown_page(),
}
SIZES = ((320, 640), (390, 844), (1280, 800))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", sorted(PAGES))
async def test_every_state_is_readable_by_everybody(page: Page, state: str, scheme: str):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    async def answer(route: Route) -> None:
        await route.fulfill(body=PAGES[state], headers={**HEADERS, "Content-Type": "text/html; charset=utf-8"})

    await page.route("**/verify/*", answer)
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    rules = await axe_rules()
    found: list[str] = []
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        await page.goto(f"https://callx.example/verify/{CODE}")
        found += [f"{width} px: {problem}" for problem in await broken_rules(page, rules)]
        found += await sticks_out(page)
        await screenshot(page, f"certificate-{state}-{scheme}-{width}")
    assert await page.evaluate("getComputedStyle(document.querySelector('main')).borderRadius") == "20px", (
        "styles apply"
    )
    assert found == []
    assert complaints == []


async def test_the_server_shows_it_to_whoever_is_not_signed_in(shared_server: RunningServer, page: Page):
    answer = await page.goto(f"{shared_server.url}/verify/{CODE}")
    assert answer is not None
    assert answer.status == 404
    await expect(page.get_by_role("heading", level=1)).to_have_text("No certificate has this code")
