"""What a scripted Realtime server does, and what its client did; `scripted_realtime` explains both."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

BYTES_PER_MS = 48


@dataclass(frozen=True)
class Reply:
    """What the customer says next. The sound is a tone, so that it is not silence; the words come in halves."""

    text: str = "Well, go on."
    audio_ms: int = 1_000
    tools: Sequence[tuple[str, dict[str, Any]]] = ()
    status: Literal["completed", "incomplete", "failed"] = "completed"


@dataclass(frozen=True)
class Turn:
    """What the detector hears of the trainee, by the amount of appended audio."""

    at_ms: int
    length_ms: int = 800
    text: str = "One moment please"
    told: Literal["before_reply", "after_reply", "failed", "never"] = "before_reply"
    notice_ms: int = 100
    logprob: float | None = None


@dataclass(frozen=True)
class ErrorEvent:
    """An `error` event once `at_ms` of audio were appended."""

    at_ms: int
    code: str | None
    message: str = "Something is wrong."


@dataclass(frozen=True)
class Drop:
    """The connection ends once `at_ms` of audio were appended; 1006 breaks it without a close frame."""

    at_ms: int
    code: int = 1001
    reason: str = ""


@dataclass(frozen=True)
class Script:
    """Everything that will happen."""

    replies: Sequence[Reply] = (Reply(),)
    turns: Sequence[Turn] = ()
    mishaps: Sequence[ErrorEvent | Drop] = ()
    speed: float = 0
    stragglers: int = 0
    refuse_with: int | None = None
    refuse_times: int = 1_000
    silent: bool = False
    greet_with: str | None = None
    reject_update: str | None = None
    names: Literal["ga", "beta"] = "ga"


@dataclass
class Connection:
    """One client, and what it did."""

    script: Script
    number: int
    headers: dict[str, str]
    query: dict[str, str]
    received: list[dict[str, Any]] = field(default_factory=list)
    """Every message but audio."""
    appended: bytearray = field(default_factory=bytearray)
    """All audio of the client."""
    truncated: list[tuple[str, int]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    cancelled: list[str | None] = field(default_factory=list)
    sent_ms: dict[str, int] = field(default_factory=dict)
    """How much sound of each item was sent."""
    session: dict[str, Any] = field(default_factory=dict)
    """The client's `session.update`, as it came."""
    close_code: int | None = None
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    def kinds(self) -> list[str]:
        """The types of what was received, in order."""
        return [message["type"] for message in self.received]

    @property
    def appended_ms(self) -> int:
        """How much sound the client has sent."""
        return len(self.appended) // BYTES_PER_MS
