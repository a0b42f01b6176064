"""What a trainee sees first: what to go on with, what is due, the next call, the last one, and certificates."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import screenshot
from tests.browser.team import Team
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]


async def test_home_leads_to_what_counts(shared_server: RunningServer, page: Page, team: Team):
    await steps.sign_in(page, shared_server.url, team.members[0].email)
    due = page.get_by_role("region", name="Due soon")
    await expect(due).to_contain_text("Inbound Service Essentials")
    await expect(due).to_contain_text("Due in 9 days")
    last = page.get_by_role("region", name="Your last call")
    await expect(last).to_contain_text("+45 points to the call before")
    await expect(page.get_by_role("region", name="Your next call")).to_contain_text("Priya Raman")
    await screenshot(page, "home-trainee")
    await last.get_by_role("link", name="Open the report card").click()
    await expect(page.get_by_text("There is no recording of this call.")).to_be_visible()
    await page.go_back()
    await page.get_by_role("link", name="Resume").click()
    await expect(page).to_have_url(re.compile("/lessons/"))


async def test_courses_are_chosen_by_their_state(shared_server: RunningServer, page: Page, team: Team):
    await steps.sign_in(page, shared_server.url, team.members[5].email)
    await page.get_by_role("link", name="My courses").click()
    await page.get_by_role("button", name=re.compile("^Past due")).click()
    await expect(page.get_by_role("heading", level=2)).to_have_text(["Inbound Service Essentials"])
    await page.reload()
    await expect(page.get_by_role("button", name=re.compile("^Past due"))).to_have_attribute("aria-pressed", "true")


async def test_a_certificate_that_expires_is_on_home_and_says_how_to_renew_it(
    shared_server: RunningServer, page: Page, team: Team
):
    await steps.sign_in(page, shared_server.url, team.members[2].email)
    await page.get_by_role("region", name="Certificates to renew").get_by_role("link", name="My certificates").click()
    await expect(page.get_by_role("heading", level=1, name="Certificates")).to_be_visible()
    item = page.get_by_role("listitem").filter(has_text="Inbound Service Essentials")
    await expect(item).to_contain_text("Expires soon")
    await expect(item).to_contain_text("Pass the quizzes and calls of the course once more")
