"""The journal of a recording: what was said and heard, on disk as it happens.

A file that only grows: a header, then records `u8 channel · i32 at_ms · u32 length · u32 crc32`, little-endian, each
followed by `length` bytes of PCM. A process that dies leaves at most one torn record at the end, which reading ignores.
"""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO, NamedTuple

from voice.audio_format import BYTES_PER_MS, duration_ms

HEADER = b"CALLXJ1\n"
_RECORD = struct.Struct("<BiII")
_LARGEST_RECORD_BYTES = 10_000 * BYTES_PER_MS


class Channel(IntEnum):
    """Whose sound it is; left and right of the recording."""

    TRAINEE = 0
    CUSTOMER = 1


class Piece(NamedTuple):
    """Sound of one channel that began at `at_ms` of the call."""

    channel: Channel
    at_ms: int
    pcm: bytes


class JournalBroken(Exception):
    """The file is no journal."""


class JournalWriter:
    """Appends pieces to a new file or to one that is there. Blocks: use it in a thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file: BinaryIO = os.fdopen(descriptor, "ab", buffering=0)
        if self._file.tell() == 0:
            self._file.write(HEADER)

    def append(self, pieces: Iterable[Piece]) -> None:
        """Writes pieces in one go; they survive a kill of the process from now on.

        Raises OSError, and then nothing of them stays: what is appended later must not follow a torn record.
        """
        left = memoryview(b"".join(_record(piece) for piece in pieces))
        end = self._file.seek(0, os.SEEK_END)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            self._file.truncate(end)
            raise

    def abandon(self) -> None:
        """Lets go of the file as it is. Does not block."""
        self._file.close()

    def close(self) -> None:
        """Makes everything survive a power failure too."""
        os.fsync(self._file.fileno())
        self._file.close()


def _record(piece: Piece) -> bytes:
    return _RECORD.pack(piece.channel, piece.at_ms, len(piece.pcm), zlib.crc32(piece.pcm)) + piece.pcm


def read_pieces(path: Path, channel: Channel) -> Iterator[Piece]:
    """The pieces of one channel, in the order in which they were written, one in memory at a time.

    Blocks. Raises FileNotFoundError, and JournalBroken when the file is no journal.
    """
    with path.open("rb") as file:
        _check_header(file)
        while head := _next_head(file):
            owner, at_ms, length, crc = head
            if owner != channel:
                file.seek(length, os.SEEK_CUR)
                continue
            pcm = file.read(length)
            if len(pcm) < length or zlib.crc32(pcm) != crc:
                return
            yield Piece(channel, at_ms, pcm)


def end_ms(path: Path) -> int:
    """The call time at which the last sound ends, 0 for an empty journal. Blocks; raises like `read_pieces`."""
    latest_ms = 0
    size = path.stat().st_size
    with path.open("rb") as file:
        _check_header(file)
        while head := _next_head(file):
            _, at_ms, length, _ = head
            if file.tell() + length > size:
                break
            latest_ms = max(latest_ms, at_ms + duration_ms(length))
            file.seek(length, os.SEEK_CUR)
    return latest_ms


def _check_header(file: BinaryIO) -> None:
    if file.read(len(HEADER)) != HEADER:
        raise JournalBroken("This file is no journal of a recording.")


def _next_head(file: BinaryIO) -> tuple[int, int, int, int] | None:
    head = file.read(_RECORD.size)
    if len(head) < _RECORD.size:
        return None
    owner, at_ms, length, crc = _RECORD.unpack(head)
    return (owner, at_ms, length, crc) if length <= _LARGEST_RECORD_BYTES else None
