"""What a broken or hostile device may send: each a clear word, and the call unharmed."""

import pytest
from aiohttp import WSServerHandshakeError

from tests.support.bridge import Bridge
from voice.transports import websocket
from voice.transports.wire import AUDIO_KIND, HEADER


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[", "http://127.0.0.1@evil.example"])
async def test_a_page_of_another_site_is_refused(bridge: Bridge, origin) -> None:
    placed = await bridge.place()
    with pytest.raises(WSServerHandshakeError) as caught:
        await bridge.open(placed, Origin=origin)
    assert caught.value.status == 403


@pytest.mark.parametrize("origin", ["own", "https://elsewhere.example"])
async def test_our_own_page_and_named_ones_are_let_in(bridge: Bridge, origin) -> None:
    own = f"http://{bridge.client.host}:{bridge.client.port}"
    placed = await bridge.place()
    phone = await bridge.open(placed, Origin=own if origin == "own" else origin)
    await phone.say("hello", token=placed["token"])
    await phone.until("ready")


async def test_a_wrong_token_opens_nothing(bridge: Bridge) -> None:
    placed, other = await bridge.place("tess"), await bridge.place("theo")
    for token in ("wrong", other["token"], placed["call_id"]):
        phone = await bridge.open(placed)
        await phone.say("hello", token=token)
        assert (await phone.until("error"))["code"] == "call_token_invalid"
        assert await phone.until_closed() == 4401


async def test_a_call_that_never_was(bridge: Bridge) -> None:
    placed = await bridge.place()
    for call_id in ("00000000-0000-0000-0000-000000000001",):
        phone = await bridge.open({"socket": placed["socket"].replace(placed["call_id"], call_id)})
        await phone.say("hello", token=placed["token"])
        assert await phone.until_closed() == 4401


async def test_a_call_that_is_over(bridge: Bridge) -> None:
    placed = await bridge.place()
    phone = await bridge.dial(placed)
    await phone.say("hangup")
    await phone.until_closed()
    late = await bridge.open(placed)
    await late.say("hello", token=placed["token"])
    assert (await late.until("error"))["code"] == "call_over"
    assert await late.until_closed() == 4410


@pytest.mark.parametrize(
    ("first", "code", "close"),
    [
        ('{"type":"ping","id":1}', "hello_expected", 1008),
        ('{"type":"played","epoch":1,"played_ms":0}', "hello_expected", 1008),
        ("not json", "bad_json", 1007),
        ("[]", "bad_json", 1007),
        ('{"type":"hello"}', "bad_message", 1008),
        ('{"type":"session.update"}', "bad_message", 1008),
        (HEADER.pack(AUDIO_KIND, 0, 0, 0, 0) + bytes(960), "hello_expected", 1008),
        (b"", "hello_expected", 1008),
    ],
)
async def test_hello_comes_first(bridge: Bridge, first, code, close) -> None:
    phone = await bridge.open(await bridge.place())
    await (phone.socket.send_bytes(first) if isinstance(first, bytes) else phone.socket.send_str(first))
    assert (await phone.until("error"))["code"] == code
    assert await phone.until_closed() == close


async def test_hello_comes_in_time(bridge: Bridge, monkeypatch) -> None:
    monkeypatch.setattr(websocket, "HELLO_TIMEOUT_S", 0.05)
    phone = await bridge.open(await bridge.place())
    assert (await phone.until("error"))["code"] == "hello_expected"
    assert await phone.until_closed() == 1008


BAD = [
    ("{", "bad_json", 1007),
    ("null", "bad_json", 1007),
    ('{"type":"hello","token":"x"}', "bad_message", 1008),
    ('{"type":"nonsense"}', "bad_message", 1008),
    ('{"type":"played","epoch":"1","played_ms":0}', "bad_message", 1008),
    ('{"type":"text","text":""}', "bad_message", 1008),
    ("x" * 20_000, "bad_json", 1007),
    (b"", "bad_frame", 1008),
    (b"\1" * 11, "bad_frame", 1008),
    (HEADER.pack(AUDIO_KIND, 0, 0, 0, 0), "bad_frame", 1008),
    (HEADER.pack(AUDIO_KIND, 0, 0, 0, 0) + bytes(961), "bad_frame", 1008),
    (HEADER.pack(AUDIO_KIND, 0, 0, 0, 0) + bytes(478), "bad_frame", 1008),
    (HEADER.pack(AUDIO_KIND, 0, 0, 0, 0) + bytes(4_802), "bad_frame", 1008),
    (HEADER.pack(AUDIO_KIND, 0, 0, 0, 0) + bytes(48_000), "bad_frame", 1008),
    (HEADER.pack(9, 0, 0, 0, 0) + bytes(960), "bad_frame", 1008),
]


@pytest.mark.parametrize(("bad", "code", "close"), BAD)
async def test_a_broken_protocol_closes_the_socket_and_not_the_call(bridge: Bridge, bad, code, close) -> None:
    placed = await bridge.place()
    phone = await bridge.dial(placed)
    await (phone.socket.send_bytes(bad) if isinstance(bad, bytes) else phone.socket.send_str(bad))
    assert (await phone.until("error"))["code"] == code
    assert await phone.until_closed() == close
    mended = await bridge.dial(placed, resume_from=phone.last_seq())
    assert mended.messages[-1]["resumed"]


async def test_a_message_beyond_all_measure_closes_the_socket_and_not_the_call(bridge: Bridge) -> None:
    placed = await bridge.place()
    phone = await bridge.dial(placed)
    await phone.socket.send_bytes(bytes(200_000))
    assert await phone.until_closed() == 1009
    await bridge.dial(placed, resume_from=1)


async def test_sound_faster_than_speech_is_refused(bridge: Bridge) -> None:
    placed = await bridge.place()
    phone = await bridge.dial(placed)
    await phone.quiet(5_200)
    assert (await phone.until("error"))["code"] == "too_fast"
    assert await phone.until_closed() == 1008
    await bridge.dial(placed, resume_from=1)


async def test_a_second_socket_of_a_live_call_is_refused(bridge: Bridge) -> None:
    placed = await bridge.place()
    phone = await bridge.dial(placed)
    second = await bridge.open(placed)
    await second.say("hello", token=placed["token"])
    assert (await second.until("error"))["code"] == "call_taken"
    assert await second.until_closed() == 4409
    await phone.say("ping", id=1)
    await phone.until("pong")


async def test_a_dead_socket_makes_room_for_the_next(bridge: Bridge, monkeypatch) -> None:
    placed = await bridge.place()
    phone = await bridge.dial(placed)
    monkeypatch.setattr(websocket, "DEAD_AFTER_MS", 0)
    second = await bridge.dial(placed, resume_from=phone.last_seq())
    assert await phone.until_closed() == 4409
    await second.say("hangup")
    assert (await second.until("ended"))["reason"] == "trainee_hung_up"


async def test_a_lying_playhead_is_not_believed(bridge: Bridge) -> None:
    phone = await bridge.dial()
    await phone.say("played", epoch=9, played_ms=5_000)
    await phone.say("cleared", epoch=65_535, played_ms=0, t_ms=4_000_000_000)
    await phone.say("ping", id=1)
    await phone.until("pong")
