"""What the call machine wants done. PURE.

The runner performs actions in the order in which the machine gives them. Times named `at_ms` are on the call's clock,
except in `WakeAt`, which counts like the `now_ms` that the machine is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from voice.call.transcript import Speaker, Turn


# Towards the trainee's device
@dataclass(frozen=True, slots=True)
class SendToTrainee:
    """A control message of docs/protocol.md, without its `seq`."""

    message: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SendAudioToTrainee:
    """One frame of a reply. `t_ms` is its place in the epoch; the `last` frame of a reply may be short or empty."""

    epoch: int
    sequence: int
    t_ms: int
    pcm: bytes
    last: bool = False


@dataclass(frozen=True, slots=True)
class ClearPlayback:
    """Throw away what is left of this epoch, here and on the device, before anything else is sent."""

    epoch: int


# Towards the upstream
@dataclass(frozen=True, slots=True)
class OpenUpstream:
    """Connect to the customer; answered by `UpstreamReady` or a fatal `UpstreamFailed`.

    If there is a session it is given up, and what was still to be sent to it.
    """


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said and heard."""

    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class RestoreConversation:
    """Tell a new session what was said before, in its order."""

    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class SendAudioUpstream:
    """Append the trainee's sound, or the silence that stands for it."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class SendText:
    """Add what the trainee typed to the conversation."""

    text: str


@dataclass(frozen=True, slots=True)
class InformCustomer:
    """Let the customer know something about the line that nobody has said."""

    text: str


@dataclass(frozen=True, slots=True)
class StartReply:
    """Ask the customer to speak."""


@dataclass(frozen=True, slots=True)
class CancelReply:
    """Stop a reply that is still being generated."""

    reply_id: str


@dataclass(frozen=True, slots=True)
class TruncateReply:
    """Tell the model that only the first `heard_ms` of this item were heard."""

    item_id: str
    heard_ms: int


@dataclass(frozen=True, slots=True)
class DeleteItem:
    """Remove an item of which nothing was heard."""

    item_id: str


@dataclass(frozen=True, slots=True)
class AnswerTool:
    """Give back a tool's result."""

    tool_call_id: str
    output: str


@dataclass(frozen=True, slots=True)
class CloseUpstream:
    """The customer is no longer needed."""


# Towards what is kept
@dataclass(frozen=True, slots=True)
class StoreState:
    """The call is now `ringing` or `live`."""

    state: str


@dataclass(frozen=True, slots=True)
class StoreTurn:
    """A turn has ended; once it is stored, the trainee gets it as final."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class StoreMood:
    """The customer's mood from `at_ms` on, 0 to 100."""

    at_ms: int
    mood: int


@dataclass(frozen=True, slots=True)
class StoreGap:
    """The line of one of the two was away, or (`on_purpose`) was renewed: nobody's silence counts meanwhile."""

    line: Literal["trainee", "customer"]
    from_ms: int
    to_ms: int
    on_purpose: bool = False


@dataclass(frozen=True, slots=True)
class AddUsage:
    """What something cost, in the upstream's own words."""

    usage: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordTrainee:
    """Sound of the trainee, which began at `at_ms`."""

    at_ms: int
    pcm: bytes


@dataclass(frozen=True, slots=True)
class RecordCustomer:
    """Sound of the customer, which was heard from `at_ms` on."""

    at_ms: int
    pcm: bytes


# Towards the clock and the end
@dataclass(frozen=True, slots=True)
class WakeAt:
    """Come back with `DeadlineReached(name)` at this time; a later `WakeAt` of the same name replaces it."""

    name: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class EndCall:
    """The last action: the call is over, and was `duration_ms` long (0 when it was never answered).

    `outcome` is the customer's own word for why it hung up (`resolved`, `angry`, `gave_up`...), if it did.
    """

    reason: str
    duration_ms: int
    outcome: str | None = None


UpstreamVerb = (
    RestoreConversation
    | SendAudioUpstream
    | SendText
    | InformCustomer
    | StartReply
    | CancelReply
    | TruncateReply
    | DeleteItem
    | AnswerTool
)
"""What a session with the customer is asked to do."""

CallAction = (
    UpstreamVerb
    | SendToTrainee
    | SendAudioToTrainee
    | ClearPlayback
    | OpenUpstream
    | CloseUpstream
    | StoreState
    | StoreTurn
    | StoreMood
    | StoreGap
    | AddUsage
    | RecordTrainee
    | RecordCustomer
    | WakeAt
    | EndCall
)
