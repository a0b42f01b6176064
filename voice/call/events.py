"""What can happen in a call. PURE.

Each event is a fact in the past tense; the call machine answers it with actions. Two sides report: the trainee's
transport and the upstream that plays the customer. Upstream events are normalised: they assume no turns, so that a
full-duplex model is one more driver. PCM is in the format of `voice.audio_format`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


# From the trainee's device
@dataclass(frozen=True, slots=True)
class TraineeConnected:
    """A socket said hello with the call's token; `resumed` when the call was already answered."""

    resumed: bool = False


@dataclass(frozen=True, slots=True)
class TraineeDisconnected:
    """The socket is gone without a hang-up."""


@dataclass(frozen=True, slots=True)
class TraineeAudio:
    """One frame from the microphone; `captured_ms` counts the device's captured samples since its first hello."""

    pcm: bytes
    captured_ms: int
    sequence: int


@dataclass(frozen=True, slots=True)
class PlaybackProgressed:
    """The device has played `played_ms` of reply `epoch`; `at_captured_ms` is its capture clock at that instant."""

    epoch: int
    played_ms: int
    at_captured_ms: int | None = None


@dataclass(frozen=True, slots=True)
class PlaybackCleared:
    """The device threw away what was left of reply `epoch`, having played `played_ms` of it."""

    epoch: int
    played_ms: int
    at_captured_ms: int | None = None


@dataclass(frozen=True, slots=True)
class TraineeMuted:
    """The microphone was switched off (`muted`) or on again."""

    muted: bool


@dataclass(frozen=True, slots=True)
class TraineeHeld:
    """The trainee put the customer on hold (`held`) or came back."""

    held: bool


@dataclass(frozen=True, slots=True)
class TraineePushedToTalk:
    """The talk button went down (`pressed`) or up."""

    pressed: bool


@dataclass(frozen=True, slots=True)
class TraineePressedKey:
    """A key of the telephone keypad."""

    digit: str


@dataclass(frozen=True, slots=True)
class TraineeTyped:
    """The trainee answered in writing."""

    text: str


@dataclass(frozen=True, slots=True)
class TraineeHungUp:
    """The trainee ended the call."""


# From the upstream
@dataclass(frozen=True, slots=True)
class UpstreamReady:
    """The customer's session is configured and takes audio, for `expires_in_ms` if the upstream limits it."""

    expires_in_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CustomerReplyStarted:
    """A reply with this id begins."""

    reply_id: str


@dataclass(frozen=True, slots=True)
class CustomerAudio:
    """Sound of a reply, faster than it is spoken."""

    reply_id: str
    item_id: str
    pcm: bytes


@dataclass(frozen=True, slots=True)
class CustomerText:
    """More words of a reply; with `final`, the whole text of the item."""

    reply_id: str
    item_id: str
    text: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class CustomerWrote:
    """The whole of an answer in writing: there is no sound to wait for."""

    text: str


@dataclass(frozen=True, slots=True)
class CustomerReplyFinished:
    """Nothing more comes of this reply; `status` is completed, cancelled, incomplete or failed."""

    reply_id: str
    status: str = "completed"


@dataclass(frozen=True, slots=True)
class TraineeSpeechStarted:
    """The upstream hears the trainee; `at_ms` counts audio appended to this upstream session, padding removed."""

    item_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class TraineeSpeechStopped:
    """The trainee fell silent at `at_ms` of the appended audio, the turn detector's waiting time removed."""

    item_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class TraineeText:
    """More words that the trainee was heard to say; with `final`, the whole text. `confidence` is 0 to 1 if known."""

    item_id: str
    text: str
    final: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class TraineeTextFailed:
    """What the trainee said could not be put into words."""

    item_id: str
    message: str


@dataclass(frozen=True, slots=True)
class ToolCalled:
    """The customer uses one of the call's tools: `end_call {reason}`, `set_mood {mood: 0..100}`."""

    tool_call_id: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UsageReported:
    """What a reply or a transcription cost, in the upstream's own words."""

    usage: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UpstreamFailed:
    """The upstream reports an error; when `fatal`, nothing more will come, and when `permanent`, never again."""

    code: str
    message: str
    fatal: bool = False
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class UpstreamClosed:
    """The upstream's connection is gone."""

    code: int
    reason: str


# From the clock and the server
@dataclass(frozen=True, slots=True)
class DeadlineReached:
    """A time that the machine asked for with `WakeAt` has come."""

    name: str


@dataclass(frozen=True, slots=True)
class ServerStopping:
    """The server goes down in an orderly way."""


UpstreamEvent = (
    UpstreamReady
    | CustomerReplyStarted
    | CustomerAudio
    | CustomerText
    | CustomerWrote
    | CustomerReplyFinished
    | TraineeSpeechStarted
    | TraineeSpeechStopped
    | TraineeText
    | TraineeTextFailed
    | ToolCalled
    | UsageReported
    | UpstreamFailed
    | UpstreamClosed
)

DeviceEvent = (
    TraineeConnected
    | TraineeDisconnected
    | TraineeAudio
    | PlaybackProgressed
    | PlaybackCleared
    | TraineeMuted
    | TraineeHeld
    | TraineePushedToTalk
    | TraineePressedKey
    | TraineeTyped
    | TraineeHungUp
)

CallEvent = UpstreamEvent | DeviceEvent | DeadlineReached | ServerStopping
