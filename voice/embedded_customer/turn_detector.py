"""Finding where somebody begins and stops to speak."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody speaks since `audio_start_ms` of the audio heard so far, the prefix padding included."""

    audio_start_ms: int


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The utterance is over at `audio_end_ms` of the audio heard so far, the closing silence included."""

    audio_end_ms: int
