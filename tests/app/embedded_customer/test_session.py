"""What a client can ask of a session with the embedded customer, and what it cannot."""

import pytest

from tests.support.scenarios import DOUBLE_CHARGE
from tests.support.session_line import output_of


async def test_a_typed_answer_is_answered_when_a_response_is_asked_for(opened):
    line = await opened()
    content = [{"type": "input_text", "text": "What is your account number?"}]
    await line.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
    added = await line.until("conversation.item.done")
    assert added["item"]["content"] == content
    await line.send("response.create")
    await line.until("response.done")
    assert "four four one seven" in line.words()


async def test_the_answer_to_a_function_needs_no_reply(opened):
    line = await opened()
    item = {"type": "function_call_output", "call_id": "call_1", "output": "ok"}
    await line.send("conversation.item.create", item=item)
    await line.send("response.create")
    assert (await line.until("response.done"))["response"]["output"] == []


async def test_truncation_is_confirmed_and_beyond_the_sound_refused(opened):
    line = await opened()
    item_id = next(e["item_id"] for e in line.log if e["type"] == "response.output_audio.delta")
    longer = line.sound_ms() + 1
    await line.send("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=longer)
    assert (await line.until("error"))["error"]["message"] == (
        f"Audio content of {line.sound_ms()}ms is already shorter than {longer}ms"
    )
    await line.send("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=200)
    assert (await line.until("conversation.item.truncated"))["audio_end_ms"] == 200
    await line.send("conversation.item.retrieve", item_id=item_id)
    assert (await line.until("conversation.item.retrieved"))["item"]["content"] == [{"type": "output_audio"}]
    await line.send("conversation.item.delete", item_id=item_id)
    await line.until("conversation.item.deleted")
    await line.send("conversation.item.delete", item_id=item_id)
    assert (await line.until("error"))["error"]["code"] == "item_not_found"


async def test_the_client_can_cancel_once(dial):
    line = await dial(speed=0.001, lead_ms=400)
    await line.send("response.create")
    await line.until("response.output_audio.delta")
    await line.send("response.create")
    assert (await line.until("error"))["error"]["code"] == "conversation_already_has_active_response"
    await line.send("response.cancel")
    done = await line.until("response.done")
    assert done["response"]["status_details"]["reason"] == "client_cancelled"
    await line.send("response.cancel", event_id="evt_2")
    error = (await line.until("error"))["error"]
    assert (error["code"], error["event_id"]) == ("response_cancel_not_active", "evt_2")


async def test_text_can_be_had_instead_of_sound(dial):
    line = await dial(output_modalities=["text"])
    await line.send("response.create")
    done = await line.until("response.done")
    assert output_of(done) == ["output_text", "set_mood"]
    assert "".join(e["delta"] for e in line.log if e["type"] == "response.output_text.delta") == DOUBLE_CHARGE.opening
    assert line.speech.spoken == []


async def test_functions_that_the_client_does_not_have_are_not_called(opened):
    line = await opened(tools=[])
    assert "response.function_call_arguments.done" not in line.kinds()


async def test_the_scenario_decides_the_voice_and_an_improvised_customer_takes_the_sessions(opened):
    line = await opened(audio={"output": {"voice": "ash", "speed": 0.5}})
    assert line.speech.spoken[0][1:] == ("female", 85)
    other = await opened(prompt=None, instructions="You are Tom.", audio={"output": {"voice": "ash"}})
    assert other.speech.spoken[0][1] == "ash"


async def test_an_update_with_an_unknown_field_changes_nothing(opened):
    line = await opened()
    await line.send(
        "session.update", event_id="evt_3", session={"type": "realtime", "instructions": "New.", "temperature": 1}
    )
    error = (await line.until("error"))["error"]
    assert (error["code"], error["param"], error["event_id"]) == ("unknown_parameter", "session.temperature", "evt_3")
    await line.send("session.update", session={"type": "realtime"})
    assert (await line.until("session.updated"))["session"]["instructions"] == ""


@pytest.mark.parametrize(
    ("session", "param"),
    [
        ({"prompt": {"id": "nobody"}}, "session.prompt"),
        ({"audio": {"input": {"format": {"type": "audio/pcmu"}}}}, "session.audio.input.format"),
        ({"model": "gpt-realtime-2.1"}, "session.model"),
        ({"instructions": "x" * 50_001}, "session.instructions"),
    ],
)
async def test_what_cannot_be_done_is_refused_by_name(dial, session, param):
    line = await dial()
    await line.send("session.update", session={"type": "realtime", **session})
    assert (await line.until("error"))["error"]["param"] == param


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type": "dance"}', '{"type": "session.update"}', b"\xff\x00"])
async def test_nonsense_is_answered_and_the_session_goes_on(dial, text):
    line = await dial()
    await line.session.receive(text)
    await line.until("error")
    await line.send("response.create")
    await line.until("response.done")


async def test_a_session_ends_after_an_hour(dial, clock):
    line = await dial()
    clock.advance(59 * 60_000)
    line.session.tick()
    assert line.nothing_waits()
    clock.advance(60_000)
    line.session.tick()
    assert (await line.until("error"))["error"]["code"] == "session_expired"
    await line.until("closing")
    assert line.closed is not None
    assert line.closed.code == 1001


async def test_what_was_said_before_can_be_put_back_into_a_new_session(dial):
    line = await dial()
    for role, kind, text in (
        ("assistant", "output_text", DOUBLE_CHARGE.opening),
        ("user", "input_text", "What is your account number?"),
        ("assistant", "output_text", "It is four four one seven."),
        ("user", "input_text", "You will get a refund, I am so sorry."),
    ):
        content = [{"type": kind, "text": text}]
        await line.send("conversation.item.create", item={"type": "message", "role": role, "content": content})
    await line.send("response.create")
    await line.until("response.done")
    assert DOUBLE_CHARGE.opening not in line.words()
    assert DOUBLE_CHARGE.resolution.agree in line.words()


@pytest.mark.parametrize(("name", "value"), [("conversation", "none"), ("input", [])])
async def test_responses_beside_the_conversation_are_refused(dial, name, value):
    line = await dial()
    await line.send("response.create", response={name: value})
    assert (await line.until("error"))["error"]["param"] == f"response.{name}"
