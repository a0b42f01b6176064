"""What every request passes through."""

import logging

import pytest
from aiohttp import web
from yarl import URL

from core.web import errors_to_json, request_context


async def fail(request: web.Request) -> web.Response:
    raise RuntimeError("the inside")


async def answer(request: web.Request) -> web.Response:
    return web.json_response({})


@pytest.fixture
async def client(aiohttp_client):
    app = web.Application(middlewares=[request_context, errors_to_json])
    app.router.add_get("/fail/{rest}", fail)
    app.router.add_get("/answer", answer)
    return await aiohttp_client(app)


async def test_a_failure_tells_nothing_and_writes_one_line_of_its_own(client, caplog):
    forged = URL("/fail/%0A2026-01-01%20INFO%20all%20is%20well", encoded=True)
    with caplog.at_level(logging.ERROR):
        async with client.get(forged) as response:
            error = (await response.json())["error"]
    assert (response.status, error["code"]) == (500, "internal_error")
    assert "inside" not in str(error)
    [record] = caplog.records
    assert record.getMessage() == "GET /fail/%0A2026-01-01%20INFO%20all%20is%20well failed."


@pytest.mark.parametrize("path", ["/answer", "/nowhere", "/fail/x"])
async def test_no_answer_is_guessed_at_and_each_has_an_id(client, path):
    async with client.get(path) as response:
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert len(response.headers["X-Request-Id"]) == 16
