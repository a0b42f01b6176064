"""A trainee disagrees with a report, and a manager has the last word."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.team import MANAGER, Team
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

DISPUTE, REASON = "I did say back what I had understood.", "You did: I heard it in your fourth line."


async def test_a_dispute_is_taken_overruled_and_shown(
    shared_server: RunningServer, shared_browser: Browser, page: Page, team: Team
):
    elif_ = team.members[4]
    trainee = page
    await steps.sign_in(trainee, shared_server.url, elif_.email)
    await trainee.get_by_role("link", name="Open the report card").click()
    await trainee.get_by_role("button", name="Do you disagree? Ask for a review").click()
    await trainee.get_by_label("What is wrong, and why").fill(DISPUTE)
    await trainee.get_by_role("button", name="Ask", exact=True).click()
    await expect(trainee.get_by_text("You have asked for a review.")).to_be_visible()

    context = await shared_browser.new_context(viewport={"width": 1280, "height": 800})
    manager = await context.new_page()
    await steps.sign_in(manager, shared_server.url, MANAGER)
    await manager.get_by_role("link", name="Reviews", exact=True).click()
    row = manager.get_by_role("row").filter(has_text=elif_.full_name)
    await expect(row).to_contain_text(DISPUTE)
    await row.get_by_role("button", name=re.compile("^Take it")).click()
    await expect(row.get_by_role("button", name=re.compile("^Give back"))).to_be_visible()
    await row.get_by_role("link").click()

    await expect(manager.get_by_text(DISPUTE)).to_be_visible()
    await expect(manager.get_by_text("You overrule nothing")).to_be_visible()
    missed = manager.locator("select[data-verdict]").filter(has_text="As judged: Not met").first
    await missed.select_option("met")
    await expect(manager.get_by_text("You overrule 1 verdict.")).to_be_visible()
    await manager.get_by_role("button", name="Publish").click()
    await expect(manager.get_by_text("Say why: the trainee reads it.")).to_be_visible()
    await manager.get_by_label("Reason, for the trainee").fill(REASON)
    await manager.get_by_role("button", name="Save draft and see the result").click()
    await expect(manager.get_by_text("What would come of it")).to_be_visible()
    await manager.reload()
    await expect(manager.get_by_text("You overrule 1 verdict.")).to_be_visible()
    await manager.get_by_role("button", name="Publish").click()
    await expect(manager.get_by_text("Miriam Okafor has changed this result")).to_be_visible()
    await context.close()

    await trainee.reload()
    await expect(trainee.get_by_text("Miriam Okafor has changed this result")).to_be_visible()
    await expect(trainee.get_by_text(REASON).first).to_be_visible()
    await expect(trainee.locator("s.machine-word").first).to_be_attached()
