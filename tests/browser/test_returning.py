"""Back into a call whose page was closed, and into one that is open in another tab."""

import pytest
from playwright.async_api import expect

from tests.browser import steps
from tests.browser.accessibility import axe_rules
from tests.browser.conftest import OpenBrowser, screenshot
from tests.browser.inspection import PHONE, Inspection
from tests.support.running_server import RunningServer

pytestmark = pytest.mark.slow

SAID = "Good morning, Brightline Mobile, this is Noah."


async def test_a_call_is_found_again_from_another_tab_and_taken_over(
    running_server: RunningServer, open_browser: OpenBrowser
):
    context = await (await open_browser()).new_context()
    first = await context.new_page()
    await steps.sign_in(first, running_server.url)
    await steps.open_brief(first)
    brief = first.url
    await steps.start_without_microphone(first)
    await steps.reply(first, SAID)
    live = first.url

    second = await context.new_page()
    await second.goto(f"{running_server.url}/calls")
    notice = second.get_by_role("region", name="A call of yours is open")
    await expect(notice).to_contain_text("You are in a call with Dana Ortiz: Charged twice")
    inspection = Inspection(second, await axe_rules())
    await inspection.look("running-call")
    await second.goto(brief)
    await second.get_by_role("button", name="Start without a microphone").click()
    await expect(second.locator("p[role=alert]")).to_contain_text("You are in a call already: “Charged twice”")
    await second.get_by_role("link", name="Return to your call").click()
    await second.get_by_role("button", name="Return to the call").click()
    await expect(second.get_by_role("log").get_by_text(SAID)).to_be_visible()
    await expect(first.get_by_role("alertdialog", name="This call is open elsewhere")).to_be_visible()
    await expect(first.get_by_role("link", name="Go on with it here")).to_be_visible()

    await second.close()
    third = await context.new_page()
    await third.goto(live.removesuffix("/live"))
    await expect(third.get_by_role("heading", name="Your call is still open")).to_be_visible()
    await third.get_by_role("button", name="Return to the call").click()
    await expect(third.get_by_role("log").get_by_text(SAID)).to_be_visible()
    await steps.end_call(third)
    await steps.see_report(third)
    await third.goto(f"{running_server.url}/calls")
    await expect(third.get_by_role("heading", name="My calls")).to_be_visible()
    await expect(third.get_by_role("region", name="A call of yours is open")).to_have_count(0)
    assert not inspection.findings, "\n".join(inspection.findings)


async def test_on_a_phone_the_call_can_be_started_from_the_top_of_the_brief(
    running_server: RunningServer, open_browser: OpenBrowser
):
    page = await (await (await open_browser()).new_context(viewport=PHONE)).new_page()  # type: ignore[arg-type]
    await steps.sign_in(page, running_server.url)
    await steps.open_brief(page)
    start = page.get_by_role("button", name="Start call")
    await expect(start).to_have_count(1)
    await expect(start).to_be_in_viewport(ratio=1)
    await screenshot(page, "brief-phone")
