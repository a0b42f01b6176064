"""The call: events in, actions out. PURE.

The machine awaits nothing and reads no clock. Whoever drives it owes it three things: every event goes in with a time
that never runs backwards; the actions are performed in order; each `WakeAt` comes back as `DeadlineReached`. After
`EndCall` there is never another action.
"""

from collections.abc import Callable, Mapping
from typing import Any

from voice.call import customer_line, messages
from voice.call import events as e
from voice.call.actions import (
    AddUsage,
    AnswerTool,
    CallAction,
    CloseUpstream,
    EndCall,
    InformCustomer,
    OpenUpstream,
    SendText,
    SendToTrainee,
    StartReply,
    StoreGap,
    StoreState,
    WakeAt,
)
from voice.call.customer_line import CustomerLine
from voice.call.customer_side import CLEARED, CustomerSide
from voice.call.rules import CallRules
from voice.call.states import ANSWERED, CallState, checked
from voice.call.timeline import Moment
from voice.call.tools import GOODBYE, Goodbye, set_mood
from voice.call.trainee_side import SILENCE, TEXT, TraineeSide
from voice.call.transcript import TurnNumbers
from voice.realtime_protocol import hold

LAST_WORDS_MS = 3_000
SILENT_REPLIES = 2
"""How often in a row a customer that only used a tool is asked to speak."""
TIME_WARNINGS_MS = (120_000, 30_000)


class Call:
    """One call, from the first ring to the end."""

    def __init__(self, call_id: str, rules: CallRules) -> None:
        self.state = CallState.CREATED
        self._call_id = call_id
        self._rules = rules
        self._latest_ms = 0
        self._answered_ms: int | None = None
        self._ends_at_ms: int | None = None
        self._end_reason = ""
        self._connected = False
        self._goodbye = Goodbye()
        self._silent_replies = 0
        self._held_when_lost = False
        self._lost_since_ms = 0
        self._held_since_ms = 0
        self._active_ms = 0
        numbers = TurnNumbers()
        self.customer = CustomerSide(numbers)
        self.trainee = TraineeSide(numbers)
        self.line = CustomerLine(self.customer, self.trainee, rules.customer_window_ms)
        self._handlers: Mapping[type, Callable[[Any, Moment], list[CallAction]]] = {
            e.TraineeConnected: self._on_connected,
            e.TraineeDisconnected: self._on_disconnected,
            e.TraineeAudio: self._on_trainee_audio,
            e.PlaybackProgressed: self._on_playback_progressed,
            e.PlaybackCleared: self._on_playback_cleared,
            e.TraineeMuted: self._on_muted,
            e.TraineeHeld: self._on_held,
            e.TraineePushedToTalk: self._on_pushed_to_talk,
            e.TraineePressedKey: self._on_key,
            e.TraineeTyped: self._on_typed,
            e.TraineeHungUp: self._on_hung_up,
            e.UpstreamReady: self._on_upstream_ready,
            e.CustomerReplyStarted: self._on_reply_started,
            e.CustomerAudio: self._on_customer_audio,
            e.CustomerText: self._on_customer_text,
            e.CustomerWrote: self._on_customer_wrote,
            e.CustomerReplyFinished: self._on_reply_finished,
            e.TraineeSpeechStarted: self._on_speech_started,
            e.TraineeSpeechStopped: self._on_speech_stopped,
            e.TraineeText: self._on_trainee_text,
            e.TraineeTextFailed: self._on_trainee_text_failed,
            e.ToolCalled: self._on_tool,
            e.UsageReported: self._on_usage,
            e.UpstreamFailed: self._on_upstream_failed,
            e.UpstreamClosed: self._on_upstream_closed,
            e.DeadlineReached: self._on_deadline,
            e.ServerStopping: self._on_server_stopping,
        }

    def start(self, now_ms: int) -> list[CallAction]:
        """The call exists; somebody has to dial."""
        self._latest_ms = now_ms
        return [WakeAt("resume", now_ms + self._rules.resume_window_ms)]

    def handle(self, event: e.CallEvent, now_ms: int) -> list[CallAction]:
        """What follows from `event`, which happened at `now_ms` (milliseconds from any beginning)."""
        if self.state is CallState.ENDED:
            return []
        self._latest_ms = max(self._latest_ms, now_ms)
        at = Moment(self._latest_ms, self.clock_ms(self._latest_ms))
        actions = self._handlers[type(event)](event, at)
        actions += self._leave_when_quiet(at)
        self.line.note(actions)
        return self.line.passing(actions)

    def clock_ms(self, now_ms: int) -> int:
        """The call's clock: 0 until it is answered, and standing still once it is ending."""
        if self._answered_ms is None:
            return 0
        clock_ms = max(0, now_ms - self._answered_ms)
        return clock_ms if self._ends_at_ms is None else min(clock_ms, self._ends_at_ms)

    # The trainee's device
    def _on_connected(self, event: e.TraineeConnected, at: Moment) -> list[CallAction]:
        self._connected = True
        self._active_ms = at.call_ms
        placed = self.trainee.connected(at)
        if self.state is CallState.CREATED:
            timeout = WakeAt("answer", at.now_ms + self._rules.answer_timeout_ms)
            return [*self._move(CallState.RINGING), StoreState("ringing"), timeout, OpenUpstream()]
        if self.state is CallState.RINGING:
            return self._answer(at) if self.line.up else []
        return [*placed, *self._welcome_back(at)]

    def _welcome_back(self, at: Moment) -> list[CallAction]:
        ready = SendToTrainee(messages.ready(self._call_id, resumed=True, now_ms=at.call_ms))
        if self.state is not CallState.RECONNECTING:
            return [ready, SendToTrainee(messages.state(self.state.value)), *self.customer.reconnected(at)]
        held = self._held_when_lost
        state = self._move(CallState.HELD if held else CallState.LIVE)
        gap = StoreGap("trainee", self._lost_since_ms, at.call_ms)
        actions = [ready, gap, *state, *self.trainee.watch(at), *self.customer.reconnected(at)]
        if held:
            return actions
        return [*actions, *self.customer.resume(), *self.line.owed()]

    def _on_disconnected(self, event: e.TraineeDisconnected, at: Moment) -> list[CallAction]:
        if not self._connected:
            return []
        self._connected = False
        actions: list[CallAction] = []
        if self.state in {CallState.LIVE, CallState.HELD}:
            self._held_when_lost = self.state is CallState.HELD
            self._lost_since_ms = at.call_ms
            actions += self.trainee.disconnected()
            actions += self._move(CallState.RECONNECTING)
            # A second of silence ends what was being said; after it the customer's clock stands still.
            actions += self.trainee.end_utterance(at)
            actions += self.customer.pause(connected=False, at=at)
        return [*actions, WakeAt("resume", at.now_ms + self._rules.resume_window_ms)]

    def _on_trainee_audio(self, event: e.TraineeAudio, at: Moment) -> list[CallAction]:
        if self.state not in {CallState.LIVE, CallState.HELD}:
            return []
        return self.trainee.audio(event.pcm, event.captured_ms, at)

    def _on_playback_progressed(self, event: e.PlaybackProgressed, at: Moment) -> list[CallAction]:
        heard_ms = self.trainee.heard_at_ms(event.at_captured_ms, at)
        actions = self.customer.progressed(event.epoch, event.played_ms, heard_ms, at)
        if actions:
            self._active_ms = at.call_ms
        return actions

    def _on_playback_cleared(self, event: e.PlaybackCleared, at: Moment) -> list[CallAction]:
        heard_ms = self.trainee.heard_at_ms(event.at_captured_ms, at)
        return self.customer.cleared(event.epoch, event.played_ms, heard_ms, at)

    def _on_muted(self, event: e.TraineeMuted, at: Moment) -> list[CallAction]:
        return self.trainee.mute(muted=event.muted, at=at) if self.state in ANSWERED else []

    def _on_pushed_to_talk(self, event: e.TraineePushedToTalk, at: Moment) -> list[CallAction]:
        return self.trainee.mute(muted=not event.pressed, at=at) if self.state in ANSWERED else []

    def _on_held(self, event: e.TraineeHeld, at: Moment) -> list[CallAction]:
        self._active_ms = at.call_ms
        if event.held and self.state is CallState.LIVE:
            self.trainee.held = True
            self._held_since_ms = at.call_ms
            return [
                *self.customer.pause(connected=True, at=at),
                *self._move(CallState.HELD),
                InformCustomer(hold.BEGAN),
            ]
        if not event.held and self.state is CallState.HELD:
            self.trainee.held = False
            told = InformCustomer(hold.ended(at.call_ms - self._held_since_ms))
            return [*self._move(CallState.LIVE), told, *self.customer.resume()]
        return []

    def _on_key(self, event: e.TraineePressedKey, at: Moment) -> list[CallAction]:
        if self.state in ANSWERED:
            self.trainee.key_pressed(event.digit, at)
        return []

    def _on_typed(self, event: e.TraineeTyped, at: Moment) -> list[CallAction]:
        if self.state is not CallState.LIVE:
            return []
        self._active_ms = at.call_ms
        interruption = self.customer.interrupt(at, cancel=True)
        return [*interruption, *self.trainee.typed(event.text, at), SendText(event.text), StartReply()]

    def _on_hung_up(self, event: e.TraineeHungUp, at: Moment) -> list[CallAction]:
        return self._end("customer_hung_up" if self._goodbye.leaving else "trainee_hung_up", at)

    # The upstream
    def _on_upstream_ready(self, event: e.UpstreamReady, at: Moment) -> list[CallAction]:
        opened = self.line.opened(event.expires_in_ms, at, self.state)
        answers = self.state is CallState.RINGING and self._connected
        return [*opened, *self._answer(at)] if answers else opened

    def _on_reply_started(self, event: e.CustomerReplyStarted, at: Moment) -> list[CallAction]:
        if self.state in ANSWERED:
            self.customer.reply_started(event.reply_id)
        return []

    def _on_customer_audio(self, event: e.CustomerAudio, at: Moment) -> list[CallAction]:
        if self.state not in ANSWERED:
            return []
        self.trainee.answered()
        return self.customer.audio(event.reply_id, event.item_id, event.pcm)

    def _on_customer_text(self, event: e.CustomerText, at: Moment) -> list[CallAction]:
        if self.state in ANSWERED:
            self.customer.text(event.reply_id, event.item_id, event.text, final=event.final)
        return []

    def _on_customer_wrote(self, event: e.CustomerWrote, at: Moment) -> list[CallAction]:
        if self.state not in ANSWERED:
            return []
        self._active_ms = at.call_ms
        written = self.customer.wrote(event.text, at)
        return [*written, *self._end("customer_hung_up", at)] if self._goodbye.leaving else written

    def _on_reply_finished(self, event: e.CustomerReplyFinished, at: Moment) -> list[CallAction]:
        actions, said_nothing = self.customer.reply_finished(event.reply_id, event.status, at)
        self._silent_replies = self._silent_replies + 1 if said_nothing else 0
        speak = said_nothing and self._silent_replies <= SILENT_REPLIES and not self._goodbye.leaving
        return [*actions, StartReply()] if speak and self.state in ANSWERED else actions

    def _on_speech_started(self, event: e.TraineeSpeechStarted, at: Moment) -> list[CallAction]:
        if self.state not in ANSWERED:
            return []
        self._active_ms = at.call_ms
        interruption = self.customer.interrupt(at, cancel=not self._rules.upstream_interrupts)
        return [*interruption, *self.trainee.speech_started(event.item_id, event.at_ms, at)]

    def _on_speech_stopped(self, event: e.TraineeSpeechStopped, at: Moment) -> list[CallAction]:
        self._active_ms = at.call_ms
        return self.trainee.speech_stopped(event.item_id, event.at_ms, at)

    def _on_trainee_text(self, event: e.TraineeText, at: Moment) -> list[CallAction]:
        if self._answered_ms is None:
            return []
        return self.trainee.text(event.item_id, event.text, event.confidence, at, final=event.final)

    def _on_trainee_text_failed(self, event: e.TraineeTextFailed, at: Moment) -> list[CallAction]:
        return self.trainee.text_failed(event.item_id, event.message, at)

    def _on_tool(self, event: e.ToolCalled, at: Moment) -> list[CallAction]:
        if self.state not in ANSWERED:
            return []
        self.customer.tool_called()
        if event.name == "end_call":
            return self._goodbye.begin(event, at, silent=self.customer.silent)
        if event.name == "set_mood":
            return set_mood(event, at.call_ms, show=self._rules.practice)
        return [AnswerTool(event.tool_call_id, f"There is no tool {event.name}.")]

    def _on_usage(self, event: e.UsageReported, at: Moment) -> list[CallAction]:
        return [AddUsage(event.usage)]

    def _on_upstream_failed(self, event: e.UpstreamFailed, at: Moment) -> list[CallAction]:
        if not event.fatal:
            return []
        reason = "upstream_refused" if self._answered_ms is None else "upstream_lost"
        if self.state is CallState.ENDING:
            return self._close(at)
        if self._answered_ms is not None and not event.permanent and self.line.may_open:
            return self.line.lost(at)
        return [SendToTrainee(messages.upstream_error(event.code)), *self._close(at, reason)]

    def _on_upstream_closed(self, event: e.UpstreamClosed, at: Moment) -> list[CallAction]:
        if self.state is CallState.ENDING:
            return self._close(at)
        if self._goodbye.leaving:
            return self._close(at, "customer_hung_up")
        if self._answered_ms is None or not self.line.may_open:
            return self._give_customer_up(at)
        return self.line.lost(at)

    def _give_customer_up(self, at: Moment) -> list[CallAction]:
        return [SendToTrainee(messages.upstream_error("upstream_lost")), *self._close(at, "upstream_lost")]

    # The clock and the server
    def _on_deadline(self, event: e.DeadlineReached, at: Moment) -> list[CallAction]:
        name, _, argument = event.name.partition(":")
        if f"{name}:" == CLEARED:
            return self.customer.cleared_deadline(int(argument), at)
        if f"{name}:" == TEXT:
            return self.trainee.text_deadline(argument, at)
        if name == "time":
            return [SendToTrainee(messages.time_left(int(argument)))] if self.state in ANSWERED else []
        return self._on_named_deadline(name, at)

    def _on_named_deadline(self, name: str, at: Moment) -> list[CallAction]:
        if name == SILENCE:
            return self.trainee.silence_due(at) if self.state in {CallState.LIVE, CallState.HELD} else []
        if name == "answer":
            return self._close(at, "not_answered") if self.state is CallState.RINGING else []
        if name == "resume":
            return [] if self._connected else self._end("trainee_lost", at)
        if name == "limit":
            return self._end("time_limit", at)
        if name == "idle":
            return self._idle_due(at)
        if name in customer_line.DEADLINES:
            actions = self.line.due(name, at, self.state)
            return self._give_customer_up(at) if actions is None else actions
        if name == GOODBYE:
            more_time = self._goodbye.more_time(at, silent=self.customer.silent)
            return more_time or self._end("customer_hung_up", at)
        return self._close(at) if self.state is CallState.ENDING else []

    def _on_server_stopping(self, event: e.ServerStopping, at: Moment) -> list[CallAction]:
        return self._close(at, "server_stopped")

    def _idle_due(self, at: Moment) -> list[CallAction]:
        if self.trainee.speaking or self.state is not CallState.LIVE or not self.line.up:
            self._active_ms = at.call_ms
        idle_ms = at.call_ms - self._active_ms
        if idle_ms >= self._rules.idle_ms:
            return self._end("idle", at)
        return [WakeAt("idle", at.now_ms + self._rules.idle_ms - idle_ms)]

    def _answer(self, at: Moment) -> list[CallAction]:
        self._answered_ms = at.now_ms
        rules = self._rules
        warnings = [
            WakeAt(f"time:{left_ms}", at.now_ms + rules.max_ms - left_ms)
            for left_ms in TIME_WARNINGS_MS
            if left_ms < rules.max_ms
        ]
        return [
            *self._move(CallState.LIVE),
            StoreState("live"),
            SendToTrainee(messages.ready(self._call_id, resumed=False, now_ms=0)),
            StartReply(),
            *(self.trainee.watch(at) if rules.spoken else ()),
            *warnings,
            WakeAt("limit", at.now_ms + rules.max_ms),
            WakeAt("idle", at.now_ms + rules.idle_ms),
        ]

    def _move(self, state: CallState) -> list[CallAction]:
        self.state = checked(self.state, state)
        return [SendToTrainee(messages.state(state.value))]

    def _leave_when_quiet(self, at: Moment) -> list[CallAction]:
        actions: list[CallAction] = []
        if self.state in ANSWERED and self._goodbye.said(silent=self.customer.silent):
            actions += self._end("customer_hung_up", at)
        if self.state is CallState.ENDING and self.customer.silent and not self.trainee.unfinished:
            actions += self._close(at)
        return actions

    def _end(self, reason: str, at: Moment) -> list[CallAction]:
        """The talking is over; what was said last may still become text."""
        if self.state not in ANSWERED or not self.line.up:
            return self._close(at, reason) if self.state is not CallState.ENDING else []
        self._end_reason = reason
        self._ends_at_ms = at.call_ms
        interruption = self.customer.interrupt(at, cancel=False)
        self.customer.leave()
        flush = self.trainee.end_utterance(at) if self.trainee.speaking else []
        wait = WakeAt("end", at.now_ms + LAST_WORDS_MS)
        return [*interruption, *self._move(CallState.ENDING), *flush, wait]

    def _close(self, at: Moment, reason: str | None = None) -> list[CallAction]:
        """The call is over, at once."""
        settled = [*self.customer.settle_all(at), *self.trainee.settle_all(at)]
        self.state = checked(self.state, CallState.ENDED)
        outcome = self._goodbye.outcome
        return [*settled, CloseUpstream(), EndCall(reason or self._end_reason, at.call_ms, outcome)]
