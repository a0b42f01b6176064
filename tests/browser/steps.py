"""What a trainee does on the screens, step by step."""

import re
from typing import Any

from playwright.async_api import Page, expect

TRAINEE = "trainee@callx.example"
PASSWORD = "callx-demo"
OPENING = "Finally, a human being"
"""How Dana begins."""

GOOD_REPLIES = (
    "Good morning, Brightline Mobile, this is Noah. How can I help you today?",
    "Three calls for one bill, I am so sorry. I completely understand how frustrating that is.",
    "I will sort it out with you now. May I have your account number and your date of birth, please?",
    "Thank you. What did your bank say, have both payments gone through?",
    "And how did that affect you?",
    "So both payments went through and your rent bounced. Is that right?",
    "I am refunding the second payment to your card right now.",
    "You get a reference number and a confirmation by e-mail while we are talking.",
    "It takes three to five business days.",
    "So the second payment goes back to your card. Is there anything else I can do for you?",
)
"""With these Dana is won over."""


async def sign_in(page: Page, url: str, email: str = TRAINEE, password: str = PASSWORD) -> None:
    await page.goto(url)
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("heading", name="Your courses")).to_be_visible()


async def open_brief(page: Page) -> None:
    """From the courses to the brief of Dana's call."""
    await page.get_by_role("link", name="Inbound Service Essentials").click()
    await page.get_by_role("link", name=re.compile("Charged twice", re.IGNORECASE)).first.click()
    await expect(page.get_by_role("button", name="Start call")).to_be_visible()


async def start_without_microphone(page: Page) -> None:
    """Into the call, until the customer speaks."""
    await page.get_by_role("button", name="Start without a microphone").click()
    await expect(page.get_by_text(OPENING)).to_be_visible(timeout=30_000)


async def reply(page: Page, text: str) -> None:
    """Types a reply and waits until it is a caption."""
    field = page.get_by_label("Your reply")
    await field.fill(text)
    await field.press("Enter")
    await expect(page.get_by_role("log").get_by_text(text)).to_be_visible()


async def end_call(page: Page) -> None:
    await page.get_by_role("button", name="End call").click()


async def see_report(page: Page) -> None:
    await expect(page.get_by_role("heading", level=1, name=re.compile("Passed|Not passed"))).to_be_visible(
        timeout=60_000
    )


async def rest(page: Page, path: str, row: dict[str, Any] | None = None) -> Any:
    """A read of /rest/v1 as whoever is signed in, or a new row; asserts that it was accepted."""
    status, answer = await page.evaluate(REST, [path, row])
    assert status < 300, answer
    return answer


REST = """async ([path, row]) => {
    const {access_token} = JSON.parse(localStorage.getItem("callx.login"));
    const headers = {Authorization: `Bearer ${access_token}`, "Content-Type": "application/json"};
    const options = row ? {method: "POST", body: JSON.stringify(row)} : {};
    const answer = await fetch(`/rest/v1/${path}`, {headers, ...options});
    const text = await answer.text();
    return [answer.status, text ? JSON.parse(text) : null];
}"""
