"""Tone bursts in, tone bursts found again: where in a recording something is."""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from voice.audio_format import SAMPLE_RATE_HZ

_OPUS_RATE_HZ = 48_000


def burst(length_ms: int = 60, frequency_hz: int = 1_000) -> bytes:
    """A tone with hard edges."""
    time_s = np.arange(length_ms * SAMPLE_RATE_HZ // 1_000) / SAMPLE_RATE_HZ
    return (np.sin(2 * np.pi * frequency_hz * time_s) * 20_000).astype("<i2").tobytes()


def decoded(path: Path) -> NDArray[np.float32]:
    """Both channels of a recording, as players hear them."""
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(container.streams.audio[0])]
    return np.concatenate(frames, axis=1) if frames else np.zeros((2, 0), np.float32)


def length_ms(sound: NDArray[np.float32]) -> float:
    """How long a decoded recording is."""
    return int(sound.shape[1]) / (_OPUS_RATE_HZ / 1_000)


def bursts_ms(channel: NDArray[np.float32], quiet_ms: int = 60) -> list[float]:
    """Where tones begin in one channel; a tone ends when it has been quiet for a while."""
    loud = [int(sample) for sample in np.nonzero(np.abs(channel) > 0.1)[0]]
    begins: list[float] = []
    before = -(10**9)
    for sample in loud:
        if sample - before > quiet_ms * _OPUS_RATE_HZ // 1_000:
            begins.append(sample / (_OPUS_RATE_HZ / 1_000))
        before = sample
    return begins
