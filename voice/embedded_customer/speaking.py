"""A reply of the dialogue as a response of the protocol: words, sound, function calls, at a bounded pace."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass

from core.clock import Clock
from voice.audio_format import BYTES_PER_MS
from voice.embedded_customer.dialogue.reply import Reply
from voice.embedded_customer.listening import Speech
from voice.embedded_customer.response_writer import ResponseWriter

DELTA_BYTES = 200 * BYTES_PER_MS
_PAUSE = re.compile(r"(?<=[.!?;:])\s+|(?<=,)\s+(?=\S{3})")
_SHORTEST_CLAUSE = 12
SET_MOOD, END_CALL = "set_mood", "end_call"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast sound is sent: `lead_ms` at once, the rest `speed` times as fast as it is played."""

    speed: float = 3.0
    lead_ms: int = 1_000

    def delay_s(self, sent_ms: int, elapsed_ms: int) -> float:
        """How long to wait before the next sound."""
        return max(0.0, ((sent_ms - self.lead_ms) / self.speed - elapsed_ms) / 1_000)


@dataclass(frozen=True, slots=True)
class Manner:
    """How one response is given: in which voice, aloud or in writing, and which functions the client has."""

    voice: str
    pace_wpm: int
    aloud: bool
    tools: Collection[str] = ()


def clauses(text: str) -> list[str]:
    """`text` cut where a speaker pauses; put together again with nothing between, it is the same text."""
    pieces: list[str] = []
    for part in _PAUSE.split(" ".join(text.split())):
        if pieces and len(pieces[-1]) < _SHORTEST_CLAUSE:
            pieces[-1] = f"{pieces[-1]}{part} "
        elif part:
            pieces.append(f"{part} ")
    return [*pieces[:-1], pieces[-1].rstrip()] if pieces else []


class Speaking:
    """Gives replies; knows how long their sound is still to be heard, if the client plays it as it comes."""

    def __init__(self, speech: Speech, clock: Clock, pace: Pace) -> None:
        self.playing_until_ms = 0
        self._speech = speech
        self._clock = clock
        self._pace = pace
        self._mood: int | None = None

    @property
    def audible(self) -> bool:
        """Whether the client could still be playing something."""
        return self._clock.monotonic_ms() < self.playing_until_ms

    def silenced(self) -> None:
        """The client has thrown away what it had not played."""
        self.playing_until_ms = min(self.playing_until_ms, self._clock.monotonic_ms())

    def unheard(self) -> None:
        """Nobody is on the line: the trainee keeps no customer waiting."""
        self.playing_until_ms = max(self.playing_until_ms, self._clock.monotonic_ms())

    async def give(self, reply: Reply, writer: ResponseWriter, manner: Manner) -> None:
        """Says or writes `reply`, then makes its function calls; a customer who has hung up does nothing."""
        if not reply.text:
            return
        writer.begin_message()
        if manner.aloud:
            await self._say(reply.text, writer, manner)
        else:
            for clause in clauses(reply.text):
                writer.words(clause)
        writer.end_message()
        if SET_MOOD in manner.tools and reply.mood != self._mood:
            writer.call(SET_MOOD, json.dumps({"mood": reply.mood}))
        self._mood = reply.mood
        if END_CALL in manner.tools and reply.hang_up:
            writer.call(END_CALL, json.dumps({"reason": reply.reason}))

    async def _say(self, text: str, writer: ResponseWriter, manner: Manner) -> None:
        began_ms = self._clock.monotonic_ms()
        audible_from_ms = max(began_ms, self.playing_until_ms)
        async for pcm in self._sound(text, writer.words, manner):
            writer.audio(pcm)
            if writer.over:
                return
            self.playing_until_ms = audible_from_ms + writer.audio_ms
            await asyncio.sleep(self._pace.delay_s(writer.audio_ms, self._clock.monotonic_ms() - began_ms))

    async def _sound(self, text: str, words: Callable[[str], None], manner: Manner) -> AsyncIterator[bytes]:
        """The sound in pieces of 200 ms (the last one shorter); the words of a clause go ahead of its sound."""
        waiting = bytearray()
        for clause in clauses(text):
            words(clause)
            async for pcm in self._speech.speak(clause.strip(), manner.voice, manner.pace_wpm):
                waiting += pcm
                while len(waiting) >= DELTA_BYTES:
                    yield bytes(waiting[:DELTA_BYTES])
                    del waiting[:DELTA_BYTES]
        if waiting:
            yield bytes(waiting)
