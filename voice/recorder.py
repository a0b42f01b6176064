"""Records a running call into its journal, never on the event loop."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import TypeVar

from voice.recording_journal import Channel, JournalWriter, Piece

log = logging.getLogger(__name__)
T = TypeVar("T")

FLUSH_EVERY_S = 0.2
"""So much is lost when the process is killed, and the time of one write."""
MOST_WAITING_BYTES = 4 * 1024 * 1024
"""Some 40 s of a call; when the disk is slower than that, what comes is dropped and the log says so."""


def journal_path(data_dir: Path, call_id: str) -> Path:
    """Where the journal of a call lies, under the server's data folder."""
    return data_dir / "recordings" / call_id / "journal"


class Recorder:
    """One call's journal: `record` at any time, `run` in a task beside, `close` at the end."""

    def __init__(self, path: Path, executor: Executor) -> None:
        self._path = path
        self._executor = executor
        self._waiting: list[Piece] = []
        self._waiting_bytes = 0
        self._dropping = False
        self._begun = False
        self._writer: JournalWriter | None = None
        self._flushing = asyncio.Lock()

    def begin(self) -> None:
        """The call was answered: there will be a journal, even if nobody says anything."""
        self._begun = True

    def record(self, channel: Channel, at_ms: int, pcm: bytes) -> None:
        """Takes sound that began at `at_ms`; it is on disk a moment later."""
        if self._waiting_bytes + len(pcm) > MOST_WAITING_BYTES:
            if not self._dropping:
                log.error("The disk is too slow for the recording: sound is lost from %s ms on.", at_ms)
            self._dropping = True
            return
        self._dropping = False
        self._waiting.append(Piece(channel, at_ms, pcm))
        self._waiting_bytes += len(pcm)

    async def run(self) -> None:
        """Writes what waits, again and again, until it is cancelled. A disk that fails is tried again."""
        while True:
            await asyncio.sleep(FLUSH_EVERY_S)
            try:
                await self._flush()
            except OSError:
                log.exception("The recording could not be written.")

    async def close(self) -> None:
        """Writes what is left and closes the journal. Raises OSError."""
        await self._flush()
        async with self._flushing:
            if self._writer is not None:
                writer, self._writer = self._writer, None
                await self._in_thread(writer.close)

    def abandon(self) -> None:
        """Lets go of the journal as it is, for a call that is cut off; nothing after `close`."""
        if self._writer is not None:
            self._writer.abandon()
            self._writer = None

    async def _flush(self) -> None:
        async with self._flushing:
            if self._writer is None and (self._begun or self._waiting):
                self._writer = await self._in_thread(partial(JournalWriter, self._path))
                self._begun = False
            if self._writer is None or not self._waiting:
                return
            pieces = list(self._waiting)
            await self._in_thread(partial(self._writer.append, pieces))
            del self._waiting[: len(pieces)]
            self._waiting_bytes -= sum(len(piece.pcm) for piece in pieces)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)
