"""The customer's line drops: the call goes on in a new session, which knows what was heard."""

from tests.pure.call.calls import FRAME, hear, live_call, of_kind, sent_ms, sent_types, speak
from voice.call import events as e
from voice.call.actions import (
    EndCall,
    InformCustomer,
    OpenUpstream,
    RestoreConversation,
    Said,
    SendAudioUpstream,
    SendToTrainee,
    StartReply,
    StoreGap,
    StoreTurn,
    TruncateReply,
    WakeAt,
)
from voice.call.call import Call
from voice.call.customer_line import MOST_RESTORED_CHARACTERS
from voice.call.rules import CallRules
from voice.call.states import CallState
from voice.call.transcript import Speaker
from voice.realtime_protocol import hold, lost_line

LOST = e.UpstreamClosed(1006, "")


def say(call: Call, item_id: str, text: str, began_ms: int, ended_ms: int) -> None:
    """The trainee says something, and it is understood."""
    microphone(call, began_ms - 200, ended_ms + 200)
    call.handle(e.TraineeSpeechStarted(item_id, began_ms), began_ms + 200)
    call.handle(e.TraineeSpeechStopped(item_id, ended_ms), ended_ms + 200)
    call.handle(e.TraineeText(item_id, text, final=True), ended_ms + 300)


def microphone(call: Call, from_ms: int, until_ms: int) -> list[SendAudioUpstream]:
    """The device sends sound of this time; what of it goes upstream."""
    sent = []
    for at_ms in range(from_ms, until_ms, 20):
        sent += of_kind(call.handle(e.TraineeAudio(FRAME, at_ms, at_ms // 20), at_ms + 20), SendAudioUpstream)
    return sent


def complained(call: Call) -> None:
    """The customer has said its first words, and they were heard."""
    speak(call, "r1", 1_000, now_ms=0)
    call.handle(e.CustomerText("r1", "r1-item", "I was charged twice.", final=True), 0)
    call.handle(e.CustomerReplyFinished("r1"), 0)
    hear(call, 1, 1_000, began_ms=0)


def test_a_lost_customer_is_dialled_again_at_once() -> None:
    call = live_call()
    complained(call)
    actions = call.handle(LOST, 2_000)
    assert OpenUpstream() in actions
    assert of_kind(actions, EndCall) == []
    assert call.state is CallState.LIVE


def test_the_new_session_learns_what_was_heard_and_not_to_greet_again() -> None:
    call = live_call()
    complained(call)
    say(call, "u1", "Let me look.", 2_000, 3_000)
    call.handle(LOST, 4_000)
    actions = call.handle(e.UpstreamReady(), 4_400)
    said = (Said(Speaker.CUSTOMER, "I was charged twice."), Said(Speaker.TRAINEE, "Let me look."))
    assert actions[:2] == [RestoreConversation(said), InformCustomer(lost_line.back(400))]
    assert "Do not greet" in lost_line.back(400)
    assert of_kind(actions, StoreGap) == [StoreGap("customer", 4_000, 4_400)]


def test_a_customer_that_owes_an_answer_is_asked_to_speak_and_one_that_waits_is_not() -> None:
    waits, owes = live_call(), live_call()
    for call in (waits, owes):
        complained(call)
    say(owes, "u1", "Let me look.", 2_000, 3_000)
    for call, speaks in ((waits, []), (owes, [StartReply()])):
        call.handle(LOST, 4_000)
        assert of_kind(call.handle(e.UpstreamReady(), 4_400), StartReply) == speaks


def test_a_customer_that_was_cut_off_owes_the_rest_of_its_sentence() -> None:
    call = live_call()
    speak(call, "r1", 1_000, now_ms=0)
    call.handle(e.CustomerText("r1", "r1-item", "I was charged", final=False), 0)
    hear(call, 1, 200, began_ms=0)
    call.handle(LOST, 210)
    call.handle(e.UpstreamReady(), 300)
    hear(call, 1, 1_000, began_ms=300)
    call.handle(LOST, 2_000)
    assert of_kind(call.handle(e.UpstreamReady(), 2_400), StartReply) == [StartReply()]


def test_of_a_very_long_call_the_new_session_learns_the_latest_part() -> None:
    call = live_call()
    complained(call)
    say(call, "u1", "x" * (MOST_RESTORED_CHARACTERS - 2), 2_000, 3_000)
    say(call, "u2", "So?", 4_000, 5_000)
    call.handle(LOST, 6_000)
    [restored] = of_kind(call.handle(e.UpstreamReady(), 6_400), RestoreConversation)
    assert restored.said == (Said(Speaker.TRAINEE, "So?"),)


def test_a_customer_that_was_lost_before_its_first_word_begins() -> None:
    call = live_call()
    call.handle(LOST, 100)
    assert call.handle(e.UpstreamReady(), 400)[-1] == StartReply()


def test_what_was_received_is_still_played_and_the_new_session_is_told_so() -> None:
    call = live_call()
    speak(call, "r1", 1_000, now_ms=0)
    call.handle(e.CustomerText("r1", "r1-item", "I was charged", final=False), 0)
    hear(call, 1, 200, began_ms=0)
    assert sent_ms(call.handle(LOST, 210)) == 0
    back = call.handle(e.UpstreamReady(), 500)
    assert of_kind(back, RestoreConversation) == [RestoreConversation((Said(Speaker.CUSTOMER, "I was charged"),))]
    assert StartReply() in back, "it broke off in the middle of a sentence"
    played = hear(call, 1, 1_000, began_ms=500)
    assert sent_ms(played) == 400
    [stored] = of_kind(played, StoreTurn)
    assert (stored.turn.text, stored.turn.cut_off) == ("I was charged", True)


def test_a_reply_that_was_all_there_owes_nothing() -> None:
    call = live_call()
    speak(call, "r1", 1_000, now_ms=0)
    call.handle(e.CustomerText("r1", "r1-item", "I was charged twice.", final=True), 0)
    call.handle(e.CustomerReplyFinished("r1"), 0)
    call.handle(LOST, 100)
    back = call.handle(e.UpstreamReady(), 500)
    assert of_kind(back, RestoreConversation)[0].said == (Said(Speaker.CUSTOMER, "I was charged twice."),)
    assert of_kind(back, StartReply) == []


def test_a_reply_of_the_old_session_that_is_interrupted_is_not_truncated_in_the_new_one() -> None:
    call = live_call()
    speak(call, "r1", 1_000, now_ms=0)
    call.handle(e.CustomerReplyFinished("r1"), 0)
    hear(call, 1, 200, began_ms=0)
    call.handle(LOST, 210)
    call.handle(e.UpstreamReady(), 300)
    call.handle(e.TraineeSpeechStarted("u1", 0), 320)
    cleared = call.handle(e.PlaybackCleared(1, 250), 330)
    assert of_kind(cleared, TruncateReply) == []
    assert of_kind(cleared, StoreTurn)[0].turn.cut_off


def test_what_the_trainee_was_saying_is_heard_again_by_the_new_session() -> None:
    call = live_call()
    complained(call)
    microphone(call, 1_000, 2_300)
    began_ms = 2_000
    call.handle(e.TraineeSpeechStarted("u1", 1_000), 2_300)  # of the appended sound, which begins at 1,000
    assert microphone(call, 2_300, 3_200)
    call.handle(LOST, 3_200)
    assert microphone(call, 3_200, 3_600) == [], "nobody hears it yet"
    back = call.handle(e.UpstreamReady(), 3_600)
    sound = of_kind(back, SendAudioUpstream)
    assert len(sound) * 20 == 3_600 - began_ms + 400
    assert of_kind(back, StartReply) == [], "the customer listens"
    call.handle(e.TraineeSpeechStarted("v1", 400), 3_700)
    microphone(call, 3_600, 4_600)
    call.handle(e.TraineeSpeechStopped("v1", 2_400), 4_600)
    [stored] = of_kind(call.handle(e.TraineeText("v1", "I am so sorry.", final=True), 4_700), StoreTurn)
    assert (stored.turn.start_ms, stored.turn.end_ms) == (began_ms, 4_000)
    assert stored.turn.text == "I am so sorry."
    assert stored.turn.network_gap


def test_an_utterance_that_was_answered_is_not_said_twice() -> None:
    call = live_call()
    microphone(call, 0, 2_000)
    call.handle(e.TraineeSpeechStarted("u1", 500), 1_000)
    call.handle(e.TraineeSpeechStopped("u1", 1_500), 2_000)
    speak(call, "r2", 500, now_ms=2_000)
    actions = call.handle(LOST, 2_100)
    [lost] = of_kind(actions, StoreTurn)
    assert lost.turn.not_transcribed == "failed"
    sound = of_kind(call.handle(e.UpstreamReady(), 2_200), SendAudioUpstream)
    assert len(sound) * 20 <= 400


def test_what_the_new_session_does_not_hear_again_is_held_against_nobody() -> None:
    call = live_call()
    microphone(call, 0, 2_000)
    call.handle(e.TraineeSpeechStarted("u1", 500), 1_000)
    call.handle(LOST, 2_000)
    call.handle(e.UpstreamReady(), 2_100)
    microphone(call, 2_000, 6_000)
    actions = call.handle(e.TraineeSpeechStarted("v1", 5_000), 6_000)
    [missed] = of_kind(actions, StoreTurn)
    assert (missed.turn.not_transcribed, missed.turn.start_ms, missed.turn.end_ms) == ("failed", 500, 2_000)


def test_a_line_that_is_back_within_a_second_is_not_spoken_of() -> None:
    call = live_call()
    complained(call)
    call.handle(LOST, 2_000)
    back = call.handle(e.UpstreamReady(), 2_400)
    assert [action.message for action in of_kind(back, SendToTrainee)] == []
    assert call.handle(e.DeadlineReached("line_notice"), 3_000) == []


def test_a_longer_outage_is_told_to_the_trainee_and_its_end_too() -> None:
    call = live_call()
    complained(call)
    assert WakeAt("line_notice", 3_000) in call.handle(LOST, 2_000)
    lost = call.handle(e.DeadlineReached("line_notice"), 3_000)
    back = call.handle(e.UpstreamReady(), 5_000)
    messages = [action.message for action in of_kind([*lost, *back], SendToTrainee)]
    assert messages == [{"type": "line", "line": "lost"}, {"type": "line", "line": "back"}]


def test_a_customer_that_cannot_be_reached_is_dialled_until_the_window_closes() -> None:
    call = live_call(CallRules(customer_window_ms=5_000))
    complained(call)
    call.handle(LOST, 2_000)
    refused = call.handle(e.UpstreamFailed("upstream_unreachable", "no", fatal=True), 2_100)
    assert refused == [WakeAt("line_redial", 3_100)]
    assert call.handle(e.DeadlineReached("line_redial"), 3_100) == [OpenUpstream()]
    ended = call.handle(e.DeadlineReached("line_window"), 7_000)
    assert ended[-1] == EndCall("upstream_lost", 7_000)
    assert of_kind(ended, SendToTrainee)[0].message["code"] == "upstream_lost"


def test_where_dialling_again_does_not_help_the_call_ends() -> None:
    call = live_call()
    complained(call)
    failed = e.UpstreamFailed("insufficient_quota", "no", fatal=True, permanent=True)
    assert call.handle(failed, 2_000)[-1] == EndCall("upstream_lost", 2_000)


def test_a_line_that_breaks_again_and_again_is_given_up() -> None:
    call = live_call()
    for at_ms in range(1_000, 60_000, 1_000):
        actions = call.handle(LOST, at_ms)
        if actions[-1] == EndCall("upstream_lost", at_ms):
            break
        call.handle(e.UpstreamReady(), at_ms + 100)
    assert call.state is CallState.ENDED
    assert at_ms == 21_000


def test_a_customer_that_was_on_hold_is_on_hold_again() -> None:
    call = live_call()
    complained(call)
    call.handle(e.TraineeHeld(held=True), 2_000)
    call.handle(LOST, 3_000)
    back = call.handle(e.UpstreamReady(), 3_400)
    assert of_kind(back, InformCustomer)[-1] == InformCustomer(hold.BEGAN)
    assert of_kind(back, StartReply) == []


def test_what_is_typed_or_done_while_nobody_is_there_reaches_the_new_session_once() -> None:
    call = live_call()
    complained(call)
    call.handle(LOST, 2_000)
    typed = call.handle(e.TraineeTyped("One moment, please."), 2_200)
    assert sent_types(typed) == ["StoreTurn"]
    back = call.handle(e.UpstreamReady(), 2_500)
    assert of_kind(back, RestoreConversation)[0].said[-1] == Said(Speaker.TRAINEE, "One moment, please.")
    assert back[-1] == StartReply()


def test_both_lines_may_be_away() -> None:
    call = live_call()
    call.handle(LOST, 1_000)
    call.handle(e.TraineeDisconnected(), 1_100)
    back = call.handle(e.UpstreamReady(), 1_500)
    assert of_kind(back, StartReply) == [], "there is nobody to hear it"
    there = call.handle(e.TraineeConnected(resumed=True), 3_000)
    assert there[-1] == StartReply()
    assert of_kind(there, StoreGap) == [StoreGap("trainee", 1_100, 3_000)]


def test_a_trainee_may_hang_up_while_the_customer_is_away() -> None:
    call = live_call()
    complained(call)
    call.handle(LOST, 2_000)
    assert call.handle(e.TraineeHungUp(), 2_500)[-1] == EndCall("trainee_hung_up", 2_500)


def test_nobody_is_idle_while_the_customer_is_away() -> None:
    call = live_call(CallRules(idle_ms=10_000))
    complained(call)
    call.handle(LOST, 2_000)
    assert of_kind(call.handle(e.DeadlineReached("idle"), 12_000), EndCall) == []


class TestASessionThatEndsSoon:
    """OpenAI ends a session after an hour; it is renewed before, while nobody speaks."""

    def ending_soon(self) -> Call:
        call = Call("call-1", CallRules(max_ms=7_200_000, idle_ms=7_200_000))
        call.start(0)
        call.handle(e.TraineeConnected(), 0)
        assert WakeAt("line_renewal", 3_540_000) in call.handle(e.UpstreamReady(3_600_000), 0)
        complained(call)
        return call

    def test_it_is_renewed_while_nobody_speaks(self) -> None:
        call = self.ending_soon()
        assert OpenUpstream() in call.handle(e.DeadlineReached("line_renewal"), 3_540_000)
        back = call.handle(e.UpstreamReady(3_600_000), 3_540_300)
        assert InformCustomer(lost_line.RENEWED) in back
        assert of_kind(back, StoreGap) == [StoreGap("customer", 3_540_000, 3_540_300, on_purpose=True)]
        assert of_kind(back, StartReply) == []

    def test_it_waits_for_a_pause(self) -> None:
        call = self.ending_soon()
        speak(call, "r2", 500, now_ms=3_539_900)
        assert call.handle(e.DeadlineReached("line_renewal"), 3_540_000) == [WakeAt("line_renewal", 3_540_250)]

    def test_a_session_that_expires_all_the_same_is_replaced(self) -> None:
        call = self.ending_soon()
        expired = e.UpstreamFailed("session_expired", "60 minutes", fatal=True)
        assert OpenUpstream() in call.handle(expired, 3_600_000)
