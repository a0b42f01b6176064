"""`/realtime/v1` is not there, and says so cheaply."""

import logging

import pytest
from aiohttp import WSServerHandshakeError, web

from core import no_realtime
from core.app_keys import SETTINGS
from core.cors import cors
from core.settings import Settings
from core.web import errors_to_json, request_context

ORIGIN = {"Origin": "https://front.example"}


@pytest.fixture
async def client(aiohttp_client):
    """An application that holds nothing else, no database either."""
    app = web.Application(middlewares=[request_context, cors, errors_to_json])
    app[SETTINGS] = Settings(allowed_origins=("https://front.example",))
    no_realtime.add_routes(app)
    return await aiohttp_client(app)


@pytest.mark.parametrize("path", ["", "/", "/websocket?apikey=x&vsn=2.0.0", "/api/broadcast"])
async def test_everything_below_it_is_404_for_other_origins_too(client, caplog, path):
    with caplog.at_level(logging.DEBUG, "core"):
        for method in ("GET", "POST"):
            async with client.request(method, f"/realtime/v1{path}", headers=ORIGIN) as response:
                assert (response.status, (await response.json())["code"]) == (404, "realtime_not_served")
                assert response.headers["Access-Control-Allow-Origin"] == "https://front.example"
    assert caplog.records == []


async def test_a_handshake_is_refused_without_noise(client, caplog):
    with caplog.at_level(logging.INFO), pytest.raises(WSServerHandshakeError, match="404"):
        await client.ws_connect("/realtime/v1/websocket?apikey=x&vsn=2.0.0", headers=ORIGIN)
    assert [record for record in caplog.records if record.name != "aiohttp.access"] == []
