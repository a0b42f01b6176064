"""Looks at a screen as many people would: in both themes, on a phone and a desk, very narrow and enlarged."""

from playwright.async_api import Page

from tests.browser.accessibility import broken_rules, sticks_out
from tests.browser.conftest import screenshot

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 568}
ENLARGED = {"width": 640, "height": 400}
"""1280 x 800 at 200 %."""


class Inspection:
    """Looks at screens in every theme and width, and keeps what is wrong with them."""

    def __init__(self, page: Page, rules: str) -> None:
        self.page = page
        self.rules = rules
        self.findings: list[str] = []

    async def look(self, name: str) -> None:
        found = []
        for theme in ("dark", "light"):
            await self.page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            for size in (PHONE, WIDE):
                await self.page.set_viewport_size(size)  # type: ignore[arg-type]
                await self.page.wait_for_timeout(150)
                found += await broken_rules(self.page, self.rules)
                await screenshot(self.page, f"{name}-{theme}-{size['width']}")
        for size in (SMALLEST, ENLARGED, PHONE, WIDE):
            await self.page.set_viewport_size(size)  # type: ignore[arg-type]
            await self.page.wait_for_timeout(50)
            found += await sticks_out(self.page)
            if size in (SMALLEST, ENLARGED):
                await screenshot(self.page, f"{name}-{size['width']}")
        self.findings += [f"{name}: {text}" for text in dict.fromkeys(found)]
