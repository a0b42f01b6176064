"""Reads what the synthetic trainee is to say from sound files; the only importer of pydub."""

from pathlib import Path

from pydub import AudioSegment
from pydub.exceptions import CouldntDecodeError

from core.errors import BadRequest
from voice.audio_format import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ

PEAK_DBFS = -3.0


def read_wav(path: Path) -> bytes:
    """A WAV file of any rate and width as PCM of `voice.audio_format`, levelled to a clear voice. Raises BadRequest."""
    try:
        sound = AudioSegment.from_wav(str(path))
    except (OSError, CouldntDecodeError, EOFError) as error:
        raise BadRequest(f"{path} cannot be read as a WAV file: {error}", code="bad_wav") from error
    if sound.max == 0:
        raise BadRequest(f"{path} holds only silence.", code="bad_wav")
    levelled = sound.apply_gain(PEAK_DBFS - sound.max_dBFS)
    pcm = levelled.set_channels(1).set_frame_rate(SAMPLE_RATE_HZ).set_sample_width(BYTES_PER_SAMPLE).raw_data
    return bytes(pcm)
