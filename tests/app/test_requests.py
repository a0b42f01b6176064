"""What every request passes through."""

import asyncio
import logging

import pytest
from aiohttp import web
from yarl import URL

from core import logs
from core.web import errors_to_json, request_context


async def fail(request: web.Request) -> web.Response:
    raise RuntimeError("the inside")


async def answer(request: web.Request) -> web.Response:
    return web.json_response({})


async def send_for_ever(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(bytes(1_000_000))
    finally:
        request.app[ENDED].set()


ENDED = web.AppKey("ended", asyncio.Event)


@pytest.fixture
async def client(aiohttp_client):
    app = web.Application(middlewares=[request_context, errors_to_json])
    app.router.add_get("/fail/{rest}", fail)
    app.router.add_get("/answer", answer)
    app.router.add_get("/endless", send_for_ever)
    app[ENDED] = asyncio.Event()
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


async def test_somebody_who_goes_in_the_middle_of_an_answer_is_no_failure(client, caplog):
    with caplog.at_level(logging.WARNING):
        async with client.get("/endless") as response:
            await response.content.readany()
            response.close()
        async with asyncio.timeout(10):
            await client.app[ENDED].wait()
        await client.get("/answer")
    assert caplog.records == []


async def test_bytes_that_are_no_http_fill_no_log(client, caplog):
    logs.hush_libraries()
    for nonsense in (b"\x16\x03\x01\x00\xa5", b"GET /answer HTTP/1.1\r\nHost: a\r\nHost: b", b"GET /\xff HTTP/1.1"):
        reader, writer = await asyncio.open_connection(client.host, client.port)
        writer.write(nonsense + b"\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.0 400 ")
        writer.close()
        await writer.wait_closed()
    assert caplog.records == []
