"""Quizzes with rules, as a trainee takes them: by keyboard, over a lost line, in two tabs, until no attempt is left."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser import quizzes, steps
from tests.browser.test_keyboard import tab_to
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

ALL_RULES: dict[str, Any] = {
    "time_limit_minutes": 30,
    "max_attempts": 3,
    "shuffle_questions": False,
    "shuffle_answers": True,
    "review": "after_attempt",
}


@pytest_asyncio.fixture(loop_scope="package")
async def other_context(shared_browser: Browser) -> AsyncIterator[BrowserContext]:
    """Another device of the same person."""
    context = await shared_browser.new_context()
    yield context
    await context.close()


async def start(page: Page, server: RunningServer, quiz: quizzes.OnlineQuiz) -> None:
    """From anywhere to the first question."""
    await page.goto(quiz.address(server))
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(quizzes.question(page, quizzes.QUESTIONS[0])).to_be_visible()


async def saved(page: Page) -> None:
    await expect(page.locator("[data-part=save]")).to_have_text("Saved")


async def test_a_quiz_of_all_types_without_a_mouse(shared_server: RunningServer, page: Page):
    quiz = await quizzes.make_quiz(shared_server, "By keyboard", **ALL_RULES)
    await steps.sign_in(page, shared_server.url)
    await page.goto(quiz.address(shared_server))
    await tab_to(page, page.get_by_role("button", name="Start", exact=True))
    await page.keyboard.press("Enter")
    for text, name in zip(quizzes.QUESTIONS[:2], ("The customer", "False"), strict=True):
        await expect(quizzes.question(page, text).locator("legend")).to_be_focused()
        await page.keyboard.press("Tab")
        wanted = page.get_by_role("radio", name=name)
        await page.keyboard.press("Space")
        while not await wanted.is_checked():
            await page.keyboard.press("ArrowDown")
        await tab_to(page, page.get_by_role("button", name="Next", exact=True))
        await page.keyboard.press("Enter")
    for name in ("Their name", "Time to speak"):
        await quizzes.question(page, quizzes.QUESTIONS[2]).locator("legend").focus()
        await tab_to(page, page.get_by_role("checkbox", name=name))
        await page.keyboard.press("Space")
    await tab_to(page, page.get_by_role("button", name="Flag"))
    await page.keyboard.press("Enter")
    await expect(page.locator("#polite")).to_have_text("Flagged")
    await tab_to(page, page.get_by_role("button", name="Next", exact=True))
    await page.keyboard.press("Enter")
    for label, text in (("Your answer", "refund"), ("Your number", "2,5")):
        await tab_to(page, page.get_by_label(label))
        await page.keyboard.type(text)
        await page.keyboard.press("Enter")
    await order_by_keyboard(page)
    await tab_to(page, page.get_by_role("button", name="Check and hand in"))
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Hand in now?")
    await expect(dialog).to_contain_text("All questions are answered.")
    await expect(dialog).to_contain_text("1 flagged question")
    await tab_to(page, dialog.get_by_role("button", name="Hand in"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Passed", exact=True)).to_be_focused()
    await expect(page.get_by_text("6 of 6 right")).to_be_visible()
    [attempt] = await quizzes.attempts(shared_server, quiz)
    assert (attempt["score"], attempt["passed"], attempt["is_late"]) == (100, True, False)


async def order_by_keyboard(page: Page) -> None:
    """With the arrow keys on the handles; the focus stays with the item."""
    await expect(quizzes.question(page, quizzes.QUESTIONS[5])).to_be_visible()
    for place, item in enumerate(quizzes.ORDER):
        grip = page.get_by_role("button", name=re.compile(f"^{item}, place"))
        await quizzes.question(page, quizzes.QUESTIONS[5]).locator("legend").focus()
        await tab_to(page, grip)
        shown = await quizzes.shown_order(page)
        for _ in range(shown.index(item) - place):
            await page.keyboard.press("ArrowUp")
            await expect(grip).to_be_focused()
    if await page.get_by_role("button", name="This order is right").is_visible():
        await tab_to(page, page.get_by_role("button", name="This order is right"))
        await page.keyboard.press("Enter")
    assert await quizzes.shown_order(page) == list(quizzes.ORDER)


async def test_items_are_dragged_into_their_order(shared_server: RunningServer, page: Page):
    quiz = await quizzes.make_quiz(shared_server, "Dragging")
    await steps.sign_in(page, shared_server.url)
    await start(page, shared_server, quiz)
    await page.get_by_role("button", name="Question 6, not answered").click()
    for place, item in enumerate(quizzes.ORDER):
        shown = await quizzes.shown_order(page)
        await drag(page, shown.index(item), place)
    assert await quizzes.shown_order(page) == list(quizzes.ORDER)
    await saved(page)
    await page.reload()
    await expect(quizzes.question(page, quizzes.QUESTIONS[5])).to_be_visible()
    assert await quizzes.shown_order(page) == list(quizzes.ORDER)


async def drag(page: Page, start_place: int, end_place: int) -> None:
    """From the middle of a handle to just above the middle of the item at the other place."""
    if start_place == end_place:
        return
    handle = await page.locator("[data-grip]").nth(start_place).bounding_box()
    goal = await page.locator("[data-item]").nth(end_place).bounding_box()
    assert handle is not None
    assert goal is not None
    x = handle["x"] + handle["width"] / 2
    await page.mouse.move(x, handle["y"] + handle["height"] / 2)
    await page.mouse.down()
    await page.mouse.move(x, goal["y"] + goal["height"] / 2 - 4, steps=8)
    await page.mouse.up()


async def test_over_a_lost_line_nothing_is_lost_and_it_is_handed_in_once(shared_server: RunningServer, page: Page):
    quiz = await quizzes.make_quiz(shared_server, "Lost line", **ALL_RULES)
    await steps.sign_in(page, shared_server.url)
    await start(page, shared_server, quiz)
    await quizzes.answer_choice(page, True)
    await saved(page)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Next", exact=True).click()
    await quizzes.answer_hold(page, True)
    await expect(page.locator("[data-part=save]")).to_have_text("Not saved yet", timeout=20_000)
    await expect(page.locator("[data-part=unsaved]")).to_contain_text("Go on: your answers are kept here")
    await page.get_by_role("button", name="Next", exact=True).click()
    await quizzes.answer_calm(page, True)
    await page.context.set_offline(False)
    await expect(page.locator("[data-part=save]")).to_have_text("Saved", timeout=20_000)
    await expect(page.locator("#polite")).to_have_text("Everything is saved again.")

    await page.reload()
    await expect(page.get_by_role("checkbox", name="Their name")).to_be_checked(timeout=20_000)
    await page.get_by_role("button", name="Question 1, answered").click()
    await expect(page.get_by_role("radio", name="The customer")).to_be_checked()
    await quizzes.answer_all(page)
    await saved(page)
    await page.context.set_offline(True)
    await quizzes.hand_in(page)
    await expect(page.locator(".quiz-panel")).to_contain_text("handed in as soon as it is back", timeout=20_000)
    assert await quizzes.attempts(shared_server, quiz) == []
    await page.context.set_offline(False)
    await expect(page.get_by_role("heading", name="Passed", exact=True)).to_be_visible(timeout=20_000)
    assert [attempt["score"] for attempt in await quizzes.attempts(shared_server, quiz)] == [100]
    assert await page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('callx.quiz.'))") == []


async def test_an_attempt_is_open_in_one_tab(shared_server: RunningServer, page: Page):
    quiz = await quizzes.make_quiz(shared_server, "Two tabs", **ALL_RULES)
    await steps.sign_in(page, shared_server.url)
    await start(page, shared_server, quiz)
    await quizzes.answer_choice(page, True)
    await saved(page)
    second = await page.context.new_page()
    await second.goto(quiz.address(shared_server))
    await expect(second.get_by_role("heading", name="This attempt is open in another window")).to_be_visible()
    await second.get_by_role("button", name="Continue here").click()
    await expect(second.get_by_role("radio", name="The customer")).to_be_checked()
    await expect(page.get_by_role("heading", name="This attempt is open in another window")).to_be_visible()
    await second.get_by_role("radio", name="The clock").check()
    await saved(second)
    await page.get_by_role("button", name="Continue here instead").click()
    await expect(page.get_by_role("radio", name="The clock")).to_be_checked()
    await expect(second.get_by_role("button", name="Continue here instead")).to_be_visible()


async def test_another_device_that_goes_on_is_noticed(
    shared_server: RunningServer, page: Page, other_context: BrowserContext
):
    quiz = await quizzes.make_quiz(shared_server, "Two devices", **ALL_RULES)
    await steps.sign_in(page, shared_server.url)
    await start(page, shared_server, quiz)
    await quizzes.answer_choice(page, True)
    await saved(page)
    other = await other_context.new_page()
    await steps.sign_in(other, shared_server.url)
    await other.goto(quiz.address(shared_server))
    await other.get_by_role("button", name="Go on with it").click()
    await expect(other.get_by_role("radio", name="The customer")).to_be_checked()
    await page.get_by_role("radio", name="The clock").check()
    await expect(page.get_by_role("heading", name="This attempt is open in another window")).to_be_visible()
    await quizzes.answer_all(other)
    await quizzes.hand_in(other)
    await expect(other.get_by_role("heading", name="Passed", exact=True)).to_be_visible()


async def test_without_attempts_the_manager_helps(shared_server: RunningServer, page: Page):
    quiz = await quizzes.make_quiz(shared_server, "One try", max_attempts=1, review="after_last_attempt")
    await steps.sign_in(page, shared_server.url)
    await start(page, shared_server, quiz)
    await quizzes.answer_all(page, right=False)
    await quizzes.hand_in(page)
    await expect(page.get_by_role("heading", name="Not passed yet")).to_be_focused()
    await expect(page.get_by_text("No attempts are left. Ask your manager")).to_be_visible()
    await expect(page.get_by_text("The customer decides when it is over.")).to_be_visible()
    await page.get_by_role("button", name="To the quiz").click()
    await expect(page.get_by_text("Ask your manager: they can give you another attempt")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("Start"))).to_have_count(0)

    await quizzes.grant(shared_server, quiz, extra_attempts=1)
    await page.reload()
    await page.get_by_role("button", name="Start another attempt").click()
    await quizzes.answer_all(page)
    await quizzes.hand_in(page)
    await expect(page.get_by_role("heading", name="Passed", exact=True)).to_be_focused()
    await expect(page.locator(".attempt")).to_have_count(2)
    await page.get_by_role("button", name="Look at it: Attempt 1").click()
    await expect(page.get_by_role("heading", name="The answers of this attempt")).to_be_visible()
    await expect(page.get_by_role("heading", name="Not passed yet")).to_be_focused()
