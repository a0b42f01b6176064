"""A manager follows somebody of the team to the very second of a call, and they talk about it."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.conftest import screenshot
from tests.browser.team import MANAGER, Team
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

WAIT_S = 60
PRAISE, ANSWER = "Lovely: you let her be angry first.", "Thank you, I will keep doing that."


async def a_recorded_call(page: Page, url: str) -> None:
    """The demo trainee's call with a recording; ends at its report card."""
    await steps.sign_in(page, url)
    await steps.open_brief(page)
    await steps.start_without_microphone(page)
    for text in steps.GOOD_REPLIES[:2]:
        await steps.reply(page, text)
    await steps.end_call(page)
    await steps.see_report(page)


async def told_of_a_comment(page: Page) -> None:
    """Until the trainee's notification is there."""
    async with asyncio.timeout(WAIT_S):
        while True:
            if await steps.rest(page, "notifications?kind=eq.comment&select=id"):
                return
            await asyncio.sleep(0.2)


async def test_from_the_team_to_a_comment_and_its_answer(
    shared_server: RunningServer, shared_browser: Browser, page: Page, team: Team
):
    del team  # it is there: the manager has eight people
    trainee = page
    await a_recorded_call(trainee, shared_server.url)
    context = await shared_browser.new_context(viewport={"width": 1280, "height": 800})
    manager = await context.new_page()
    await steps.sign_in(manager, shared_server.url, MANAGER)
    await manager.get_by_role("link", name="Team", exact=True).click()
    await manager.get_by_label("Find people by name").fill("lindqvist")
    await expect(manager.get_by_text("1 person found")).to_be_visible()
    await expect(manager).to_have_url(re.compile(r"/team\?q=lindqvist$"))
    await manager.get_by_role("link", name="Tessa Lindqvist").click()
    await expect(manager.get_by_role("heading", level=1, name="Tessa Lindqvist")).to_be_focused()
    await manager.get_by_role("table", name="Calls of Charged twice").get_by_role("link").first.click()

    await expect(manager.get_by_text("That you look at this call is recorded.")).to_be_visible()
    await expect(manager.locator(".player--ready")).to_be_visible(timeout=WAIT_S * 1000)
    await expect(manager.locator(".player--waved")).to_be_visible(timeout=WAIT_S * 1000)
    second_line = manager.get_by_role("button", name=re.compile("^Play from .*, Tessa Lindqvist")).first
    await second_line.click()
    await expect(manager.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    await expect(manager.locator("[aria-current=true].turn__line")).to_have_count(1)
    await second_line.press("k")
    await expect(manager.get_by_role("button", name="Play", exact=True)).to_be_visible()
    await second_line.press("?")
    await expect(manager.get_by_role("dialog", name="Keys of the replay")).to_be_visible()
    await manager.keyboard.press("Escape")
    await second_line.press("c")
    await expect(manager.get_by_label("New comment")).to_be_focused()
    await manager.keyboard.type(PRAISE)
    await manager.get_by_role("button", name="Comment", exact=True).click()
    await expect(manager.get_by_role("listitem").filter(has_text=PRAISE)).to_be_visible()
    await expect(manager.locator(".mark--comment")).to_have_count(1)
    await screenshot(manager, "replay-with-comment", full_page=False)

    await told_of_a_comment(trainee)
    await trainee.goto(shared_server.url)
    await trainee.get_by_role("button", name="Notifications").click()
    await (
        trainee.get_by_role("dialog", name="Notifications").get_by_role("link", name=re.compile("omment")).first.click()
    )
    await expect(trainee).to_have_url(re.compile(r"/calls/[0-9a-f-]+\?t=\d+&comment="))
    await expect(trainee.locator(".thread--wanted")).to_contain_text(PRAISE)
    await trainee.get_by_role("button", name="Answer", exact=True).click()
    await trainee.get_by_label("Your answer").fill(ANSWER)
    await trainee.locator(".comments__small").get_by_role("button", name="Answer", exact=True).click()
    await expect(trainee.locator(".thread__reply").filter(has_text=ANSWER)).to_be_visible()
    await expect(trainee.get_by_role("button", name="Resolve")).to_have_count(0)

    await manager.reload()
    await expect(manager.get_by_text(ANSWER)).to_be_visible()
    await manager.get_by_role("button", name="Resolve", exact=True).click()
    await expect(manager.get_by_text(PRAISE)).to_have_count(0)
    await manager.get_by_role("button", name="Show 1 resolved").click()
    await expect(manager.get_by_text(PRAISE)).to_be_visible()
    await context.close()


async def test_tiles_headings_and_files_of_a_team(shared_server: RunningServer, page: Page, team: Team):
    del team
    await steps.sign_in(page, shared_server.url, MANAGER)
    await page.goto(shared_server.url + "/team?show=overdue")
    names = page.get_by_role("row").get_by_role("rowheader")
    await expect(names).to_have_text([re.compile("Benedikt Hoffmann"), re.compile("Farid El-Amin")])
    await page.get_by_role("button", name=re.compile("^8 ?All")).click()
    await page.get_by_role("button", name="Progress", exact=True).click()
    await expect(names.first).to_contain_text("Dev Patel")
    await expect(page.get_by_role("columnheader", name="Progress")).to_have_attribute("aria-sort", "descending")
    await page.locator("summary", has_text="Export").click()
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name=re.compile("^CSV ?: Progress")).click()
    download = await waiting.value
    assert re.fullmatch(r"callx-progress-\d{4}-\d\d-\d\d\.csv", download.suggested_filename)
    assert "Amara Diallo" in (await asyncio.to_thread((await download.path()).read_text, "utf-8-sig"))

    await page.get_by_role("link", name="Skills").click()
    row = page.get_by_role("row").filter(has_text="Amara Diallo")
    await expect(row.get_by_role("cell").first).to_contain_text("100")
    await page.get_by_label("Show").select_option("best")
    await expect(page).to_have_url(re.compile(r"which=best"))
    await row.get_by_role("link").click()
    await page.get_by_role("table", name="Calls of Charged twice").get_by_role("checkbox").nth(0).check()
    await page.get_by_role("table", name="Calls of Charged twice").get_by_role("checkbox").nth(2).check()
    await page.get_by_role("link", name="Compare 2 calls").click()
    await expect(page.get_by_role("row").filter(has_text="Overall")).to_contain_text("+96")


async def test_more_time_and_attempts_for_somebody(shared_server: RunningServer, page: Page, team: Team):
    await steps.sign_in(page, shared_server.url, MANAGER)
    await page.goto(f"{shared_server.url}/team/{team.members[6].user_id}")
    section = page.get_by_role("region", name="More time and attempts")
    await section.locator("summary").click()
    await section.get_by_label("More attempts").fill("2")
    await section.get_by_label("More time, in per cent").fill("25")
    await section.get_by_role("button", name="Give it").click()
    await expect(section.get_by_text("2 attempts more, 25 % more time")).to_be_visible()
    await section.get_by_role("button", name=re.compile("Take it back")).click()
    await expect(section.get_by_text("Nothing beyond what everybody has.")).to_be_visible()
