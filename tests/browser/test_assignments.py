"""A manager gives somebody a course with a date, reminds them, moves the date and takes it back."""

import re
from datetime import date, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.team import MANAGER, Team
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

WHO, COURSE = "Grace O’Connor", "Retention and Refunds"


def day_in(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011 - the browser's own day


async def test_a_course_is_assigned_moved_reminded_and_taken_back(shared_server: RunningServer, page: Page, team: Team):
    await steps.sign_in(page, shared_server.url, MANAGER)
    await page.goto(f"{shared_server.url}/assignments?people={team.members[6].user_id}")
    await expect(page.get_by_label(WHO)).to_be_checked()
    await page.get_by_role("button", name="Assign", exact=True).click()
    await expect(page.get_by_text("Choose a course.")).to_be_visible()
    await page.get_by_label("Course", exact=True).select_option(COURSE)
    await page.get_by_label(re.compile("^Due date")).fill(day_in(14))
    await page.get_by_role("button", name="Assign", exact=True).click()
    row = page.get_by_role("row").filter(has_text=WHO)
    await expect(row).to_contain_text("Due in 14 days")

    await row.get_by_role("button", name=re.compile("^Change")).click()
    await page.get_by_label(re.compile("^New due date")).fill(day_in(1))
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(row).to_contain_text("Due tomorrow")
    await row.get_by_role("button", name=re.compile("^Remind")).click()
    await expect(row).to_contain_text("Reminded")

    page.on("dialog", lambda dialog: dialog.accept())
    await row.get_by_role("button", name=re.compile("^Take back")).click()
    await expect(row).to_have_count(0)


async def test_who_does_not_lead_is_told_which_role_it_needs(shared_server: RunningServer, page: Page):
    await steps.sign_in(page, shared_server.url)
    await expect(page.get_by_role("link", name="Team", exact=True)).to_have_count(0)
    for path in ("/team", "/assignments", "/reviews"):
        await page.goto(shared_server.url + path)
        await expect(page.get_by_role("heading", name="This page is for another role")).to_be_visible()
        await expect(page.get_by_text("It needs the role Manager. You are signed in as Trainee.")).to_be_visible()
