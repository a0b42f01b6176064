"""Typed calls: begun by their first message, kept in the database alone, answered by one request at a time."""

import asyncio
import logging
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import facts
from core.chat_model import ChatFailed, Spent
from core.clock import Clock
from core.db import Database, Tx
from core.errors import Conflict, NotFound, TooManyRequests, Unavailable
from core.identity import Person
from core.model_usage import UsageBook
from voice.call.transcript import Speaker, Turn
from voice.persona_prompt import improvised_scenario, instructions, with_call_script
from voice.runner import CALL_ENDED
from voice.scenario import Scenario
from voice.scenarios import Simulation, simulation_for, simulation_not_found, simulation_of_a_call
from voice.switchboard import HOUR_S, Mode
from voice.typed_calls import queries
from voice.typed_calls.customers import CustomerReply, Story, TypedCustomer
from voice.typed_calls.limits import TypedCallLimits
from voice.typed_calls.machine import Happened, TypedCall

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 0.1
STORING_S = 5.0
"""What is left of the time for an answer once it is there."""
STILL_ANSWERING = "The customer is still answering your last message."


@dataclass(frozen=True, slots=True)
class Message:
    """What the trainee writes. With an `id` of the client's, a message is resent if it has the same id."""

    text: str
    id: str | None = None
    mode: Mode = "practice"
    new_call: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """The customer's answer and how the call stands after it; `mood` is for practice only."""

    call_id: UUID
    turn: Turn
    at: datetime
    ended: bool
    mood: int | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class _Claimed:
    """This request is to get the customer's answer."""

    call_id: UUID
    holder: UUID
    story: Story


class _SomebodyElseAnswers(Exception):
    """Another request is getting the answer to the same message."""


class TypedCalls:
    """The typed calls of a place; any server of it may answer any message."""

    def __init__(
        self,
        database: Database,
        customer: TypedCustomer,
        clock: Clock,
        limits: TypedCallLimits,
        book: UsageBook,
    ) -> None:
        self.limits = limits
        self.customer = customer
        self._database = database
        self._clock = clock
        self._book = book

    async def say(self, person: Person, simulation_id: UUID, message: Message) -> Answered:
        """The customer's answer to a message of this person, who must be signed in.

        The message opens a call if none of this simulation is open. The same message again gets the same answer, and
        waits for it if need be. A call that is under way goes on when its lesson is unpublished or locked meanwhile.

        Raises NotFound `simulation_not_found`, Conflict `scenario_invalid`, `customer_is_answering` and
        `customer_hung_up`, TooManyRequests `too_many_calls`, `call_minutes_used_up`, `call_messages_used_up` and
        `tokens_used_up`, and Unavailable `customer_unavailable`.
        """
        simulation = await self._simulation(person, simulation_id)
        for _ in range(round(self.limits.answer_ms / 1_000 / LOOK_AGAIN_S)):
            try:
                taken = await self._take(person, simulation, message)
                return taken if isinstance(taken, Answered) else await self._answer(person, taken)
            except _SomebodyElseAnswers:
                await asyncio.sleep(LOOK_AGAIN_S)
        raise Conflict(STILL_ANSWERING, code="customer_is_answering", retryable=True)

    async def hang_up(self, call_id: UUID) -> bool:
        """Ends a typed call for its trainee; harmless when it is over. False for a call that is not typed."""
        async with self._database.acting_as_service() as tx:
            call = await queries.held(tx, call_id)
            if call is not None and call["state"] != "ended":
                await self._end_if_due(tx, call, await queries.turns(tx, call_id), hang_up=True)
        return call is not None

    async def end_overdue(self) -> None:
        """Ends the calls that were idle for too long, are too long, or were hung up by another way."""
        before = self._clock.now() - timedelta(milliseconds=min(self.limits.idle_ms, self.limits.max_ms))
        async with self._database.acting_as_service() as tx:
            found = await queries.overdue(tx, before)
        for call_id in found:
            async with self._database.acting_as_service() as tx:
                call = await queries.held(tx, call_id)
                if call is not None and call["state"] != "ended" and not self._is_claimed(call):
                    await self._end_if_due(tx, call, await queries.turns(tx, call_id))

    async def _simulation(self, person: Person, simulation_id: UUID) -> Simulation:
        assert person.user_id is not None
        try:
            return await simulation_for(self._database, person, simulation_id)
        except NotFound:
            async with self._database.acting_as_service() as tx:
                if not await queries.is_under_way(tx, person.user_id, simulation_id):
                    raise
            return await simulation_of_a_call(self._database, simulation_id, is_open=False)

    async def _take(self, person: Person, simulation: Simulation, message: Message) -> Answered | _Claimed:
        """Takes the message up, or finds that it was taken up before."""
        assert person.user_id is not None
        async with self._database.acting_as_service() as tx:
            await queries.one_at_a_time(tx, person.user_id, simulation.id)
            call = await queries.latest(tx, person.user_id, simulation.id)
            turns = await queries.turns(tx, call["id"]) if call else []
            if call and self._is_resent(call, turns, message):
                return await self._resent(tx, simulation, call, turns)
            if call and call["state"] != "ended":
                if self._is_claimed(call):
                    raise Conflict(STILL_ANSWERING, code="customer_is_answering", retryable=True)
                if await self._end_if_due(tx, call, turns, hang_up=message.new_call):
                    call = None
            elif call and not message.new_call:
                self._let_no_call_begin_by_accident(call)
                call = None
            else:
                call = None
            await self._check_tokens(tx, person.user_id)
            if call is None:
                call, turns = await self._begin(tx, person.user_id, simulation, message.mode), []
            return await self._store_message(tx, simulation, call, turns, message)

    def _is_resent(self, call: Any, turns: list[Turn], message: Message) -> bool:
        """Whether this is the trainee's last message once more."""
        last = next((turn for turn in reversed(turns) if turn.speaker is Speaker.TRAINEE), None)
        if last is None:
            return False
        known_id = last.details.get("message_id")
        if message.id is not None and known_id is not None:
            return bool(message.id == known_id)
        waits = turns[-1] is last and call["state"] != "ended"
        recent = self._call_ms(call) - last.start_ms <= self.limits.resent_within_ms
        return message.id is None and message.text == last.text and (waits or recent)

    async def _resent(self, tx: Tx, simulation: Simulation, call: Any, turns: list[Turn]) -> Answered | _Claimed:
        if turns[-1].speaker is Speaker.CUSTOMER:
            return _answered(call, turns[-1], ended=call["state"] == "ended", mood=call["mood"])
        if call["state"] == "ended":
            raise Conflict("This call has ended.", code="call_over")
        if self._is_claimed(call):
            raise _SomebodyElseAnswers
        return await self._claim(tx, simulation, call, turns)

    def _let_no_call_begin_by_accident(self, call: Any) -> None:
        gone_ms = (self._clock.now() - call["ended_at"]).total_seconds() * 1_000
        if call["end_reason"] == "customer_hung_up" and not call["reported"] and gone_ms < self.limits.hung_up_ms:
            raise Conflict(
                "The customer has hung up. Ask evaluate-simulation for the report, or begin another call with "
                "`new_call`.",
                code="customer_hung_up",
                details={"call_id": str(call["id"])},
            )

    async def _check_tokens(self, tx: Tx, person_id: UUID) -> None:
        if self.customer.offline:
            return
        used = await self._book.tokens_today(tx, person_id, "customer", self._clock.now())
        if used >= self.limits.tokens_per_person_per_day:
            text = "You have written with customers today for as long as you may."
            raise TooManyRequests(text, code="tokens_used_up", retry_after_s=HOUR_S)

    async def _begin(self, tx: Tx, person_id: UUID, simulation: Simulation, mode: Mode) -> Any:
        if not simulation.is_open:
            raise simulation_not_found()
        now = self._clock.now()
        calls, minutes = await queries.used(tx, person_id, now)
        if calls >= self.limits.per_person_per_hour:
            text = f"You have made {calls} calls in the last hour. Take a break."
            raise TooManyRequests(text, code="too_many_calls", retry_after_s=HOUR_S)
        if minutes >= self.limits.minutes_per_person_per_day:
            text = f"You have been in calls for {minutes:.0f} minutes today, which is as long as you may."
            raise TooManyRequests(text, code="call_minutes_used_up", retry_after_s=HOUR_S)
        call_id = uuid4()
        nobodys_token, seed = secrets.token_bytes(32), secrets.randbits(32)
        values = (call_id, person_id, simulation.id, mode, nobodys_token, seed, simulation.version, simulation.script)
        await queries.insert(tx, (*values, simulation.rubric, self.customer.model, now))
        return await queries.held(tx, call_id)

    async def _store_message(
        self, tx: Tx, simulation: Simulation, call: Any, turns: list[Turn], message: Message
    ) -> _Claimed:
        if sum(turn.speaker is Speaker.TRAINEE for turn in turns) >= self.limits.messages:
            raise TooManyRequests(
                f"A call has at most {self.limits.messages} of your messages. Ask evaluate-simulation for the report.",
                code="call_messages_used_up",
            )
        happened = self._machine(call, turns).trainee_writes(message.text, self._call_ms(call))
        with_id = {"message_id": message.id} if message.id is not None else {}
        happened.turns = [replace(turn, details={**turn.details, **with_id}) for turn in happened.turns]
        await queries.store(tx, call["id"], happened)
        return await self._claim(tx, simulation, call, [*turns, *happened.turns])

    async def _claim(self, tx: Tx, simulation: Simulation, call: Any, turns: list[Turn]) -> _Claimed:
        holder = uuid4()
        length = timedelta(milliseconds=self.limits.answer_ms)
        await queries.claim(tx, call["id"], holder, self._clock.now(), length)
        prompt = simulation.system_prompt
        scenario = Scenario.model_validate(call["scenario"]) if call["scenario"] else None
        told = with_call_script(instructions(scenario, prompt) if scenario else prompt, call["call_script"])
        story = Story(scenario or improvised_scenario(prompt), told, call["seed"], turns)
        return _Claimed(call["id"], holder, story)

    async def _answer(self, person: Person, claimed: _Claimed) -> Answered:
        """Gets the customer's answer and stores it; without one, whoever sends the message again may try at once."""
        stored = False
        try:
            async with asyncio.timeout(self.limits.answer_ms / 1_000 - STORING_S):
                reply = await self.customer.answer(claimed.story)
            answered = await self._store_answer(person, claimed, reply)
            stored = True
            return answered
        except (ChatFailed, TimeoutError) as failure:
            log.warning("The customer of call %s does not answer: %r", claimed.call_id, failure)
            text = "The customer cannot be reached just now. Send your message again."
            raise Unavailable(text, code="customer_unavailable") from failure
        finally:
            if not stored:
                async with self._database.acting_as_service() as tx:
                    await queries.release(tx, claimed.call_id, claimed.holder)

    async def _store_answer(self, person: Person, claimed: _Claimed, reply: CustomerReply) -> Answered:
        async with self._database.acting_as_service() as tx:
            await self._note_usage(tx, person, claimed.call_id, reply.spent)
            call = await queries.held(tx, claimed.call_id)
            ours = call is not None and call["lease_holder"] == claimed.holder
            if ours:
                machine, now_ms = self._machine(call, claimed.story.turns), self._call_ms(call)
                happened = machine.customer_writes(reply.text, now_ms, mood=reply.mood, leaves=reply.leaves)
                ended = await self._store_happened(tx, claimed.call_id, happened)
                await queries.release(tx, claimed.call_id, claimed.holder)
        if call is None or call["state"] == "ended":
            raise Conflict("The call ended before the customer had answered.", code="call_over")
        if not ours:
            raise _SomebodyElseAnswers
        mood = call["mood"] if reply.mood is None else reply.mood
        outcome = happened.end.outcome if happened.end else None
        return _answered({**dict(call), "customer_outcome": outcome}, happened.turns[0], ended=ended, mood=mood)

    async def _note_usage(self, tx: Tx, person: Person, call_id: UUID, spent: Spent) -> None:
        assert person.user_id is not None
        if spent == Spent():
            return
        model, now = self.customer.model, self._clock.now()
        await self._book.write(
            tx, user_id=person.user_id, call_id=call_id, purpose="customer", model=model, spent=spent, now=now
        )
        await queries.keep_usage(tx, call_id)

    async def _end_if_due(self, tx: Tx, call: Any, turns: list[Turn], *, hang_up: bool = False) -> bool:
        """Ends the call if its time is over or somebody wants it; whether it has ended."""
        machine, now_ms = self._machine(call, turns), self._call_ms(call)
        happened = machine.time_passes(now_ms)
        if happened.end is None and (hang_up or call["hang_up_requested_at"] is not None):
            happened = machine.trainee_hangs_up(now_ms)
        return await self._store_happened(tx, call["id"], happened)

    async def _store_happened(self, tx: Tx, call_id: UUID, happened: Happened) -> bool:
        ended = await queries.store(tx, call_id, happened)
        if ended:
            await facts.emit(tx, CALL_ENDED, {"call_id": str(call_id)})
        return ended

    def _machine(self, call: Any, turns: Any) -> TypedCall:
        limits = self.limits
        return TypedCall(str(call["id"]), max_ms=limits.max_ms, idle_ms=limits.idle_ms, turns=turns)

    def _call_ms(self, call: Any) -> int:
        since: timedelta = self._clock.now() - call["answered_at"]
        return max(0, round(since.total_seconds() * 1_000))

    def _is_claimed(self, call: Any) -> bool:
        until: datetime | None = call["lease_expires_at"]
        return until is not None and until > self._clock.now()


def _answered(call: Any, turn: Turn, *, ended: bool, mood: int | None) -> Answered:
    return Answered(
        call_id=call["id"],
        turn=turn,
        at=call["answered_at"] + timedelta(milliseconds=turn.start_ms),
        ended=ended,
        mood=mood if call["mode"] == "practice" else None,
        outcome=call["customer_outcome"],
    )
