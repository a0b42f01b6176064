"""A call from end to end over the real wire."""

import asyncio
from typing import Any

import pytest

from tests.support.bridge import CALLS, Bridge, ScriptedUpstream, Telephone
from tests.support.recordings import burst
from voice.audio_format import silence
from voice.call import events as e
from voice.call.playback_ledger import WINDOW_MS
from voice.transports.base import KEPT_MESSAGES
from voice.upstream.base import UpstreamRefused


async def the_customer_speaks(phone: Telephone, customer: ScriptedUpstream) -> dict[str, Any]:
    """The turn as the trainee's device is told it."""
    customer.tell(
        e.CustomerReplyStarted("r1"),
        e.CustomerText("r1", "i1", "My bill is wrong.", final=True),
        e.CustomerAudio("r1", "i1", burst(300)),
        e.CustomerReplyFinished("r1"),
        e.UsageReported({"kind": "response", "model": "scripted", "total_tokens": 12}),
    )
    assert await phone.until_frames(300, epoch=1) == burst(300)
    await phone.say("played", epoch=1, played_ms=0)
    await phone.say("ping", id=1)
    await phone.until("pong")
    # All sound was sent before the reply was known to be complete: an empty frame says so.
    assert [frame[2] for frame in phone.frames] == list(range(16))
    assert [frame[3] for frame in phone.frames] == list(range(0, 320, 20))
    assert [frame[1] for frame in phone.frames] == [0] * 15 + [1]
    await asyncio.sleep(0.3)
    await phone.say("played", epoch=1, played_ms=300)
    told = await phone.until("turn", final=True)
    assert (told["speaker"], told["text"], told["heard_text"], told["cut_off"], told["number"]) == (
        "ai",
        "My bill is wrong.",
        "My bill is wrong.",
        False,
        1,
    )
    return told


async def the_trainee_answers(phone: Telephone, customer: ScriptedUpstream) -> None:
    sound = burst(200)
    await phone.speak(sound)
    await customer.heard(len(sound))
    assert bytes(customer.appended) == sound
    customer.tell(e.TraineeSpeechStarted("u1", 0), e.TraineeText("u1", "I am"), e.TraineeSpeechStopped("u1", 200))
    customer.tell(e.TraineeText("u1", "I am sorry.", final=True, confidence=0.8))
    said = await phone.until("turn", final=True)
    assert (said["speaker"], said["text"], said["end_ms"] - said["start_ms"]) == ("user", "I am sorry.", 200)


async def what_is_kept(bridge: Bridge, call_id: str, told: dict[str, Any]) -> None:
    status, shown = await bridge.get(f"{CALLS}/{call_id}")
    assert (status, shown["state"], shown["end_reason"]) == (200, "ended", "trainee_hung_up")
    status, transcript = await bridge.get(f"{CALLS}/{call_id}/transcript", "mira")
    assert [turn["text"] for turn in transcript["turns"]] == ["My bill is wrong.", "I am sorry."]
    said = {k: v for k, v in told.items() if k not in ("type", "seq")}
    assert transcript["turns"][0] == {**said, "not_transcribed": None}
    assert transcript["duration_ms"] == shown["duration_ms"] >= transcript["turns"][1]["end_ms"]
    assert (await bridge.get(f"{CALLS}/{call_id}/transcript", "theo"))[0] == 404


async def test_a_call_end_to_end(bridge: Bridge, database) -> None:
    placed = await bridge.place()
    phone = await bridge.dial(placed)
    assert [message["state"] for message in phone.of_kind("state")] == ["ringing", "live"]
    assert [message["seq"] for message in phone.messages] == list(range(1, len(phone.messages) + 1))
    customer = bridge.customer
    assert await customer.asked_for("start_reply")

    told = await the_customer_speaks(phone, customer)
    await the_trainee_answers(phone, customer)
    customer.tell(e.ToolCalled("c1", "set_mood", {"mood": 60}))
    assert (await phone.until("mood"))["mood"] == 60
    await phone.say("ping", id=7)
    assert (await phone.until("pong"))["id"] == 7
    await phone.say("hangup")
    assert (await phone.until("ended"))["call_id"] == placed["call_id"]
    assert await phone.until_closed() == 1000
    assert customer.closed

    await what_is_kept(bridge, placed["call_id"], told)
    async with database.acting_as_service() as tx:
        usage = await tx.fetchval("select usage from public.calls")
        moods = await tx.fetchval("select mood from public.call_moods")
        facts = await tx.fetch("select kind, payload from callx.facts where kind = 'CallEnded'")
    assert usage == {"response": {"scripted": {"reports": 1, "total_tokens": 12}}}
    assert moods == 60
    assert [fact["payload"] for fact in facts] == [{"call_id": placed["call_id"]}]


async def test_an_interruption_leaks_nothing(bridge: Bridge) -> None:
    phone = await bridge.dial()
    customer = bridge.customer
    customer.tell(e.CustomerReplyStarted("r1"), e.CustomerText("r1", "i1", "Listen to me now please", final=True))
    customer.tell(e.CustomerAudio("r1", "i1", burst(3_000)))
    await phone.until_frames(WINDOW_MS, epoch=1)
    await phone.say("played", epoch=1, played_ms=0)
    await phone.say("played", epoch=1, played_ms=200)
    await phone.until_frames(WINDOW_MS + 200, epoch=1)
    assert len(phone.sound(1)) == (WINDOW_MS + 200) * 48

    customer.tell(e.TraineeSpeechStarted("u1", 0))
    customer.tell(*[e.CustomerAudio("r1", "i1", burst(200)) for _ in range(20)])
    await phone.until("clear", epoch=1)
    frames_before = len(phone.frames)
    await phone.say("cleared", epoch=1, played_ms=417)
    assert await customer.asked_for("truncate") == ("truncate", "i1", 417)
    customer.tell(e.CustomerReplyFinished("r1", "cancelled"), e.CustomerAudio("r1", "i1", burst(200)))
    turn = await phone.until("turn", final=True)
    assert turn["cut_off"]
    assert (turn["text"], turn["heard_text"]) == ("Listen to me now please", "Listen")
    customer.tell(e.CustomerReplyStarted("r2"), e.CustomerAudio("r2", "i2", burst(100)))
    await phone.until_frames(100, epoch=2)
    assert [frame for frame in phone.frames[frames_before:] if frame[0] == 1] == []
    assert ("cancel_reply", "r1") not in customer.verbs


async def test_never_more_than_the_window_is_sent_ahead(bridge: Bridge) -> None:
    phone = await bridge.dial()
    bridge.customer.tell(e.CustomerReplyStarted("r1"), e.CustomerAudio("r1", "i1", silence(5_000)))
    await phone.until_frames(WINDOW_MS, epoch=1)
    await phone.say("ping", id=1)
    await phone.until("pong")
    assert len(phone.sound(1)) == WINDOW_MS * 48


async def test_a_lost_connection_is_resumed_with_what_was_missed(bridge: Bridge) -> None:
    placed = await bridge.place()
    phone = await bridge.dial(placed)
    customer = bridge.customer
    customer.tell(
        e.CustomerReplyStarted("r1"), e.CustomerAudio("r1", "i1", burst(1_000)), e.CustomerReplyFinished("r1")
    )
    await phone.until_frames(WINDOW_MS, epoch=1)
    await phone.say("played", epoch=1, played_ms=100)
    await phone.until("speech")
    seen = phone.last_seq()
    await phone.socket.close()
    customer.tell(e.ToolCalled("c1", "set_mood", {"mood": 11}))
    await customer.asked_for("answer_tool")

    again = await bridge.dial(placed, resume_from=seen)
    assert again.of_kind("mood") == [{"type": "mood", "mood": 11, "seq": again.of_kind("mood")[0]["seq"]}]
    assert again.messages[-1]["resumed"] is True
    assert all(message["seq"] > seen for message in again.messages)
    await again.until("clear", epoch=1)
    await again.say("cleared", epoch=1, played_ms=340)
    # All that was not heard is said again, in a new epoch.
    assert await again.until_frames(WINDOW_MS, epoch=2) == burst(1_000)[340 * 48 : (340 + WINDOW_MS) * 48]
    await again.say("played", epoch=2, played_ms=400)
    await again.until_frames(660, epoch=2)
    await again.say("played", epoch=2, played_ms=660)
    assert (await again.until("turn", final=True))["cut_off"] is False
    await again.say("hangup")
    await again.until("ended")


async def test_the_customer_hangs_up(bridge: Bridge, database) -> None:
    phone = await bridge.dial()
    bridge.customer.tell(
        e.CustomerReplyStarted("r1"),
        e.CustomerAudio("r1", "i1", silence(200)),
        e.ToolCalled("c1", "end_call", {"reason": "angry"}),
        e.CustomerReplyFinished("r1"),
    )
    await phone.until_frames(200, epoch=1)
    await phone.say("played", epoch=1, played_ms=200)
    assert (await phone.until("ended"))["reason"] == "customer_hung_up"
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select customer_outcome from public.calls") == "angry"


async def test_a_turn_is_stored_while_the_call_goes_on(bridge: Bridge) -> None:
    phone = await bridge.dial()
    await phone.say("text", text="Good morning.")
    await phone.until("turn", final=True)
    _, transcript = await bridge.get(f"{CALLS}/{phone.call_id}/transcript")
    assert [turn["text"] for turn in transcript["turns"]] == ["Good morning."]
    assert await bridge.customer.asked_for("send_text") == ("send_text", "Good morning.")


@pytest.mark.parametrize(
    "code", ["upstream_unreachable", "upstream_unauthorized", "upstream_busy", "upstream_rejected"]
)
async def test_a_customer_that_cannot_be_reached(bridge: Bridge, code) -> None:
    bridge.driver.refusal = UpstreamRefused(code, "No customer today.", permanent=False)
    placed = await bridge.place()
    phone = await bridge.open(placed)
    await phone.say("hello", token=placed["token"])
    assert (await phone.until("error"))["code"] == code
    assert (await phone.until("ended"))["reason"] == "upstream_refused"
    assert await phone.until_closed() == 4502
    bridge.driver.refusal = None
    await bridge.dial()


async def test_a_stopping_server_ends_its_calls_in_order(bridge: Bridge, switchboard) -> None:
    phone = await bridge.dial()
    await phone.say("text", text="Hello?")
    await phone.until("turn", final=True)
    await switchboard.stop()
    assert (await phone.until("ended"))["reason"] == "server_stopped"
    status, answer = await bridge.post(CALLS, "theo", simulation_id=bridge.simulation_id)
    assert (status, answer["error"]["code"]) == (503, "all_lines_busy")


async def test_muted_sound_does_not_reach_the_customer(bridge: Bridge) -> None:
    phone = await bridge.dial()
    await phone.say("mute", on=True)
    await phone.speak(burst(100))
    await bridge.customer.heard(9_600)
    assert not any(bridge.customer.appended)


async def test_two_calls_do_not_hear_each_other(bridge: Bridge) -> None:
    tess = await bridge.dial(await bridge.place("tess"))
    first = bridge.customer
    theo: Telephone = await bridge.dial(await bridge.place("theo"))
    second = bridge.customer
    await tess.speak(burst(100, 500))
    await theo.speak(burst(100, 900))
    await first.heard(4_800)
    await second.heard(4_800)
    assert (bytes(first.appended), bytes(second.appended)) == (burst(100, 500), burst(100, 900))


async def test_a_device_without_memory_comes_back_into_a_long_call(bridge: Bridge) -> None:
    placed = await bridge.place()
    phone = await bridge.dial(placed)
    customer = bridge.customer
    await phone.say("text", text="Good morning.")
    await phone.until("turn", final=True)
    for _ in range(KEPT_MESSAGES // 64):
        customer.tell(*[e.ToolCalled(f"c{number}", "set_mood", {"mood": number}) for number in range(64)])
        await phone.until("mood", mood=63)
    await phone.socket.close()

    again = await bridge.open(placed)
    await again.say("hello", token=placed["token"], resume_from=0)
    await again.until("ready", resumed=True)
    assert len(again.of_kind("mood")) > KEPT_MESSAGES - 10
    await again.say("ping", id=1)
    await again.until("pong")


async def test_a_growing_turn_does_not_push_out_what_is_kept(bridge: Bridge) -> None:
    placed = await bridge.place()
    phone = await bridge.dial(placed)
    await phone.say("text", text="Good morning.")
    await phone.until("turn", final=True)
    bridge.customer.tell(e.TraineeSpeechStarted("u1", 0))
    bridge.customer.tell(*[e.TraineeText("u1", f"word {number} ") for number in range(KEPT_MESSAGES)])
    bridge.customer.tell(e.ToolCalled("c1", "set_mood", {"mood": 11}))
    await phone.until("mood")
    await phone.socket.close()

    again = await bridge.open(placed)
    await again.say("hello", token=placed["token"], resume_from=0)
    await again.until("ready", resumed=True)
    assert [turn["text"] for turn in again.of_kind("turn") if turn["final"]] == ["Good morning."]
