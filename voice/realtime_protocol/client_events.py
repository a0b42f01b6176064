"""What a client says to a Realtime server. PURE."""

import json
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from voice.realtime_protocol.audio import APPEND, AppendAudio, decode_audio
from voice.realtime_protocol.errors import ProtocolError, explain
from voice.realtime_protocol.items import NewItem
from voice.realtime_protocol.session_object import (
    AudioOutput,
    FunctionTool,
    Modalities,
    OutputTokens,
    SessionPatch,
    Strict,
)


class _ClientEvent(Strict):
    event_id: str | None = Field(default=None, max_length=512)

    def to_json(self) -> str:
        """The message, with only the fields that were set."""
        return json.dumps({"type": getattr(self, "type"), **self.model_dump(mode="json", exclude_unset=True)})  # noqa: B009


class SessionUpdate(_ClientEvent):
    """Changes the session; rejected whole when a field is wrong."""

    type: Literal["session.update"] = "session.update"
    session: SessionPatch


class CommitAudio(_ClientEvent):
    """Push-to-talk: what was appended is one utterance."""

    type: Literal["input_audio_buffer.commit"] = "input_audio_buffer.commit"


class ClearAudio(_ClientEvent):
    """Throws away what was appended and not committed."""

    type: Literal["input_audio_buffer.clear"] = "input_audio_buffer.clear"


class CreateItem(_ClientEvent):
    """Adds an item to the conversation, at the end or after `previous_item_id` (`root`: at the beginning)."""

    type: Literal["conversation.item.create"] = "conversation.item.create"
    item: NewItem
    previous_item_id: str | None = None


class TruncateItem(_ClientEvent):
    """Only the first `audio_end_ms` of an assistant's audio were heard."""

    type: Literal["conversation.item.truncate"] = "conversation.item.truncate"
    item_id: str
    content_index: int = Field(default=0, ge=0)
    audio_end_ms: int = Field(ge=0)


class DeleteItem(_ClientEvent):
    """Removes an item."""

    type: Literal["conversation.item.delete"] = "conversation.item.delete"
    item_id: str


class RetrieveItem(_ClientEvent):
    """Asks for the server's representation of an item."""

    type: Literal["conversation.item.retrieve"] = "conversation.item.retrieve"
    item_id: str


class ResponseAudio(Strict):
    """How one response sounds."""

    output: AudioOutput | None = None


class ResponseParameters(Strict):
    """How one response differs from the session."""

    conversation: str | None = None
    input: tuple[JsonValue, ...] | None = None
    instructions: str | None = None
    output_modalities: Modalities | None = None
    audio: ResponseAudio | None = None
    tools: tuple[FunctionTool, ...] | None = None
    tool_choice: JsonValue = None
    parallel_tool_calls: bool | None = None
    max_output_tokens: OutputTokens | None = None
    metadata: dict[str, str] | None = None
    prompt: JsonValue = None
    reasoning: JsonValue = None


class CreateResponse(_ClientEvent):
    """Asks the model to respond now."""

    type: Literal["response.create"] = "response.create"
    response: ResponseParameters | None = None


class CancelResponse(_ClientEvent):
    """Stops the response that is running."""

    type: Literal["response.cancel"] = "response.cancel"
    response_id: str | None = None


ColdClientEvent = Annotated[
    SessionUpdate
    | CommitAudio
    | ClearAudio
    | CreateItem
    | TruncateItem
    | DeleteItem
    | RetrieveItem
    | CreateResponse
    | CancelResponse,
    Field(discriminator="type"),
]
ClientEvent = (
    AppendAudio
    | SessionUpdate
    | CommitAudio
    | ClearAudio
    | CreateItem
    | TruncateItem
    | DeleteItem
    | RetrieveItem
    | CreateResponse
    | CancelResponse
)
_COLD: TypeAdapter[ClientEvent] = TypeAdapter(ColdClientEvent)
KNOWN_TYPES = (
    "session.update",
    APPEND,
    "input_audio_buffer.commit",
    "input_audio_buffer.clear",
    "conversation.item.create",
    "conversation.item.truncate",
    "conversation.item.delete",
    "conversation.item.retrieve",
    "response.create",
    "response.cancel",
)


def parse_client_event(text: str | bytes) -> ClientEvent:
    """One message of a client. Raises ProtocolError, which carries the client's `event_id`."""
    message = _json_object(text)
    given_id = message.get("event_id")
    event_id = given_id if isinstance(given_id, str) else None
    kind = message.get("type")
    if kind == APPEND:
        return AppendAudio(decode_audio(message.get("audio"), "audio", event_id), event_id)
    if kind is None:
        text_ = "Missing required parameter: 'type'."
        raise ProtocolError("missing_required_parameter", text_, param="type", event_id=event_id)
    if kind not in KNOWN_TYPES:
        supported = ", ".join(f"'{name}'" for name in KNOWN_TYPES)
        text_ = f"Invalid value: '{str(kind)[:100]}'. Supported values are: {supported}."
        raise ProtocolError("invalid_value", text_, param="type", event_id=event_id)
    try:
        return _COLD.validate_python(message)
    except ValidationError as error:
        raise explain(error, message, event_id) from error


def _json_object(text: str | bytes) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("invalid_json", "The message is not JSON.") from error
    if not isinstance(message, dict):
        raise ProtocolError("invalid_json", "The message is not a JSON object.")
    return message
