"""The real ears and the real voice, in their processes."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from voice.audio_format import FRAME_BYTES, duration_ms, silence
from voice.embedded_customer.resampler import Resampler, pcm_of
from voice.embedded_customer.speech_engines import (
    Ear,
    EarSettings,
    Recognized,
    SpeechBegan,
    SpeechEnded,
    SpeechEngines,
    SpeechWorkerDied,
    Vocabulary,
)
from voice.embedded_customer.speech_messages import SpeechEvent
from voice.embedded_customer.spoken_words import spoken_words

# Lines that are not in the phrase book: never add them there.
HELD_OUT = (
    "I can hear that this has been a bad week for you, and I am sorry.",
    "Which four digits are at the end of your card?",
    "I see the problem now, the system counted your payment twice.",
    "We will return the money to the same card within five days.",
    "I am back, thank you so much for waiting.",
    "If it does not come by then, call me and I will send another one.",
    "I can take ten percent off your next three bills.",
    "The technician can come to your house on Wednesday morning.",
    "So we have agreed that I refund the second charge today.",
    "Do you have any more questions for me?",
)
ANY_CALL = Vocabulary("any call")


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("speech") / "cache"


@pytest.fixture
async def engines(cache_dir: Path) -> AsyncIterator[SpeechEngines]:
    running = SpeechEngines(workers=1, cache_dir=cache_dir)
    await running.start()
    yield running
    await running.close()


async def spoken(engines: SpeechEngines, text: str, voice: str = "male", pace_wpm: int = 165) -> bytes:
    return b"".join([pcm async for pcm in engines.speak(text, voice, pace_wpm)])


async def hear(ear: Ear, pcm: bytes, frame_bytes: int = FRAME_BYTES) -> list[SpeechEvent]:
    events: list[SpeechEvent] = []
    for start in range(0, len(pcm), frame_bytes):
        events += await ear.hear(pcm[start : start + frame_bytes])
    return events


async def hear_for_ever(ear: Ear) -> None:
    while True:
        await ear.hear(silence(20))


async def heard_words(ear: Ear, pcm: bytes) -> Recognized:
    await hear(ear, pcm + silence(700))
    return await ear.transcript()


def loud_part_ms(pcm: bytes) -> tuple[float, float]:
    loud = np.flatnonzero(np.abs(np.frombuffer(pcm, "<i2").astype(np.int32)) > 600)
    return loud[0] / 24, loud[-1] / 24


def wrong_words(said: list[str], heard: list[str]) -> int:
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        corner, row[0] = row[0], number
        for place, other in enumerate(heard, start=1):
            corner, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, corner + (word != other))
    return row[-1]


@pytest.mark.slow
async def test_at_most_thirty_percent_of_unknown_lines_are_misheard(engines: SpeechEngines):
    ear = await engines.open_ear(ANY_CALL, EarSettings())
    wrong = total = 0
    for line in HELD_OUT:
        recognized = await heard_words(ear, silence(300) + await spoken(engines, line))
        wrong += wrong_words(spoken_words(line), spoken_words(recognized.text))
        total += len(spoken_words(line))
    assert wrong / total <= 0.30


async def test_speech_begins_and_ends_when_it_does(engines: SpeechEngines):
    ear = await engines.open_ear(ANY_CALL, EarSettings(prefix_padding_ms=300, silence_duration_ms=500))
    pcm = silence(1_000) + await spoken(engines, "Thank you for calling, how can I help you today?") + silence(1_500)
    began, ended = await hear(ear, pcm)
    first_ms, last_ms = loud_part_ms(pcm)
    assert isinstance(began, SpeechBegan)
    assert isinstance(ended, SpeechEnded)
    assert abs(began.audio_start_ms + 300 - first_ms) <= 120
    assert abs(ended.audio_end_ms - 500 - last_ms) <= 120


async def test_chunks_of_any_length_are_heard_alike(engines: SpeechEngines):
    pcm = silence(500) + await spoken(engines, "I am sorry to hear that.") + silence(1_000)
    results = []
    for frame_bytes in (FRAME_BYTES, 1_001, len(pcm)):
        ear = await engines.open_ear(ANY_CALL, EarSettings())
        results.append((await hear(ear, pcm, frame_bytes), (await ear.transcript()).text))
        await ear.close()
    assert results[0] == results[1] == results[2]
    assert results[0][1] == "I am sorry to hear that."


async def test_noise_and_a_cough_say_nothing(engines: SpeechEngines):
    ear = await engines.open_ear(ANY_CALL, EarSettings())
    chance = np.random.default_rng(7)
    noise = pcm_of(0.02 * chance.standard_normal(24_000 * 3).astype(np.float32))
    burst = chance.standard_normal(24_000 // 5).astype(np.float32) * np.hanning(24_000 // 5).astype(np.float32) ** 2
    cough = pcm_of(Resampler(24_000, 24_000, 2_500).feed(0.6 * burst))
    events = await hear(ear, noise + silence(500) + cough + silence(300) + cough + silence(1_500))
    assert len(events) % 2 == 0
    assert (await ear.transcript()).text == ""


async def test_a_scenarios_own_names_are_understood(engines: SpeechEngines):
    lines = ("My name is Maria Ortiz.", "The Brightline router is broken.", "My account number is 4417.")
    ear = await engines.open_ear(Vocabulary("ortiz", lines), EarSettings())
    recognized = await heard_words(ear, silence(300) + await spoken(engines, "Is the Brightline router broken?"))
    assert "Brightline router" in recognized.text
    assert recognized.confidence is not None
    assert 0 < recognized.confidence <= 1


@pytest.mark.may_block  # it looks at a file
async def test_what_is_built_of_a_scenario_is_nobody_elses(engines: SpeechEngines, cache_dir: Path):
    """The words of its hidden facts are in there."""
    await engines.prepare(ANY_CALL)
    assert cache_dir.stat().st_mode & 0o777 == 0o700


async def test_two_ears_do_not_mix_their_speakers(engines: SpeechEngines):
    one, other = [await engines.open_ear(ANY_CALL, EarSettings()) for _ in range(2)]
    thanks = silence(300) + await spoken(engines, "Thank you for your patience.")
    sorry = silence(300) + await spoken(engines, "I am very sorry about that.", "female", 150)
    first, second = await asyncio.gather(heard_words(one, thanks), heard_words(other, sorry))
    assert first.text == "Thank you for your patience."
    assert "sorry" in second.text


async def test_push_to_talk_ends_where_the_caller_says(engines: SpeechEngines):
    ear = await engines.open_ear(ANY_CALL, EarSettings(manual=True))
    pcm = silence(200) + await spoken(engines, "Thank you for waiting.")
    assert await hear(ear, pcm) == []
    await ear.clear()
    assert await hear(ear, silence(200) + await spoken(engines, "I am sorry about that.") + silence(60)) == []
    await ear.commit()
    assert (await ear.transcript()).text == "I am sorry about that."
    await ear.commit()
    assert (await ear.transcript()).text == ""


async def test_a_killed_worker_fails_its_ears_and_is_replaced(engines: SpeechEngines):
    ear = await engines.open_ear(ANY_CALL, EarSettings())
    (pid,) = engines.worker_pids
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(5):
        with pytest.raises(SpeechWorkerDied):
            await hear_for_ever(ear)
        with pytest.raises(SpeechWorkerDied):
            await ear.transcript()
        await ear.close()
    async with asyncio.timeout(20):
        await engines.complete()
    assert engines.worker_pids != [pid]
    assert await (await engines.open_ear(ANY_CALL, EarSettings())).hear(silence(20)) == []


async def test_closing_the_engines_ends_whatever_waits(cache_dir: Path):
    running = SpeechEngines(workers=1, cache_dir=cache_dir)
    await running.start()
    ear = await running.open_ear(ANY_CALL, EarSettings())
    await running.close()
    with pytest.raises(SpeechWorkerDied):
        await ear.hear(silence(20))
    with pytest.raises(SpeechWorkerDied):
        await spoken(running, "Hello.")


async def test_speech_comes_in_pieces_at_the_pace_asked_for(engines: SpeechEngines):
    text = "Hello, I was charged twice. I want my money back! Can you help me, or not?"
    slow, fast = await spoken(engines, text, "female", 120), await spoken(engines, text, "female", 200)
    pieces = [pcm async for pcm in engines.speak(text, "female", 165)]
    assert len(pieces) >= 3
    assert all(len(piece) % 2 == 0 for piece in pieces)
    assert 1.3 < duration_ms(len(slow)) / duration_ms(len(fast)) < 2.0


async def test_markup_in_a_text_is_spoken_not_obeyed(engines: SpeechEngines):
    plain = await spoken(engines, "Hello there")
    marked = await spoken(engines, 'Hello <break time="5s"/> there [[h@l]] \x01\x1b')
    assert duration_ms(len(plain)) < duration_ms(len(marked)) < duration_ms(len(plain)) + 5_000
    assert await spoken(engines, " \n ") == b""


async def test_a_speech_that_is_broken_off_holds_nothing_up(engines: SpeechEngines):
    speech = engines.speak("One sentence. Another sentence. " * 20, "male", 165)
    assert await anext(speech)
    await speech.aclose()
    assert await spoken(engines, "Hello.")
