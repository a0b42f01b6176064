"""The calls of this server: placed, found, hung up, and ended in order when the server stops."""

import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4

from core.clock import Clock
from core.db import Database, Tx
from core.errors import Conflict, TooManyRequests, Unavailable
from core.identity import Person
from core.tasks import Tasks
from voice import queries
from voice.call.call import Call
from voice.call.events import ServerStopping
from voice.call.rules import CallRules
from voice.call.tools import TOOLS
from voice.leases import LeaseKeeper
from voice.persona_prompt import instructions, with_call_script
from voice.places import Places
from voice.runner import CallRunner, RunnerServices, token_hash
from voice.scenarios import Simulation, prompt_id, simulation_for
from voice.upstream.base import CustomerConfig, ScenarioReference, UpstreamDriver

log = logging.getLogger(__name__)

DISK_THREADS = 4
HOUR_S = 3_600
Mode = Literal["practice", "exam"]


@dataclass(frozen=True, slots=True)
class CallLimits:
    """How long and how many."""

    max_ms: int = 600_000
    answer_timeout_ms: int = 15_000
    resume_window_ms: int = 60_000
    idle_ms: int = 120_000
    lease_ms: int = 15_000
    per_person: int = 1
    per_person_per_hour: int = 60
    minutes_per_person_per_day: int = 300
    per_server: int = 100


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """Who answers: a driver, the model and voice it is asked for, and whether it is the embedded customer."""

    driver: UpstreamDriver
    model: str
    voice: str
    offline: bool
    places: Places = field(default_factory=Places)
    """How many calls the customer takes at once, whoever else calls; unlimited for a voice model."""


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call that waits for its trainee's socket."""

    call_id: UUID
    token: str
    customer_name: str


class Switchboard:
    """Every running call of this server. `start` before the first call, `stop` at the end."""

    def __init__(
        self, database: Database, line: CustomerLine, clock: Clock, data_dir: Path, limits: CallLimits
    ) -> None:
        self.limits = limits
        self.line = line
        self._database = database
        self._disk = ThreadPoolExecutor(DISK_THREADS, thread_name_prefix="recording")
        self._services = RunnerServices(database, line.driver, clock, data_dir, self._disk)
        self._server_id = uuid4()
        self._running: dict[UUID, CallRunner] = {}
        self._places_taken = 0
        self._tasks = Tasks("calls")
        self._background = Tasks("leases")
        self._keeper = LeaseKeeper(database, self._server_id, limits.lease_ms, data_dir, self._running)
        self._stopping = False

    async def start(self) -> None:
        """Begins to renew leases and to close abandoned calls."""
        self._background.start(self._keeper.run(), "keeper")

    async def stop(self) -> None:
        """Ends every call as `server_stopped`, with everything stored."""
        self._stopping = True
        for runner in list(self._running.values()):
            runner.receive(ServerStopping())
        await self._tasks.wait()
        await self._background.close()
        self._disk.shutdown(wait=False)

    def running(self, call_id: UUID) -> CallRunner | None:
        """The call, if it runs on this server."""
        return self._running.get(call_id)

    async def hang_up(self, call_id: UUID) -> None:
        """Ends a call for its trainee: at once when it runs here, else when the server that holds it next reports."""
        runner = self._running.get(call_id)
        if runner is not None:
            runner.hang_up()
            return
        async with self._database.acting_as_service() as tx:
            await tx.execute(queries.REQUEST_HANG_UP, call_id)

    async def place_call(self, person: Person, simulation_id: UUID, mode: Mode) -> PlacedCall:
        """Makes a call for this person, who must be signed in.

        Raises NotFound `simulation_not_found`, Conflict `call_already_running`, TooManyRequests `too_many_calls` and
        `call_minutes_used_up`, and Unavailable `all_lines_busy`.
        """
        if self._stopping or self._places_taken >= self.limits.per_server:
            raise Unavailable("All training lines are busy. Try again in a few minutes.", code="all_lines_busy")
        if not self.line.places.take():
            limit = self.line.places.limit
            calls = "1 call" if limit == 1 else f"{limit} calls"
            text = f"The offline customer takes {calls} at once and has no line free. Try again in a few minutes."
            raise Unavailable(text, code="all_lines_busy")
        self._places_taken += 1
        try:
            simulation = await simulation_for(self._database, person, simulation_id)
            call_id, token = uuid4(), secrets.token_urlsafe(32)
            seed = secrets.randbits(32)
            async with self._database.acting_as_service() as tx:
                await self._store(tx, call_id, person, simulation, mode, token, seed)
        except BaseException:
            self._give_place_back()
            raise
        self._dial(call_id, token, simulation, mode, seed)
        return PlacedCall(call_id, token, simulation.customer_name)

    async def running_calls(self, person: Person) -> list[dict[str, str | None]]:
        """This person's calls that have not ended, on whatever server, as the wire shows them."""
        async with self._database.acting_as_service() as tx:
            rows = await tx.fetch(queries.UNFINISHED, person.user_id)
        return [self._shown(row) for row in rows if not self._is_over(row["id"])]

    def _is_over(self, call_id: UUID) -> bool:
        runner = self._running.get(call_id)
        return runner is not None and runner.over

    def _shown(self, row: Any) -> dict[str, str | None]:
        runner = self._running.get(row["id"])
        return {
            "call_id": str(row["id"]),
            "simulation_id": str(row["simulation_id"]),
            "title": row["title"],
            "customer_name": row["customer_name"],
            "mode": row["mode"],
            "state": runner.state if runner else row["state"],
            "created_at": row["created_at"].isoformat(),
            "answered_at": row["answered_at"].isoformat() if row["answered_at"] else None,
        }

    async def take_over(self, person: Person, call_id: UUID) -> PlacedCall:
        """A fresh token for a running call of this person. Raises Conflict `call_over`.

        On this server it is good at once, on another one after that server's next beat.
        """
        token = secrets.token_urlsafe(32)
        async with self._database.acting_as_service() as tx:
            rows = [row for row in await tx.fetch(queries.UNFINISHED, person.user_id) if row["id"] == call_id]
            stored = rows and await tx.fetchval(queries.REPLACE_HASH, call_id, token_hash(token))
        if not stored or self._is_over(call_id):
            raise Conflict("This call has ended.", code="call_over")
        if runner := self._running.get(call_id):
            runner.offer(token_hash(token))
        return PlacedCall(call_id, token, rows[0]["customer_name"])

    async def _store(
        self, tx: Tx, call_id: UUID, person: Person, simulation: Simulation, mode: Mode, token: str, seed: int
    ) -> None:
        await tx.execute(queries.ONE_AT_A_TIME, str(person.user_id))
        unfinished = await tx.fetch(queries.UNFINISHED, person.user_id)
        if len(unfinished) >= self.limits.per_person:
            running = unfinished[0]
            raise Conflict(
                f"You are in a call already: “{running['title']}”. Go back to it, or end it first.",
                code="call_already_running",
                retryable=True,
                details={"call_id": str(running["id"]), "title": running["title"]},
            )
        used = await tx.fetchrow(queries.USED, person.user_id)
        if used["calls"] >= self.limits.per_person_per_hour:
            text = f"You have made {used['calls']} calls in the last hour. Take a break."
            raise TooManyRequests(text, code="too_many_calls", retry_after_s=HOUR_S)
        if used["minutes"] >= self.limits.minutes_per_person_per_day:
            text = f"You have been on the phone for {used['minutes']:.0f} minutes today, which is as long as you may."
            raise TooManyRequests(text, code="call_minutes_used_up", retry_after_s=HOUR_S)
        await tx.execute(
            queries.INSERT_CALL,
            call_id,
            person.user_id,
            simulation.id,
            mode,
            token_hash(token),
            seed,
            simulation.version,
            simulation.script,
            simulation.rubric,
            self.line.model,
            self._server_id,
            timedelta(milliseconds=self.limits.lease_ms),
        )

    def _dial(self, call_id: UUID, token: str, simulation: Simulation, mode: Mode, seed: int) -> None:
        rules = CallRules(
            max_ms=self.limits.max_ms,
            answer_timeout_ms=self.limits.answer_timeout_ms,
            resume_window_ms=self.limits.resume_window_ms,
            idle_ms=self.limits.idle_ms,
            practice=mode == "practice",
        )
        config = self._config(call_id, simulation, seed)
        runner = CallRunner(call_id, token_hash(token), Call(str(call_id), rules), config, self._services)
        self._running[call_id] = runner
        self._tasks.start(self._run(runner), str(call_id))
        if self._stopping:
            runner.receive(ServerStopping())

    def _config(self, call_id: UUID, simulation: Simulation, seed: int) -> CustomerConfig:
        reference = None
        if simulation.scenario is not None:
            reference = ScenarioReference(prompt_id(call_id), str(simulation.version), {"seed": str(seed)})
        prompt = simulation.system_prompt
        return CustomerConfig(
            instructions=with_call_script(
                instructions(simulation.scenario, prompt) if simulation.scenario else prompt, simulation.call_script
            ),
            voice=self.line.voice,
            tools=TOOLS,
            scenario=reference,
        )

    def _give_place_back(self) -> None:
        self._places_taken -= 1
        self.line.places.give_back()

    async def _run(self, runner: CallRunner) -> None:
        try:
            await runner.run()
        finally:
            self._running.pop(runner.call_id, None)
            self._give_place_back()
