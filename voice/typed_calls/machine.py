"""The call machine of a typed call, brought back to where it was by what is stored of it. PURE.

No server holds a typed call: between two messages it exists in the database alone. Its turns go through the machine
again, which is then as it was, whichever server does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from voice.call import events as e
from voice.call.actions import CallAction, EndCall, StoreMood, StoreTurn, WakeAt
from voice.call.call import Call
from voice.call.rules import CallRules
from voice.call.transcript import Speaker, Turn


@dataclass(slots=True)
class Happened:
    """What is to be stored of a step."""

    turns: list[Turn] = field(default_factory=list)
    moods: list[StoreMood] = field(default_factory=list)
    end: EndCall | None = None


class TypedCall:
    """One call; all times are milliseconds since it was answered, which was when it began."""

    def __init__(self, call_id: str, *, max_ms: int, idle_ms: int, turns: Sequence[Turn] = ()) -> None:
        self.end: EndCall | None = None
        self._call = Call(call_id, CallRules(max_ms=max_ms, idle_ms=idle_ms, spoken=False))
        self._wakes: dict[str, int] = {}
        self._take(self._call.start(0), Happened())
        self._handle(e.TraineeConnected(), 0)
        self._handle(e.UpstreamReady(), 0)
        for turn in turns:
            said_by_trainee = turn.speaker is Speaker.TRAINEE
            said = e.TraineeTyped(turn.text) if said_by_trainee else e.CustomerWrote(turn.text)
            self._handle(said, turn.start_ms)

    def time_passes(self, now_ms: int) -> Happened:
        """It is now `now_ms`; a call that was idle for too long, or is too long, has ended at the moment it was."""
        happened = Happened()
        while self.end is None:
            due = min(((at_ms, name) for name, at_ms in self._wakes.items() if at_ms <= now_ms), default=None)
            if due is None:
                break
            at_ms, name = due
            del self._wakes[name]
            self._take(self._call.handle(e.DeadlineReached(name), at_ms), happened)
        return happened

    def trainee_writes(self, text: str, now_ms: int) -> Happened:
        """A message of the trainee."""
        return self._handle(e.TraineeTyped(text), now_ms)

    def customer_writes(self, text: str, now_ms: int, *, mood: int | None, leaves: str | None) -> Happened:
        """The customer's answer, how they feel after it, and in their own word why they hang up with it, if they do."""
        happened = Happened()
        tools: list[tuple[str, dict[str, Any]]] = []
        if mood is not None:
            tools.append(("set_mood", {"mood": mood}))
        if leaves is not None:
            tools.append(("end_call", {"reason": leaves}))
        for name, arguments in tools:
            self._take(self._call.handle(e.ToolCalled("typed", name, arguments), now_ms), happened)
        self._take(self._call.handle(e.CustomerWrote(text), now_ms), happened)
        return happened

    def trainee_hangs_up(self, now_ms: int) -> Happened:
        """The trainee has had enough."""
        return self._handle(e.TraineeHungUp(), now_ms)

    def _handle(self, event: e.CallEvent, now_ms: int) -> Happened:
        happened = Happened()
        self._take(self._call.handle(event, now_ms), happened)
        return happened

    def _take(self, actions: Sequence[CallAction], happened: Happened) -> None:
        for action in actions:
            match action:
                case StoreTurn(turn):
                    happened.turns.append(turn)
                case StoreMood():
                    happened.moods.append(action)
                case WakeAt(name, at_ms):
                    self._wakes[name] = at_ms
                case EndCall():
                    happened.end = self.end = action
                case _:
                    pass  # sound, and messages to a device: there is neither
