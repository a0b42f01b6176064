"""The journal on disk, and the recording made of it."""

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.recordings import burst, bursts_ms, decoded, length_ms
from voice.audio_format import silence
from voice.opus_encoder import encode
from voice.recorder import Recorder
from voice.recording_journal import Channel, JournalBroken, JournalWriter, Piece, end_ms, read_pieces

pytestmark = pytest.mark.may_block
LEFT, RIGHT = Channel.TRAINEE, Channel.CUSTOMER


def journal_with(path: Path, *pieces: Piece) -> Path:
    writer = JournalWriter(path / "journal")
    writer.append(pieces)
    writer.close()
    return path / "journal"


def recording_of(path: Path, duration_ms: int, *pieces: Piece):
    encode(journal_with(path, *pieces), duration_ms, path / "recording.ogg")
    return decoded(path / "recording.ogg")


@contextmanager
def room_for(file_bytes: int) -> Iterator[None]:
    """No file can grow beyond this: a disk that is full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_pieces_come_back_by_channel(tmp_path: Path) -> None:
    pieces = [Piece(LEFT, 0, silence(20)), Piece(RIGHT, 5, silence(40)), Piece(LEFT, 20, burst(20))]
    journal = journal_with(tmp_path, *pieces)
    assert list(read_pieces(journal, LEFT)) == [pieces[0], pieces[2]]
    assert list(read_pieces(journal, RIGHT)) == [pieces[1]]
    assert end_ms(journal) == 45


@pytest.mark.parametrize("torn", range(1, 40, 3))
def test_a_torn_end_is_ignored(tmp_path: Path, torn: int) -> None:
    journal = journal_with(tmp_path, Piece(LEFT, 0, burst(20)), Piece(LEFT, 20, burst(20)))
    journal.write_bytes(journal.read_bytes()[:-torn])
    assert [piece.at_ms for piece in read_pieces(journal, LEFT)] == [0]
    assert end_ms(journal) == 20


def test_a_spoiled_piece_ends_the_reading(tmp_path: Path) -> None:
    journal = journal_with(tmp_path, Piece(LEFT, 0, burst(20)), Piece(LEFT, 20, burst(20)))
    data = bytearray(journal.read_bytes())
    data[-5] ^= 0xFF
    journal.write_bytes(data)
    assert [piece.at_ms for piece in read_pieces(journal, LEFT)] == [0]


def test_another_file_is_no_journal(tmp_path: Path) -> None:
    (tmp_path / "journal").write_bytes(b"RIFF and so on")
    with pytest.raises(JournalBroken):
        end_ms(tmp_path / "journal")


def test_a_journal_can_be_continued(tmp_path: Path) -> None:
    journal_with(tmp_path, Piece(LEFT, 0, burst(20)))
    assert len(list(read_pieces(journal_with(tmp_path, Piece(LEFT, 20, burst(20))), LEFT))) == 2


@pytest.mark.parametrize("duration_ms", [20, 999, 10_000, 10_007])
def test_a_recording_is_as_long_as_its_call(tmp_path: Path, duration_ms: int) -> None:
    assert length_ms(recording_of(tmp_path, duration_ms, Piece(LEFT, 0, silence(20)))) == duration_ms


def test_a_call_in_which_nobody_spoke_is_silence(tmp_path: Path) -> None:
    assert length_ms(recording_of(tmp_path, 500)) == 500


@pytest.mark.parametrize("duration_ms", [0, 1])
def test_a_call_that_ended_as_it_began_is_a_frame_of_silence(tmp_path: Path, duration_ms: int) -> None:
    recording = recording_of(tmp_path, duration_ms, Piece(LEFT, 0, b""))
    assert 0 < length_ms(recording) <= 20
    assert not recording.any()


def test_sound_is_where_it_was(tmp_path: Path) -> None:
    left, right = (1_000, 3_333, 9_940), (500, 3_350, 7_777)
    pieces = [Piece(LEFT, at, burst()) for at in left] + [Piece(RIGHT, at, burst()) for at in right]
    sound = recording_of(tmp_path, 10_000, *pieces)
    assert bursts_ms(sound[0]) == pytest.approx(left, abs=1)
    assert bursts_ms(sound[1]) == pytest.approx(right, abs=1)


def test_sound_outside_of_the_call_is_cut_and_overlaps_are_told_once(tmp_path: Path) -> None:
    pieces = (
        Piece(LEFT, -40, burst(60)),  # 20 ms of it are inside
        Piece(LEFT, 500, burst(60)),
        Piece(LEFT, 540, burst(60)),  # 20 ms were said already
        Piece(LEFT, 990, burst(60)),
    )
    sound = recording_of(tmp_path, 1_000, *pieces)
    assert length_ms(sound) == 1_000
    assert bursts_ms(sound[0]) == pytest.approx((0, 500, 990), abs=1)


async def test_the_recorder_writes_within_a_quarter_of_a_second_and_closes(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as disk:
        recorder = Recorder(tmp_path / "call" / "journal", disk)
        recorder.begin()
        recorder.record(LEFT, 0, burst(20))
        await recorder._flush()
        assert end_ms(tmp_path / "call" / "journal") == 20
        recorder.record(RIGHT, 20, burst(20))
        await recorder.close()
    assert end_ms(tmp_path / "call" / "journal") == 40


async def test_an_answered_call_has_a_journal_even_if_nobody_spoke(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as disk:
        recorder = Recorder(tmp_path / "call" / "journal", disk)
        recorder.begin()
        await recorder.close()
    assert end_ms(tmp_path / "call" / "journal") == 0


async def test_a_disk_that_is_too_slow_costs_sound_and_not_memory(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as disk:
        recorder = Recorder(tmp_path / "journal", disk)
        for number in range(60):
            recorder.record(LEFT, number * 1_000, silence(1_000) * 2)
        await recorder.close()
    assert end_ms(tmp_path / "journal") < 50_000


def test_a_full_disk_leaves_no_torn_record_behind(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path / "journal")
    writer.append([Piece(LEFT, 0, burst(20))])
    with room_for(1_500), pytest.raises(OSError, match="File too large"):
        writer.append([Piece(LEFT, 20, burst(20))])
    writer.append([Piece(LEFT, 40, burst(20))])
    writer.close()
    assert [piece.at_ms for piece in read_pieces(tmp_path / "journal", LEFT)] == [0, 40]


async def test_sound_waits_for_a_disk_that_is_full_for_a_while(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as disk:
        recorder = Recorder(tmp_path / "journal", disk)
        recorder.record(LEFT, 0, burst(20))
        with room_for(500), pytest.raises(OSError, match="File too large"):
            await recorder._flush()
        recorder.record(LEFT, 20, burst(20))
        await recorder.close()
    assert [piece.at_ms for piece in read_pieces(tmp_path / "journal", LEFT)] == [0, 20]
