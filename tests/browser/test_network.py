"""A call whose connection breaks, and a call that is open twice."""

import re

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser import steps
from tests.browser.conftest import screenshot
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

BREAK_MS = 4_000


class Line:
    """The network between page and server; it can be cut, and then nothing gets through until it is mended."""

    def __init__(self) -> None:
        self.is_cut = False
        self._sockets: list[WebSocketRoute] = []

    async def carry(self, socket: WebSocketRoute) -> None:
        if self.is_cut:
            await socket.close(code=4000)
        else:
            socket.connect_to_server()
            self._sockets.append(socket)

    async def cut(self) -> None:
        self.is_cut = True
        for socket in self._sockets:
            await socket.close(code=4000)

    def mend(self) -> None:
        self.is_cut = False


async def test_a_broken_connection_is_resumed_and_no_caption_is_missing(shared_server: RunningServer, page: Page):
    line = Line()
    await page.route_web_socket(re.compile("/socket$"), line.carry)
    await steps.sign_in(page, shared_server.url)
    await steps.open_brief(page)
    await steps.start_without_microphone(page)
    await steps.reply(page, steps.GOOD_REPLIES[0])

    await expect(page.locator(".caption").nth(1)).not_to_have_class(re.compile("caption--open"))
    await expect(page.locator(".caption").first).not_to_have_class(re.compile("caption--open"))
    said = (await page.locator(".caption p").all_text_contents())[:2]
    await line.cut()
    status = page.locator("[data-part=status]")
    await expect(status).to_contain_text("Reconnecting")
    await expect(page.get_by_text("Your connection is gone.")).to_be_visible()
    before = await status.text_content()
    await page.wait_for_timeout(BREAK_MS)
    after = await status.text_content()
    assert before != after, "the countdown stands still"
    assert after is not None
    assert "0:5" in after
    await screenshot(page, "reconnecting")
    line.mend()

    await expect(page.get_by_text("Your connection is gone.")).to_be_hidden(timeout=15_000)
    await steps.reply(page, steps.GOOD_REPLIES[1])
    captions = await page.locator(".caption p").all_text_contents()
    assert captions[:2] == said
    assert [captions.count(text) for text in steps.GOOD_REPLIES[:2]] == [1, 1]
    await steps.end_call(page)
    await steps.see_report(page)
    in_report = await page.locator(".turn--user .turn__text").all_text_contents()
    assert in_report == list(steps.GOOD_REPLIES[:2])


async def test_a_second_tab_on_the_same_call_is_told_so(shared_server: RunningServer, page: Page):
    await steps.sign_in(page, shared_server.url)
    await steps.open_brief(page)
    await steps.start_without_microphone(page)

    async with page.expect_popup() as opened:
        await page.evaluate("void window.open(location.href)")
    second = await opened.value
    await second.get_by_role("button", name="Return to the call").click()
    await expect(second.get_by_role("heading", name="This call is open elsewhere")).to_be_visible()
    await expect(second.get_by_role("alertdialog")).to_contain_text(
        "This call is open in another tab or on another device."
    )
    await screenshot(second, "open-elsewhere")
    await steps.reply(page, steps.GOOD_REPLIES[0])
    await steps.end_call(page)
