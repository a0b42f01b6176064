"""The two messages that carry sound, written and read without a model: they are nearly all of the traffic. PURE."""

import base64
import binascii
from dataclasses import dataclass

from voice.realtime_protocol.errors import ProtocolError

APPEND = "input_audio_buffer.append"
DELTA = "response.output_audio.delta"
LONGEST_APPEND_BYTES = 15 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class AppendAudio:
    """The client's sound: bytes of the session's input format."""

    pcm: bytes
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class AudioDelta:
    """The server's sound: bytes of the session's output format, belonging to one content part of one item."""

    response_id: str
    item_id: str
    pcm: bytes
    output_index: int = 0
    content_index: int = 0


def append_json(pcm: bytes) -> str:
    """The client's message for `pcm`."""
    return f'{{"type":"{APPEND}","audio":"{base64.b64encode(pcm).decode("ascii")}"}}'


def delta_json(delta: AudioDelta, event_id: str) -> str:
    """The server's message for `delta`; its ids must need no escaping in JSON."""
    return (
        f'{{"type":"{DELTA}","event_id":"{event_id}","response_id":"{delta.response_id}","item_id":"{delta.item_id}",'
        f'"output_index":{delta.output_index},"content_index":{delta.content_index},'
        f'"delta":"{base64.b64encode(delta.pcm).decode("ascii")}"}}'
    )


def decode_audio(text: object, param: str, event_id: str | None = None) -> bytes:
    """The bytes of a base64 field. Raises ProtocolError."""
    if not isinstance(text, str):
        raise ProtocolError("invalid_value", f"'{param}' must be base64 text.", param=param, event_id=event_id)
    try:
        pcm = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProtocolError("invalid_value", f"'{param}' is not base64.", param=param, event_id=event_id) from error
    if len(pcm) > LONGEST_APPEND_BYTES:
        raise ProtocolError("invalid_value", f"'{param}' exceeds 15 MiB.", param=param, event_id=event_id)
    return pcm
