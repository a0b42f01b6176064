"""What somebody waits for at the first visit: few bytes, no error, and a page that stands still."""

import pytest
from playwright.async_api import Browser, Page, Response, expect

from tests.browser import steps
from tests.browser.team import MANAGER
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

BUDGET_BYTES = 150_000
MOST_SHIFT = 0.1
"""What Core Web Vitals call good."""

WATCH_SHIFTS = """() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({type: "layout-shift", buffered: true});
}"""


async def transferred(responses: list[Response]) -> int:
    """Bytes as they came, compressed; answers of the wires are no part of the application."""
    files = [
        response for response in responses if "/static/" in response.url or response.request.is_navigation_request()
    ]
    sizes = [await response.request.sizes() for response in files]
    return sum(size["responseBodySize"] for size in sizes)


async def test_the_first_page_is_small_and_stands_still(
    shared_server: RunningServer, shared_browser: Browser, page: Page
):
    await steps.sign_in(page, shared_server.url, MANAGER)
    signed_in = await page.context.storage_state()
    context = await shared_browser.new_context(storage_state=signed_in, viewport={"width": 1280, "height": 800})
    fresh = await context.new_page()
    responses: list[Response] = []
    errors: list[str] = []
    fresh.on("response", lambda response: responses.append(response))
    fresh.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    fresh.on("pageerror", lambda error: errors.append(str(error)))
    await fresh.add_init_script(f"({WATCH_SHIFTS})()")
    await fresh.goto(shared_server.url)
    await expect(fresh.get_by_role("heading", name="Your courses")).to_be_visible()
    await expect(fresh.get_by_role("link", name="Team", exact=True)).to_be_visible()
    size = await transferred(responses)
    shifted = await fresh.evaluate("window.shifted")
    await context.close()
    assert not errors
    assert 20_000 < size <= BUDGET_BYTES, f"{size} bytes in {len(responses)} answers"
    assert shifted <= MOST_SHIFT
