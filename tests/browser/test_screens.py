"""Every screen: axe-core has nothing serious to say, and nothing scrolls sideways, however narrow or enlarged."""

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser import steps
from tests.browser.accessibility import axe_rules
from tests.browser.inspection import Inspection
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]


async def still_running(route: Route) -> None:
    await route.fulfill(json={"call_id": "00000000-0000-0000-0000-000000000000", "state": "running", "report": None})


async def test_every_screen_keeps_the_rules_of_accessibility(shared_server: RunningServer, page: Page):
    await page.emulate_media(reduced_motion="reduce")
    inspection = Inspection(page, await axe_rules())
    await page.goto(shared_server.url)
    await expect(page.get_by_text("This is a demo")).to_be_visible()
    await inspection.look("sign-in")
    await steps.sign_in(page, shared_server.url)
    await inspection.look("courses")
    await page.goto(shared_server.url + "/courses")  # home shows a few of them
    await page.get_by_role("link", name="Retention and Refunds").click()
    await expect(page.get_by_text("Complete “Refunds without the runaround” first")).to_be_visible()
    await inspection.look("course")
    await page.get_by_role("link", name=re.compile("Refund, credit or replacement")).first.click()
    await expect(page.get_by_role("button", name="Mark complete")).to_be_visible()
    await inspection.look("text-lesson")
    await page.goto(shared_server.url + "/nowhere")
    await expect(page.get_by_text("There is nothing here")).to_be_visible()
    await inspection.look("not-found")
    await page.goto(shared_server.url + "/lessons/00000000-0000-4000-8000-000000000000")
    await expect(page.get_by_role("heading", name="This lesson is locked")).to_be_visible()
    await inspection.look("locked")

    await page.goto(shared_server.url)
    await steps.open_brief(page)
    await inspection.look("brief")
    await steps.start_without_microphone(page)
    await steps.reply(page, steps.GOOD_REPLIES[0])
    await steps.reply(page, steps.GOOD_REPLIES[1])
    await inspection.look("live-call")
    evaluation = re.compile("/evaluation$")
    await page.route(evaluation, still_running)
    await steps.end_call(page)
    await expect(page.get_by_role("heading", name="Listening to your call again")).to_be_visible(timeout=30_000)
    await inspection.look("processing")
    await page.unroute(evaluation)
    await steps.see_report(page)
    await inspection.look("report")
    await page.goto(shared_server.url + "/calls")
    await expect(page.get_by_role("heading", name="My calls")).to_be_visible()
    await inspection.look("my-calls")
    assert not inspection.findings, "\n".join(inspection.findings)
