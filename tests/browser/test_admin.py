"""An admin builds a course in the browser and publishes it; a trainee sees it then, and not before."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.accessibility import axe_rules
from tests.browser.inspection import Inspection
from tests.browser.team import ADMIN, Team
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def own_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    """For what changes courses and people: other tests count on theirs."""
    server = RunningServer(tmp_path_factory.mktemp("admin") / "data")
    await server.start()
    yield server
    await server.stop()


TEXT = "<h2>At the counter</h2><p>Ask for the <strong>number</strong>.</p><script>alert(1)</script>"


async def begin_course(page: Page, url: str, title: str) -> None:
    """A draft with one module."""
    await page.goto(f"{url}/admin/courses")
    await page.get_by_label("Title", exact=True).fill(title)
    await page.get_by_role("button", name="Begin a draft").click()
    await expect(page.get_by_label("Title of the course")).to_have_value(title)
    await page.get_by_label("New module").fill("The counter")
    await page.get_by_role("button", name="Add module").click()
    await expect(page.get_by_label("Title of module 1")).to_be_focused()


async def add_text(page: Page, title: str) -> None:
    form = page.locator("details.add-lesson").first
    if await form.get_attribute("open") is None:
        await form.locator("summary").click()
    await form.get_by_label("Title", exact=True).fill(title)
    await form.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator(f'input[value="{title}"]')).to_be_focused()


async def saved(page: Page, label: str) -> None:
    note = page.locator(".title-field, .field").filter(has=page.get_by_label(label, exact=True))
    await expect(note.get_by_text("Saved", exact=True)).to_be_visible()


async def titles(page: Page) -> list[str]:
    return [await field.input_value() for field in await page.get_by_label(re.compile("^Title of lesson")).all()]


async def test_a_course_is_built_published_and_seen(own_server: RunningServer, shared_browser: Browser, page: Page):
    url = own_server.url
    trainee = await (await shared_browser.new_context()).new_page()
    await steps.sign_in(trainee, url)
    await steps.sign_in(page, url, ADMIN)
    await begin_course(page, url, "Parcel desk")
    await add_text(page, "Take it in")
    await add_text(page, "Hand it out")
    await expect(page.get_by_text("2 errors")).to_be_visible()

    await page.get_by_role("button", name="Move up: Hand it out").click()
    await expect(page.get_by_label("Title of lesson 1", exact=True)).to_have_value("Hand it out")
    assert await titles(page) == ["Hand it out", "Take it in"]
    await page.get_by_label("Title of lesson 1", exact=True).fill("Hand it over")
    await saved(page, "Title of lesson 1")

    for name in ("Hand it over", "Take it in"):
        await page.get_by_role("link", name=re.compile(f"^Edit text.*{name}$")).click()
        await page.get_by_label("Text, plain or HTML").fill(TEXT)
        await saved(page, "Text, plain or HTML")
        preview = page.get_by_role("region", name="As people see it")
        await expect(preview.get_by_role("heading", name="At the counter")).to_be_visible()
        await expect(preview.get_by_text("alert")).to_have_count(0)
        await page.get_by_role("link", name="Parcel desk").click()
        await expect(page.get_by_label("Title of the course")).to_be_visible()

    await trainee.goto(f"{url}/courses")
    await expect(trainee.get_by_role("heading", name="My courses")).to_be_visible()
    await expect(trainee.get_by_role("link", name="Inbound Service Essentials")).to_be_visible()
    await expect(trainee.get_by_role("link", name="Parcel desk")).to_have_count(0)

    await page.locator('[data-action="publish"]').first.click()
    await page.get_by_role("button", name="Publish now").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator(".course-edit__head .chip")).to_have_text("Published")
    await trainee.reload()
    await trainee.get_by_role("link", name="Parcel desk").click()
    await trainee.get_by_role("link", name=re.compile("Hand it over")).first.click()
    await expect(trainee.get_by_role("heading", name="At the counter")).to_be_visible()
    await trainee.context.close()

    await page.get_by_role("button", name="Archive", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Archive", exact=True).click()
    archived = page.get_by_role("row").filter(has_text="Parcel desk")
    await expect(archived.get_by_text("Archived")).to_be_visible()
    await archived.get_by_role("button", name=re.compile("^Restore")).click()
    await expect(archived.get_by_text("Published")).to_be_visible()


async def test_two_who_write_one_title_are_told(own_server: RunningServer, page: Page):
    await steps.sign_in(page, own_server.url, ADMIN)
    await begin_course(page, own_server.url, "Lost property")
    other = await page.context.new_page()
    await other.goto(page.url)
    await other.get_by_label("Title of module 1").fill("Found things")
    await saved(other, "Title of module 1")

    await page.get_by_label("Title of module 1").fill("Lost things")
    await expect(page.get_by_text("Somebody else has changed this meanwhile:")).to_be_visible()
    await expect(page.locator("q")).to_have_text("Found things")
    await page.get_by_role("button", name="Keep mine").click()
    await saved(page, "Title of module 1")
    await other.reload()
    await expect(other.get_by_label("Title of module 1")).to_have_value("Lost things")


async def test_a_pack_is_looked_at_before_it_comes_in(own_server: RunningServer, page: Page):
    await steps.sign_in(page, own_server.url, ADMIN)
    await page.goto(f"{own_server.url}/admin/courses")
    broken = "callx_course: 1\nkey: keys\ntitle: Keys\nmodules:\n  - {key: a, titel: A}\n"
    mended = "callx_course: 1\nkey: keys\ntitle: Keys\nmodules: []\n"
    pack = page.get_by_label("ZIP or YAML file")
    await pack.set_input_files({"name": "keys.yaml", "mimeType": "text/yaml", "buffer": broken.encode()})
    await expect(page.get_by_text("Nothing is written before")).to_be_visible()
    await expect(page.get_by_role("button", name="Import it")).to_have_count(0)
    await pack.set_input_files({"name": "keys.yaml", "mimeType": "text/yaml", "buffer": mended.encode()})
    await page.get_by_role("button", name="Import it").click()
    await page.get_by_role("link", name="Keys").click()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export", exact=True).click()
    assert (await download.value).suggested_filename == "keys.zip"


PEOPLE = "email,full_name,roles,manager_email\nlea@callx.example,Lea Brandt,trainee,manager@callx.example\n"


async def test_people_come_in_from_a_file_and_are_locked_out(own_server: RunningServer, page: Page):
    await steps.sign_in(page, own_server.url, ADMIN)
    await page.goto(f"{own_server.url}/admin/people")
    file = page.get_by_label("CSV file")
    wrong = PEOPLE + "no-address,Nobody,chief,\n"
    await file.set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": wrong.encode()})
    await expect(page.get_by_role("row").filter(has_text="no-address")).to_contain_text("chief")
    await expect(page.get_by_role("button", name="Import it")).to_have_count(0)
    await file.set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()})
    await page.get_by_role("button", name="Import it").click()
    lea = page.get_by_role("row").filter(has_text="Lea Brandt")
    await expect(lea).to_contain_text("never")

    await lea.get_by_role("button", name=re.compile("^Change")).click()
    await page.get_by_role("dialog").get_by_label("Manager", exact=True).check()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(lea.locator(".chip")).to_have_text(["Trainee", "Manager"])
    await lea.get_by_role("button", name=re.compile("^Change")).click()
    await page.get_by_role("button", name="Deactivate", exact=True).click()
    await expect(lea.get_by_text("Deactivated")).to_be_visible()

    await page.get_by_label("Find people").fill("novak")
    await page.get_by_role("button", name=re.compile("^Change")).click()
    await page.get_by_label("Administrator", exact=True).uncheck()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()


async def test_who_is_no_admin_is_told_which_role_it_needs(shared_server: RunningServer, page: Page):
    await steps.sign_in(page, shared_server.url)
    for path in ("/admin/courses", "/admin/people", "/admin/analytics", "/admin/audit"):
        await page.goto(shared_server.url + path)
        await expect(page.get_by_role("heading", name="This page is for another role")).to_be_visible()
        await expect(page.get_by_text("It needs the role Administrator. You are signed in as Trainee.")).to_be_visible()


async def test_training_is_told_in_numbers_and_as_a_file(shared_server: RunningServer, page: Page, team: Team):
    await steps.sign_in(page, shared_server.url, ADMIN)
    await page.goto(f"{shared_server.url}/admin/analytics")
    funnel = page.get_by_role("region", name="How far people get").locator(".chart").filter(has_text="Inbound")
    await expect(funnel.get_by_role("listitem").first).to_contain_text("Entered")
    await funnel.get_by_text("Show as table").click()
    await expect(funnel.get_by_role("row", name=re.compile("^Entered"))).to_contain_text("100 %")
    points = page.get_by_role("region", name="Points of practice calls")
    await expect(points.get_by_role("img", name=re.compile("^Points: Charged twice"))).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("button", name=re.compile("^CSV.*How far people get$")).click()
    assert (await download.value).suggested_filename.startswith("callx-training_funnel-")


async def test_the_audit_log_is_chosen_by_action_and_told(own_server: RunningServer, page: Page):
    url = own_server.url
    await steps.sign_in(page, url, ADMIN)
    await steps.rest(page, "products", {"title": "Noted course", "status": "draft"})
    await page.goto(f"{url}/admin/audit")
    await page.get_by_label("What", exact=True).select_option("product.")
    first = page.get_by_role("row").nth(1)
    await expect(first).to_contain_text("product.created")
    await expect(first).to_contain_text("Adam Novak")
    await first.locator("summary").click()
    await expect(first).to_contain_text("Noted course")
    await page.get_by_label("To", exact=True).fill("2001-01-01")
    await expect(page.get_by_role("heading", name="Nothing of this kind")).to_be_visible()
    await page.get_by_role("button", name="Check the chain").click()
    await expect(page.get_by_text("is whole.")).to_be_visible()


async def test_the_screens_of_admins(shared_server: RunningServer, page: Page, team: Team):
    url = shared_server.url
    await steps.sign_in(page, url, ADMIN)
    await page.emulate_media(reduced_motion="reduce")
    inspection = Inspection(page, await axe_rules())
    [course] = await steps.rest(page, "products?title=eq.Inbound%20Service%20Essentials&select=id")
    [lesson] = await steps.rest(page, "lessons?lesson_type=eq.text&select=id&limit=1&order=title")
    screens = {
        "admin-courses": ("/admin/courses", page.get_by_role("row").nth(1)),
        "admin-course": (f"/admin/courses/{course['id']}", page.locator("[data-findings] .findings, .done").first),
        "admin-people": ("/admin/people", page.get_by_role("row").nth(1)),
        "admin-analytics": ("/admin/analytics", page.locator("[data-part=scores] .chart, [data-part] .notice").first),
        "admin-audit": ("/admin/audit", page.get_by_role("row").nth(1)),
        "admin-lesson": (f"/admin/lessons/{lesson['id']}", page.get_by_role("region", name="As people see it")),
    }
    for name, (path, drawn) in screens.items():
        await page.goto(url + path)
        await expect(drawn).to_be_visible()
        await inspection.look(name)
        if name == "admin-course":
            await page.locator('[data-action="publish"]').first.click()
            await expect(page.get_by_role("dialog").get_by_role("button", name="Publish now")).to_be_visible()
            await inspection.look("admin-publish")
    assert not inspection.findings, "\n".join(inspection.findings)
