"""What a Realtime server says about a message that it cannot accept. PURE."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError


class ProtocolError(Exception):
    """A message breaks the protocol; becomes an `error` event and the session goes on.

    `code` and `param` are those of OpenAI's server; `event_id` is the client's own id of the message, if it had one.
    """

    def __init__(self, code: str, message: str, *, param: str | None = None, event_id: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param
        self.event_id = event_id


def explain(error: ValidationError, message: Mapping[str, Any], event_id: str | None) -> ProtocolError:
    """The first thing that is wrong with `message`, in OpenAI's words."""
    first = error.errors(include_url=False, include_context=False)[0]
    param = path_in(message, first["loc"])
    match first["type"]:
        case "extra_forbidden":
            return ProtocolError("unknown_parameter", f"Unknown parameter: '{param}'.", param=param, event_id=event_id)
        case "missing":
            return _missing(param, event_id)
        case "union_tag_not_found":
            return _missing(f"{param}.type", event_id)
        case _:
            text = f"Invalid value for '{param}': {first['msg']}."
            return ProtocolError("invalid_value", text, param=param, event_id=event_id)


def path_in(message: Mapping[str, Any], location: Sequence[str | int]) -> str:
    """A validator's location as the dotted path of `message`, without the tags of the unions passed on the way."""
    here: Any = message
    parts: list[str] = []
    for index, part in enumerate(location):
        if isinstance(part, int) and isinstance(here, Sequence) and not isinstance(here, str) and part < len(here):
            here = here[part]
            parts[-1:] = [f"{parts[-1]}[{part}]"] if parts else [f"[{part}]"]
        elif isinstance(here, Mapping) and part in here:
            here = here[part]
            parts.append(str(part))
        elif index == len(location) - 1 and isinstance(here, Mapping):
            parts.append(str(part))
    return ".".join(parts)


def _missing(param: str, event_id: str | None) -> ProtocolError:
    text = f"Missing required parameter: '{param}'."
    return ProtocolError("missing_required_parameter", text, param=param, event_id=event_id)
