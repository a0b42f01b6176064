"""Functions that work."""

import pytest

from core.tokens import TokenIssuer
from tests.app.support.course import CLOSED_PRODUCT, PRODUCT
from tests.app.support.sample_functions import PDF
from tests.app.support.wires import SECRET, bearer, sign_in

READER = "/functions/v1/find-products"
BILLING = {"products": [{"id": str(PRODUCT), "title": "Billing"}]}


@pytest.mark.parametrize(
    ("method", "query", "options"),
    [
        ("GET", "", {}),
        ("GET", "?title=Bill&limit=3", {}),
        ("GET", "?title=Bill&forceFunctionRegion=us-east-1&apikey=anything&foreign=1", {}),
        ("GET", f"?ids={PRODUCT}&ids={CLOSED_PRODUCT}", {}),
        ("GET", f"?ids={PRODUCT}", {}),
        ("POST", "", {}),
        ("POST", "", {"headers": {"Content-Type": "text/plain"}}),
        ("POST", "", {"data": b"null", "headers": {"Content-Type": "application/json"}}),
        ("POST", "", {"json": {"title": "ill", "ids": [str(PRODUCT)]}}),
        ("POST", "?title=nothing+like+it", {"json": {"title": None}}),
        ("POST", "?title=Bill", {"json": {}}),
    ],
)
async def test_parameters_come_from_the_query_and_the_body(client, tess, method, query, options):
    headers = {**tess, **options.pop("headers", {})}
    async with client.request(method, READER + query, headers=headers, **options) as response:
        assert (response.status, await response.json()) == (200, BILLING)
        assert response.headers["Cache-Control"] == "no-store"


async def test_a_function_sees_what_its_caller_sees(client):
    admin = bearer(await sign_in(client, "ada"))
    async with client.get(READER, headers=admin) as response:
        titles = [product["title"] for product in (await response.json())["products"]]
    assert titles == ["Billing", "Secret plans"]


async def test_a_file_is_downloaded_and_runs_nothing(client, tess):
    async with client.post("/functions/v1/print-page", json={"text": "an"}, headers=tess) as response:
        assert (response.status, response.content_type) == (200, "application/pdf")
        assert await response.read() == PDF
        assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20an.pdf"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_function_that_gives_files_can_answer_in_json_too(client, tess):
    async with client.post("/functions/v1/print-page", json={"text": "jam"}, headers=tess) as response:
        assert (response.status, await response.json()) == (200, {"reason": "The printer is jammed."})


async def test_a_function_that_reads_its_own_body_gets_it_whole(client, tess):
    headers = {**tess, "Content-Type": "text/plain; charset=utf-8"}
    async with client.post("/functions/v1/take-text", data="grüße".encode(), headers=headers) as response:
        assert await response.json() == {"length": 7, "body_type": "text/plain; charset=utf-8"}


async def test_an_object_that_a_front_end_made_text_of_is_taken_for_what_it_is(client, tess):
    headers = {**tess, "Content-Type": "text/plain;charset=UTF-8"}
    async with client.post("/functions/v1/print-page", data=b' {"text": "jam"}', headers=headers) as response:
        assert (response.status, await response.json()) == (200, {"reason": "The printer is jammed."})


async def test_anybody_may_call_what_is_for_anybody(client):
    async with client.get("/functions/v1/anybody") as response:
        assert response.status == 200


async def test_the_service_calls_with_its_key(client, clock):
    key = TokenIssuer(SECRET, clock).api_key("service_role")
    async with client.post("/functions/v1/service", headers={"Authorization": f"Bearer {key}"}) as response:
        assert response.status == 200
