"""The customer's voice: espeak-ng, called as a library. The only importer of espeakng_loader.

The library keeps its state in globals and is not thread-safe: one `Synthesizer` a process, used from one thread.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

import espeakng_loader
import numpy as np

from voice.audio_format import SAMPLE_RATE_HZ
from voice.embedded_customer.resampler import Resampler, Samples, pcm_of
from voice.embedded_customer.speech_messages import Gender

TEXT_LIMIT = 4_000
"""Characters; what is longer is cut at a word."""

_CLAUSE_LIMIT = 160
_SYNCHRONOUS = 2
_CHARS_UTF8 = 1
_END_PAUSE = 0x1000
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_IPA_OFF = 0

_TARGET_RMS = 0.11
_GAIN_LIMITS = (0.5, 3.0)
_HARSH_ABOVE_HZ = 6_500.0

_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+")
_CLAUSE_END = re.compile(r"(?<=[.!?;:])\s+|(?<=,)\s+(?=\S{3})")


@dataclass(frozen=True, slots=True)
class VoiceStyle:
    """How one of the voices sounds; pitch and range from 0 to 100."""

    name: str
    pitch: int
    pitch_range: int


VOICES: dict[Gender, VoiceStyle] = {
    "female": VoiceStyle("en-us+f2", 52, 58),
    "male": VoiceStyle("en-us+m3", 45, 55),
}


class SynthesizerFailed(RuntimeError):
    """espeak-ng could not be started or would not speak."""


def clauses(text: str) -> list[str]:
    """`text` in the pieces in which it is spoken: sentences, and a short first clause so that sound comes early."""
    clean = " ".join(_CONTROL.sub(" ", text).split())
    if len(clean) > TEXT_LIMIT:
        clean = clean[:TEXT_LIMIT].rsplit(" ", 1)[0]
    pieces: list[str] = []
    for part in _CLAUSE_END.split(clean):
        joins = pieces and pieces[-1].endswith(",") and len(pieces[-1]) + len(part) < _CLAUSE_LIMIT
        if joins:
            pieces[-1] = f"{pieces[-1]} {part}"
        elif part:
            pieces.append(part)
    return pieces


class Synthesizer:
    """Speaks English, as PCM16 at the call's 24 kHz."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        data = str(espeakng_loader.get_data_path()).encode()
        self._rate_hz: int = self._library.espeak_Initialize(_SYNCHRONOUS, 200, data, 0)
        if self._rate_hz <= 0:
            raise SynthesizerFailed("espeak-ng did not start: its data is missing or unreadable.")
        self._made: list[Samples] = []
        # The library keeps a pointer to the callback: it must live as long as this object.
        self._callback = _CALLBACK(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, gender: Gender, pace_wpm: int) -> Iterator[bytes]:
        """The sound of `text`, clause by clause. `pace_wpm` is words a minute, from 80 to 300."""
        return self.speak_as(text, VOICES[gender], pace_wpm)

    def speak_as(self, text: str, style: VoiceStyle, pace_wpm: int) -> Iterator[bytes]:
        """The same in any of espeak-ng's voices."""
        parts = clauses(text)
        if not parts:
            return
        resampler = Resampler(self._rate_hz, SAMPLE_RATE_HZ, _HARSH_ABOVE_HZ)
        for clause in parts:
            samples = self._samples(clause, style, min(max(pace_wpm, 80), 300))
            yield pcm_of(_levelled(resampler.feed(samples)))
        yield pcm_of(resampler.finish())

    def phonemes(self, word: str) -> str:
        """How espeak-ng pronounces `word`, in its own ASCII notation, for example `h@l'oU`."""
        self._set_voice("en-us")
        buffer = ctypes.c_char_p(word.encode())
        place = ctypes.cast(ctypes.pointer(buffer), ctypes.POINTER(ctypes.c_void_p))
        parts: list[str] = []
        while place[0]:
            parts.append((self._library.espeak_TextToPhonemes(place, _CHARS_UTF8, _IPA_OFF) or b"").decode())
        return " ".join(parts)

    def _samples(self, text: str, style: VoiceStyle, pace_wpm: int) -> Samples:
        self._set_voice(style.name)
        for parameter, value in ((_RATE, pace_wpm), (_VOLUME, 90), (_PITCH, style.pitch), (_RANGE, style.pitch_range)):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._made = []
        words = text.encode()
        # Without the flags for SSML and phonemes, markup in the text is spoken, never obeyed.
        failed = self._library.espeak_Synth(words, len(words) + 1, 0, 0, 0, _CHARS_UTF8 | _END_PAUSE, None, None)
        if failed:
            raise SynthesizerFailed(f"espeak-ng would not speak (code {failed}).")
        return np.concatenate(self._made) if self._made else np.zeros(0, dtype=np.float32)

    def _set_voice(self, name: str) -> None:
        if self._library.espeak_SetVoiceByName(name.encode()):
            raise SynthesizerFailed(f"espeak-ng has no voice {name}.")

    def _take(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if count > 0 and samples:
            self._made.append(np.ctypeslib.as_array(samples, shape=(count,)).astype(np.float32) / 32_768.0)
        return 0


def _levelled(samples: Samples) -> Samples:
    """One clause brought to the usual loudness; peaks are rounded off rather than cut."""
    loud = samples[np.abs(samples) > 0.01]
    if not len(loud):
        return samples
    gain = np.clip(_TARGET_RMS / float(np.sqrt(np.mean(loud**2))), *_GAIN_LIMITS)
    made: Samples = np.tanh(samples * np.float32(gain)).astype(np.float32)
    return made
