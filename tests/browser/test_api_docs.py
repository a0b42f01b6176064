"""`/docs`: every address of the server, found by keyboard, copied as a command, and readable by everybody."""

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.accessibility import axe_rules, sticks_out
from tests.browser.conftest import screenshot
from tests.browser.inspection import ENLARGED, PHONE, SMALLEST, WIDE, Inspection
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

OPEN_EVERYTHING = "document.querySelectorAll('main details').forEach((part) => { part.open = true; })"


@pytest_asyncio.fixture(loop_scope="package")
async def problems(page: Page) -> list[str]:
    """What the browser complains of: what the content policy forbids is among it."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda request: found.append(request.url) if "127.0.0.1" not in request.url else None)
    return found


async def test_the_page_shows_what_the_document_says(shared_server: RunningServer, page: Page, problems: list[str]):
    await page.goto(shared_server.url + "/docs")
    await expect(page.get_by_role("heading", level=1, name="CallX API")).to_be_visible()
    described = await page.evaluate("fetch('/openapi.json').then((answer) => answer.json())")
    operations = [said for item in described["paths"].values() for said in item.values()]
    await expect(page.locator("[data-operation]")).to_have_count(len(operations))
    for said in operations:
        await expect(page.locator(f"#{said['operationId']} h3")).to_have_text(said["summary"])
    card = page.locator("#make_a_call")
    await expect(card).to_contain_text("call_already_running")
    await card.get_by_text("Fields and example").click()
    await expect(card).to_contain_text("pcm_s16le")
    assert problems == []


async def test_a_search_by_keyboard_narrows_page_and_contents(shared_server: RunningServer, page: Page):
    await page.goto(shared_server.url + "/docs")
    await expect(page.locator("#make_a_call")).to_be_visible()
    await page.keyboard.press("/")
    await page.keyboard.type("call_already_running")
    await expect(page.locator("[data-operation]:visible")).to_have_count(1)
    await expect(page.get_by_role("status").filter(has_text="1 address")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="POST Make a call")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(shared_server.url + "/docs#make_a_call")
    await page.keyboard.press("/")
    await page.keyboard.type("xyzzy")
    await expect(page.get_by_text("Nothing is called that")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("[data-operation]:visible").nth(5)).to_be_visible()


async def test_a_command_is_copied(shared_server: RunningServer, page: Page):
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(shared_server.url + "/docs#make_a_call")
    await page.locator("#make_a_call").get_by_role("button", name="Copy as curl").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"curl -X POST '{shared_server.url}/voice/v1/calls'")
    assert "$ACCESS_TOKEN" in copied


async def test_the_page_keeps_the_rules_of_accessibility(shared_server: RunningServer, page: Page):
    await page.emulate_media(reduced_motion="reduce")
    inspection = Inspection(page, await axe_rules())
    await page.goto(shared_server.url + "/docs")
    await expect(page.locator("#make_a_call")).to_be_visible()
    await page.evaluate(OPEN_EVERYTHING)
    await page.get_by_label("Search the addresses").fill("report card")  # every kind of part, in few cards
    await expect(page.locator("[data-operation]:visible").nth(5)).to_be_hidden()
    await expect(page.locator("[data-operation]:visible").first).to_be_visible()
    await inspection.look("api-docs")
    assert not inspection.findings, "\n".join(inspection.findings)


async def test_nothing_sticks_out_sideways(shared_server: RunningServer, page: Page):
    await page.goto(shared_server.url + "/docs")
    await expect(page.locator("#make_a_call")).to_be_visible()
    await page.evaluate(OPEN_EVERYTHING)
    for size in (SMALLEST, ENLARGED, PHONE, WIDE):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        assert await sticks_out(page) == []
        await screenshot(page, f"api-docs-whole-{size['width']}", full_page=False)
