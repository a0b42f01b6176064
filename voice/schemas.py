"""What the voice wire's JSON looks like, for `/openapi.json`; docs/protocol.md says what it means."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from core.openapi import Exact

CALLS_TAG = "Calls"
UNKNOWN_CALL = "`call_not_found`: there is no such call, or it is not yours to see."
UNAUTHORIZED = "`no_authorization`, `bad_jwt`, `token_expired`, `login_ended`: sign in first."

Mode = Literal["practice", "exam"]
CallState = Literal["created", "ringing", "live", "held", "reconnecting", "ending", "ended"]


class CallPath(BaseModel):
    call_id: UUID = Field(description="As `POST /voice/v1/calls` gave it.")


class CallWanted(BaseModel):
    """Which customer to call."""

    simulation_id: UUID
    mode: Mode = "practice"


class Audio(Exact):
    """The sound on the socket, in both directions."""

    encoding: Literal["pcm_s16le"]
    rate: int = Field(description="Samples a second.")
    channels: int
    frame_ms: int


class Limits(Exact):
    """What ends a call by itself, in milliseconds."""

    max_ms: int
    idle_ms: int
    resume_window_ms: int


class Customer(Exact):
    """Who answers."""

    name: str | None
    offline: bool = Field(description="The embedded customer answers, no model.")


class CallPlaced(Exact):
    """A call that rings once its socket is open."""

    call_id: UUID
    token: str = Field(description="The call's secret: the first message on the socket carries it.")
    socket: str = Field(description="Path of the WebSocket.")
    ice_servers: list[dict[str, str]]
    audio: Audio
    limits: Limits
    customer: Customer


class CallShown(Exact):
    """A call as it stands."""

    call_id: UUID
    simulation_id: UUID
    mode: Mode
    state: CallState
    end_reason: str | None = Field(description="Once it has ended: `trainee_hung_up`, `time_limit`, …")
    duration_ms: int | None
    created_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


class CallsQuery(BaseModel):
    mine: Literal["running"]


class RunningCall(Exact):
    """A call to return to."""

    call_id: UUID
    simulation_id: UUID
    title: str
    customer_name: str
    mode: Mode
    state: CallState
    created_at: datetime
    answered_at: datetime | None


class RunningCalls(Exact):
    """The oldest first; as a rule there is at most one."""

    calls: list[RunningCall]


class SpokenTurn(Exact):
    """One utterance; times are milliseconds since the call was answered."""

    turn_id: str
    number: int = Field(description="Order in which turns began, from 1; one may be missing.")
    speaker: Literal["ai", "user"] = Field(description="`ai` is the customer, `user` the trainee.")
    text: str
    heard_text: str | None = Field(description="What the trainee really heard of the customer's text.")
    start_ms: int
    end_ms: int
    cut_off: bool
    confidence: float | None
    network_gap: bool
    not_transcribed: str | None = Field(None, description="Why something said stands here without words.")
    final: Literal[True]


class Transcript(Exact):
    """What was said so far."""

    call_id: UUID
    duration_ms: int | None
    turns: list[SpokenTurn]


class RecordingQuery(BaseModel):
    token: str | None = Field(None, description="Of a signed link; it replaces the bearer.")


class RecordingHeaders(BaseModel):
    range: str | None = Field(None, alias="Range", description="`bytes=0-65535`: a part.")


class RecordingLink(Exact):
    """Opens for a quarter of an hour, for whoever has it."""

    url: str = Field(description="Path and query.")
    expires_at: datetime


class About(Exact):
    """What a front end wants to know before anybody has signed in."""

    demo: bool = Field(description="The demo people exist, with their known password.")
    offline_customer: bool = Field(description="No model plays the customer.")
    version: str


class RealtimeQuery(BaseModel):
    model: str | None = Field(None, description="Taken and not looked at: there is one.")


class RealtimeErrorDetail(Exact):
    message: str
    type: Literal["invalid_request_error", "server_error"]
    param: None
    code: str
    request_id: str


class RealtimeError(Exact):
    """An error as OpenAI's clients expect it."""

    error: RealtimeErrorDetail
