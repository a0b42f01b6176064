"""An ear as it lives in a speech worker: resampling, turn detection and recognition of one speaker's sound."""

from collections import deque
from collections.abc import Callable

import numpy as np

from voice.audio_format import SAMPLE_RATE_HZ
from voice.embedded_customer.recognizer import RATE_HZ, Recognizer
from voice.embedded_customer.resampler import Resampler, pcm_of, samples_of
from voice.embedded_customer.speech_messages import EarSettings, Recognized, SpeechBegan, SpeechEnded, SpeechEvent
from voice.embedded_customer.turn_detector import CHUNK_BYTES, CHUNK_MS, TurnRules

LONGEST_PART_MS = 45_000
"""A longer utterance is recognised in parts, so that the decoder's memory stays bounded."""
_UTTERANCES_KEPT = 16
_DETECTION_LAG_MS = 512
"""How long the rules may take to be sure that somebody speaks."""
_FLOOR = np.float32(3e-4)
"""Inaudible noise under all sound: digital silence is so unlike any room that it upsets the acoustic model."""
_QUIET_MS = 200

_BYTES_PER_MS = 2 * RATE_HZ // 1_000


class WorkerEar:
    """Hears one speaker. `chance_of` says how likely a chunk of 512 samples at 16 kHz holds a voice."""

    def __init__(self, settings: EarSettings, recognizer: Recognizer, chance_of: Callable[[bytes], float]) -> None:
        self.recognizer = recognizer
        self._manual = settings.manual
        self._rules = TurnRules(settings)
        self._chance_of = chance_of
        self._resampler = Resampler(SAMPLE_RATE_HZ, RATE_HZ)
        self._noise = np.random.default_rng(0)
        self._odd_byte = b""
        self._unheard = bytearray()
        kept_ms = settings.prefix_padding_ms + _DETECTION_LAG_MS
        self._recent: deque[bytes] = deque(maxlen=kept_ms // CHUNK_MS + 1)
        self._part_ms = 0
        self._open = False
        self._parts: list[Recognized] = []
        self._utterances: deque[Recognized] = deque(maxlen=_UTTERANCES_KEPT)
        self._ended = False

    def hear(self, pcm: bytes) -> list[SpeechEvent]:
        """Takes the next PCM16 at 24 kHz, of any length."""
        whole = self._odd_byte + pcm
        self._odd_byte = whole[len(whole) - len(whole) % 2 :]
        samples = self._resampler.feed(samples_of(whole[: len(whole) - len(whole) % 2]))
        self._unheard += pcm_of(samples + _FLOOR * self._noise.standard_normal(len(samples), dtype=np.float32))
        events: list[SpeechEvent] = []
        while len(self._unheard) >= CHUNK_BYTES:
            chunk = bytes(self._unheard[:CHUNK_BYTES])
            del self._unheard[:CHUNK_BYTES]
            event = self._hear_chunk(chunk)
            if event is not None and not self._manual:
                events.append(event)
        return events

    def transcript(self) -> Recognized:
        """The oldest ended utterance that was not asked for; empty when there is none."""
        self._settle()
        return self._utterances.popleft() if self._utterances else Recognized("", None)

    def commit(self) -> None:
        """The utterance ends here."""
        self._settle()
        if self._open:
            # A last word that is cut off at its end is misheard: some quiet lets it ring out.
            quiet = _FLOOR * self._noise.standard_normal(_QUIET_MS * RATE_HZ // 1_000, dtype=np.float32)
            self.recognizer.feed(bytes(self._unheard) + pcm_of(quiet))
            self._recognize_rest()
        self._ended = True
        self._start_afresh()
        self._settle()

    def clear(self) -> None:
        """Forgets the utterance that is being heard."""
        self._settle()
        self.recognizer.cancel()
        self._open = False
        self._parts.clear()
        self._start_afresh()

    def _hear_chunk(self, chunk: bytes) -> SpeechEvent | None:
        self._recent.append(chunk)
        event = self._rules.judge(self._chance_of(chunk))
        if isinstance(event, SpeechBegan):
            self._settle()
            self._begin(event.audio_start_ms)
        elif self._open:
            self._decode(chunk)
            if isinstance(event, SpeechEnded):
                self._end()
        return event

    def _begin(self, start_ms: int) -> None:
        self.recognizer.begin()
        self._open = True
        self._part_ms = 0
        missed = b"".join(self._recent)[-(self._rules.heard_ms - start_ms) * _BYTES_PER_MS :]
        self._recent.clear()
        self._decode(missed)

    def _decode(self, pcm: bytes) -> None:
        self.recognizer.feed(pcm)
        self._part_ms += len(pcm) // _BYTES_PER_MS
        if self._part_ms >= LONGEST_PART_MS:
            self._recognize_rest()
            self._begin(self._rules.heard_ms)

    def _end(self) -> None:
        if self._manual:
            self._recognize_rest()
        else:
            # The words are worked out when they are asked for, after the event is on its way.
            self._ended = True

    def _settle(self) -> None:
        if not self._ended:
            return
        if self._open:
            self._recognize_rest()
        self._utterances.append(_joined(self._parts))
        self._parts.clear()
        self._ended = False

    def _recognize_rest(self) -> None:
        self._parts.append(self.recognizer.finish())
        self._open = False

    def _start_afresh(self) -> None:
        self._rules.end_now()
        self._recent.clear()


def _joined(parts: list[Recognized]) -> Recognized:
    worded = [part for part in parts if part.text]
    known = [part.confidence for part in worded if part.confidence is not None]
    return Recognized(" ".join(part.text for part in worded), min(known) if known else None)
