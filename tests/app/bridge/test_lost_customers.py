"""The customer's line drops in the middle of a call; the call goes on, and no other call notices."""

import pytest

from tests.support.bridge import Bridge, ScriptedUpstream, Telephone
from voice.call import events as e
from voice.upstream.base import UpstreamRefused

LOSSES = [
    e.UpstreamClosed(1006, ""),
    e.UpstreamFailed("session_expired", "60 minutes", fatal=True),
    RuntimeError("bug"),
]


async def asked(bridge: Bridge, phone: Telephone) -> ScriptedUpstream:
    """The customer of a call in which the trainee has written a question."""
    customer = bridge.customer
    await phone.say("text", text="Hello?")
    await customer.asked_for("send_text")
    await phone.until("turn", final=True)
    return customer


@pytest.mark.parametrize("loss", LOSSES, ids=["dropped", "expired", "fault"])
async def test_the_call_goes_on_in_a_session_that_knows_what_was_said(bridge: Bridge, database, loss) -> None:
    phone = await bridge.dial()
    customer = await asked(bridge, phone)
    other = await bridge.dial(await bridge.place("theo"))
    successor = await bridge.lose_customer(customer, loss)
    assert await successor.asked_for("restore") == ("restore", ("user", "Hello?"))
    assert [verb[0] for verb in successor.verbs][:3] == ["restore", "inform", "start_reply"]
    await customer.done()
    successor.tell(e.CustomerReplyStarted("r9"), e.CustomerWrote("Yes, I am here."))
    await phone.until("turn", text="Yes, I am here.", final=True)
    await phone.say("hangup")
    assert (await phone.until("ended"))["reason"] == "trainee_hung_up"
    assert phone.of_kind("error") == []
    await phone.until_closed()
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select array_agg(line) from public.call_gaps") == ["customer"]
    await other.say("ping", id=1)
    await other.until("pong")


async def test_a_customer_that_cannot_be_dialled_again_ends_this_call_and_no_other(bridge: Bridge) -> None:
    phone = await bridge.dial()
    customer = await asked(bridge, phone)
    other = await bridge.dial(await bridge.place("theo"))
    bridge.driver.refusal = UpstreamRefused("upstream_unauthorized", "The key was revoked.", permanent=True)
    customer.tell(e.UpstreamClosed(1006, ""))
    assert (await phone.until("error"))["code"] == "upstream_unauthorized"
    assert (await phone.until("ended"))["reason"] == "upstream_lost"
    assert [turn["text"] for turn in phone.of_kind("turn")] == ["Hello?"]
    await other.say("ping", id=1)
    await other.until("pong")


async def test_what_still_comes_of_the_old_session_is_not_heard(bridge: Bridge) -> None:
    phone = await bridge.dial()
    customer = await asked(bridge, phone)
    expired = e.UpstreamFailed("session_expired", "", fatal=True)
    successor = await bridge.lose_customer(customer, expired, e.CustomerWrote("A ghost."))
    await successor.asked_for("restore")
    successor.tell(e.CustomerWrote("Alive."))
    await phone.until("turn", text="Alive.", final=True)
    assert [turn["text"] for turn in phone.of_kind("turn") if turn["speaker"] == "ai"] == ["Alive."]


async def test_the_trainees_sound_of_the_meantime_reaches_the_new_session(bridge: Bridge) -> None:
    phone = await bridge.dial()
    customer = bridge.customer
    bridge.driver.answers = False
    customer.tell(e.UpstreamClosed(1006, ""))
    await customer.done()
    await phone.speak(b"\x01\x02" * 480 * 20)
    await phone.say("ping", id=1)
    await phone.until("pong")
    bridge.driver.may_open.set()
    successor = await bridge.driver.next_after(customer)
    await successor.heard(960 * 20)
