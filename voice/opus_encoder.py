"""From a journal to Ogg Opus: the trainee left, the customer right, every sample where it was. The importer of av."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from voice.audio_format import SAMPLE_RATE_HZ
from voice.recording_journal import Channel, read_pieces

BIT_RATE = 64_000
CONTENT_TYPE = "audio/ogg"
FRAME_MS = 20
_SAMPLES_PER_MS = SAMPLE_RATE_HZ // 1_000
_BLOCK = SAMPLE_RATE_HZ // 5
_JOIN_SAMPLES = _SAMPLES_PER_MS
"""Times are whole milliseconds: a piece this close to the end of the one before follows it without a gap."""

Samples = NDArray[np.int16]


def encode(journal: Path, duration_ms: int, output: Path) -> None:
    """Writes the recording of a call that was `duration_ms` long, in memory that does not grow with it.

    A call that ended in the millisecond in which it began is a frame of silence: without any, there would be no file.
    Blocks for some 5 ms a second of sound. Raises FileNotFoundError and JournalBroken for a bad journal.
    """
    length_ms = max(duration_ms, FRAME_MS)
    channels = [_blocks(journal, channel, length_ms) for channel in (Channel.TRAINEE, Channel.CUSTOMER)]
    with av.open(str(output), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=SAMPLE_RATE_HZ)
        stream.bit_rate = BIT_RATE
        stream.layout = "stereo"
        stream.format = "s16"
        stream.options = {"application": "voip", "frame_duration": str(FRAME_MS)}
        position = 0
        for left, right in zip(*channels, strict=True):
            frame = av.AudioFrame.from_ndarray(np.column_stack((left, right)).reshape(1, -1), "s16", "stereo")
            frame.sample_rate = SAMPLE_RATE_HZ
            frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
            frame.pts = position
            position += len(left)
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)


def _blocks(journal: Path, channel: Channel, duration_ms: int) -> Iterator[Samples]:
    """One channel from 0 to the end of the call, in blocks, with silence where nothing was."""
    total = duration_ms * _SAMPLES_PER_MS
    block = np.zeros(min(_BLOCK, total), np.int16)
    begins = 0
    for position, samples in _placed(journal, channel, total):
        while len(samples):
            inside = position - begins
            if inside >= len(block):
                yield block
                begins += len(block)
                block = np.zeros(min(_BLOCK, total - begins), np.int16)
                continue
            taken = min(len(samples), len(block) - inside)
            block[inside : inside + taken] = samples[:taken]
            samples = samples[taken:]
            position += taken
    while len(block):
        yield block
        begins += len(block)
        block = np.zeros(min(_BLOCK, total - begins), np.int16)


def _placed(journal: Path, channel: Channel, total: int) -> Iterator[tuple[int, Samples]]:
    """Pieces with their sample position: in order, without overlaps, and inside the call."""
    until = 0
    for piece in read_pieces(journal, channel):
        samples: Samples = np.frombuffer(piece.pcm, "<i2")
        position = piece.at_ms * _SAMPLES_PER_MS
        if abs(position - until) <= _JOIN_SAMPLES:
            position = until
        if position < until:
            samples = samples[until - position :]
            position = until
        samples = samples[: max(0, total - position)]
        if len(samples):
            yield position, samples
            until = position + len(samples)
