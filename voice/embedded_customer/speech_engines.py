"""The embedded customer's ears and voice: hearing and speaking, in processes of their own.

The public door to recognition, turn detection and synthesis. Nothing here works on the event loop: each worker is a
child process that talks over pipes, an ear stays in one worker, and a worker that dies is replaced.
"""

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator
from dataclasses import asdict
from pathlib import Path

from core.tasks import Tasks
from voice.audio_format import duration_ms
from voice.embedded_customer.speech_messages import (
    EarSettings,
    Gender,
    Recognized,
    SpeechBegan,
    SpeechEnded,
    SpeechEvent,
    Vocabulary,
)
from voice.embedded_customer.speech_process import (
    SpeechProcess,
    SpeechRequestFailed,
    SpeechWorkerDied,
    SpeechWorkerTooSlow,
)

__all__ = [
    "Ear",
    "EarSettings",
    "Recognized",
    "SpeechBegan",
    "SpeechEnded",
    "SpeechEngines",
    "SpeechRequestFailed",
    "SpeechWorkerDied",
    "SpeechWorkerTooSlow",
    "Vocabulary",
    "gender_of",
]

log = logging.getLogger(__name__)

MALE_VOICES = frozenset({"male", "ash", "ballad", "cedar", "echo", "verse", "onyx", "fable"})
WAITING_LIMIT_MS = 2_000
"""So much sound may wait for a slow worker; what comes on top is not heard."""

_ANSWER_TIMEOUT_S = 10.0
_PREPARE_TIMEOUT_S = 60.0
_RESTART_DELAYS_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)


def gender_of(voice: str) -> Gender:
    """Which of the two embedded voices an OpenAI voice name (or `female`, `male`) stands for."""
    return "male" if voice.lower() in MALE_VOICES else "female"


class Ear:
    """Hears one trainee. Sound is heard in the order in which it comes.

    Every method but `close` raises SpeechWorkerDied, SpeechWorkerTooSlow or SpeechRequestFailed; after the first two
    the ear is of no more use.
    """

    def __init__(self, worker: SpeechProcess, name: str) -> None:
        self._worker = worker
        self._name = name
        self._closed = False
        self._waiting_bytes = 0
        self._unheard_bytes = 0

    async def hear(self, pcm: bytes) -> list[SpeechEvent]:
        """Takes the next sound (PCM16, 24 kHz, mono, any length) and tells what began or ended in it.

        Sound that comes while more than WAITING_LIMIT_MS waits is taken for silence, so that offsets stay right.
        """
        if self._waiting_bytes and duration_ms(self._waiting_bytes + len(pcm)) > WAITING_LIMIT_MS:
            if not self._unheard_bytes:
                log.warning("Ear %s: recognition is too slow, sound is dropped.", self._name)
            self._unheard_bytes += len(pcm)
            return []
        sound = bytes(self._unheard_bytes) + pcm
        self._unheard_bytes = 0
        self._waiting_bytes += len(pcm)
        try:
            head, _ = await self._worker.request("hear", {"ear": self._name}, body=sound, timeout_s=_ANSWER_TIMEOUT_S)
        finally:
            self._waiting_bytes -= len(pcm)
        return [SpeechBegan(at_ms) if kind == "began" else SpeechEnded(at_ms) for kind, at_ms in head["events"]]

    async def transcript(self) -> Recognized:
        """The words of the oldest ended utterance that was not asked for yet; empty text when there is none."""
        head, _ = await self._worker.request("transcript", {"ear": self._name}, timeout_s=_ANSWER_TIMEOUT_S)
        return Recognized(head["text"], head["confidence"])

    async def commit(self) -> None:
        """Ends the utterance here (push to talk): `transcript` then gives its words."""
        await self._worker.request("commit", {"ear": self._name}, timeout_s=_ANSWER_TIMEOUT_S)

    async def clear(self) -> None:
        """Forgets the utterance that is being heard."""
        await self._worker.request("clear", {"ear": self._name}, timeout_s=_ANSWER_TIMEOUT_S)

    async def close(self) -> None:
        """Frees the ear. It may be closed twice, and after its worker has died."""
        if self._closed:
            return
        self._closed = True
        self._worker.ears -= 1
        try:
            await self._worker.request("close", {"ear": self._name}, timeout_s=_ANSWER_TIMEOUT_S)
        except (SpeechWorkerDied, SpeechWorkerTooSlow, SpeechRequestFailed) as error:
            log.debug("Ear %s was gone before it was closed: %s", self._name, error.code)


class SpeechEngines:
    """The speech workers of one server; `cache_dir` keeps language models between starts."""

    def __init__(self, *, workers: int, cache_dir: Path) -> None:
        self._count = workers
        self._cache_dir = cache_dir.absolute()
        self._workers: list[SpeechProcess | None] = [None] * workers
        self._tasks = Tasks("speech-engines")
        self._names = (str(number) for number in itertools.count(1))
        self._preparing = asyncio.Lock()
        self._prepared: set[Vocabulary] = set()
        self._complete = asyncio.Event()

    @property
    def worker_pids(self) -> list[int]:
        """The numbers of the worker processes that run."""
        return [worker.pid for worker in self._running()]

    async def complete(self) -> None:
        """Returns when every worker runs: after a death, when its replacement is ready."""
        if len(self._running()) < self._count:
            self._complete.clear()
        await self._complete.wait()

    async def start(self) -> None:
        """Starts the worker processes; returns when each is ready to hear and speak."""
        started = await asyncio.gather(
            *(SpeechProcess.started(self._cache_dir) for _ in range(self._count)), return_exceptions=True
        )
        workers = [worker for worker in started if isinstance(worker, SpeechProcess)]
        failures = [failure for failure in started if isinstance(failure, BaseException)]
        if failures:
            await asyncio.gather(*(worker.close() for worker in workers))
            raise failures[0]
        self._workers = list(workers)
        self._complete.set()
        for place in range(self._count):
            self._tasks.start(self._keep_alive(place), f"keep-alive-{place}")

    async def close(self) -> None:
        """Stops the workers; whatever still waits for one gets `SpeechWorkerDied`."""
        await self._tasks.close()
        workers, self._workers = self._running(), [None] * self._count
        await asyncio.gather(*(worker.close() for worker in workers))

    async def prepare(self, vocabulary: Vocabulary) -> None:
        """Builds the language model for `vocabulary` if it is not there, in a process of its own.

        `open_ear` does it too; doing it earlier spares the first call of a scenario a few seconds.
        """
        async with self._preparing:
            if vocabulary in self._prepared:
                return
            arguments = {"vocabulary": asdict(vocabulary)}
            known, _ = await self._least_busy().request("is_prepared", arguments, timeout_s=_ANSWER_TIMEOUT_S)
            if not known["prepared"]:
                builder = await SpeechProcess.started(self._cache_dir)
                try:
                    await builder.request("prepare", arguments, timeout_s=_PREPARE_TIMEOUT_S)
                finally:
                    await builder.close()
            self._prepared.add(vocabulary)

    async def open_ear(self, vocabulary: Vocabulary, detection: EarSettings) -> Ear:
        """An ear that expects `vocabulary`, in the worker that has the fewest ears."""
        await self.prepare(vocabulary)
        worker = self._least_busy()
        name = next(self._names)
        worker.ears += 1
        try:
            arguments = {"ear": name, "vocabulary": asdict(vocabulary), "detection": asdict(detection)}
            await worker.request("open", arguments, timeout_s=_PREPARE_TIMEOUT_S)
        except BaseException:
            worker.ears -= 1
            raise
        return Ear(worker, name)

    async def speak(self, text: str, voice: str, pace_wpm: int) -> AsyncGenerator[bytes]:
        """The sound of `text` (PCM16, 24 kHz, mono), clause by clause as it is made, the first one early.

        A clause is made when the one before it is taken, so a slow listener holds nothing up.
        """
        worker = self._least_busy()
        name = next(self._names)
        request = {"voice": name, "text": text, "gender": gender_of(voice), "pace_wpm": pace_wpm}
        head, sound = await worker.request("speak", request, timeout_s=_ANSWER_TIMEOUT_S)
        try:
            while not head["over"]:
                yield sound
                head, sound = await worker.request("more", {"voice": name}, timeout_s=_ANSWER_TIMEOUT_S)
        finally:
            if not head["over"] and not worker.ended.is_set():
                self._tasks.start(self._hush(worker, name), f"hush-{name}")

    async def _hush(self, worker: SpeechProcess, voice: str) -> None:
        try:
            await worker.request("hush", {"voice": voice}, timeout_s=_ANSWER_TIMEOUT_S)
        except (SpeechWorkerDied, SpeechWorkerTooSlow) as error:
            log.debug("Voice %s was gone before it was hushed: %s", voice, error.code)

    async def _keep_alive(self, place: int) -> None:
        failures = 0
        while True:
            worker = self._workers[place]
            if worker is not None:
                await worker.ended.wait()
                self._workers[place] = None
                self._complete.clear()
                log.warning("The speech worker %d has died and is replaced.", worker.pid)
                await worker.close()
            await asyncio.sleep(_RESTART_DELAYS_S[min(failures, len(_RESTART_DELAYS_S) - 1)])
            try:
                self._workers[place] = await SpeechProcess.started(self._cache_dir)
                failures = 0
                if all(self._workers):
                    self._complete.set()
            except (OSError, SpeechWorkerDied, SpeechWorkerTooSlow) as error:
                failures += 1
                log.error("No speech worker could be started: %s", error)

    def _running(self) -> list[SpeechProcess]:
        return [worker for worker in self._workers if worker is not None and not worker.ended.is_set()]

    def _least_busy(self) -> SpeechProcess:
        running = self._running()
        if not running:
            raise SpeechWorkerDied("No speech worker runs at the moment.")
        return min(running, key=lambda worker: worker.ears)
