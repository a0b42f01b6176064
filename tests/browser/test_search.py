"""Looking for words: with the key `/`, in lessons and documents, on a narrow screen, and nothing found."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import steps, videos
from tests.browser.accessibility import axe_rules, broken_rules, sticks_out
from tests.browser.conftest import screenshot
from tests.support.films import pdf
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]


async def test_words_are_found_by_keyboard_in_lessons_and_documents(shared_server: RunningServer, page: Page):
    text = "<p>A <b>zeppelin</b> voucher is given to the customer who had to wait for the zeppelin.</p>"
    book = pdf("The first page.", "Zeppelins are for the customers who had to wait.")
    lesson = await videos.make_lesson(
        shared_server,
        "Vouchers",
        lesson_type="text",
        text_content=text,
        attachments={"handbook.pdf": (book, "application/pdf")},
    )
    await steps.sign_in(page, shared_server.url)
    await page.keyboard.press("/")
    await page.keyboard.type("zeppelins")
    await page.keyboard.press("Enter")
    results = page.locator(".search__result")
    await expect(results).to_have_count(2)
    await expect(page.get_by_role("status").filter(has_text="2 results")).to_be_visible()
    await expect(results.filter(has_text="handbook.pdf, page 2").locator("mark")).to_have_text("Zeppelins")
    await expect(results.filter(has_not_text="handbook.pdf").locator("mark").first).to_have_text("zeppelin")
    for width, scheme in ((1280, "light"), (390, "dark"), (390, "light")):
        await page.set_viewport_size({"width": width, "height": 844})
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await screenshot(page, f"search-{width}-{scheme}")
        assert await broken_rules(page, await axe_rules()) == []
    await page.set_viewport_size({"width": 320, "height": 800})
    assert await sticks_out(page) == []
    await results.filter(has_text="page 2").get_by_role("link").click()
    await expect(page.get_by_role("heading", level=1, name=lesson.title)).to_be_visible()
    await expect(page.get_by_role("region", name="Attachments")).to_contain_text("handbook.pdf")
    await page.go_back()
    await expect(results).to_have_count(2)
    field = page.locator("[data-search-field]")
    await page.keyboard.press("/")
    await expect(field).to_be_focused()
    await field.fill("quux nonsense")
    await expect(page.get_by_role("heading", name="Nothing found for “quux nonsense”")).to_be_visible()
    await screenshot(page, "search-nothing")
    await field.fill("")
    await expect(page.get_by_role("heading", name="What are you looking for?")).to_be_visible()


async def test_a_search_that_fails_can_be_tried_again(shared_server: RunningServer, page: Page):
    await steps.sign_in(page, shared_server.url)
    await page.goto(f"{shared_server.url}/search")
    await page.route("**/rpc/search_lessons", lambda route: route.abort())
    await page.locator("[data-search-field]").fill("voucher")
    again = page.get_by_role("button", name="Try again")
    await expect(again).to_be_visible()
    await page.unroute("**/rpc/search_lessons")
    await again.click()
    await expect(again).to_be_hidden()
