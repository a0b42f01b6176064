"""The limits of a call, kept by the server's own timers."""

import asyncio

import pytest

from tests.support.bridge import CALLS, Bridge
from voice.switchboard import CallLimits


@pytest.fixture
def limits() -> CallLimits:
    return CallLimits(max_ms=900, answer_timeout_ms=200, resume_window_ms=250, idle_ms=450)


async def ended(bridge: Bridge, call_id: str) -> dict[str, object]:
    """The call, once it is over."""
    async with asyncio.timeout(5):
        while True:
            _, shown = await bridge.get(f"{CALLS}/{call_id}")
            if shown["state"] == "ended":
                return shown
            await asyncio.sleep(0.02)


async def test_a_call_that_nobody_dials_is_given_up(bridge: Bridge) -> None:
    placed = await bridge.place()
    shown = await ended(bridge, placed["call_id"])
    assert (shown["end_reason"], shown["duration_ms"], shown["answered_at"]) == ("trainee_lost", 0, None)
    await bridge.place()


async def test_a_customer_that_does_not_answer(bridge: Bridge) -> None:
    bridge.driver.answers = False
    placed = await bridge.place()
    phone = await bridge.open(placed)
    await phone.say("hello", token=placed["token"])
    assert (await phone.until("ended"))["reason"] == "not_answered"
    assert await phone.until_closed() == 1000


async def test_a_trainee_who_does_not_come_back(bridge: Bridge) -> None:
    phone = await bridge.dial()
    await phone.socket.close()
    shown = await ended(bridge, phone.call_id)
    assert shown["end_reason"] == "trainee_lost"


async def test_silence_ends_a_call(bridge: Bridge) -> None:
    phone = await bridge.dial()
    told = await phone.until("ended")
    assert told["reason"] == "idle"
    shown = await ended(bridge, phone.call_id)
    assert shown["duration_ms"] == pytest.approx(450, abs=80)


async def test_the_longest_call_ends(bridge: Bridge) -> None:
    phone = await bridge.dial()
    for _ in range(3):
        await phone.say("text", text="Still here.")
        await asyncio.sleep(0.25)
    assert (await phone.until("ended"))["reason"] == "time_limit"
    shown = await ended(bridge, phone.call_id)
    assert shown["duration_ms"] == pytest.approx(900, abs=80)
