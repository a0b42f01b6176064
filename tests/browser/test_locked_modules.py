"""A module that opens while the trainee looks at the course."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import OpenBrowser, screenshot
from tests.support.running_server import RunningServer

pytestmark = pytest.mark.slow

COURSE = Path(__file__).parents[2] / "lms" / "demo" / "retention_and_refunds.yaml"
FIRST, LOCKED = "Refunds without the runaround", "Saying no, and what comes after"
REASON = f"Complete “{FIRST}” first"


async def test_a_locked_module_opens_on_the_screen_as_soon_as_the_one_before_is_complete(
    running_server: RunningServer, open_browser: OpenBrowser
):
    page = await (await (await open_browser()).new_context()).new_page()
    await steps.sign_in(page, running_server.url)
    await page.get_by_role("link", name="Retention and Refunds").click()
    lock = page.get_by_role("button", name=LOCKED)
    await expect(lock).to_be_disabled()
    await expect(lock).to_have_accessible_description(f"Locked. {REASON}")
    await expect(page.get_by_role("img", name="0 of 9 lessons done")).to_be_visible()

    await complete_all_but_the_text(page)
    other = await page.context.new_page()
    await other.goto(page.url)
    await other.get_by_role("link", name="Refund, credit or replacement?").first.click()
    await other.get_by_role("button", name="Mark complete").click()
    await expect(other.locator("#polite")).to_have_text(f"Lesson completed. Unlocked: {LOCKED}")

    await expect(page.get_by_role("link", name="A no with a door").first).to_be_visible()
    await expect(page.locator("#polite")).to_have_text(f"Unlocked: {LOCKED}")
    await expect(page.get_by_role("img", name="3 of 9 lessons done")).to_be_visible()
    await screenshot(page, "unlocked")
    await page.get_by_text(FIRST).first.click()
    await page.get_by_role("link", name="Check: the right remedy").click()
    await expect(page.locator(".lesson__after")).to_contain_text("A no with a door")


async def complete_all_but_the_text(page: Page) -> None:
    """The video and the quiz of the first module, as a front end that has screens for them would."""
    select = "lessons(id,lesson_type,quizzes(id,quiz_questions(id,question_text,quiz_answers(id,answer_text))))"
    [module] = await steps.rest(page, f"modules?title=eq.{quote(FIRST)}&select={select}")
    me = await page.evaluate("JSON.parse(localStorage.getItem('callx.login')).user.id")
    for lesson in module["lessons"]:
        if lesson["lesson_type"] == "video":
            await steps.rest(page, "lesson_completions", {"user_id": me, "lesson_id": lesson["id"]})
        if lesson["lesson_type"] == "quiz":
            quiz = lesson["quizzes"][0] if isinstance(lesson["quizzes"], list) else lesson["quizzes"]
            row = {"user_id": me, "quiz_id": quiz["id"], "score": 0, "passed": False, "answers": right_answers(quiz)}
            await steps.rest(page, "quiz_attempts", row)


def right_answers(quiz: dict[str, Any]) -> list[dict[str, str]]:
    """What the demo content calls right."""
    lessons = yaml.safe_load(COURSE.read_text())["modules"][0]["lessons"]
    [questions] = [lesson["quiz"]["questions"] for lesson in lessons if lesson["type"] == "quiz"]
    right = {
        question["text"]: answer["text"]
        for question in questions
        for answer in question["answers"]
        if answer.get("correct")
    }
    return [
        {"question_id": question["id"], "selected_answer_id": answer["id"]}
        for question in quiz["quiz_questions"]
        for answer in question["quiz_answers"]
        if answer["answer_text"] == right[question["question_text"]]
    ]
