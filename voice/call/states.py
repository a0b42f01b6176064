"""The states of a call and the ways between them. PURE.

created ──> ringing ──> live <──> held
   │           │          │  ╲    ╱ │
   │           │          │  reconnecting
   │           │          v         │
   │           │        ending <────┘
   └───────────┴────────> ended (from everywhere)
"""

from enum import StrEnum


class CallState(StrEnum):
    """Where a call is; the values are the words of the wire."""

    CREATED = "created"
    RINGING = "ringing"
    LIVE = "live"
    HELD = "held"
    RECONNECTING = "reconnecting"
    ENDING = "ending"
    ENDED = "ended"


TRANSITIONS: dict[CallState, frozenset[CallState]] = {
    CallState.CREATED: frozenset({CallState.RINGING, CallState.ENDED}),
    CallState.RINGING: frozenset({CallState.LIVE, CallState.ENDED}),
    CallState.LIVE: frozenset({CallState.HELD, CallState.RECONNECTING, CallState.ENDING, CallState.ENDED}),
    CallState.HELD: frozenset({CallState.LIVE, CallState.RECONNECTING, CallState.ENDING, CallState.ENDED}),
    CallState.RECONNECTING: frozenset({CallState.LIVE, CallState.HELD, CallState.ENDING, CallState.ENDED}),
    CallState.ENDING: frozenset({CallState.ENDED}),
    CallState.ENDED: frozenset(),
}

ANSWERED = frozenset({CallState.LIVE, CallState.HELD, CallState.RECONNECTING})
"""The states in which the two talk, or would if they could."""


class IllegalTransition(AssertionError):
    """The machine tried a way that the table does not know: a bug of the machine, never the trainee's fault."""


def checked(old: CallState, new: CallState) -> CallState:
    """`new`, if the table leads there from `old`. Raises IllegalTransition."""
    if new not in TRANSITIONS[old]:
        raise IllegalTransition(f"{old} -> {new}")
    return new
