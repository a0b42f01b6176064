"""A server whose passwords everybody knows answers to this machine's names alone."""

import pytest
from aiohttp import web

from core.hosts import only_this_machine
from core.web import errors_to_json


async def answer(request: web.Request) -> web.Response:
    return web.json_response({})


@pytest.fixture
async def client(aiohttp_client):
    app = web.Application(middlewares=[errors_to_json, only_this_machine])
    app.router.add_get("/{path:.*}", answer)
    return await aiohttp_client(app)


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:1", "127.8.8.8", "[::1]:8080", "LOCALHOST"])
async def test_this_machine_is_answered(client, host):
    async with client.get("/", headers={"Host": host}) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "localhost.evil.example", "[", "10.0.0.1", "localhost@evil.example"]
)
async def test_a_name_that_only_points_here_is_refused(client, host):
    async with client.get("/", headers={"Host": host}) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (403, "foreign_host")
