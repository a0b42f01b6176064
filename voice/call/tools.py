"""The two tools that the customer has in a call. PURE."""

from collections.abc import Mapping
from typing import Any

from voice.call import messages
from voice.call.actions import AnswerTool, CallAction, SendToTrainee, StoreMood, WakeAt
from voice.call.timeline import Moment

GOODBYE = "goodbye"
GOODBYE_MS = 15_000
GOODBYE_BEGINS_MS = 1_000


class Goodbye:
    """`end_call`: the customer leaves once the goodbye was heard, or when that takes too long."""

    def __init__(self) -> None:
        self._since_ms: int | None = None
        self._begun = False

    @property
    def leaving(self) -> bool:
        """Whether the customer has decided to hang up."""
        return self._since_ms is not None

    def begin(self, tool_call_id: str, at: Moment, *, silent: bool) -> list[CallAction]:
        """The customer wants to hang up; the goodbye is being said, or (`silent`) may still come."""
        self._since_ms = at.now_ms
        waits_ms = GOODBYE_BEGINS_MS if silent else GOODBYE_MS
        return [AnswerTool(tool_call_id, "The call ends."), WakeAt(GOODBYE, at.now_ms + waits_ms)]

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


def set_mood(tool_call_id: str, arguments: Mapping[str, Any], call_ms: int, *, show: bool) -> list[CallAction]:
    """`set_mood {mood: 0..100}`: kept, and shown to the trainee when `show`."""
    value = arguments.get("mood")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        return [AnswerTool(tool_call_id, "mood must be a number from 0 to 100.")]
    mood = round(value)
    stored: list[CallAction] = [StoreMood(call_ms, mood)]
    if show:
        stored.append(SendToTrainee(messages.mood(mood)))
    return [*stored, AnswerTool(tool_call_id, "ok")]
