"""A page of another origin, with supabase-js as browsers load it, against the wires: everything that it needs to read
it may read, and a page that is not allowed reads nothing.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page

from core.clock import SystemClock
from core.settings import Settings
from core.web import Handler
from tests.app.support import course, sample_functions
from tests.app.support.sample_functions import PDF
from tests.app.support.wires import PASSWORD, give_passwords, wires
from tests.support.npm import SUPABASE_JS

pytestmark = pytest.mark.slow

SCRIPT = SUPABASE_JS.path / "node_modules" / "@supabase" / "supabase-js" / "dist" / "umd" / "supabase.js"
HTML = '<!doctype html><title>Front end</title><script src="/supabase.js"></script>'
DAY = """async ([url, password]) => {
    const client = supabase.createClient(url, "sb_publishable_demo");
    const signedOut = await client.from("products").select("*");
    const wrong = await client.auth.signInWithPassword({email: "tess@callx.example", password: "wrong"});
    const {data: {user}} = await client.auth.signInWithPassword({email: "tess@callx.example", password});
    const products = await client.from("products").select("*", {count: "exact"}).eq("is_active", true);
    const lesson = await client.from("lessons").select("id").limit(1).single();
    const completion = await client.from("lesson_completions").insert({user_id: user.id, lesson_id: lesson.data.id});
    const call = await client.functions.invoke("find-products", {body: {limit: 1}});
    const byGet = await client.functions.invoke("find-products?limit=1", {method: "GET"});
    const file = await client.functions.invoke("print-page", {body: {text: "hello"}});
    const refused = await client.functions.invoke("find-products", {body: {limit: 0}});
    const broken = await client.functions.invoke("fail", {body: {}});
    const unknown = await client.functions.invoke("not-there");
    const channel = client.channel("room");
    const status = await new Promise((resolve) => channel.subscribe((state) => resolve(state)));
    const removed = await client.removeChannel(channel);
    await client.auth.signOut();
    return {
        signedOut: signedOut.error.code, wrong: wrong.error.code, user: user.email,
        products: products.data.map(({title}) => title), count: products.count, completion: completion.status,
        call: call.data, byGet: byGet.data, file: {type: file.data.type, size: file.data.size},
        refused: await refused.error.context.json(), broken: (await broken.error.context.json()).code,
        unknown: (await unknown.error.context.json()).code, status, removed,
    };
}"""
READ_HEADERS = """async ([url, path, token]) => {
    const headers = {apikey: "key", Authorization: `Bearer ${token}`, Prefer: "count=exact"};
    const answer = await fetch(url + path, {headers});
    return {status: answer.status, range: answer.headers.get("Content-Range"), id: answer.headers.get("X-Request-Id")};
}"""
TRY_TO_READ = """async (url) => {
    try {
        return await (await fetch(url + "/auth/v1/health", {headers: {apikey: "key"}})).text();
    } catch (error) {
        return error.name;
    }
}"""


@dataclass
class Wires:
    """The server, what was asked of it, and pages of two other origins."""

    url: str
    front_end: str
    stranger: str
    asked: list[str] = field(default_factory=list)


async def _show(page_request: web.Request) -> web.StreamResponse:
    if page_request.path == "/supabase.js":
        return web.FileResponse(Path(SCRIPT), headers={"Content-Type": "text/javascript"})
    return web.Response(text=HTML, content_type="text/html")


@pytest.fixture
async def served(database: Any, cast: Any) -> AsyncIterator[Wires]:
    """The wires on one port, and pages on two others of which one is allowed."""
    await SUPABASE_JS.install()
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
    pages = []
    for _ in range(2):
        site = web.Application()
        site.router.add_get("/{path:.*}", _show)
        pages.append(TestServer(site))
        await pages[-1].start_server()
    front_end, stranger = (str(page.make_url("")).rstrip("/") for page in pages)
    app = wires(database, SystemClock(), settings=Settings(allowed_origins=(front_end,)))
    sample_functions.add_functions(app)
    asked: list[str] = []

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        asked.append(f"{request.method} {request.path}")
        return await handler(request)

    app.middlewares.insert(0, note)
    server = TestServer(app)
    await server.start_server()
    yield Wires(str(server.make_url("")).rstrip("/"), front_end, stranger, asked)
    for running in (server, *pages):
        await running.close()


@pytest.fixture
async def front_page(open_browser: Any) -> Page:
    """A page that is nowhere yet."""
    browser = await open_browser()
    page: Page = await browser.new_page()
    return page


async def test_a_front_end_of_another_origin_lives_its_day(served: Wires, front_page: Page) -> None:
    await front_page.goto(served.front_end)
    seen = await front_page.evaluate(DAY, [served.url, PASSWORD])
    billing = {"products": [{"id": str(course.PRODUCT), "title": "Billing"}]}
    refused = seen.pop("refused")
    assert (refused["code"], [detail["field"] for detail in refused["details"]]) == ("validation_failed", ["limit"])
    assert seen == {
        "signedOut": "42501",
        "wrong": "invalid_credentials",
        "user": "tess@callx.example",
        "products": ["Billing"],
        "count": 1,
        "completion": 201,
        "call": billing,
        "byGet": billing,
        "file": {"type": "application/pdf", "size": len(PDF)},
        "broken": "internal_error",
        "unknown": "function_not_found",
        "status": "CHANNEL_ERROR",
        "removed": "ok",
    }


async def test_a_browser_asks_once_whether_it_may_and_reads_the_headers(served: Wires, front_page: Page) -> None:
    await front_page.goto(served.front_end)
    token = await front_page.evaluate(
        """async ([url, password]) => {
            const client = supabase.createClient(url, "key");
            const {data} = await client.auth.signInWithPassword({email: "tess@callx.example", password});
            return data.session.access_token;
        }""",
        [served.url, PASSWORD],
    )
    served.asked.clear()
    for _ in range(3):
        seen = await front_page.evaluate(READ_HEADERS, [served.url, "/rest/v1/products?select=title", token])
        assert (seen["status"], seen["range"]) == (200, "0-0/1")
        assert seen["id"]
    assert served.asked.count("OPTIONS /rest/v1/products") == 1
    assert served.asked.count("GET /rest/v1/products") == 3


async def test_a_page_that_is_not_allowed_reads_nothing(served: Wires, front_page: Page) -> None:
    await front_page.goto(served.front_end)
    assert "CallX" in await front_page.evaluate(TRY_TO_READ, served.url)
    await front_page.goto(served.stranger)
    assert await front_page.evaluate(TRY_TO_READ, served.url) == "TypeError"
