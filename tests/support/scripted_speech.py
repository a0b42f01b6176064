"""Ears and a voice that follow a script: loud samples are speech, words come from a list, a character lasts 20 ms."""

from collections.abc import AsyncIterator

from voice.audio_format import BYTES_PER_MS, duration_ms
from voice.embedded_customer.speech_engines import (
    EarSettings,
    Recognized,
    SpeechBegan,
    SpeechEnded,
    SpeechWorkerDied,
    Vocabulary,
)

MS_PER_CHARACTER = 20


def loud(length_ms: int) -> bytes:
    """Sound that a `ScriptedEar` takes for speech."""
    return b"\x10\x27" * (length_ms * BYTES_PER_MS // 2)


def quiet(length_ms: int) -> bytes:
    """Sound that it does not."""
    return bytes(length_ms * BYTES_PER_MS)


class ScriptedEar:
    """Judges sound in steps of 20 ms."""

    def __init__(self, words: list[str | Exception], settings: EarSettings) -> None:
        self.closed = False
        self._words = words
        self._settings = settings
        self._heard_ms = 0
        self._silent_ms = 0
        self._speaking = False

    async def hear(self, pcm: bytes) -> list[SpeechBegan | SpeechEnded]:
        """Tells what began or ended."""
        if self.closed:
            raise SpeechWorkerDied("The ear is closed.")
        events: list[SpeechBegan | SpeechEnded] = []
        step = 20 * BYTES_PER_MS
        for start in range(0, len(pcm), step):
            piece = pcm[start : start + step]
            if not self._settings.manual:
                events += self._judge(any(piece))
            self._heard_ms += duration_ms(len(piece))
        return events

    def _judge(self, is_loud: bool) -> list[SpeechBegan | SpeechEnded]:
        self._silent_ms = 0 if is_loud else self._silent_ms + 20
        if is_loud and not self._speaking:
            self._speaking = True
            return [SpeechBegan(max(0, self._heard_ms - self._settings.prefix_padding_ms))]
        if self._speaking and self._silent_ms >= self._settings.silence_duration_ms:
            self._speaking = False
            return [SpeechEnded(self._heard_ms + 20)]
        return []

    async def transcript(self) -> Recognized:
        """The next words of the script; an exception in it is raised."""
        words = self._words.pop(0) if self._words else ""
        if isinstance(words, Exception):
            raise words
        return Recognized(words, 0.5 if words else None)

    async def commit(self) -> None:
        """Ends the utterance."""
        self._speaking = False

    async def clear(self) -> None:
        """Forgets the utterance."""
        self._speaking = False

    async def close(self) -> None:
        """Frees the ear."""
        self.closed = True


class ScriptedSpeech:
    """Both engines. `words` are what will be recognised, `spoken` is what was said."""

    def __init__(self, *words: str | Exception) -> None:
        self.words: list[str | Exception] = list(words)
        self.spoken: list[tuple[str, str, int]] = []
        self.ears: list[ScriptedEar] = []
        self.broken = False
        self.vocabularies: list[Vocabulary] = []

    async def open_ear(self, vocabulary: Vocabulary, detection: EarSettings) -> ScriptedEar:
        """Another ear, unless the speech workers are said to be `broken`."""
        if self.broken:
            raise SpeechWorkerDied("No speech worker runs.")
        self.vocabularies.append(vocabulary)
        ear = ScriptedEar(self.words, detection)
        self.ears.append(ear)
        return ear

    async def speak(self, text: str, voice: str, pace_wpm: int) -> AsyncIterator[bytes]:
        """Twenty milliseconds for each character, in two pieces."""
        self.spoken.append((text, voice, pace_wpm))
        pcm = loud(len(text) * MS_PER_CHARACTER)
        half = len(pcm) // 4 * 2
        yield pcm[:half]
        yield pcm[half:]
