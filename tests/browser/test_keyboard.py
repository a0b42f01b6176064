"""The whole story with nothing but a keyboard, as somebody does who uses no mouse and no microphone."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import screenshot
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

MOST_STEPS = 80


async def tab_to(page: Page, wanted: Locator) -> None:
    """Presses Tab until `wanted` has the focus, which must then be seen."""
    for _ in range(MOST_STEPS):
        await page.keyboard.press("Tab")
        if await wanted.evaluate_all("(nodes) => nodes.length === 1 && nodes[0] === document.activeElement"):
            assert await page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"Tab does not reach {wanted}")


async def test_sign_in_call_and_report_card_without_a_mouse(shared_server: RunningServer, page: Page):
    await page.goto(shared_server.url)
    await tab_to(page, page.get_by_label("E-mail"))
    await page.keyboard.type(steps.TRAINEE)
    await page.keyboard.press("Tab")
    await page.keyboard.type(steps.PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Your courses")).to_be_visible()

    await tab_to(page, page.get_by_role("link", name="Inbound Service Essentials"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="Inbound Service Essentials")).to_be_focused()
    await tab_to(page, page.get_by_role("link", name=re.compile("Call: charged twice")))
    await page.keyboard.press("Enter")
    await tab_to(page, page.get_by_role("button", name="Start without a microphone"))
    await page.keyboard.press("Enter")

    await expect(page.get_by_text(steps.OPENING)).to_be_visible(timeout=30_000)
    await tab_to(page, page.get_by_label("Your reply"))
    for text in steps.GOOD_REPLIES[:2]:
        await page.keyboard.type(text)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("log").get_by_text(text)).to_be_visible()
    await tab_to(page, page.get_by_role("button", name="End call"))
    await page.keyboard.press("Enter")

    await steps.see_report(page)
    turn = page.locator(".turn--user .turn__line").first
    await tab_to(page, turn)
    await expect(page.locator(".player--ready")).to_be_visible(timeout=30_000)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    await screenshot(page, "keyboard-plays-a-turn", full_page=False)
