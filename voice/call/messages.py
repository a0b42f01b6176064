"""The control messages that the machine sends to the trainee, as docs/protocol.md writes them. PURE.

`seq` is added by the line that sends them.
"""

from typing import Any

from voice.call.transcript import Speaker, Turn

Message = dict[str, Any]

_UPSTREAM_ERRORS = {
    "upstream_unreachable": "The customer could not be reached. Try again in a minute.",
    "upstream_busy": "The customer's line is busy. Try again in a minute.",
    "upstream_unauthorized": "The customer's line does not accept the key of this server. Tell your administrator.",
    "upstream_rejected": "The customer's line does not accept this call. Tell your administrator.",
}
_PASSING_UPSTREAM_ERRORS = frozenset({"upstream_unreachable", "upstream_busy", "upstream_lost"})


def state(name: str) -> Message:
    """The call is in another state."""
    return {"type": "state", "state": name}


def ready(call_id: str, *, resumed: bool, now_ms: int) -> Message:
    """Answered, or back again."""
    return {"type": "ready", "call_id": call_id, "resumed": resumed, "now_ms": now_ms}


def speech(speaker: Speaker, event: str, at_ms: int) -> Message:
    """Somebody began (`started`) or ended (`stopped`) speaking."""
    return {"type": "speech", "speaker": speaker.value, "event": event, "at_ms": at_ms}


def turn(of: Turn, *, final: bool) -> Message:
    """A turn as far as it is known; `final` once it is stored. Only a turn without words has `not_transcribed`."""
    without_words = {"not_transcribed": of.not_transcribed} if of.not_transcribed else {}
    return {
        "type": "turn",
        "turn_id": of.turn_id,
        "number": of.number,
        "speaker": of.speaker.value,
        "text": of.text,
        "heard_text": of.heard_text,
        "start_ms": of.start_ms,
        "end_ms": of.end_ms,
        "cut_off": of.cut_off,
        "confidence": of.confidence,
        "network_gap": of.network_gap,
        **without_words,
        "final": final,
    }


def clear(epoch: int) -> Message:
    """Throw away what is left of this reply."""
    return {"type": "clear", "epoch": epoch}


def mood(value: int) -> Message:
    """How the customer feels, 0 to 100."""
    return {"type": "mood", "mood": value}


def line(state_of_line: str) -> Message:
    """The customer's line is away through no fault of the trainee (`lost`), or is there again (`back`)."""
    return {"type": "line", "line": state_of_line}


def time_left(left_ms: int) -> Message:
    """The call's limit comes near."""
    return {"type": "time", "left_ms": left_ms}


def error(code: str, message: str, *, retryable: bool = False) -> Message:
    """What went wrong."""
    return {"type": "error", "code": code, "message": message, "retryable": retryable}


def upstream_error(code: str) -> Message:
    """The customer's line failed. What the upstream says of it may name keys and addresses: that stays in the log."""
    text = _UPSTREAM_ERRORS.get(code, "The connection to the customer was lost.")
    return error(code, text, retryable=code in _PASSING_UPSTREAM_ERRORS)


def ended(reason: str, call_id: str) -> Message:
    """The last message of a call."""
    return {"type": "ended", "reason": reason, "call_id": call_id}


def pong(ping_id: Any, now_ms: int) -> Message:
    """The answer to `ping`."""
    return {"type": "pong", "id": ping_id, "now_ms": now_ms}
