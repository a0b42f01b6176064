"""Every state of a quiz keeps the rules of accessibility, in both themes, and loses nothing on the narrowest screen."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import quizzes, steps
from tests.browser.accessibility import axe_rules
from tests.browser.inspection import Inspection
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

LONGEST = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"


async def test_every_state_of_a_quiz_keeps_the_rules(shared_server: RunningServer, page: Page):
    await page.emulate_media(reduced_motion="reduce")
    inspection = Inspection(page, await axe_rules())
    csv = quizzes.ALL_TYPES.replace("The clock", LONGEST).replace("Verify", LONGEST)
    rules: dict[str, Any] = {"time_limit_minutes": 30, "max_attempts": 1, "review": "after_attempt"}
    quiz = await quizzes.make_quiz(shared_server, "Every state", csv, **rules)
    await steps.sign_in(page, shared_server.url)
    await page.goto(quiz.address(shared_server))
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    await inspection.look("quiz-start")
    await page.get_by_role("button", name="Start", exact=True).click()
    for place, text in enumerate(quizzes.QUESTIONS):
        await page.get_by_role("button", name=re.compile(f"^Question {place + 1},")).click()
        await expect(quizzes.question(page, text)).to_be_visible()
        if place == 0:
            await page.get_by_role("radio", name=LONGEST).check()
            await page.get_by_role("button", name="Flag").click()
        if place == 4:
            await page.get_by_label("Your number").fill("1.234")
            await expect(page.get_by_text("Read as 1.234 or 1,234, whichever is right.")).to_be_visible()
        await inspection.look(f"quiz-question-{place + 1}")
    await page.get_by_role("button", name="Hand in…").click()
    await expect(page.get_by_role("dialog")).to_contain_text("4 questions without an answer")
    await inspection.look("quiz-dialog")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()

    second = await page.context.new_page()
    await second.goto(quiz.address(shared_server))
    await expect(second.get_by_role("button", name="Continue here")).to_be_visible()
    elsewhere = Inspection(second, inspection.rules)
    await elsewhere.look("quiz-open-elsewhere")
    await second.close()

    await page.context.set_offline(True)
    await page.get_by_role("button", name="Move up").last.click()
    await expect(page.locator("[data-part=save]")).to_have_text("Not saved yet", timeout=20_000)
    await inspection.look("quiz-not-saved")
    await quizzes.hand_in(page)
    await expect(page.locator(".quiz-panel")).to_contain_text("handed in as soon as it is back", timeout=20_000)
    await inspection.look("quiz-waits-for-the-line")
    await page.context.set_offline(False)
    await expect(page.get_by_role("heading", name="Not passed yet")).to_be_visible(timeout=20_000)
    await inspection.look("quiz-result")
    await page.get_by_role("button", name="To the quiz").click()
    await expect(page.get_by_text("No attempts are left.")).to_be_visible()
    await inspection.look("quiz-none-left")
    findings = inspection.findings + elsewhere.findings
    assert not findings, "\n".join(findings)
