"""The function `ai-call-simulation`: one message of a typed call, and the customer's answer to it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, Field, StringConstraints

from core.functions import FUNCTIONS, FunctionCall
from core.openapi import Exact
from core.rate_limits import Rate
from voice.typed_calls.desk import Answered, Message, TypedCalls
from voice.typed_calls.limits import MESSAGE_CHARACTERS

NAME = "ai-call-simulation"
TYPED_CALLS: web.AppKey[TypedCalls] = web.AppKey("typed_calls", TypedCalls)
TIMEOUT_S = 45.0
RATE = Rate(NAME, burst=20, refill_ms=2_000)

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MESSAGE_CHARACTERS)]


class TraineeMessage(BaseModel):
    """What the trainee says."""

    simulation_id: UUID
    user_message: Words
    message_id: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="A name of yours for this message. The same one again is the same message, however often it is "
        "sent; without it, the same words within a minute are.",
    )
    mode: Literal["practice", "exam"] = Field("practice", description="Of a call that begins with this message.")
    new_call: bool = Field(False, description="Hang up the call that is open, and begin another.")


class TranscriptEntry(Exact):
    """The answer as it stands in a transcript."""

    speaker: Literal["ai"]
    text: str
    timestamp: datetime


class CustomerAnswer(Exact):
    """What the customer says, and how the call stands."""

    ai_response: str
    transcript_entry: TranscriptEntry
    call_id: UUID
    turn_id: str
    state: Literal["live", "ended"] = Field(description="`ended`: the customer has hung up.")
    outcome: str | None = Field(description="Why the customer hung up: `resolved`, `angry`, `gave_up`, …")
    mood: int | None = Field(description="0 (furious) to 100 (delighted); in practice only.")


ERRORS = {
    404: "`simulation_not_found`: there is none, or its lesson is locked.",
    409: "`customer_is_answering` (send it again), `customer_hung_up`, `call_over`, `scenario_invalid`.",
    429: "`too_many_calls`, `call_minutes_used_up`, `call_messages_used_up`, `tokens_used_up`.",
    503: "`customer_unavailable`: send the same message again; `database_unavailable`.",
}


async def ai_call_simulation(call: FunctionCall, wanted: TraineeMessage) -> CustomerAnswer:
    """Write with the customer of a simulation.

    The first message begins a call; the server keeps it, and judges it when `evaluate-simulation` is asked or the
    customer has hung up. A call ends by itself when nobody writes for ten minutes.
    """
    message = Message(wanted.user_message, wanted.message_id, wanted.mode, wanted.new_call)
    answered = await call.app[TYPED_CALLS].say(call.person, wanted.simulation_id, message)
    return _shown(answered)


def _shown(answered: Answered) -> CustomerAnswer:
    return CustomerAnswer(
        ai_response=answered.turn.text,
        transcript_entry=TranscriptEntry(speaker="ai", text=answered.turn.text, timestamp=answered.at),
        call_id=answered.call_id,
        turn_id=answered.turn.turn_id,
        state="ended" if answered.ended else "live",
        outcome=answered.outcome,
        mood=answered.mood,
    )


def add_functions(app: web.Application) -> None:
    """Enters the function; expects the typed calls under TYPED_CALLS."""
    app[FUNCTIONS].add(NAME, ai_call_simulation, rate=RATE, timeout_s=TIMEOUT_S, errors=ERRORS)
