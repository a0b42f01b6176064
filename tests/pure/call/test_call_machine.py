"""Random calls: whatever happens in whatever order, some things are always true."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from voice.audio_format import silence
from voice.call import events as e
from voice.call.actions import (
    AnswerTool,
    CancelReply,
    ClearPlayback,
    DeleteItem,
    EndCall,
    InformCustomer,
    OpenUpstream,
    RecordCustomer,
    RecordTrainee,
    RestoreConversation,
    SendAudioToTrainee,
    SendAudioUpstream,
    SendText,
    StartReply,
    StoreGap,
    StoreTurn,
    TruncateReply,
    WakeAt,
)
from voice.call.call import Call
from voice.call.playback_ledger import WINDOW_MS
from voice.call.rules import CallRules
from voice.call.states import CallState
from voice.call.transcript import Turn

REPLIES = [f"r{number}" for number in range(4)]
VERBS = (
    SendAudioUpstream,
    SendText,
    StartReply,
    CancelReply,
    DeleteItem,
    AnswerTool,
    InformCustomer,
    RestoreConversation,
    TruncateReply,
)
ITEMS = [f"u{number}" for number in range(4)]


class AnyCall(RuleBasedStateMachine):
    """Drives a call with random events and deadlines, and keeps the books of a device beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ms = 0
        self.call = Call("call-1", CallRules(max_ms=60_000, idle_ms=20_000))
        self.deadlines: dict[str, int] = {}
        self.sent_ms: dict[int, float] = {}
        self.acked_ms: dict[int, float] = {}
        self.gone: set[int] = set()
        self.received_ms: dict[str, float] = {}
        self.captured_ms = 0
        self.turns: list[Turn] = []
        self.recorded_until_ms = {RecordTrainee: -(10**9), RecordCustomer: 0}
        self.ended = False
        self.dialled = self.customer_there = False
        self._take(self.call.start(0))

    def _handle(self, event: e.CallEvent) -> None:
        self._take(self.call.handle(event, self.now_ms))

    def _take(self, actions) -> None:
        assert not (self.ended and actions), "after the end there is never another action"
        clock_ms = self.call.clock_ms(self.now_ms)
        for action in actions:
            assert not self.ended, "the end is the last action"
            if isinstance(action, VERBS):
                assert self.customer_there, "nothing is sent to a session that is not there"
            self._to_device(action)
            self._to_the_rest(action, clock_ms)

    def _to_device(self, action) -> None:
        match action:
            case SendAudioToTrainee(epoch=epoch, pcm=pcm, t_ms=t_ms):
                assert epoch not in self.gone, "no frame of an epoch after its clear"
                assert t_ms == int(self.sent_ms.get(epoch, 0))
                self.sent_ms[epoch] = self.sent_ms.get(epoch, 0) + len(pcm) / 48
            case ClearPlayback(epoch):
                self.gone.add(epoch)
            case RecordCustomer(at_ms, pcm) | RecordTrainee(at_ms, pcm):
                if isinstance(action, RecordCustomer):
                    assert at_ms >= self.recorded_until_ms[RecordCustomer]
                self.recorded_until_ms[type(action)] = at_ms + len(pcm) // 48

    def _to_the_rest(self, action, clock_ms) -> None:
        match action:
            case WakeAt(name, at_ms):
                assert at_ms >= self.now_ms
                self.deadlines[name] = at_ms
            case TruncateReply(item_id, heard_ms):
                assert 0 < heard_ms <= self.received_ms[item_id]
            case OpenUpstream():
                self.dialled, self.customer_there = True, False
            case StoreGap(from_ms=from_ms, to_ms=to_ms):
                assert 0 <= from_ms <= to_ms <= clock_ms
            case StoreTurn(turn):
                self._turn(turn, clock_ms)
            case EndCall(duration_ms=duration_ms):
                assert duration_ms == clock_ms
                self.ended = True

    def _turn(self, turn: Turn, clock_ms: int) -> None:
        assert turn.end_ms is not None
        assert 0 <= turn.start_ms <= turn.end_ms <= clock_ms
        self.turns.append(turn)
        assert turn.text.startswith(turn.heard_text or "")

    @initialize(answered=st.booleans())
    def begins(self, answered) -> None:
        if answered:
            self._handle(e.TraineeConnected())
            self.upstream_is_ready()

    @rule(ms=st.integers(0, 3_000))
    def time_passes(self, ms) -> None:
        until_ms = self.now_ms + ms
        while due := sorted((at, name) for name, at in self.deadlines.items() if at <= until_ms):
            at_ms, name = due[0]
            del self.deadlines[name]
            self.now_ms = max(self.now_ms, at_ms)
            self._handle(e.DeadlineReached(name))
        self.now_ms = until_ms

    @rule()
    def trainee_connects(self) -> None:
        self._handle(e.TraineeConnected())

    @rule(
        gone=st.sampled_from([e.TraineeDisconnected(), e.TraineeDisconnected(), e.TraineeHungUp()]),
        sure=st.integers(0, 4),
    )
    def trainee_leaves(self, gone, sure) -> None:
        if sure == 0:
            self._handle(gone)

    @precondition(lambda self: self.dialled)
    @rule()
    def upstream_is_ready(self) -> None:
        self.dialled, self.customer_there = False, True
        self._handle(e.UpstreamReady())

    @precondition(lambda self: self.customer_there)
    @rule(
        how=st.sampled_from([e.UpstreamClosed(1006, ""), e.UpstreamFailed("session_expired", "", fatal=True)]),
        sure=st.integers(0, 3),
    )
    def upstream_is_lost(self, how, sure) -> None:
        if sure == 0:
            self.customer_there = False
            self._handle(how)

    @rule(length_ms=st.integers(10, 100), lost_ms=st.sampled_from([0, 0, 0, 20, 2_000]))
    def trainee_audio(self, length_ms, lost_ms) -> None:
        self.captured_ms += lost_ms
        self._handle(e.TraineeAudio(silence(length_ms), self.captured_ms, 0))
        self.captured_ms += length_ms

    @rule(on=st.booleans(), kind=st.sampled_from([e.TraineeMuted, e.TraineeHeld, e.TraineePushedToTalk]))
    def trainee_switches(self, on, kind) -> None:
        self._handle(kind(on))

    @rule()
    def trainee_types(self) -> None:
        self._handle(e.TraineeTyped("Hello."))

    @rule(item=st.sampled_from(ITEMS), at_ms=st.integers(0, 20_000))
    def speech_starts(self, item, at_ms) -> None:
        self._handle(e.TraineeSpeechStarted(item, at_ms))

    @rule(item=st.sampled_from(ITEMS), at_ms=st.integers(0, 20_000))
    def speech_stops(self, item, at_ms) -> None:
        self._handle(e.TraineeSpeechStopped(item, at_ms))

    @rule(item=st.sampled_from(ITEMS), text=st.sampled_from(["", "Hello", "Good morning"]), final=st.booleans())
    def trainee_text(self, item, text, final) -> None:
        self._handle(e.TraineeText(item, text, final=final))

    @rule(item=st.sampled_from(ITEMS))
    def trainee_text_fails(self, item) -> None:
        self._handle(e.TraineeTextFailed(item, "no"))

    @rule(reply=st.sampled_from(REPLIES))
    def reply_starts(self, reply) -> None:
        self._handle(e.CustomerReplyStarted(reply))

    @rule(reply=st.sampled_from(REPLIES), part=st.sampled_from("ab"), length_ms=st.integers(1, 900))
    def customer_audio(self, reply, part, length_ms) -> None:
        item = f"{reply}{part}"
        self.received_ms[item] = self.received_ms.get(item, 0) + length_ms
        self._handle(e.CustomerAudio(reply, item, silence(length_ms)))

    @rule(reply=st.sampled_from(REPLIES), final=st.booleans())
    def customer_text(self, reply, final) -> None:
        self._handle(e.CustomerText(reply, f"{reply}a", "My bill is wrong. ", final))

    @rule(reply=st.sampled_from(REPLIES), status=st.sampled_from(["completed", "cancelled", "failed"]))
    def reply_finishes(self, reply, status) -> None:
        self._handle(e.CustomerReplyFinished(reply, status))

    @precondition(lambda self: self.sent_ms)
    @rule(data=st.data(), cleared=st.booleans(), lie_ms=st.sampled_from([0, 0, 0, 10_000]))
    def device_reports(self, data, cleared, lie_ms) -> None:
        epoch = data.draw(st.sampled_from(sorted(self.sent_ms)))
        played_ms = data.draw(st.integers(int(self.acked_ms.get(epoch, 0)), int(self.sent_ms[epoch]))) + lie_ms
        self.acked_ms[epoch] = min(played_ms, self.sent_ms[epoch])
        kind = e.PlaybackCleared if cleared and epoch in self.gone else e.PlaybackProgressed
        self._handle(kind(epoch, played_ms, data.draw(st.one_of(st.none(), st.integers(0, 100_000)))))

    @rule(name=st.sampled_from(["end_call", "set_mood", "other"]), sure=st.integers(0, 3))
    def tool(self, name, sure) -> None:
        if sure == 0 or name != "end_call":
            self._handle(e.ToolCalled("c", name, {"mood": 40}))

    @invariant()
    def never_more_than_the_window_is_ahead(self) -> None:
        flying = [self.sent_ms[n] - self.acked_ms.get(n, 0) for n in self.sent_ms if n not in self.gone]
        assert sum(flying) <= WINDOW_MS + 1

    @invariant()
    def the_customer_is_never_heard_further_than_it_spoke(self) -> None:
        for reply in self.call.customer.ledger.replies():
            assert 0 <= reply.heard <= reply.sent <= reply.received

    def teardown(self) -> None:
        assert len({turn.number for turn in self.turns}) == len(self.turns)
        for speaker in ("ai", "user"):
            in_order = sorted((turn for turn in self.turns if turn.speaker == speaker), key=lambda turn: turn.number)
            starts = [turn.start_ms for turn in in_order]
            assert starts == sorted(starts), "numbers follow the beginnings"

    @invariant()
    def the_end_and_the_state_agree(self) -> None:
        assert self.ended == (self.call.state is CallState.ENDED)


TestAnyCall = AnyCall.TestCase
TestAnyCall.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
