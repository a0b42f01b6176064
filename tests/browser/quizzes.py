"""Quizzes that an admin makes over the public wires, and what is right in them."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from playwright.async_api import Locator, Page

from tests.browser.steps import PASSWORD, TRAINEE
from tests.support.running_server import RunningServer
from tests.support.visitor import Visitor

ADMIN = "admin@callx.example"
MANAGER = "manager@callx.example"

ALL_TYPES = """question,type,points,partial_credit,correct,tolerance,answer_1,answer_2,answer_3,answer_4,explanation
Who ends a call?,multiple_choice,1,no,2,,The agent,The customer,The clock,,The customer decides when it is over.
You may put a customer on hold without asking.,true_false,1,no,2,,,,,,Ask first and say how long it takes.
What calms an angry customer?,multi_select,2,yes,1;3,,Their name,A joke,Time to speak,A policy number,Both show respect.
What do you call money that goes back the way it came?,short_text,1,no,,,Refund,A refund,,,It goes back to the card.
How many minutes may a hold last?,numeric,1,no,"2,5","0,5",,,,,Two or three minutes and then a word.
Put the beginning of a call in order.,ordering,1,yes,,,Greet,Listen,Verify,Solve,First the person and then the account.
"""

QUESTIONS = [line.split(",")[0] for line in ALL_TYPES.splitlines()[1:]]
ORDER = ("Greet", "Listen", "Verify", "Solve")


@dataclass(frozen=True)
class OnlineQuiz:
    """Where a quiz is."""

    quiz_id: str
    lesson_id: str
    title: str

    def address(self, server: RunningServer) -> str:
        """Its page."""
        return f"{server.url}/lessons/{self.lesson_id}"


async def make_quiz(server: RunningServer, title: str, csv: str = ALL_TYPES, **settings: Any) -> OnlineQuiz:
    """A course with nothing but this quiz; `settings` are columns of it."""
    async with Visitor(server.url) as admin:
        await admin.sign_in(ADMIN, PASSWORD)
        [product] = await admin.insert("products", {"title": f"{title} {uuid4().hex[:6]}", "is_active": True})
        module = {"product_id": product["id"], "title": "Questions", "order_index": 0, "is_prerequisite": False}
        [module] = await admin.insert("modules", module)
        lesson = {"module_id": module["id"], "title": title, "lesson_type": "quiz", "order_index": 0}
        [lesson] = await admin.insert("lessons", lesson)
        [quiz] = await admin.insert("quizzes", {"lesson_id": lesson["id"], "passing_grade": 80, **settings})
        report = await admin.invoke("import-quiz", quiz_id=quiz["id"], csv=csv)
        assert report["applied"], report
        return OnlineQuiz(quiz["id"], lesson["id"], title)


async def grant(server: RunningServer, quiz: OnlineQuiz, **allowance: Any) -> None:
    """The manager gives the trainee more time or attempts in this quiz."""
    async with Visitor(server.url) as manager, Visitor(server.url) as trainee:
        await manager.sign_in(MANAGER, PASSWORD)
        await trainee.sign_in(TRAINEE, PASSWORD)
        await manager.insert("quiz_allowances", {"user_id": trainee.user_id, "quiz_id": quiz.quiz_id, **allowance})


async def attempts(server: RunningServer, quiz: OnlineQuiz) -> list[dict[str, Any]]:
    """The trainee's attempts at it as the database has them, the first one first."""
    async with Visitor(server.url) as trainee:
        await trainee.sign_in(TRAINEE, PASSWORD)
        return await trainee.rows(f"quiz_attempts?quiz_id=eq.{quiz.quiz_id}&order=attempted_at")


def question(page: Page, text: str) -> Locator:
    """The question that is shown."""
    return page.get_by_role("group", name=text)


async def answer_all(page: Page, *, right: bool = True) -> None:
    """Answers each question with the mouse, and comes to the last one."""
    answers = (answer_choice, answer_hold, answer_calm, answer_money, answer_minutes, answer_order)
    for place, (text, give) in enumerate(zip(QUESTIONS, answers, strict=True)):
        await question(page, text).wait_for()
        await give(page, right)
        if place < len(QUESTIONS) - 1:
            await page.get_by_role("button", name="Next", exact=True).click()


async def answer_choice(page: Page, right: bool) -> None:
    await page.get_by_role("radio", name="The customer" if right else "The clock").check()


async def answer_hold(page: Page, right: bool) -> None:
    await page.get_by_role("radio", name="False" if right else "True").check()


async def answer_calm(page: Page, right: bool) -> None:
    for name in ("Their name", "Time to speak") if right else ("Their name", "A joke"):
        await page.get_by_role("checkbox", name=name).check()


async def answer_money(page: Page, right: bool) -> None:
    await page.get_by_label("Your answer").fill("a  REFUND" if right else "a voucher")


async def answer_minutes(page: Page, right: bool) -> None:
    await page.get_by_label("Your number").fill("2,5" if right else "25")


async def answer_order(page: Page, right: bool) -> None:
    for place, item in enumerate(ORDER if right else reversed(ORDER)):
        while (await shown_order(page)).index(item) > place:
            await page.get_by_role("button", name=f"Move up: {item}").click()
    if await page.get_by_role("button", name="This order is right").is_visible():
        await page.get_by_role("button", name="This order is right").click()


async def shown_order(page: Page) -> list[str]:
    """The items as they stand."""
    return await page.locator(".order__text").all_text_contents()


async def hand_in(page: Page) -> None:
    """From the last question through the dialog."""
    await page.get_by_role("button", name="Check and hand in").click()
    await page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
