"""What a machine can tell about a screen: axe-core's rules, and whether anything sticks out sideways."""

import asyncio
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Page

FOLDER = Path(__file__).parent / "axe"
SCRIPT = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
INSTALL_TIMEOUT_S = 120

RUN_RULES = """async () => {
    const {violations} = await axe.run(document, {resultTypes: ["violations"]});
    return violations
        .filter(({impact}) => impact === "serious" || impact === "critical")
        .flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""

FIND_STICKING_OUT = """() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (node) => node.closest(".table-scroll") && !node.matches(".table-scroll");
    const left_out = (node) => node.closest(".visually-hidden, [hidden], svg, .skip-link") || scrolls(node);
    const hidden = (node) => left_out(node) || !node.checkVisibility();
    const found = [...document.body.querySelectorAll("*")]
        .filter((node) => !hidden(node) && node.getBoundingClientRect().right > width + 1)
        .map((node) => `${node.tagName.toLowerCase()}.${node.className} ends at ${node.getBoundingClientRect().right}`);
    const whole = document.documentElement.scrollWidth;
    if (whole > width) found.push(`the page is ${whole} wide`);
    return found.map((text) => `in ${width} px: ${text}`);
}"""


async def axe_rules() -> str:
    """axe-core's script, installed as the lock file says; skips the test, loudly, where npm cannot get it."""
    if not SCRIPT.is_file():
        if shutil.which("npm") is None:
            pytest.skip("!!! NO npm: axe-core did not look at the screens")
        process = await asyncio.create_subprocess_exec(
            "npm",
            "ci",
            "--ignore-scripts",
            cwd=FOLDER,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(INSTALL_TIMEOUT_S):
            printed, _ = await process.communicate()
        if process.returncode:
            pytest.skip(f"!!! npm COULD NOT INSTALL axe-core: {printed.decode().strip().splitlines()[-1:]}")
    return await asyncio.to_thread(SCRIPT.read_text)


async def broken_rules(page: Page, rules: str) -> list[str]:
    """What axe-core calls serious or critical."""
    if not await page.evaluate("Boolean(window.axe)"):
        await page.evaluate(rules)
    return list(await page.evaluate(RUN_RULES))


async def sticks_out(page: Page) -> list[str]:
    """Elements that end to the right of the window, but for tables that scroll, and a page that scrolls sideways."""
    return list(await page.evaluate(FIND_STICKING_OUT))
