"""Reads what the synthetic trainee is to say from sound files; the only importer of pydub."""

import struct
import warnings
from pathlib import Path

from core.errors import BadRequest
from voice.audio_format import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for ffmpeg, which WAV files do not need
    from pydub import AudioSegment
    from pydub.exceptions import CouldntDecodeError

PEAK_DBFS = -3.0


def read_wav(path: Path) -> bytes:
    """A WAV file of any rate and width as PCM of `voice.audio_format`, levelled to a clear voice. Raises BadRequest."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror or error}.", code="bad_wav") from error
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise BadRequest(f"{path} is no WAV file.", code="bad_wav")
    try:
        sound = AudioSegment(content)  # unlike `from_wav` it never asks ffmpeg, whose errors nobody understands
    except (CouldntDecodeError, struct.error, LookupError, ValueError) as error:
        raise BadRequest(f"{path} is a WAV file that is broken or of an unknown encoding.", code="bad_wav") from error
    if sound.max == 0:
        raise BadRequest(f"{path} holds only silence.", code="bad_wav")
    levelled = sound.apply_gain(PEAK_DBFS - sound.max_dBFS)
    pcm = levelled.set_channels(1).set_frame_rate(SAMPLE_RATE_HZ).set_sample_width(BYTES_PER_SAMPLE).raw_data
    return bytes(pcm)
