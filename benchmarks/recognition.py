"""How well and how fast the embedded customer understands: `python benchmarks/recognition.py`.

Speaks lines that are not in the phrase book in several of espeak-ng's voices to a real ear, and prints for each voice
the share of words misheard, and for all the time from the end of speech to the words, and decoding time per second of
speech. There are no recordings of people here: for them the figures say nothing.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from voice.audio_format import FRAME_BYTES, duration_ms, silence
from voice.embedded_customer.speech_engines import Ear, EarSettings, SpeechEnded, SpeechEngines, Vocabulary
from voice.embedded_customer.spoken_words import spoken_words
from voice.embedded_customer.synthesizer import Synthesizer, VoiceStyle

# Lines that are not in the phrase book: never add them there.
LINES = (
    "Hello, this is Karen from the billing department, how may I help you?",
    "I can hear that this has been a bad week for you, and I am sorry.",
    "For your protection I must ask you two short questions before we go on.",
    "Which four digits are at the end of your card?",
    "Could you tell me the day on which you made the order?",
    "I see the problem now, the system counted your payment twice.",
    "We will return the money to the same card within five days.",
    "Let me check with my team lead, please stay on the line for a moment.",
    "I am back, thank you so much for waiting.",
    "Did anyone else in your home use the card last month?",
    "Your parcel left our warehouse on Monday and should reach you tomorrow.",
    "If it does not come by then, call me and I will send another one.",
    "What would be the best solution for you?",
    "I can take ten percent off your next three bills.",
    "It is important to me that you stay with us as a customer.",
    "The technician can come to your house on Wednesday morning.",
    "So we have agreed that I refund the second charge today.",
    "You will find the confirmation in your email in a few minutes.",
    "Calm down, I can't help you when you shout at me.",
    "Do you have any more questions for me?",
)
VOICES = ("en-us", "en-us+f3", "en-us+m3", "en-us+m1")
PACE_WPM = 165


def wrong_words(said: list[str], heard: list[str]) -> int:
    """The words to change, leave out or put in that make `heard` of `said`."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        corner, row[0] = row[0], number
        for place, other in enumerate(heard, start=1):
            corner, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, corner + (word != other))
    return row[-1]


async def heard(ear: Ear, pcm: bytes) -> tuple[str, float]:
    """What `ear` understands, and the milliseconds from its knowing the end of speech to the words."""
    for start in range(0, len(pcm), FRAME_BYTES):
        if any(isinstance(event, SpeechEnded) for event in await ear.hear(pcm[start : start + FRAME_BYTES])):
            began_s = time.perf_counter()
            recognized = await ear.transcript()
            return recognized.text, 1_000 * (time.perf_counter() - began_s)
    return "", 0.0


async def measure() -> None:
    """Prints the figures."""
    synthesizer = Synthesizer()
    waits_ms: list[float] = []
    audio_s = hearing_s = 0.0
    with tempfile.TemporaryDirectory() as folder:
        engines = SpeechEngines(workers=1, cache_dir=Path(folder))
        await engines.start()
        for voice in VOICES:
            ear = await engines.open_ear(Vocabulary("benchmark"), EarSettings())
            wrong = total = 0
            for line in LINES:
                sound = b"".join(synthesizer.speak_as(line, VoiceStyle(voice, 50, 50), PACE_WPM))
                pcm = silence(300) + sound + silence(700)
                began_s = time.perf_counter()
                text, wait_ms = await heard(ear, pcm)
                hearing_s += time.perf_counter() - began_s
                audio_s += duration_ms(len(pcm)) / 1_000
                waits_ms.append(wait_ms)
                wrong += wrong_words(spoken_words(line), spoken_words(text))
                total += len(spoken_words(line))
            await ear.close()
            print(f"{voice:10} {100 * wrong / total:5.1f} % of {total} words wrong")
        await engines.close()
    slow_ms = statistics.quantiles(waits_ms, n=20)[-1]
    print(
        f"words after the end of speech: median {statistics.median(waits_ms):.0f} ms, 95th percentile {slow_ms:.0f} ms"
    )
    print(f"work for a second of sound: {1_000 * hearing_s / audio_s:.0f} ms")


if __name__ == "__main__":
    asyncio.run(measure())
