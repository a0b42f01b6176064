"""The pictures of docs/user-guide.md: a team with a history, seen by a trainee, a manager and an admin."""

import re
from collections.abc import Awaitable, Callable

import aiohttp
from playwright.async_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.team import ADMIN, MANAGER, team_with_a_history
from tests.support.running_server import RunningServer

RETENTION = "Retention and Refunds"
PRAISE = "Lovely: you let her be angry first. Do this in every call."
DISPUTE = "I did say back what I had understood, in my third line."
PATIENCE_MS = 60_000

Keep = Callable[[Page, str], Awaitable[None]]
"""Keeps the picture of a page, once it stands still, under a name."""


async def take(server: RunningServer, browser: Browser, keep: Keep, recorded_call: str) -> None:
    """All of them; `recorded_call` is the id of a call of the demo trainee that has a recording."""
    async with aiohttp.ClientSession() as client:
        team = await team_with_a_history(server, client)
        amara, dev, elif_ = team.members[0], team.members[3], team.members[4]
        [first, *_] = await team.simulations()
        await team.call(dev, first, steps.GOOD_REPLIES)
        await take_as_trainee(await signed_in(browser, server, amara.email), server.url, keep)
        await take_certificates(await signed_in(browser, server, dev.email), server.url, keep)
        await ask_for_review(await signed_in(browser, server, elif_.email))
        await take_as_manager(await signed_in(browser, server, MANAGER), server.url, keep, recorded_call)
        await take_as_admin(await signed_in(browser, server, ADMIN), server.url, keep)


async def signed_in(browser: Browser, server: RunningServer, email: str) -> Page:
    """A page of a browser that nobody has used."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    await context.grant_permissions(["microphone"])
    page = await context.new_page()
    await steps.sign_in(page, server.url, email)
    return page


async def take_as_trainee(page: Page, url: str, keep: Keep) -> None:
    """Home, a course with a lock, a quiz, and the brief with its device check."""
    await expect(page.get_by_role("heading", name="Your last call")).to_be_visible()
    await keep(page, "home")
    await page.goto(f"{url}/courses")
    await page.get_by_role("link", name=RETENTION).click()
    await expect(page.get_by_text("Complete “Refunds without the runaround” first")).to_be_visible()
    await keep(page, "course")
    await page.goto(f"{url}/courses")
    await steps.open_brief(page)
    await page.get_by_role("button", name="Check my microphone").click()
    await expect(page.get_by_text("We hear you well.")).to_be_visible()
    await keep(page, "brief")


async def take_certificates(page: Page, url: str, keep: Keep) -> None:
    """The certificate that was issued by itself."""
    await expect(page.get_by_role("link", name="Certificates").first).to_be_visible()
    await page.goto(f"{url}/certificates")
    await expect(page.get_by_role("button", name="Download PDF")).to_be_visible(timeout=PATIENCE_MS)
    await keep(page, "certificates")


async def ask_for_review(page: Page) -> None:
    """Elif disagrees with a report."""
    await page.get_by_role("link", name="Open the report card").click()
    await page.get_by_role("button", name="Do you disagree? Ask for a review").click()
    await page.get_by_label("What is wrong, and why").fill(DISPUTE)
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(page.get_by_text("You have asked for a review.")).to_be_visible()


async def take_as_manager(page: Page, url: str, keep: Keep, recorded_call: str) -> None:
    """The team, its skills, its assignments, the replay of a call with a comment, and a review."""
    await page.goto(f"{url}/team")
    await expect(page.get_by_role("rowheader", name="Amara Diallo")).to_be_visible()
    await keep(page, "team")
    await page.goto(f"{url}/team/skills")
    await expect(page.get_by_role("row").filter(has_text="Amara Diallo")).to_be_visible()
    await keep(page, "skills")
    await page.goto(f"{url}/assignments")
    await expect(page.get_by_role("row").filter(has_text="Amara Diallo")).to_be_visible()
    await keep(page, "assignments")
    await page.goto(f"{url}/calls/{recorded_call}")
    await expect(page.locator(".player--waved")).to_be_visible(timeout=PATIENCE_MS)
    line = page.get_by_role("button", name=re.compile("^Play from .*, Tessa Lindqvist")).nth(1)
    await line.click()
    await line.press("k")
    await line.press("c")
    await page.keyboard.type(PRAISE)
    await page.get_by_role("button", name="Comment", exact=True).click()
    await expect(page.locator(".mark--comment")).to_have_count(1)
    await page.locator(".player--waved").evaluate("player => player.scrollIntoView({ block: 'start' })")
    await keep(page, "replay")
    await page.goto(f"{url}/reviews")
    await page.get_by_role("row").filter(has_text=DISPUTE).get_by_role("link").click()
    await page.locator("select[data-verdict]").filter(has_text="As judged: Not met").first.select_option("met")
    await expect(page.get_by_text("You overrule 1 verdict.")).to_be_visible()
    await keep(page, "review")


async def take_as_admin(page: Page, url: str, keep: Keep) -> None:
    """A course as its editor shows it."""
    await page.goto(f"{url}/admin/courses")
    await page.get_by_role("link", name=RETENTION).first.click()
    await expect(page.get_by_label("Title of lesson 1", exact=True).first).to_be_visible()
    await keep(page, "course-editor")
