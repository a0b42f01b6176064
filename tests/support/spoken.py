"""Speech for tests: WAV files spoken by espeak-ng, and where sound is in a recording."""

import asyncio
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.audio_format import SAMPLE_RATE_HZ

ESPEAK = shutil.which("espeak-ng")
SOX = shutil.which("sox")
MICROPHONE_RATE_HZ = 48_000


@dataclass(frozen=True)
class Pause:
    """Silence in a script."""

    length_ms: int


def say(text: str, *, voice: str = "en-us", words_per_minute: int = 150) -> NDArray[np.int16]:
    """A line as a trainee's microphone would give it: 48,000 samples a second, mono."""
    assert ESPEAK is not None
    assert SOX is not None
    with tempfile.TemporaryDirectory() as folder:
        raw, out = Path(folder) / "raw.wav", Path(folder) / "out.wav"
        subprocess.run([ESPEAK, "-v", voice, "-s", str(words_per_minute), "-w", raw, text], check=True)
        subprocess.run([SOX, raw, "-r", str(MICROPHONE_RATE_HZ), "-b", "16", "-c", "1", out], check=True)
        with wave.open(str(out)) as sound:
            return np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)


def write_script(path: Path, script: Sequence[str | Pause], **how: object) -> None:
    """A WAV file of lines and pauses, one after the other."""
    parts = [
        np.zeros(MICROPHONE_RATE_HZ * part.length_ms // 1_000, np.int16)
        if isinstance(part, Pause)
        else say(part, **how)  # type: ignore[arg-type]
        for part in script
    ]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(MICROPHONE_RATE_HZ)
        file.writeframes(np.concatenate(parts).tobytes())


def word_errors(said: str, heard: str) -> tuple[int, int]:
    """(words wrong, words said): substitutions, insertions and deletions of the best alignment."""
    one, other = _words(said), _words(heard)
    row = list(range(len(other) + 1))
    for i, word in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, candidate in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != candidate))
    return row[-1], len(one)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "'" else " " for c in text.lower()).split()


async def decoded(ogg: bytes) -> NDArray[np.float32]:
    """A stereo recording as samples of shape (n, 2) at 24,000 Hz: left the trainee, right the customer."""
    return await asyncio.to_thread(_decoded, ogg)


def _decoded(ogg: bytes) -> NDArray[np.float32]:
    import io

    import av

    with av.open(io.BytesIO(ogg), mode="r") as container:
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=SAMPLE_RATE_HZ)
        chunks = [
            resampled.to_ndarray().reshape(-1, 2)
            for frame in container.decode(audio=0)
            for resampled in resampler.resample(frame)
        ]
        chunks += [resampled.to_ndarray().reshape(-1, 2) for resampled in resampler.resample(None)]
    return np.concatenate(chunks).astype(np.float32)


def sound_spans(samples: NDArray[np.float32], *, gap_ms: int = 400, threshold: float = 0.02) -> list[tuple[int, int]]:
    """Where sound is in one channel: (start_ms, end_ms) of stretches separated by at least `gap_ms` of quiet."""
    window = SAMPLE_RATE_HZ // 100
    usable = len(samples) // window * window
    loud = np.abs(samples[:usable]).reshape(-1, window).max(axis=1) > threshold
    spans: list[tuple[int, int]] = []
    for index in np.flatnonzero(loud):
        at_ms = int(index) * 10
        if spans and at_ms - spans[-1][1] <= gap_ms:
            spans[-1] = (spans[-1][0], at_ms + 10)
        else:
            spans.append((at_ms, at_ms + 10))
    return spans
