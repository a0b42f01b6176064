"""One speech worker as the server sees it: a child process that answers requests over pipes."""

import asyncio
import itertools
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import CallXError
from core.tasks import Tasks
from voice.embedded_customer.speech_messages import LENGTHS, BrokenPipeMessage, lengths, packed, unpacked_head

log = logging.getLogger(__name__)

START_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 3.0
_PROJECT = Path(__file__).parents[2]


class SpeechWorkerDied(CallXError):
    """The process that this ear or voice lived in has ended; a new ear may be opened at once."""

    status = 503
    default_code = "speech_worker_died"
    default_retryable = True


class SpeechWorkerTooSlow(CallXError):
    """The worker did not answer in time; it is replaced."""

    status = 503
    default_code = "speech_worker_too_slow"
    default_retryable = True


class SpeechRequestFailed(CallXError):
    """The worker lives but could not do what was asked."""

    status = 500
    default_code = "speech_failed"


class SpeechProcess:
    """A running worker. Requests may be made at the same time; they are carried out in their order."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.ears = 0
        self.ended = asyncio.Event()
        self._process = process
        self._waiting: dict[int, asyncio.Future[tuple[dict[str, Any], bytes]]] = {}
        self._numbers = itertools.count(1)
        self._tasks = Tasks("speech")
        self._tasks.start(self._read_answers(), f"worker-{process.pid}")

    @classmethod
    async def started(cls, cache_dir: Path) -> "SpeechProcess":
        """A worker that is ready; `cache_dir` is absolute.

        Raises SpeechWorkerDied or SpeechWorkerTooSlow when it does not get there.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "voice.embedded_customer.speech_worker", "--cache-dir", str(cache_dir)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=_PROJECT,
            start_new_session=True,  # Ctrl-C is for the server; a worker ends when its input does
        )
        worker = cls(process)
        try:
            await worker.request("ping", timeout_s=START_TIMEOUT_S)
        except BaseException:
            await worker.close()
            raise
        return worker

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    async def request(
        self, do: str, arguments: Mapping[str, Any] | None = None, *, timeout_s: float, body: bytes = b""
    ) -> tuple[dict[str, Any], bytes]:
        """The answer's head and bytes. Raises SpeechWorkerDied, SpeechWorkerTooSlow or SpeechRequestFailed."""
        writer = self._process.stdin
        if self.ended.is_set() or writer is None or writer.is_closing():
            raise SpeechWorkerDied("The speech worker has ended.")
        number = next(self._numbers)
        answer: asyncio.Future[tuple[dict[str, Any], bytes]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            async with asyncio.timeout(timeout_s):
                writer.write(packed({"id": number, "do": do, **(arguments or {})}, body))
                await writer.drain()
                head, sound = await answer
        except TimeoutError:
            log.warning("The speech worker %d did not answer %s in %g s and is ended.", self.pid, do, timeout_s)
            self.kill()
            raise SpeechWorkerTooSlow("Speech recognition and synthesis are too slow at the moment.") from None
        except (ConnectionError, BrokenPipeError):
            raise SpeechWorkerDied("The speech worker has ended.") from None
        finally:
            self._waiting.pop(number, None)
            if answer.done() and not answer.cancelled():
                answer.exception()
        if "error" in head:
            raise SpeechRequestFailed(f"The speech worker failed: {head['error']}")
        return head, sound

    def kill(self) -> None:
        """Ends the process at once."""
        if self._process.returncode is None:
            self._process.kill()

    async def close(self) -> None:
        """Ends the process, by closing its input and then by force; returns when it is gone."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(_STOP_TIMEOUT_S):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()
        await self.ended.wait()
        await self._tasks.close()

    async def _read_answers(self) -> None:
        reader = self._process.stdout
        assert reader is not None
        try:
            while True:
                head_length, body_length = lengths(await reader.readexactly(LENGTHS.size))
                head = unpacked_head(await reader.readexactly(head_length))
                body = await reader.readexactly(body_length)
                answer = self._waiting.get(head["id"])
                if answer is not None and not answer.done():
                    answer.set_result((head, body))
        except asyncio.IncompleteReadError:
            log.debug("The speech worker %d has ended.", self.pid)
        except (BrokenPipeMessage, ValueError, KeyError):
            log.exception("The speech worker %d said something strange and is ended.", self.pid)
            self.kill()
        finally:
            self.ended.set()
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(SpeechWorkerDied("The speech worker has ended."))
