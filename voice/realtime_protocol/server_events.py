"""What a Realtime server says to its client. PURE.

`parse_server_event` takes GA and the older beta names; what it does not know becomes an `UnknownEvent`, so that a newer
server does not break an older client.
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from voice.realtime_protocol.audio import DELTA, AudioDelta, decode_audio
from voice.realtime_protocol.errors import ProtocolError, explain
from voice.realtime_protocol.items import ContentPart, Item

BETA_NAMES: Mapping[str, str] = {
    "response.audio.delta": DELTA,
    "response.audio.done": "response.output_audio.done",
    "response.audio_transcript.delta": "response.output_audio_transcript.delta",
    "response.audio_transcript.done": "response.output_audio_transcript.done",
    "response.text.delta": "response.output_text.delta",
    "response.text.done": "response.output_text.done",
    "conversation.item.created": "conversation.item.added",
}


class ServerEvent(BaseModel):
    """Any message of a server but sound."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    TYPE: ClassVar[str]

    def to_json(self, event_id: str) -> str:
        """The message, under the server's own id for it."""
        return json.dumps({"type": self.TYPE, "event_id": event_id, **self.model_dump(mode="json")})


# The session
class SessionCreated(ServerEvent):
    """The first message of a connection."""

    TYPE = "session.created"
    session: dict[str, Any]


class SessionUpdated(ServerEvent):
    """The session after an update."""

    TYPE = "session.updated"
    session: dict[str, Any]


class ErrorDetails(BaseModel):
    """What went wrong; `event_id` names the client's message that caused it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: str = "invalid_request_error"
    code: str | None = None
    message: str = ""
    param: str | None = None
    event_id: str | None = None


class ErrorReported(ServerEvent):
    """Something went wrong; the session usually goes on."""

    TYPE = "error"
    error: ErrorDetails


class RateLimitsUpdated(ServerEvent):
    """What is left of the account's limits."""

    TYPE = "rate_limits.updated"
    rate_limits: tuple[dict[str, Any], ...]


# The client's sound
class SpeechStarted(ServerEvent):
    """`audio_start_ms` counts the appended audio, the detector's prefix padding included."""

    TYPE = "input_audio_buffer.speech_started"
    audio_start_ms: int
    item_id: str


class SpeechStopped(ServerEvent):
    """`audio_end_ms` counts the appended audio, the silence that ended the turn included."""

    TYPE = "input_audio_buffer.speech_stopped"
    audio_end_ms: int
    item_id: str


class AudioCommitted(ServerEvent):
    """The utterance becomes the item `item_id`."""

    TYPE = "input_audio_buffer.committed"
    item_id: str
    previous_item_id: str | None = None


class AudioCleared(ServerEvent):
    """What was appended and not committed is gone."""

    TYPE = "input_audio_buffer.cleared"


class TimeoutTriggered(ServerEvent):
    """Nobody has spoken for the session's idle timeout."""

    TYPE = "input_audio_buffer.timeout_triggered"
    audio_start_ms: int
    audio_end_ms: int
    item_id: str


class TranscriptionDelta(ServerEvent):
    """More words of what the client said."""

    TYPE = "conversation.item.input_audio_transcription.delta"
    item_id: str
    content_index: int = 0
    delta: str | None = None


class TranscriptionCompleted(ServerEvent):
    """What the client said; may come after the reply to it."""

    TYPE = "conversation.item.input_audio_transcription.completed"
    item_id: str
    content_index: int = 0
    transcript: str
    usage: dict[str, Any] | None = None
    logprobs: tuple[dict[str, Any], ...] | None = None


class TranscriptionFailed(ServerEvent):
    """What the client said could not be put into words."""

    TYPE = "conversation.item.input_audio_transcription.failed"
    item_id: str
    content_index: int = 0
    error: ErrorDetails


# The conversation
class ItemAdded(ServerEvent):
    """An item joins the conversation after `previous_item_id`."""

    TYPE = "conversation.item.added"
    item: Item
    previous_item_id: str | None = None


class ItemDone(ServerEvent):
    """An item is complete."""

    TYPE = "conversation.item.done"
    item: Item
    previous_item_id: str | None = None


class ItemRetrieved(ServerEvent):
    """The item that the client asked for."""

    TYPE = "conversation.item.retrieved"
    item: Item


class ItemDeleted(ServerEvent):
    """The item is gone."""

    TYPE = "conversation.item.deleted"
    item_id: str


class ItemTruncated(ServerEvent):
    """The item's audio ends at `audio_end_ms`; the server has forgotten its transcript."""

    TYPE = "conversation.item.truncated"
    item_id: str
    content_index: int = 0
    audio_end_ms: int


# A response
class Response(BaseModel):
    """One response of the model; `status` is in_progress, completed, cancelled, incomplete or failed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    object: str = "realtime.response"
    status: str = "in_progress"
    status_details: dict[str, Any] | None = None
    output: tuple[Item, ...] = ()
    conversation_id: str | None = None
    output_modalities: tuple[str, ...] | None = None
    max_output_tokens: int | str | None = None
    audio: dict[str, Any] | None = None
    usage: dict[str, Any] | None = None
    metadata: dict[str, str] | None = None


class ResponseCreated(ServerEvent):
    """A response begins."""

    TYPE = "response.created"
    response: Response


class ResponseDone(ServerEvent):
    """A response is over, whatever became of it."""

    TYPE = "response.done"
    response: Response


class OutputItemAdded(ServerEvent):
    """A response begins an item."""

    TYPE = "response.output_item.added"
    response_id: str
    output_index: int = 0
    item: Item


class OutputItemDone(ServerEvent):
    """A response has finished an item."""

    TYPE = "response.output_item.done"
    response_id: str
    output_index: int = 0
    item: Item


class _PartEvent(ServerEvent):
    response_id: str
    item_id: str
    output_index: int = 0
    content_index: int = 0


class ContentPartAdded(_PartEvent):
    """An item begins a part; `part.type` is `audio` or `text`."""

    TYPE = "response.content_part.added"
    part: ContentPart


class ContentPartDone(_PartEvent):
    """A part is complete."""

    TYPE = "response.content_part.done"
    part: ContentPart


class OutputAudioDone(_PartEvent):
    """The part's sound is complete."""

    TYPE = "response.output_audio.done"


class TranscriptDelta(_PartEvent):
    """More words of the part's sound; they run ahead of it."""

    TYPE = "response.output_audio_transcript.delta"
    delta: str


class TranscriptDone(_PartEvent):
    """All words of the part's sound."""

    TYPE = "response.output_audio_transcript.done"
    transcript: str


class TextDelta(_PartEvent):
    """More of a written part."""

    TYPE = "response.output_text.delta"
    delta: str


class TextDone(_PartEvent):
    """The whole written part."""

    TYPE = "response.output_text.done"
    text: str


class ArgumentsDelta(ServerEvent):
    """More of a function call's arguments."""

    TYPE = "response.function_call_arguments.delta"
    response_id: str
    item_id: str
    output_index: int = 0
    call_id: str
    delta: str


class ArgumentsDone(ServerEvent):
    """A function call's arguments, complete: JSON text. Older servers leave `name` to the item."""

    TYPE = "response.function_call_arguments.done"
    response_id: str
    item_id: str
    output_index: int = 0
    call_id: str
    name: str | None = None
    arguments: str


class UnknownEvent(ServerEvent):
    """A message of a kind that is not known here."""

    TYPE = ""
    kind: str


_CLASSES: Mapping[str, type[ServerEvent]] = {
    cls.TYPE: cls
    for cls in [*ServerEvent.__subclasses__(), *_PartEvent.__subclasses__()]
    if cls is not _PartEvent and cls is not UnknownEvent
}


def parse_server_event(text: str | bytes) -> ServerEvent | AudioDelta:
    """One message of a server. Raises ProtocolError for what is no message, or one without what its kind needs."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("invalid_json", "The message is not JSON.") from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ProtocolError("invalid_json", "The message is not a JSON object with a type.")
    kind = BETA_NAMES.get(message["type"], message["type"])
    if kind == DELTA:
        return _audio_delta(message)
    cls = _CLASSES.get(kind)
    if cls is None:
        return UnknownEvent(kind=kind)
    try:
        return cls.model_validate(message)
    except ValidationError as error:
        raise explain(error, message, None) from error


def _audio_delta(message: Mapping[str, Any]) -> AudioDelta:
    response_id, item_id = message.get("response_id"), message.get("item_id")
    if not isinstance(response_id, str) or not isinstance(item_id, str):
        raise ProtocolError("missing_required_parameter", "An audio delta without response_id or item_id.")
    pcm = decode_audio(message.get("delta"), "delta")
    return AudioDelta(response_id, item_id, pcm, message.get("output_index", 0), message.get("content_index", 0))
