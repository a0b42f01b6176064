"""A quiz: failed, tried again, passed, and what opens after it."""

from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.accessibility import axe_rules
from tests.browser.conftest import OpenBrowser
from tests.browser.inspection import Inspection
from tests.support.running_server import RunningServer

pytestmark = pytest.mark.slow

COURSE = Path(__file__).parents[2] / "lms" / "demo" / "retention_and_refunds.yaml"
FIRST, LOCKED = "Refunds without the runaround", "Saying no, and what comes after"
QUIZ = "Check: the right remedy"


async def test_a_trainee_passes_the_quiz_and_the_next_module_opens(
    running_server: RunningServer, open_browser: OpenBrowser
):
    page = await (await (await open_browser()).new_context()).new_page()
    inspection = Inspection(page, await axe_rules())
    await page.emulate_media(reduced_motion="reduce")
    await steps.sign_in(page, running_server.url)
    await complete_the_rest(page)
    await page.get_by_role("link", name="Retention and Refunds").click()
    await page.get_by_role("link", name=QUIZ).first.click()
    questions = right_answers()
    await expect(page.get_by_role("group")).to_have_count(len(questions))
    await inspection.look("quiz")

    await page.get_by_role("button", name="Hand in").click()
    await expect(page.get_by_role("group").first.get_by_text("Choose an answer")).to_be_visible()
    await expect(page.get_by_role("radio").first).to_be_focused()
    await answer(page, {text: (wrong, right) for text, (right, wrong) in questions.items()})
    await inspection.look("quiz-answered")
    await page.reload()
    await expect(page.get_by_text(f"{len(questions)} of {len(questions)} answered")).to_be_visible()
    await page.get_by_role("button", name="Hand in").click()
    await expect(page.get_by_role("heading", name="Not passed yet")).to_be_focused()
    await expect(page.get_by_text(f"0 of {len(questions)} questions right")).to_be_visible()
    await inspection.look("quiz-failed")

    await page.get_by_role("button", name="Try again").click()
    await answer_by_keyboard(page, questions)
    await expect(page.get_by_role("heading", name="Passed")).to_be_focused()
    await expect(page.locator("#polite")).to_have_text(f"Lesson completed. Unlocked: {LOCKED}")
    await expect(page.locator(".lesson__head").get_by_text("Completed")).to_be_visible()
    await expect(page.locator(".lesson__after")).to_contain_text("A no with a door")
    await inspection.look("quiz-passed")
    assert not inspection.findings, "\n".join(inspection.findings)

    await page.reload()
    await expect(
        page.get_by_text("You have passed this quiz already. Best result 100 %, in 2 attempts.")
    ).to_be_visible()
    await page.locator(".lesson__after").click()
    await expect(page.get_by_role("heading", level=1, name="A no with a door")).to_be_visible()


async def answer(page: Page, questions: dict[str, tuple[str, str]]) -> None:
    """Chooses the first answer of each pair."""
    for text, (chosen, _) in questions.items():
        await page.get_by_role("group", name=text).get_by_role("radio", name=chosen, exact=True).check()
    await expect(page.get_by_text(f"{len(questions)} of {len(questions)} answered")).to_be_visible()


async def answer_by_keyboard(page: Page, questions: dict[str, tuple[str, str]]) -> None:
    """Tab goes from question to question, the arrows choose, Enter hands in."""
    await expect(page.get_by_role("radio").first).to_be_focused()
    for text, (right, _) in questions.items():
        wanted = page.get_by_role("group", name=text).get_by_role("radio", name=right, exact=True)
        await page.keyboard.press("Space")
        for _ in range(4):
            if await wanted.is_checked():
                break
            await page.keyboard.press("ArrowDown")
        await expect(wanted).to_be_checked()
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")


def right_answers() -> dict[str, tuple[str, str]]:
    """Of each question of the demo's quiz the right answer and a wrong one."""
    lessons = yaml.safe_load(COURSE.read_text())["modules"][0]["lessons"]
    [questions] = [lesson["quiz"]["questions"] for lesson in lessons if lesson["type"] == "quiz"]
    return {
        question["text"]: (
            next(answer["text"] for answer in question["answers"] if answer.get("correct")),
            next(answer["text"] for answer in question["answers"] if not answer.get("correct")),
        )
        for question in questions
    }


async def complete_the_rest(page: Page) -> None:
    """The other lessons of the quiz's module."""
    [module] = await steps.rest(page, f"modules?title=eq.{quote(FIRST)}&select=lessons(id,lesson_type)")
    me = await page.evaluate("JSON.parse(localStorage.getItem('callx.login')).user.id")
    for lesson in module["lessons"]:
        if lesson["lesson_type"] in ("video", "text"):
            await steps.rest(page, "lesson_completions", {"user_id": me, "lesson_id": lesson["id"]})
