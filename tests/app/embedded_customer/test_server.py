"""The address of the embedded customer: keys, places, and clients that misbehave."""

import asyncio

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError, web
from yarl import URL

from core.clock import SystemClock
from core.web import errors_to_json
from tests.support.scripted_speech import ScriptedSpeech
from tests.support.session_line import SESSION, stored
from voice.embedded_customer.server import EMBEDDED_CUSTOMER, EmbeddedCustomer, add_routes
from voice.embedded_customer.session import SessionOptions
from voice.places import Places


@pytest.fixture
def service() -> EmbeddedCustomer:
    """The service with one place, for the keys `internal` and `outside`."""
    options = SessionOptions(ScriptedSpeech("Hello"), SystemClock(), stored)
    return EmbeddedCustomer(options, internal_key="internal", outside_keys=("outside",), session_limit=1)


@pytest.fixture
async def address(aiohttp_server, service: EmbeddedCustomer) -> str:
    """Where the service is."""
    app = web.Application(middlewares=[errors_to_json])
    app[EMBEDDED_CUSTOMER] = service
    add_routes(app)
    server = await aiohttp_server(app)
    return str(server.make_url("/v1/realtime?model=any"))


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("headers", [{}, bearer(""), bearer("wrong"), {"Authorization": "Basic internal"}])
async def test_nobody_comes_in_without_a_key(address, headers):
    async with ClientSession() as http:
        with pytest.raises(WSServerHandshakeError) as refused:
            await http.ws_connect(address, headers=headers)
        assert refused.value.status == 401
        async with http.get(address, headers=headers) as answer:
            assert (await answer.json())["error"]["code"] == "invalid_api_key"


async def test_a_key_of_any_bytes_is_only_wrong(address):
    url = URL(address)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"GET {url.raw_path_qs} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
    writer.write(head.encode() + b"\xff\xfe\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"invalid_api_key" in answer


async def test_one_session_too_many_is_refused_until_a_place_is_free(address):
    async with ClientSession() as http:
        async with http.ws_connect(address, headers=bearer("internal")) as first:
            assert (await first.receive_json())["type"] == "session.created"
            with pytest.raises(WSServerHandshakeError) as refused:
                await http.ws_connect(address, headers=bearer("outside"))
            assert refused.value.status == 429
        async with http.ws_connect(address, headers=bearer("outside")) as second:
            assert (await second.receive_json())["type"] == "session.created"


async def test_outsiders_get_what_this_servers_calls_leave_free(aiohttp_server):
    places = Places(2)
    options = SessionOptions(ScriptedSpeech("Hello"), SystemClock(), stored)
    app = web.Application(middlewares=[errors_to_json])
    app[EMBEDDED_CUSTOMER] = EmbeddedCustomer(
        options, internal_key="internal", outside_keys=("outside",), session_limit=2, places=places
    )
    add_routes(app)
    server = await aiohttp_server(app)
    url = str(server.make_url("/v1/realtime"))
    assert places.take(), "a call of this server is about to ring"
    async with ClientSession() as http, http.ws_connect(url, headers=bearer("outside")) as other:
        assert (await other.receive_json())["type"] == "session.created"
        assert not places.take(), "and no second call is let in"
        with pytest.raises(WSServerHandshakeError) as refused:
            await http.ws_connect(url, headers=bearer("outside"))
        assert refused.value.status == 429
        async with http.ws_connect(url, headers=bearer("internal")) as ringing:
            assert (await ringing.receive_json())["type"] == "session.created", "its place was kept for it"
    places.give_back()
    assert places.take()


async def test_only_the_server_itself_may_name_a_stored_scenario(address):
    async with ClientSession() as http:
        for key, answer in (("outside", "error"), ("internal", "session.updated")):
            async with http.ws_connect(address, headers=bearer(key)) as socket:
                await socket.receive_json()
                await socket.send_json({"type": "session.update", "session": SESSION})
                assert (await socket.receive_json())["type"] == answer


async def test_a_client_that_does_not_read_is_let_go(address):
    async with ClientSession() as http, http.ws_connect(address, headers=bearer("outside")) as socket:
        text = "x" * 100_000
        for number in range(200):
            item = {"type": "message", "role": "system", "content": [{"type": "input_text", "text": text}]}
            await socket.send_json({"type": "conversation.item.create", "item": item})
            if number % 50 == 0:
                await asyncio.sleep(0)
        received = [message.type async for message in socket].count(WSMsgType.TEXT)
        assert 0 < received < 400  # the connection may break before the close frame (1008) is through
        async with http.ws_connect(address, headers=bearer("outside")) as next_one:
            assert (await next_one.receive_json())["type"] == "session.created"


async def test_a_server_that_goes_down_says_so(address, service):
    async with ClientSession() as http, http.ws_connect(address, headers=bearer("internal")) as socket:
        assert (await socket.receive_json())["type"] == "session.created"
        message, _ = await asyncio.gather(socket.receive(), service.close())
        assert (message.type, socket.close_code) == (WSMsgType.CLOSE, 1001)
    assert service.sessions == 0
