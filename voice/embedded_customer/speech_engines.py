"""The embedded customer's ears and voice: hearing and speaking, in processes of their own.

The public door to recognition, turn detection and synthesis. Nothing here works on the event loop: each worker is a
child process that talks over pipes.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from core.errors import CallXError
from voice.embedded_customer.speech_messages import EarSettings, Gender, Recognized, SpeechEvent, Vocabulary
from voice.embedded_customer.turn_detector import SpeechBegan, SpeechEnded

__all__ = [
    "Ear",
    "EarSettings",
    "Recognized",
    "SpeechBegan",
    "SpeechEnded",
    "SpeechEngines",
    "SpeechWorkerDied",
    "SpeechWorkerTooSlow",
    "Vocabulary",
    "gender_of",
]

MALE_VOICES = frozenset({"male", "ash", "ballad", "cedar", "echo", "verse", "onyx", "fable"})


class SpeechWorkerDied(CallXError):
    """The process that this ear or voice lived in has ended; a new ear may be opened at once."""

    status = 503
    default_code = "speech_worker_died"
    default_retryable = True


class SpeechWorkerTooSlow(CallXError):
    """The worker did not answer in time."""

    status = 503
    default_code = "speech_worker_too_slow"
    default_retryable = True


def gender_of(voice: str) -> Gender:
    """Which of the two embedded voices an OpenAI voice name (or `female`, `male`) stands for."""
    return "male" if voice.lower() in MALE_VOICES else "female"


class Ear(Protocol):
    """Hears one trainee. Calls on one ear are made one after the other, except `transcript`."""

    async def hear(self, pcm: bytes) -> list[SpeechEvent]:
        """Takes the next sound (PCM16, 24 kHz, mono, any length) and tells what began or ended in it."""

    async def transcript(self) -> Recognized:
        """The words of the oldest ended utterance that was not asked for yet; empty text when there is none."""

    async def commit(self) -> None:
        """Ends the utterance here (push to talk): `transcript` then gives its words."""

    async def clear(self) -> None:
        """Forgets the utterance that is being heard."""

    async def close(self) -> None:
        """Frees the ear. It may be closed twice."""


class SpeechEngines:
    """The speech workers of one server."""

    def __init__(self, *, workers: int, cache_dir: Path) -> None:
        self._workers = workers
        self._cache_dir = cache_dir

    async def start(self) -> None:
        """Starts the worker processes; returns when each is ready to hear and speak."""
        raise NotImplementedError

    async def close(self) -> None:
        """Stops the workers; whatever still waits for one gets `SpeechWorkerDied`."""
        raise NotImplementedError

    async def open_ear(self, vocabulary: Vocabulary, detection: EarSettings) -> Ear:
        """An ear that expects `vocabulary`, in the worker that has the fewest ears."""
        raise NotImplementedError

    def speak(self, text: str, voice: str, pace_wpm: int) -> AsyncIterator[bytes]:
        """The sound of `text` (PCM16, 24 kHz, mono), in pieces as they are made, the first one early."""
        raise NotImplementedError
