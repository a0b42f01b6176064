"""Runs one call: passes events to the machine, carries out its actions, and brings it to a clean end."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

from core import facts, logs
from core.clock import Clock
from core.db import Database, Tx
from voice import queries
from voice.call import actions as do
from voice.call import messages
from voice.call.call import Call
from voice.call.events import CallEvent, DeadlineReached, TraineeHungUp
from voice.call.usage import UsageTotal
from voice.call_writer import CallWriter
from voice.journal_place import journal_place
from voice.recorder import Recorder, journal_path
from voice.recording_journal import Channel
from voice.transports import wire
from voice.transports.base import Access, TraineeLine
from voice.upstream.base import CustomerConfig, UpstreamDriver
from voice.upstream_line import UpstreamLine

log = logging.getLogger(__name__)

CALL_ENDED = "CallEnded"
DRAIN_TIMEOUT_S = 20.0
END_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class RunnerServices:
    """What every call of a server stands on."""

    database: Database
    driver: UpstreamDriver
    clock: Clock
    data_dir: Path
    disk: Executor


class CallRunner:
    """One running call. `run` in a task; `receive` from transports and timers, always on the event loop."""

    why_over = "call_over"

    def __init__(
        self, call_id: UUID, token_hash: bytes, call: Call, config: CustomerConfig, services: RunnerServices
    ) -> None:
        self.call_id = call_id
        self.line = TraineeLine()
        self._token_hash = token_hash
        self._fresh_hash: bytes | None = None
        self._older_hashes: list[bytes] = []
        self._call = call
        self._services = services
        self._upstream = UpstreamLine(services.driver, config, self.receive)
        self._writer = CallWriter(services.database)
        self._journal = journal_path(services.data_dir, str(call_id))
        self._recorder = Recorder(self._journal, services.disk)
        self._usage = UsageTotal()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._end: do.EndCall | None = None
        self._ended = asyncio.Event()
        self._error: messages.Message | None = None
        self._performers: dict[type, Callable[[Any], None]] = {
            **dict.fromkeys(get_args(do.UpstreamVerb), self._upstream.do),
            do.SendToTrainee: self._send_to_trainee,
            do.SendAudioToTrainee: self.line.send_audio,
            do.ClearPlayback: lambda action: self.line.clear(action.epoch),
            do.OpenUpstream: lambda action: self._upstream.open(),
            do.CloseUpstream: lambda action: None,  # `run` closes it, because that takes time
            do.StoreState: self._store_state,
            do.StoreTurn: self._store_turn,
            do.StoreMood: self._store_mood,
            do.StoreGap: self._store_gap,
            do.AddUsage: lambda action: self._usage.add(action.usage),
            do.RecordTrainee: lambda action: self._recorder.record(Channel.TRAINEE, action.at_ms, action.pcm),
            do.RecordCustomer: lambda action: self._recorder.record(Channel.CUSTOMER, action.at_ms, action.pcm),
            do.WakeAt: self._wake_at,
            do.EndCall: self._finish,
        }

    @property
    def over(self) -> bool:
        """Whether the talking is over for good."""
        return self._end is not None

    @property
    def state(self) -> str:
        """The state in the words of the wire."""
        return self._call.state.value

    @property
    def clock_ms(self) -> int:
        """The call's clock, now."""
        return self._call.clock_ms(self._services.clock.monotonic_ms())

    def offer(self, fresh_hash: bytes) -> None:
        """The trainee was given another token, with this hash; it takes the call over once a device comes with it."""
        if fresh_hash not in (self._token_hash, *self._older_hashes):
            self._fresh_hash = fresh_hash

    def admit(self, token: str) -> Access:
        """What a device may do that comes with this token; a fresh token is the call's token from then on."""
        given = token_hash(token)
        if hmac.compare_digest(given, self._token_hash):
            return "yes"
        if self._fresh_hash is not None and hmac.compare_digest(given, self._fresh_hash):
            self._older_hashes.append(self._token_hash)
            self._token_hash, self._fresh_hash = given, None
            return "takes_over"
        return "taken_over" if any([hmac.compare_digest(given, old) for old in self._older_hashes]) else "no"

    def receive(self, event: CallEvent) -> None:
        """Something happened. Never raises: a fault in one call ends that call."""
        if self.over:
            return
        try:
            for action in self._call.handle(event, self._services.clock.monotonic_ms()):
                self._performers[type(action)](action)
        except Exception:
            log.exception("The call failed at %s.", type(event).__name__)
            self.abort()

    @property
    def usage(self) -> Mapping[str, Any]:
        """What the upstream says the call has cost so far."""
        return self._usage.as_json()

    def hang_up(self) -> None:
        """The trainee ends the call, by another way than its socket."""
        self.receive(TraineeHungUp())

    def abort(self) -> None:
        """Ends the call as it stands, whatever the machine thinks: `interrupted`."""
        if not self.over:
            self._finish(do.EndCall("interrupted", self.clock_ms))

    async def run(self) -> None:
        """The call, from its first moment until everything of it is stored."""
        logs.call_id.set(str(self.call_id))
        for action in self._call.start(self._services.clock.monotonic_ms()):
            self._performers[type(action)](action)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._writer.run()),
                    group.create_task(self._recorder.run()),
                    group.create_task(self._upstream.run()),
                ]
                await self._ended.wait()
                await self._put_down()
                for task in tasks:
                    task.cancel()
        except* Exception:
            log.exception("The call could not be brought to its end; it will be found by its lease.")
            self.abort()
            self._say_goodbye()
        finally:
            self._recorder.abandon()

    async def wait_until_ended(self) -> None:
        """Returns when the talking is over; storing may still go on."""
        await self._ended.wait()

    async def _put_down(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        try:
            await self._upstream.close()
            await self._recorder.close()
        except OSError:
            log.exception("The recording could not be finished.")
        stored = await self._writer.drain(DRAIN_TIMEOUT_S)
        if stored:
            async with asyncio.timeout(END_TIMEOUT_S):
                await self._writer.write_now(self._end_in)
        else:
            log.error("The database is away: the call will be found by its lease.")
        self._say_goodbye()

    async def _end_in(self, tx: Tx) -> None:
        assert self._end is not None
        end = self._end
        usage = self._usage.as_json()
        ours = await tx.fetchval(queries.END_CALL, self.call_id, end.duration_ms, end.reason, end.outcome, usage)
        if ours:
            await tx.execute(queries.END_RECORDING, self.call_id)
            await facts.emit(tx, CALL_ENDED, {"call_id": str(self.call_id)})

    def _say_goodbye(self) -> None:
        assert self._end is not None
        self.line.send(messages.ended(self._end.reason, str(self.call_id)))
        code = str(self._error["code"]) if self._error else ""
        refused = self._end.reason == "upstream_refused" and code in wire.CLOSE_CODES
        self.line.close(wire.CLOSE_CODES[code] if refused else wire.NORMAL_CLOSE, code if refused else "")
        log.info("The call ended: %s after %s ms.", self._end.reason, self._end.duration_ms)

    def _send_to_trainee(self, action: do.SendToTrainee) -> None:
        message = dict(action.message)
        if message["type"] == "error":
            self._error = message
        if message["type"] == "turn":  # still growing: the next one, or the stored turn, says it all again
            self.line.send_once(message)
        else:
            self.line.send(message)

    def _store_state(self, action: do.StoreState) -> None:
        if action.state == "live":
            self._recorder.begin()
            journal = str(self._journal.relative_to(self._services.data_dir))
            self._writer.write(lambda tx: self._begin_live(tx, journal))
        else:
            self._writer.write(lambda tx: tx.execute(queries.RINGING, self.call_id))

    async def _begin_live(self, tx: Tx, journal: str) -> None:
        await queries.begin_live(tx, self.call_id, journal, await journal_place(self._services.data_dir))

    def _store_turn(self, action: do.StoreTurn) -> None:
        turn = action.turn
        final = messages.turn(turn, final=True)
        self._writer.write(lambda tx: queries.insert_turn(tx, self.call_id, turn), partial(self.line.send, final))

    def _store_mood(self, action: do.StoreMood) -> None:
        self._writer.write(lambda tx: tx.execute(queries.INSERT_MOOD, self.call_id, action.at_ms, action.mood))

    def _store_gap(self, action: do.StoreGap) -> None:
        values = (action.line, action.from_ms, action.to_ms, action.on_purpose)
        self._writer.write(lambda tx: tx.execute(queries.INSERT_GAP, self.call_id, *values))

    def _wake_at(self, action: do.WakeAt) -> None:
        if timer := self._timers.pop(action.name, None):
            timer.cancel()
        delay_s = (action.at_ms - self._services.clock.monotonic_ms()) / 1_000
        self._timers[action.name] = asyncio.get_running_loop().call_later(max(0.0, delay_s), self._woken, action.name)

    def _woken(self, name: str) -> None:
        self._timers.pop(name, None)
        self.receive(DeadlineReached(name))

    def _finish(self, action: do.EndCall) -> None:
        self._end = action
        self._ended.set()


def token_hash(token: str) -> bytes:
    """What the database keeps of a call's token."""
    return hashlib.sha256(token.encode()).digest()
