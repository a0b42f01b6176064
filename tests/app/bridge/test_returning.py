"""Back to a running call: the list of them, and another tab that takes one over."""

from uuid import UUID

import pytest

from tests.support.bridge import CALLS, Bridge
from voice.switchboard import CallLimits


@pytest.fixture
def limits() -> CallLimits:
    return CallLimits(per_person=2)


async def running(bridge: Bridge, who: str = "tess") -> list[dict[str, object]]:
    status, answer = await bridge.get(f"{CALLS}?mine=running", who)
    assert status == 200
    return list(answer["calls"])


async def test_your_running_calls_are_listed_and_nobody_elses(bridge: Bridge) -> None:
    phone = await bridge.dial()
    [call] = await running(bridge)
    assert (call["call_id"], call["state"], call["mode"]) == (phone.call_id, "live", "practice")
    assert (call["title"], call["customer_name"]) == ("Overcharged", "Dana Ortiz")
    assert call["created_at"] is not None
    assert await running(bridge, "theo") == await running(bridge, "mira") == []
    await phone.say("hangup")
    await phone.until("ended")
    assert await running(bridge) == []


@pytest.mark.parametrize("query", ["", "?mine=all", "?live=true"])
async def test_only_running_calls_of_your_own_can_be_listed(bridge: Bridge, query: str) -> None:
    status, answer = await bridge.get(f"{CALLS}{query}")
    assert (status, answer["error"]["code"]) == (400, "bad_query")


async def test_who_is_in_a_call_is_told_which_one(bridge: Bridge) -> None:
    first = await bridge.place()
    await bridge.place()
    status, answer = await bridge.post(CALLS, simulation_id=bridge.simulation_id)
    error = answer["error"]
    assert (status, error["code"]) == (409, "call_already_running")
    assert error["message"] == "You are in a call already: “Overcharged”. Go back to it, or end it first."
    assert error["details"] == {"call_id": first["call_id"], "title": "Overcharged"}


async def test_another_tab_takes_the_call_over_and_the_first_is_told(bridge: Bridge) -> None:
    first = await bridge.dial()
    await first.say("text", text="Good morning.")
    await first.until("turn", final=True)
    status, fresh = await bridge.post(f"{CALLS}/{first.call_id}/token")
    assert (status, fresh["call_id"], fresh["socket"]) == (201, first.call_id, f"{CALLS}/{first.call_id}/socket")
    assert fresh["customer"]["name"] == "Dana Ortiz"
    second = await bridge.dial(fresh)
    assert (await first.until("error"))["code"] == "call_taken"
    assert await first.until_closed() == 4409
    assert (await second.until("turn", final=True))["text"] == "Good morning.", "it gets what it has missed"
    await second.say("hangup")
    assert (await second.until("ended"))["reason"] == "trainee_hung_up"


async def test_a_tab_whose_call_was_taken_over_does_not_get_it_back(bridge: Bridge) -> None:
    placed = await bridge.place()
    first = await bridge.dial(placed)
    _, fresh = await bridge.post(f"{CALLS}/{placed['call_id']}/token")
    second = await bridge.dial(fresh)
    await first.until_closed()
    again = await bridge.open(placed)
    await again.say("hello", token=placed["token"])
    assert (await again.until("error"))["code"] == "call_taken"
    await second.say("ping", id=1)
    await second.until("pong")


async def test_until_somebody_comes_with_the_fresh_token_the_first_one_is_good(bridge: Bridge) -> None:
    placed = await bridge.place()
    await bridge.post(f"{CALLS}/{placed['call_id']}/token")
    await bridge.dial(placed)


async def test_a_call_is_taken_over_by_its_trainee_alone_and_while_it_runs(bridge: Bridge) -> None:
    phone = await bridge.dial()
    path = f"{CALLS}/{phone.call_id}/token"
    assert [(await bridge.post(path, who))[0] for who in ("theo", "mira", "ada", "")] == [404, 404, 404, 401]
    await phone.say("hangup")
    await phone.until("ended")
    status, answer = await bridge.post(path)
    assert (status, answer["error"]["code"]) == (409, "call_over")


async def test_a_token_that_another_server_gave_is_good_after_the_next_beat(bridge: Bridge, switchboard) -> None:
    phone = await bridge.dial()
    runner = switchboard._running.pop(UUID(phone.call_id))  # as if it ran on another server
    _, fresh = await bridge.post(f"{CALLS}/{phone.call_id}/token")
    elsewhere = await bridge.open(fresh)
    await elsewhere.say("hello", token=fresh["token"])
    assert (await elsewhere.until("error"))["code"] == "call_elsewhere"
    assert await elsewhere.until_closed() == 4421
    switchboard._running[UUID(phone.call_id)] = runner
    assert runner.admit(fresh["token"]) == "no"
    await switchboard._keeper.beat()
    await bridge.dial(fresh)
    assert await phone.until_closed() == 4409
