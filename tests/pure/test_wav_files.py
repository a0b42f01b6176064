"""Sound files that the synthetic trainee is to speak."""

import wave
from pathlib import Path

import pytest

from core.errors import BadRequest
from voice.audio_format import duration_ms
from voice.synthetic_trainee.wav_files import read_wav


def wav(path: Path, frames: bytes, rate_hz: int = 8_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(frames)
    return path


def test_a_file_of_another_rate_becomes_sound_of_ours(tmp_path: Path) -> None:
    assert duration_ms(len(read_wav(wav(tmp_path / "a.wav", b"\x00\x10\x00\xf0" * 4_000)))) in (999, 1_000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no WAV file"),
        (b"# a shell script, by mistake\n", "is no WAV file"),
        (b"RIFF\x24\x00\x00\x00AVI LIST", "is no WAV file"),
        (b"ID3\x03" + bytes(100), "is no WAV file"),
        (b"RIFF\x24\x00\x00\x00WAVE", "is broken or of an unknown encoding"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x03\x00", "is broken or of an unknown encoding"),
    ],
)
def test_what_is_no_wav_is_said_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "hello.wav"
    path.write_bytes(content)
    with pytest.raises(BadRequest) as refused:
        read_wav(path)
    assert refused.value.code == "bad_wav"
    assert str(refused.value).startswith(f"{path} ")
    assert said in str(refused.value)
    assert "ff" not in str(refused.value).replace(str(path), "")


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="No such file"):
        read_wav(tmp_path / "nothing.wav")


def test_silence_is_nothing_to_say(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="only silence"):
        read_wav(wav(tmp_path / "a.wav", bytes(8_000)))
