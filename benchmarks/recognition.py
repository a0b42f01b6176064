"""How well and how fast the embedded customer understands: `python -m benchmarks.recognition`.

Speaks lines that are not in the phrase book, and what a trainee says in every call, in the customer's own and some of
espeak-ng's other voices to a real ear. Prints the share of words misheard for each voice, for either kind of line and
for a call's first words; the time from the end of speech to the words; and the work for a second of sound. There are
no recordings of people here: for them the figures say nothing.
"""

import asyncio
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from voice.audio_format import FRAME_BYTES, duration_ms, silence
from voice.embedded_customer.speech_engines import Ear, EarSettings, SpeechEnded, SpeechEngines, Vocabulary
from voice.embedded_customer.spoken_words import spoken_words
from voice.embedded_customer.synthesizer import VOICES, Synthesizer, VoiceStyle

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
EVERYDAY = (
    "Good evening, my name is Laura, how may I help you?",
    "Could I have your date of birth, please?",
    "I really apologize for the long wait.",
    "Give me a second, I am opening your account.",
    "Okay, I can see the problem here.",
    "Does that sound all right to you?",
    "Can I do anything else for you today?",
    "Thanks a lot for calling, have a lovely evening.",
)
SPEAKERS = {
    "own male": VOICES["male"],
    "own female": VOICES["female"],
    **{name: VoiceStyle(name, 50, 50) for name in ("en-us", "en-us+f3", "en-us+m3", "en-us+m1")},
}
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
    wrong: Counter[str] = Counter()
    total: Counter[str] = Counter()
    audio_s = hearing_s = 0.0
    lines = [(line, "everyday lines") for line in EVERYDAY] + [(line, "other lines") for line in LINES]
    with tempfile.TemporaryDirectory() as folder:
        engines = SpeechEngines(workers=1, cache_dir=Path(folder))
        await engines.start()
        for speaker, style in SPEAKERS.items():
            ear = await engines.open_ear(Vocabulary("benchmark"), EarSettings())
            for number, (line, kind) in enumerate(lines):
                pcm = silence(300) + b"".join(synthesizer.speak_as(line, style, PACE_WPM)) + silence(700)
                began_s = time.perf_counter()
                text, wait_ms = await heard(ear, pcm)
                hearing_s += time.perf_counter() - began_s
                audio_s += duration_ms(len(pcm)) / 1_000
                waits_ms.append(wait_ms)
                said = spoken_words(line)
                for group in (speaker, kind, "all", *(["first words"] if number == 0 else [])):
                    wrong[group] += wrong_words(said, spoken_words(text))
                    total[group] += len(said)
            await ear.close()
        await engines.close()
    for group, words in total.items():
        print(f"{group:14} {100 * wrong[group] / words:5.1f} % of {words} words wrong")
    slow_ms = statistics.quantiles(waits_ms, n=20)[-1]
    print(
        f"words after the end of speech: median {statistics.median(waits_ms):.0f} ms, 95th percentile {slow_ms:.0f} ms"
    )
    print(f"work for a second of sound: {1_000 * hearing_s / audio_s:.0f} ms")


if __name__ == "__main__":
    asyncio.run(measure())
