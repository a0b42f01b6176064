"""Every screen of the frame and of managers: axe-core has nothing serious to say, and nothing scrolls sideways."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.accessibility import axe_rules
from tests.browser.inspection import Inspection
from tests.browser.team import ADMIN, MANAGER, Team
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]


async def inspect(page: Page, url: str, screens: dict[str, tuple[str, str]]) -> list[str]:
    """Looks at screens, by name: their path, and a text of a heading that says they are drawn."""
    await page.emulate_media(reduced_motion="reduce")
    inspection = Inspection(page, await axe_rules())
    for name, (path, heading) in screens.items():
        await page.goto(url + path)
        await expect(page.get_by_role("heading", name=heading).first).to_be_visible()
        await inspection.look(name)
    return inspection.findings


async def test_the_screens_of_managers(shared_server: RunningServer, page: Page, team: Team):
    amara = team.members[0]
    attempts = await team.rows(f"simulation_attempts?user_id=eq.{amara.user_id}&select=id,call_id&order=attempted_at")
    call = attempts[1]["call_id"]
    await steps.sign_in(page, shared_server.url, MANAGER)
    findings = await inspect(
        page,
        shared_server.url,
        {
            "home-manager": ("/", "Your team"),
            "team": ("/team", "Team"),
            "skills": ("/team/skills", "Team"),
            "person": (f"/team/{amara.user_id}", amara.full_name),
            "compare": (f"/compare?attempts={attempts[0]['id']},{attempts[2]['id']}", "Charged twice"),
            "assignments": (f"/assignments?people={amara.user_id}", "Assignments"),
            "reviews": ("/reviews", "Reviews"),
            "review": (f"/calls/{call}/review", "Your decision"),
            "call-of-another": (f"/calls/{call}", "Comments"),
        },
    )
    assert not findings, "\n".join(findings)


async def test_the_screens_of_everybody(shared_server: RunningServer, page: Page, team: Team):
    await steps.sign_in(page, shared_server.url, team.members[2].email)
    findings = await inspect(
        page,
        shared_server.url,
        {
            "home": ("/", "Your courses"),
            "my-courses": ("/courses", "My courses"),
            "certificates": ("/certificates", "Certificates"),
            "notifications": ("/notifications", "Notifications"),
            "preferences": ("/notifications/preferences", "What you are told"),
            "profile": ("/profile", "Where you are signed in"),
            "forbidden": ("/team", "This page is for another role"),
        },
    )
    assert not findings, "\n".join(findings)


async def test_the_screens_of_admins(shared_server: RunningServer, page: Page, team: Team):
    del team
    await steps.sign_in(page, shared_server.url, ADMIN)
    findings = await inspect(
        page,
        shared_server.url,
        {"team-of-another": ("/team", "Team of Miriam Okafor"), "admin": ("/admin", "Administration")},
    )
    assert not findings, "\n".join(findings)
