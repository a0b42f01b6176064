"""The two tools that the customer has in a call. PURE."""

from typing import Any

from voice.call import messages
from voice.call.actions import AnswerTool, CallAction, SendToTrainee, StoreMood, WakeAt
from voice.call.events import ToolCalled
from voice.call.timeline import Moment

TOOLS: tuple[dict[str, Any], ...] = (
    {
        "type": "function",
        "name": "end_call",
        "description": "Hang up the telephone, after the goodbye was said.",
        "parameters": {
            "type": "object",
            "properties": {
                "reason": {"type": "string", "enum": ["resolved", "angry", "gave_up", "ended_by_trainee"]},
            },
            "required": ["reason"],
        },
    },
    {
        "type": "function",
        "name": "set_mood",
        "description": "Tell how you feel now, whenever it changes noticeably.",
        "parameters": {
            "type": "object",
            "properties": {
                "mood": {"type": "integer", "description": "0 (furious) to 100 (delighted)"},
            },
            "required": ["mood"],
        },
    },
)
"""The tools as the Realtime protocol declares them."""

LONGEST_OUTCOME = 40
GOODBYE = "goodbye"
GOODBYE_MS = 15_000
GOODBYE_BEGINS_MS = 1_000


class Goodbye:
    """`end_call`: the customer leaves once the goodbye was heard, or when that takes too long."""

    def __init__(self) -> None:
        self.outcome: str | None = None
        self._since_ms: int | None = None
        self._begun = False

    @property
    def leaving(self) -> bool:
        """Whether the customer has decided to hang up."""
        return self._since_ms is not None

    def begin(self, called: ToolCalled, at: Moment, *, silent: bool) -> list[CallAction]:
        """The customer wants to hang up; the goodbye is being said, or (`silent`) may still come."""
        reason = called.arguments.get("reason")
        self.outcome = reason[:LONGEST_OUTCOME] if isinstance(reason, str) and reason else None
        self._since_ms = at.now_ms
        waits_ms = GOODBYE_BEGINS_MS if silent else GOODBYE_MS
        return [AnswerTool(called.tool_call_id, "The call ends."), WakeAt(GOODBYE, at.now_ms + waits_ms)]

    def said(self, *, silent: bool) -> bool:
        """Whether the goodbye has been said, given that the customer is `silent` now."""
        if not self.leaving:
            return False
        self._begun |= not silent
        return self._begun and silent

    def more_time(self, at: Moment, *, silent: bool) -> list[CallAction]:
        """The deadline has come: more time for a goodbye that began late, else nothing."""
        until_ms = (self._since_ms or 0) + GOODBYE_MS
        return [] if silent or at.now_ms >= until_ms else [WakeAt(GOODBYE, until_ms)]


def set_mood(called: ToolCalled, call_ms: int, *, show: bool) -> list[CallAction]:
    """`set_mood {mood: 0..100}`: kept, and shown to the trainee when `show`."""
    value = called.arguments.get("mood")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        return [AnswerTool(called.tool_call_id, "mood must be a number from 0 to 100.")]
    mood = round(value)
    stored: list[CallAction] = [StoreMood(call_ms, mood)]
    if show:
        stored.append(SendToTrainee(messages.mood(mood)))
    return [*stored, AnswerTool(called.tool_call_id, "ok")]
