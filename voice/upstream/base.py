"""The boundary behind which a voice model plays the customer.

A driver turns one vendor's protocol into the normalised events of `voice.call.events` and carries out the verbs below.
It assumes no turns: a driver for a model without turns leaves `truncate`, `cancel_reply` and `commit_audio` empty.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from voice.call.actions import Said
from voice.call.events import UpstreamEvent


class UpstreamRefused(Exception):
    """The connection could not be opened or configured.

    `code` is stable (`upstream_unreachable`, `upstream_unauthorized`, `upstream_busy`, `upstream_rejected`);
    `permanent` says that trying again will not help.
    """

    def __init__(self, code: str, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class ScenarioReference:
    """Which scenario the embedded customer plays; travels as the protocol's own `session.prompt`."""

    id: str
    version: str
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TurnDetection:
    """How the end of a trainee's utterance is recognised; `manual` is push-to-talk."""

    kind: Literal["server_vad", "semantic_vad", "manual"] = "server_vad"
    threshold: float = 0.5
    prefix_padding_ms: int = 300
    silence_duration_ms: int = 500
    idle_timeout_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CustomerConfig:
    """Everything a driver needs to open a session."""

    instructions: str
    voice: str
    tools: Sequence[Mapping[str, Any]] = ()
    scenario: ScenarioReference | None = None
    turn_detection: TurnDetection = field(default_factory=TurnDetection)
    language: str = "en"


class Upstream(Protocol):
    """One open session."""

    def events(self) -> AsyncIterator[UpstreamEvent]:
        """What happens, in order, ending with `UpstreamClosed`. To be iterated once, by one task."""

    async def send_audio(self, pcm: bytes) -> None:
        """Appends the trainee's sound. Never waits for the network longer than the socket's buffer."""

    async def start_reply(self) -> None:
        """Asks the customer to speak now (the opening line, or after a typed answer)."""

    async def send_text(self, text: str) -> None:
        """Adds what the trainee typed to the conversation."""

    async def restore(self, said: Sequence[Said]) -> None:
        """Tells a session that goes on with an old call what was said in it, in its order."""

    async def inform(self, text: str) -> None:
        """Lets the customer know something about the line that nobody has said, without asking for a reply."""

    async def commit_audio(self) -> None:
        """Push-to-talk: the utterance is complete."""

    async def cancel_reply(self, reply_id: str) -> None:
        """Stops a reply that is being generated; harmless when it is already over."""

    async def truncate(self, item_id: str, heard_ms: int) -> None:
        """Tells the model that only the first `heard_ms` of an item were heard."""

    async def delete_item(self, item_id: str) -> None:
        """Removes an item of which nothing was heard."""

    async def answer_tool(self, tool_call_id: str, output: str) -> None:
        """Gives back a tool's result."""

    async def close(self) -> None:
        """Ends the session; `events` then finishes."""


class UpstreamDriver(Protocol):
    """Opens sessions with one kind of upstream."""

    async def connect(self, config: CustomerConfig) -> Upstream:
        """A configured session. Raises UpstreamRefused."""
