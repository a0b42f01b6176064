"""The confined side: `python -m <module>` whose main ends in `serve(read)`; it has the pipes and nothing else.

Requests and answers are lines of JSON on the standard output; the parts of the file come in on the standard input, each
behind its length in four bytes.
"""

import io
import json
import resource
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO, TypeAlias

LENGTH_BYTES = 4
PIECE_BYTES = 1 << 20
_BUFFER_BYTES = 1 << 18

Read: TypeAlias = Callable[[BinaryIO], Iterable[Mapping[str, Any]]]
"""Reads a file; each answer is on its way before the next is worked on, so that what was read survives the reader."""


class RemoteFile(io.RawIOBase):
    """The file, of which each part is asked for when it is needed."""

    def __init__(self, size_bytes: int, asking: io.TextIOBase, coming: BinaryIO) -> None:
        super().__init__()
        self._size_bytes = size_bytes
        self._asking = asking
        self._coming = coming
        self._position = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next part is read."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Goes there; behind the end there is nothing to read."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size_bytes}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer as far as one request reaches."""
        length = min(len(buffer), PIECE_BYTES, self._size_bytes - self._position)
        if length <= 0:
            return 0
        print(json.dumps({"at": self._position, "length": length}), file=self._asking, flush=True)
        announced = int.from_bytes(self._coming.read(LENGTH_BYTES), "big")
        piece = self._coming.read(announced)
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)


def serve(read: Read) -> None:
    """Reads the file that the arguments describe (`size memory_bytes cpu_s`) and tells the answers."""
    size_bytes, memory_bytes, cpu_s = (int(argument) for argument in sys.argv[1:4])
    told = io.TextIOWrapper(sys.stdout.buffer, "utf-8", errors="replace", newline="\n")
    _limit(memory_bytes, cpu_s)
    file = io.BufferedReader(RemoteFile(size_bytes, told, sys.stdin.buffer), _BUFFER_BYTES)
    for answer in read(file):
        print(json.dumps({"answer": answer}, ensure_ascii=False), file=told, flush=True)
    print(json.dumps({"done": True}), file=told, flush=True)


def _limit(memory_bytes: int, cpu_s: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
