"""What the embedded customer says, when, and what stops it."""

import asyncio
import base64
import json

from tests.support.scenarios import DOUBLE_CHARGE
from tests.support.scripted_speech import MS_PER_CHARACTER, loud, quiet
from tests.support.session_line import output_of
from voice.realtime_protocol.audio import append_json


async def test_the_first_response_is_the_opening_in_the_order_of_the_protocol(dial):
    line = await dial()
    await line.send("response.create", response={"metadata": {"turn": "1"}})
    done = await line.until("response.done")
    assert [kind for kind in line.kinds() if not kind.endswith("delta")] == [
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "response.output_item.done",
        "conversation.item.done",
        "response.output_item.added",
        "conversation.item.added",
        "response.function_call_arguments.done",
        "response.output_item.done",
        "conversation.item.done",
        "response.done",
    ]
    assert line.words() == DOUBLE_CHARGE.opening
    assert output_of(done) == ["output_audio", "set_mood"]
    assert done["response"]["metadata"] == {"turn": "1"}
    assert [item["status"] for item in done["response"]["output"]] == ["completed", "completed"]


async def test_sound_and_words_come_by_turns_in_pieces_of_200_ms(dial):
    line = await dial()
    await line.send("response.create")
    await line.until("response.done")
    told = [
        e["type"].split(".")[-2] for e in line.log if e["type"].startswith("response.output_audio") and "delta" in e
    ]
    assert told[:2] == ["output_audio_transcript", "output_audio"]
    assert told.count("output_audio_transcript") == 2
    assert told.index("output_audio_transcript", 1) < len(told) - 2
    sizes = [len(base64.b64decode(e["delta"])) for e in line.log if e["type"] == "response.output_audio.delta"]
    assert set(sizes[:-1]) == {9_600}
    assert line.sound_ms() == sum(len(text) for text, _, _ in line.speech.spoken) * MS_PER_CHARACTER


async def test_usage_counts_tokens_as_openai_does(dial):
    line = await dial("What is your account number?")
    await line.send("response.create")
    first = (await line.until("response.done"))["response"]["usage"]
    first_ms = line.sound_ms()
    assert first["output_token_details"]["audio_tokens"] == first_ms // 50
    assert first["input_token_details"]["audio_tokens"] == 0
    line.clock.advance(60_000)
    await line.say(1_000)
    second = (await line.until("response.done"))["response"]["usage"]
    heard_ms = 1_000 + 500
    assert second["input_token_details"]["audio_tokens"] == first_ms // 50 + heard_ms // 100


async def test_speech_stops_the_running_response(dial):
    line = await dial("Hold on please", speed=0.001, lead_ms=600)
    await line.send("response.create")
    await line.until("response.output_audio.delta")
    await line.session.receive(append_json(loud(200)))
    done = await line.until("response.done")
    assert line.log[-2]["type"] == "conversation.item.done"
    assert done["response"]["status"] == "cancelled"
    assert done["response"]["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    assert done["response"]["output"][0]["status"] == "incomplete"
    kinds = line.kinds()
    assert kinds.index("input_audio_buffer.speech_started") < kinds.index("response.output_audio.done")
    await asyncio.sleep(0)
    assert line.nothing_waits()


async def test_a_customer_who_was_cut_short_minds_and_one_who_had_finished_does_not(opened):
    moods = []
    for finished in (False, True):
        line = await opened("What is your account number?")
        line.clock.advance(line.sound_ms() + 1_000 if finished else 100)
        await line.say(1_500)
        await line.until("response.done")
        called = [e for e in line.log if e["type"] == "response.function_call_arguments.done"]
        moods.append(json.loads(called[-1]["arguments"])["mood"])
    assert moods[0] < moods[1]


async def test_a_response_is_not_stopped_by_speech_when_the_client_forbids_it(dial):
    detection = {"type": "server_vad", "interrupt_response": False}
    line = await dial("What is your account number?", audio={"input": {"turn_detection": detection}}, speed=20.0)
    await line.send("response.create")
    await line.until("response.output_audio.delta")
    await line.say(300)
    first = await line.until("response.done")
    assert first["response"]["status"] == "completed"
    assert (await line.until("response.done"))["response"]["status"] == "completed"
    assert "four four one seven" in line.words()


async def test_after_a_silence_the_customer_speaks_up_and_in_the_end_hangs_up(opened):
    line = await opened()
    await line.session.receive(append_json(quiet(1_000)))
    endings = []
    for number in range(2):
        await line.wait(line.sound_ms())
        assert line.nothing_waits()
        await line.wait(DOUBLE_CHARGE.patience.silence_ms)
        timeout = await line.until("input_audio_buffer.timeout_triggered")
        assert timeout["audio_start_ms"] <= timeout["audio_end_ms"] == 1_200 + 200 * number
        endings.append(output_of(await line.until("response.done")))
    assert endings == [["output_audio", "set_mood"], ["output_audio", "set_mood", "end_call"]]
    await line.wait(1_000_000)
    assert line.nothing_waits()


async def test_a_customer_does_not_lose_patience_with_a_line_that_is_dead(opened):
    line = await opened("Hello")
    await line.session.receive(append_json(quiet(1_000)))
    line.clock.advance(line.sound_ms())
    for _ in range(600):
        line.clock.advance(100)
        line.session.tick()
    assert line.nothing_waits()

    await line.wait(DOUBLE_CHARGE.patience.silence_ms - 100)
    assert line.nothing_waits()
    await line.wait(100)
    await line.until("input_audio_buffer.timeout_triggered")
    await line.until("response.done")


async def test_an_improvised_customer_waits_unless_the_client_sets_a_timeout(dial, clock):
    for timeout_ms in (None, 4_000):
        detection = {"type": "server_vad", "idle_timeout_ms": timeout_ms}
        line = await dial(
            prompt=None, instructions="You lost a parcel.", audio={"input": {"turn_detection": detection}}
        )
        await line.send("response.create")
        await line.until("response.done")
        clock.advance(line.sound_ms() + 4_000)
        line.session.tick()
        assert line.nothing_waits() is (timeout_ms is None)


async def test_a_customer_who_has_hung_up_says_no_more(opened):
    line = await opened("Hello")
    for _ in range(2):
        await line.wait(100_000)
        await line.until("response.done")
    line.log.clear()
    await line.say(300)
    await line.until("conversation.item.input_audio_transcription.completed")
    await line.send("response.create")
    assert (await line.until("response.done"))["response"]["output"] == []


async def test_sound_is_sent_ahead_but_not_without_bound(dial):
    line = await dial(speed=3.0, lead_ms=400)
    await line.send("response.create")
    await line.until("response.output_audio.delta")
    await asyncio.sleep(0.01)
    while not line.nothing_waits():
        await line.next()
    assert 400 < line.sound_ms() <= 600
