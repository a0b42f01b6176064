"""Changing the sample rate of a stream without clicks: a polyphase low-pass filter that remembers. PURE."""

from math import gcd

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

_TAPS_PER_PHASE = 48
_KAISER_BETA = 8.0
"""About 80 dB of stop band."""


def samples_of(pcm: bytes) -> Samples:
    """PCM16 little-endian as floats from -1 to 1."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32_768.0


def pcm_of(samples: Samples) -> bytes:
    """Floats from -1 to 1 as PCM16 little-endian; what is louder is clipped."""
    pcm: bytes = np.clip(np.rint(samples * 32_768.0), -32_768, 32_767).astype("<i2").tobytes()
    return pcm


class Resampler:
    """Turns a stream at `from_hz` into one at `to_hz`, in pieces of any length.

    The output lags by half the filter, `delay_ms`. What lies above `cutoff_hz` (at most the lower of the two half
    rates) is taken away, so that it does not fold back.
    """

    def __init__(self, from_hz: int, to_hz: int, cutoff_hz: float | None = None) -> None:
        common = gcd(from_hz, to_hz)
        self._up, self._down = to_hz // common, from_hz // common
        highest_hz = min(from_hz, to_hz) / 2
        cutoff = min(cutoff_hz or 0.92 * highest_hz, highest_hz) / (from_hz * self._up)
        length = _TAPS_PER_PHASE * self._up
        middle = (length - 1) / 2
        taps = 2 * cutoff * np.sinc(2 * cutoff * (np.arange(length) - middle)) * np.kaiser(length, _KAISER_BETA)
        # One row a phase, newest sample last, so that a row times a window of the input is an output sample.
        phases = (taps / taps.sum() * self._up).reshape(_TAPS_PER_PHASE, self._up).T[:, ::-1]
        self._phases = np.ascontiguousarray(phases, dtype=np.float32)
        self.delay_ms = 1_000 * middle / (from_hz * self._up)
        self.reset()

    def reset(self) -> None:
        """Forgets what went before, for a new stream."""
        self._kept = np.zeros(_TAPS_PER_PHASE - 1, dtype=np.float32)
        self._position = 0

    def feed(self, samples: Samples) -> Samples:
        """The next piece of the output; it may be empty."""
        line = np.concatenate((self._kept, samples))
        count = -(-(len(samples) * self._up - self._position) // self._down)
        if count <= 0:
            self._keep(line, len(samples), 0)
            return np.zeros(0, dtype=np.float32)
        at = self._position + np.arange(count) * self._down
        windows = np.lib.stride_tricks.sliding_window_view(line, _TAPS_PER_PHASE)[at // self._up]
        made: Samples = np.einsum("ij,ij->i", windows, self._phases[at % self._up])
        self._keep(line, len(samples), count)
        return made

    def finish(self) -> Samples:
        """The tail that the filter still holds; the stream ends here."""
        tail = self.feed(np.zeros(_TAPS_PER_PHASE // 2, dtype=np.float32))
        self.reset()
        return tail

    def _keep(self, line: Samples, taken: int, made: int) -> None:
        self._kept = line[len(line) - (_TAPS_PER_PHASE - 1) :].copy()
        self._position += made * self._down - taken * self._up
