"""The connection to the customer: lost, opened again, and told what was said, as it was heard. PURE."""

from collections.abc import Iterable

from voice.call import messages
from voice.call.actions import (
    CallAction,
    InformCustomer,
    OpenUpstream,
    RestoreConversation,
    Said,
    SendToTrainee,
    StartReply,
    StoreGap,
    StoreTurn,
    UpstreamVerb,
    WakeAt,
)
from voice.call.customer_side import CustomerSide
from voice.call.states import ANSWERED, CallState
from voice.call.timeline import Moment
from voice.call.trainee_side import TraineeSide
from voice.call.transcript import Speaker, Turn
from voice.realtime_protocol import hold, lost_line

LINE_NOTICE = "line_notice"
LINE_WINDOW = "line_window"
REDIAL = "line_redial"
LINE_RENEWAL = "line_renewal"
DEADLINES = frozenset({LINE_NOTICE, LINE_WINDOW, LINE_RENEWAL, REDIAL})
NOTICE_MS = 1_000
"""A line that is back sooner is not worth a word to the trainee."""
REDIAL_MS = 1_000
MOST_REOPENED = 20
RENEWED_BEFORE_END_MS = 60_000
RENEWAL_TRIED_EVERY_MS = 250
MOST_RESTORED_CHARACTERS = 24_000


class CustomerLine:
    """Whether the customer can be reached, and what a new session has to be told."""

    def __init__(self, customer: CustomerSide, trainee: TraineeSide, window_ms: int) -> None:
        self.up = False
        self._customer = customer
        self._trainee = trainee
        self._window_ms = window_ms
        self._lost_ms: int | None = None
        self._on_purpose = False
        self._noticed = False
        self._opened = 0
        self._owed = False
        self._turns: dict[int, Turn] = {}

    @property
    def restoring(self) -> bool:
        """Whether the line was up before and is being opened again."""
        return self._lost_ms is not None

    def opened(self, expires_in_ms: int | None, at: Moment, state: CallState) -> list[CallAction]:
        """The session takes sound; it may have to be renewed before the call is over."""
        self.up = True
        self._opened += 1
        renewal: list[CallAction] = []
        if expires_in_ms is not None:
            renewal = [WakeAt(LINE_RENEWAL, at.now_ms + max(0, expires_in_ms - RENEWED_BEFORE_END_MS))]
        return [*renewal, *self._back(at, state)] if self.restoring else renewal

    def lost(self, at: Moment, *, on_purpose: bool = False) -> list[CallAction]:
        """The session is gone, or is given up for a new one."""
        if self.restoring:
            return [WakeAt(REDIAL, at.now_ms + REDIAL_MS)]
        self.up = False
        self._on_purpose = on_purpose
        self._noticed = False
        self._lost_ms = at.call_ms
        return [
            *self._customer.line_lost(at),
            *self._trainee.line_lost(at),
            OpenUpstream(),
            WakeAt(LINE_NOTICE, at.now_ms + NOTICE_MS),
            WakeAt(LINE_WINDOW, at.now_ms + self._window_ms),
        ]

    @property
    def may_open(self) -> bool:
        """Whether there may be one more session: a line that breaks again and again is given up."""
        return self._opened <= MOST_REOPENED

    def due(self, name: str, at: Moment, state: CallState) -> list[CallAction] | None:
        """One of this line's deadlines has come; None when the customer is to be given up."""
        if state not in ANSWERED:
            return []
        if name == LINE_RENEWAL:
            return self._renew(at, state)
        if not self.restoring:
            return []
        if name == LINE_NOTICE:
            self._noticed = True
            return [SendToTrainee(messages.line("lost"))]
        return [OpenUpstream()] if name == REDIAL else None

    def owed(self) -> list[CallAction]:
        """The trainee is back: the customer says what it could not say while they were away."""
        owed, self._owed = self._owed, False
        return [StartReply()] if owed else []

    def _renew(self, at: Moment, state: CallState) -> list[CallAction]:
        """A session that would end soon is replaced while nobody speaks."""
        if not self.up:
            return []
        if self._customer.silent and not self._trainee.unfinished and state is CallState.LIVE:
            return self.lost(at, on_purpose=True)
        return [WakeAt(LINE_RENEWAL, at.now_ms + RENEWAL_TRIED_EVERY_MS)]

    def _back(self, at: Moment, state: CallState) -> list[CallAction]:
        assert self._lost_ms is not None
        lost_ms, self._lost_ms = self._lost_ms, None
        being_said, breaks_off = self._customer.being_said()
        told = lost_line.RENEWED if self._on_purpose else lost_line.back(at.call_ms - lost_ms)
        actions: list[CallAction] = [RestoreConversation((*self._said(), *being_said)), InformCustomer(told)]
        if state is CallState.HELD:
            actions.append(InformCustomer(hold.BEGAN))
        actions += self._trainee.line_back(at)
        actions.append(StoreGap("customer", lost_ms, at.call_ms, on_purpose=self._on_purpose))
        if self._noticed:
            actions.append(SendToTrainee(messages.line("back")))
        speaks = (breaks_off or (not being_said and self._owes_a_word())) and not self._trainee.repeating
        self._owed = speaks and state is CallState.RECONNECTING
        return [*actions, StartReply()] if speaks and state is CallState.LIVE else actions

    def _owes_a_word(self) -> bool:
        """Whether it is the customer's turn to speak, by what was heard so far."""
        if not self._turns:
            return True
        last = self._turns[max(self._turns)]
        return last.speaker is Speaker.TRAINEE or last.cut_off

    def note(self, actions: Iterable[CallAction]) -> None:
        """Remembers every turn that is stored."""
        for action in actions:
            if isinstance(action, StoreTurn):
                self._turns[action.turn.number] = action.turn

    def passing(self, actions: list[CallAction]) -> list[CallAction]:
        """`actions` without what nobody would hear while the line is down; the new session is told the outcome."""
        return actions if self.up else [action for action in actions if not isinstance(action, UpstreamVerb)]

    def _said(self) -> tuple[Said, ...]:
        said: list[Said] = []
        room = MOST_RESTORED_CHARACTERS
        for number in sorted(self._turns, reverse=True):
            turn = self._turns[number]
            text = turn.text if turn.heard_text is None else turn.heard_text
            room -= len(text)
            if room < 0:
                break
            if text:
                said.append(Said(turn.speaker, text))
        return tuple(reversed(said))
