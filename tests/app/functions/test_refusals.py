"""Functions that refuse or fail: always `{"error", "code"}`, and for wrong input `details`."""

import json
import logging
from io import BytesIO

import pytest
from aiohttp import FormData

from core.functions.http import LARGEST_BODY_BYTES
from core.tokens import TokenIssuer
from tests.app.support.wires import SECRET, bearer, sign_in

JSON = {"Content-Type": "application/json"}


async def refused(response, status, code):
    """The body of a refusal, whose shape is checked."""
    body = await response.json()
    assert (response.status, body["code"]) == (status, code), body
    assert isinstance(body["error"], str)
    assert body["error"]
    assert body.keys() == ({"error", "code", "details"} if code == "validation_failed" else {"error", "code"})
    assert "X-Relay-Error" not in response.headers
    return body


@pytest.mark.parametrize(
    "name", ["none", "Find-Products", "find-products/", "find-products/x", "..%2Ffind-products", "%00", "%FF", ""]
)
async def test_a_function_that_does_not_exist(client, name):
    async with client.post(f"/functions/v1/{name}") as response:
        await refused(response, 404, "function_not_found")


@pytest.mark.parametrize(("method", "name"), [("GET", "print-page"), ("PUT", "find-products"), ("DELETE", "wait")])
async def test_a_method_that_a_function_has_not(client, method, name):
    async with client.request(method, f"/functions/v1/{name}") as response:
        await refused(response, 405, "method_not_allowed")
        assert set(response.headers["Allow"].split(", ")) <= {"GET", "POST"}


async def test_who_may_call(client, clock, tess):
    keys = TokenIssuer(SECRET, clock)
    service = {"Authorization": f"Bearer {keys.api_key('service_role')}"}
    anonymous = {"Authorization": f"Bearer {keys.api_key('anon')}"}
    for name, headers, status, code in (
        ("find-products", {}, 401, "no_authorization"),
        ("find-products", anonymous, 401, "no_authorization"),
        ("find-products", {"Authorization": "Bearer forged"}, 401, "bad_jwt"),
        ("find-products", service, 403, "person_needed"),
        ("service", tess, 403, "service_needed"),
        ("service", {}, 401, "no_authorization"),
    ):
        async with client.post(f"/functions/v1/{name}", headers=headers) as response:
            await refused(response, status, code)
            assert ("WWW-Authenticate" in response.headers) is (status == 401)


async def test_a_login_that_has_ended_sees_nothing(client, tess):
    await client.post("/auth/v1/logout", headers=tess)
    async with client.post("/functions/v1/find-products", headers=tess) as response:
        await refused(response, 401, "login_ended")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"limit": 0}, ["limit"]),
        ({"limit": "many", "ids": ["x", 1]}, ["limit", "ids.0", "ids.1"]),
        ({"title": "a\0b"}, ["title"]),
        ({"title": "\ud800"}, ["title"]),
        ({"ids": [{"a\0": 1}]}, ["ids"]),
        ({"limit": 1e999}, ["limit"]),
    ],
)
async def test_wrong_input_names_its_fields(client, tess, body, fields):
    text = json.dumps(body).replace("Infinity", "1e999")
    async with client.post("/functions/v1/find-products", data=text, headers={**tess, **JSON}) as response:
        refusal = await refused(response, 400, "validation_failed")
    assert [detail["field"] for detail in refusal["details"]] == fields
    assert all(detail["message"] for detail in refusal["details"])
    assert refusal["error"].startswith(f"{fields[0]}: ")


@pytest.mark.parametrize(("query", "field"), [("limit=1&limit=2", "limit"), ("title=%00", "title"), ("ids=x", "ids.0")])
async def test_a_wrong_query_names_its_field(client, tess, query, field):
    async with client.get(f"/functions/v1/find-products?{query}", headers=tess) as response:
        refusal = await refused(response, 400, "validation_failed")
    assert [detail["field"] for detail in refusal["details"]] == [field]


async def test_a_rule_of_our_own_is_told_in_its_own_words(client, tess):
    async with client.post("/functions/v1/print-page", json={"text": "HEY"}, headers=tess) as response:
        refusal = await refused(response, 400, "validation_failed")
    assert refusal["error"] == "text: Do not shout."


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe\xfd", b"[" * 100_000, b'{"limit": NaN}', b"1"])
async def test_a_body_that_is_no_json_object(client, tess, body):
    async with client.post("/functions/v1/find-products", data=body, headers={**tess, **JSON}) as response:
        await refused(response, 400, "bad_json")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain;charset=UTF-8", b"text=a"),
        ("application/octet-stream", b'{"text": "a"}'),
        ("application/x-www-form-urlencoded", b'{"text": "a"}'),
    ],
)
async def test_other_bodies_are_refused_with_advice(client, tess, content_type, body):
    headers = {**tess, "Content-Type": content_type}
    async with client.post("/functions/v1/print-page", data=body, headers=headers) as response:
        refusal = await refused(response, 415, "unsupported_media")
    assert "give an object" in refusal["error"]


async def test_text_that_only_begins_like_an_object_is_no_json(client, tess):
    headers = {**tess, "Content-Type": "text/plain;charset=UTF-8"}
    async with client.post("/functions/v1/print-page", data=b"{text}", headers=headers) as response:
        await refused(response, 400, "bad_json")


async def test_a_form_is_refused(client, tess):
    form = FormData()
    form.add_field("file", b"x", filename="x.txt")
    async with client.post("/functions/v1/take-text", data=form, headers=tess) as response:
        await refused(response, 415, "unsupported_media")


async def test_a_body_that_is_too_large(client, tess):
    fits = b'{"title": "' + b"a" * (LARGEST_BODY_BYTES - 13) + b'"}'
    assert len(fits) == LARGEST_BODY_BYTES
    headers = {**tess, **JSON}
    async with client.post("/functions/v1/find-products", data=fits, headers=headers) as response:
        await refused(response, 400, "validation_failed")
    async with client.post("/functions/v1/find-products", data=BytesIO(fits + b" "), headers=headers) as response:
        await refused(response, 413, "too_large")

    async def in_pieces():
        for _ in range(20):
            yield b" " * 65_536

    async with client.post("/functions/v1/find-products", data=in_pieces(), headers=headers) as response:
        await refused(response, 413, "too_large")


async def test_a_limit_is_each_persons_own(client, clock, tess):
    theo = bearer(await sign_in(client, "theo"))
    for _ in range(2):
        assert (await client.post("/functions/v1/seldom", headers=tess)).status == 200
    async with client.post("/functions/v1/seldom", headers=tess) as response:
        await refused(response, 429, "over_request_rate_limit")
        assert response.headers["Retry-After"] == "60"
    assert (await client.post("/functions/v1/seldom", headers=theo)).status == 200
    clock.advance(60_000)
    assert (await client.post("/functions/v1/seldom", headers=tess)).status == 200


async def test_an_error_that_the_function_means_is_told(client, tess):
    async with client.post("/functions/v1/fail", json={"kind": "known"}, headers=tess) as response:
        assert await refused(response, 409, "taken") == {"error": "It is taken.", "code": "taken"}


@pytest.mark.parametrize("kind", ["unknown", "inner_timeout", "wrong_answer", "wrong_file"])
async def test_a_fault_is_logged_and_not_told(client, tess, caplog, kind):
    with caplog.at_level(logging.ERROR):
        async with client.post("/functions/v1/fail", json={"kind": kind}, headers=tess) as response:
            refusal = await refused(response, 500, "internal_error")
    assert refusal["error"] == "Something went wrong on our side."
    assert len(caplog.records) == 1


async def test_a_function_that_does_not_answer_in_time(client, tess):
    async with client.post("/functions/v1/wait", headers=tess) as response:
        await refused(response, 504, "function_timeout")
