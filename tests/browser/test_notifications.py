"""The bell, what one is told, and one's own settings."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.team import Team
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

TOLD_WITHIN_MS = 60_000


async def test_the_bell_rings_and_falls_silent(shared_server: RunningServer, page: Page, team: Team):
    await steps.sign_in(page, shared_server.url, team.members[3].email)
    bell = page.get_by_role("button", name="Notifications")
    await expect(bell).to_have_accessible_description(re.compile(r"\d+ unread"), timeout=TOLD_WITHIN_MS)
    await bell.click()
    sheet = page.get_by_role("dialog", name="Notifications")
    await expect(sheet.get_by_role("link", name="A course for you: Inbound Service Essentials")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await bell.click()
    await sheet.get_by_role("link", name="A course for you: Inbound Service Essentials").click()
    await expect(page.get_by_role("heading", level=1, name="Inbound Service Essentials")).to_be_visible()
    await page.goto(shared_server.url + "/notifications")
    await page.get_by_role("button", name="Mark all as read").click()
    await expect(bell).to_have_accessible_description("Nothing new")


async def test_what_one_is_told_stays_as_it_was_chosen(shared_server: RunningServer, page: Page, team: Team):
    await steps.sign_in(page, shared_server.url, team.members[4].email)
    await page.goto(shared_server.url + "/notifications/preferences")
    await page.get_by_label("Everything, by e-mail").uncheck()
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    await page.get_by_label("Overdue courses, by e-mail").check()
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("Overdue courses, by e-mail")).to_be_checked()
    await expect(page.get_by_label("Welcome, by e-mail")).not_to_be_checked()
    await expect(page.get_by_label("Welcome, here")).to_be_checked()


async def test_name_time_zone_and_devices(shared_server: RunningServer, page: Page, team: Team):
    await steps.sign_in(page, shared_server.url, team.members[1].email)
    await page.get_by_role("link", name="Your profile and settings").click()
    await expect(page.get_by_label("Your name")).to_have_value("Benedikt Hoffmann")
    await page.get_by_label("Your name").fill("Ben Hoffmann")
    await page.get_by_role("button", name="Save name").click()
    await expect(page.locator("[data-name]")).to_have_text("Ben Hoffmann")
    await page.get_by_label("Your name").fill("Benedikt Hoffmann")
    await page.get_by_role("button", name="Save name").click()
    await expect(page.locator("[data-name]")).to_have_text("Benedikt Hoffmann")
    await page.get_by_label("Time zone").select_option("Asia/Tokyo")
    await page.get_by_role("button", name="Save language and time").click()
    await expect(page.locator("[data-form=places] [data-note]")).to_have_text("Saved")
    await page.reload()
    await expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    await expect(page.get_by_role("region", name="Where you are signed in")).to_contain_text("This device")
