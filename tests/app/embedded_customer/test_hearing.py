"""What the embedded customer hears: turns, words, and ears that die."""

import pytest

from tests.support.scenarios import DOUBLE_CHARGE
from tests.support.scripted_speech import loud, quiet
from voice.embedded_customer.speech_engines import SpeechWorkerDied
from voice.realtime_protocol.audio import append_json


async def test_a_spoken_question_is_heard_and_answered(opened):
    line = await opened("What is your account number?")
    line.log.clear()
    line.clock.advance(10_000)
    await line.session.receive(append_json(quiet(400)))
    await line.say(1_000)
    await line.until("response.done")
    kinds = [kind for kind in line.kinds() if not kind.startswith("response.")]
    assert kinds[:8] == [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "conversation.item.input_audio_transcription.delta",
        "conversation.item.input_audio_transcription.completed",
        "conversation.item.added",
    ]
    events = {event["type"]: event for event in reversed(line.log)}
    assert events["input_audio_buffer.speech_started"]["audio_start_ms"] == 400 - 300
    assert events["input_audio_buffer.speech_stopped"]["audio_end_ms"] == 400 + 1_000 + 500
    heard = events["conversation.item.input_audio_transcription.completed"]
    assert heard["transcript"] == "What is your account number?"
    assert heard["usage"] == {"type": "duration", "seconds": 1.8}
    ids = {
        events[f"input_audio_buffer.{name}"]["item_id"] for name in ("speech_started", "speech_stopped", "committed")
    }
    assert ids == {heard["item_id"]}
    assert "four four one seven" in line.words()


async def test_confidence_is_told_to_who_asks_for_it(opened):
    line = await opened("Hello", include=["item.input_audio_transcription.logprobs"])
    await line.say(500)
    event = await line.until("conversation.item.input_audio_transcription.completed")
    assert event["logprobs"][0]["logprob"] == pytest.approx(-0.693, abs=0.001)


async def test_who_asks_for_no_transcription_gets_none(opened):
    line = await opened("What is your account number?", audio={"input": {"transcription": None}})
    line.clock.advance(10_000)
    await line.say(500)
    await line.until("response.done")
    assert not any("transcription" in kind for kind in line.kinds())
    assert "four four one seven" in line.words()


async def test_words_said_over_a_pause_are_answered_together(opened):
    line = await opened("What is", "your account number?")
    line.clock.advance(10_000)
    await line.session.receive(append_json(loud(300) + quiet(520) + loud(300) + quiet(600)))
    while (await line.until("response.done"))["response"]["status"] != "completed":
        pass
    assert "four four one seven" in line.words()


async def test_a_noise_without_words_is_asked_about(opened):
    line = await opened("")
    line.clock.advance(10_000)
    await line.say(300)
    done = await line.until("response.done")
    assert done["response"]["status"] == "completed"
    assert not any("transcription.delta" in kind for kind in line.kinds())
    assert len(line.speech.spoken) > 2


async def test_who_speaks_first_hears_the_opening(dial):
    line = await dial("Thank you for calling, how can I help?")
    await line.say(900)
    await line.until("response.done")
    assert line.words() == DOUBLE_CHARGE.opening


async def test_push_to_talk_is_heard_at_commit(opened):
    line = await opened("What is your account number?", audio={"input": {"turn_detection": None}})
    await line.say(500, 1_000)
    assert line.nothing_waits()
    await line.send("input_audio_buffer.commit")
    await line.send("response.create")
    await line.until("response.done")
    assert "input_audio_buffer.committed" in line.kinds()
    assert "input_audio_buffer.speech_started" not in line.kinds()
    assert "four four one seven" in line.words()


async def test_a_commit_without_sound_is_an_error(opened):
    line = await opened(audio={"input": {"turn_detection": None}})
    await line.session.receive(append_json(loud(300)))
    await line.send("input_audio_buffer.clear")
    await line.until("input_audio_buffer.cleared")
    await line.send("input_audio_buffer.commit", event_id="evt_1")
    error = (await line.until("error"))["error"]
    assert (error["code"], error["event_id"]) == ("input_audio_buffer_commit_empty", "evt_1")


async def test_the_ear_expects_the_words_of_the_scenario(dial):
    line = await dial()
    assert any("account number" in sentence for sentence in line.speech.vocabularies[-1].sentences)
    await line.say(300)
    assert len(line.speech.vocabularies) == 1


async def test_a_dead_ear_is_replaced(opened):
    line = await opened(SpeechWorkerDied("gone"), "What is your account number?")
    line.clock.advance(10_000)
    await line.session.receive(append_json(loud(300)))
    line.speech.ears[-1].closed = True
    await line.session.receive(append_json(loud(300)))
    failed = await line.until("conversation.item.input_audio_transcription.failed")
    assert failed["error"]["code"] == "speech_worker_died"
    await line.until("response.done")
    line.clock.advance(10_000)
    await line.session.receive(append_json(quiet(200)))
    await line.say(300)
    assert (await line.until("input_audio_buffer.speech_started"))["audio_start_ms"] == 600
    await line.until("response.done")
    assert "four four one seven" in line.words()


async def test_while_no_ear_can_be_opened_the_session_goes_on_unheard(opened):
    line = await opened("What is your account number?")
    line.clock.advance(10_000)
    line.speech.broken = True
    line.speech.ears[-1].closed = True
    for _ in range(100):
        await line.session.receive(append_json(loud(20)))
    assert line.nothing_waits()
    line.speech.broken = False
    await line.session.receive(append_json(quiet(1_000)))
    await line.say(300)
    assert (await line.until("input_audio_buffer.speech_started"))["audio_start_ms"] == 3_000
    await line.until("response.done")
    assert "four four one seven" in line.words()
