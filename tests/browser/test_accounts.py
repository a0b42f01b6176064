"""An account's beginning, and a forgotten password, by the letters that the demo writes into its outbox."""

import asyncio
import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.accessibility import axe_rules, broken_rules
from tests.browser.conftest import screenshot
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

ADDRESS = "nora@callx.example"
LETTER_WITHIN_S = 15
LINK = re.compile(r"http://\S+/confirm\?\S+")


async def link_in_letter(server: RunningServer, number: int) -> str:
    """The link in the `number`th letter, from 1, to ADDRESS."""
    async with asyncio.timeout(LETTER_WITHIN_S):
        while True:
            letters = [letter for letter in await asyncio.to_thread(_letters, server.data_dir / "outbox") if letter]
            if len(letters) >= number:
                return letters[number - 1]
            await asyncio.sleep(0.1)


def _letters(outbox: Path) -> list[str]:
    files = sorted(outbox.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns) if outbox.is_dir() else []
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    links = []
    for letter in letters:
        body = letter.get_body(("plain",))
        found = LINK.search(body.get_content()) if body and ADDRESS in letter["To"] else None
        links.append(found[0] if found else "")
    return links


async def test_somebody_creates_an_account_and_later_forgets_the_password(shared_server: RunningServer, page: Page):
    rules = await axe_rules()
    await page.goto(shared_server.url)
    await page.get_by_role("link", name="Create an account").click()
    await page.get_by_label("Your name").fill("Nora Demo")
    await page.get_by_label("E-mail").fill(ADDRESS)
    await page.get_by_label("Password", exact=True).fill("password")
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("alert").filter(has_text=re.compile("password", re.IGNORECASE))).to_be_visible()
    assert not await broken_rules(page, rules)
    await screenshot(page, "sign-up")
    await page.get_by_label("Password", exact=True).fill("four green bicycles")
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    await screenshot(page, "letter-sent")
    await page.goto(await link_in_letter(shared_server, 1))
    await page.get_by_role("button", name="Confirm my address").click()
    await expect(page.get_by_role("heading", name=re.compile("Nora"))).to_be_visible()
    assert "access_token" not in page.url
    await page.get_by_role("button", name="Sign out").click()

    await page.get_by_role("link", name="Forgot your password?").click()
    await expect(page.get_by_role("heading", name="Forgot your password?")).to_be_visible()  # both have an E-mail
    await page.get_by_label("E-mail").fill(ADDRESS)
    await page.get_by_role("button", name="Send the link").click()
    await expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    link = await link_in_letter(shared_server, 2)
    await page.goto(link)
    await page.get_by_role("button", name="Choose a new password").click()
    await page.get_by_label("New password").fill("five yellow bicycles")
    assert not await broken_rules(page, rules)
    await screenshot(page, "new-password")
    await page.get_by_role("button", name="Save and go on").click()
    await expect(page.get_by_role("heading", name=re.compile("Nora"))).to_be_visible()

    await page.goto(link)
    await page.get_by_role("button", name="Choose a new password").click()
    await expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    await screenshot(page, "link-used-twice")
    await page.get_by_role("link", name="Go on").click()
    await page.get_by_role("button", name="Sign out").click()
    await steps.sign_in(page, shared_server.url, ADDRESS, "five yellow bicycles")
