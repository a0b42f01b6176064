"""Quizzes whose time runs out, while one looks at them and while one is away; the test moves the server's time."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.browser import quizzes, steps
from tests.browser.accessibility import axe_rules
from tests.browser.conftest import OpenBrowser
from tests.browser.inspection import Inspection
from tests.support.cluster import Cluster
from tests.support.running_server import RunningServer

pytestmark = pytest.mark.slow

PATIENCE_MS = 20_000


class TimedServer(RunningServer):
    """A server whose database the test can reach."""

    dsn = ""

    async def let_pass(self, seconds: int) -> None:
        """As if attempts had been started and handed in so much earlier."""
        await self._execute(
            f"""update callx.quiz_sittings set started_at = started_at - interval '{seconds} seconds',
                  deadline_at = deadline_at - interval '{seconds} seconds' where ended_at is null;
                update public.quiz_attempts set attempted_at = attempted_at - interval '{seconds} seconds'"""
        )

    async def end_time(self) -> None:
        """The time of open attempts is over this moment."""
        await self._execute("update callx.quiz_sittings set deadline_at = clock_timestamp() where ended_at is null")

    async def _execute(self, sql: str) -> None:
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


@pytest.fixture
async def server(cluster: Cluster, tmp_path: Path) -> AsyncIterator[TimedServer]:
    dsn = cluster.owner_dsn(await cluster.empty())
    server = TimedServer(tmp_path / "data", environment={"DATABASE_URL": dsn})
    server.dsn = dsn
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def page(open_browser: OpenBrowser) -> Page:
    context = await (await open_browser()).new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.emulate_media(reduced_motion="reduce")
    return page


async def start(page: Page, server: RunningServer, quiz: quizzes.OnlineQuiz) -> None:
    await page.goto(quiz.address(server))
    await page.get_by_role("button", name=re.compile("^Start")).click()
    await expect(quizzes.question(page, quizzes.QUESTIONS[0])).to_be_visible()


async def saved(page: Page) -> None:
    await expect(page.locator("[data-part=save]")).to_have_text("Saved")


async def test_time_is_told_extended_and_at_its_end_all_is_handed_in(server: TimedServer, page: Page):
    inspection = Inspection(page, await axe_rules())
    rules: dict[str, Any] = {
        "time_limit_minutes": 10,
        "max_attempts": 3,
        "cool_down_minutes": 30,
        "review": "after_pass",
    }
    quiz = await quizzes.make_quiz(server, "Against the clock", **rules)
    await steps.sign_in(page, server.url)
    await start(page, server, quiz)
    await page.get_by_role("button", name=re.compile("^Time left")).click()
    await expect(page.locator("#polite")).to_have_text(re.compile(r"^9 minutes 5\d seconds left$|^10 minutes left$"))
    await server.let_pass(seconds=6 * 60)
    await quizzes.answer_choice(page, True)
    await expect(page.locator("#assertive")).to_have_text(re.compile("^3 minutes 5. seconds left$"))
    await quizzes.grant(server, quiz, time_factor=1.5)
    await page.get_by_role("radio", name="The clock").check()
    await expect(page.locator("#assertive")).to_have_text(re.compile("^You have been given more time: 8 minutes"))
    await server.let_pass(seconds=9 * 60 - 15)
    await quizzes.answer_choice(page, True)
    await expect(page.locator("#assertive")).to_have_text(re.compile("seconds left$"))
    await expect(page.get_by_role("heading", name="Not passed yet")).to_be_visible(timeout=PATIENCE_MS)
    [attempt] = await quizzes.attempts(server, quiz)
    assert (attempt["score"], attempt["is_late"], len(attempt["answers"])) == (14, False, 1)
    await expect(page.get_by_text("Which answers were right is shown once you have passed.")).to_be_visible()
    await expect(page.get_by_text("Next attempt from")).to_be_visible()
    await inspection.look("quiz-time-up")

    await page.get_by_role("button", name="To the quiz").click()
    await expect(page.get_by_text("The next attempt is possible at")).to_be_visible()
    await expect(page.get_by_role("button", name="Start")).to_be_disabled()
    await inspection.look("quiz-cool-down")
    await server.let_pass(seconds=30 * 60 - 5)
    await page.reload()
    await expect(page.get_by_text("with your extra time of 5 minutes")).to_be_visible()
    await expect(page.get_by_role("button", name="Start another attempt")).to_be_enabled(timeout=PATIENCE_MS)
    assert not inspection.findings, "\n".join(inspection.findings)


async def test_what_was_saved_counts_when_the_time_runs_out_while_one_is_away(server: TimedServer, page: Page):
    quiz = await quizzes.make_quiz(server, "Away", time_limit_minutes=10, review="after_attempt")
    await steps.sign_in(page, server.url)
    await start(page, server, quiz)
    await quizzes.answer_choice(page, True)
    await saved(page)
    await page.goto("about:blank")
    await server.let_pass(seconds=11 * 60)
    await page.goto(quiz.address(server))
    await expect(page.get_by_role("heading", name="Not passed yet")).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.get_by_text("What had been saved until then was graded.")).to_be_visible()
    [attempt] = await quizzes.attempts(server, quiz)
    assert (attempt["score"], attempt["is_late"]) == (14, True)


async def test_within_the_grace_counts_what_the_browser_kept(server: TimedServer, page: Page):
    quiz = await quizzes.make_quiz(server, "Grace", time_limit_minutes=10, review="after_attempt")
    await steps.sign_in(page, server.url)
    await start(page, server, quiz)
    await quizzes.answer_choice(page, False)
    await saved(page)
    await page.context.set_offline(True)
    await quizzes.answer_choice(page, True)
    await expect(page.locator("[data-part=save]")).to_have_text("Not saved yet", timeout=PATIENCE_MS)
    await page.goto("about:blank")
    await page.context.set_offline(False)
    await server.end_time()
    await page.goto(quiz.address(server))
    await expect(page.get_by_role("heading", name="Not passed yet")).to_be_visible(timeout=PATIENCE_MS)
    [attempt] = await quizzes.attempts(server, quiz)
    assert attempt["score"] == 14
