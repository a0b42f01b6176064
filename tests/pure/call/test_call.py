"""The call as a story: ringing, talking, limits, tools, the end."""

from typing import get_args

import pytest

from tests.pure.call.calls import FRAME, hear, live_call, of_kind, sent_types, speak
from voice.audio_format import silence
from voice.call import events as e
from voice.call.actions import (
    AnswerTool,
    ClearPlayback,
    EndCall,
    InformCustomer,
    OpenUpstream,
    RecordTrainee,
    SendAudioToTrainee,
    SendAudioUpstream,
    SendText,
    SendToTrainee,
    StartReply,
    StoreMood,
    StoreTurn,
    WakeAt,
)
from voice.call.call import Call
from voice.call.rules import CallRules
from voice.call.states import TRANSITIONS, CallState, IllegalTransition, checked
from voice.realtime_protocol import hold


def messages_of(actions, kind):
    return [a.message for a in of_kind(actions, SendToTrainee) if a.message["type"] == kind]


def test_every_event_has_a_handler() -> None:
    assert set(live_call()._handlers) == set(get_args(e.CallEvent))


def test_the_table_refuses_other_ways() -> None:
    with pytest.raises(IllegalTransition):
        checked(CallState.ENDED, CallState.LIVE)
    assert all(CallState.ENDED in ways for state, ways in TRANSITIONS.items() if state is not CallState.ENDED)


def test_it_rings_and_the_customer_answers_and_speaks_first() -> None:
    call = Call("call-1", CallRules())
    assert call.start(1_000) == [WakeAt("resume", 61_000)]
    ringing = call.handle(e.TraineeConnected(), 2_000)
    assert OpenUpstream() in ringing
    assert messages_of(ringing, "state") == [{"type": "state", "state": "ringing"}]
    answered = call.handle(e.UpstreamReady(), 3_000)
    assert messages_of(answered, "ready") == [{"type": "ready", "call_id": "call-1", "resumed": False, "now_ms": 0}]
    assert StartReply() in answered
    assert call.clock_ms(3_500) == 500


def test_nobody_dials() -> None:
    call = Call("call-1", CallRules())
    call.start(0)
    assert of_kind(call.handle(e.DeadlineReached("resume"), 60_000), EndCall) == [EndCall("trainee_lost", 0)]


def test_nobody_answers() -> None:
    call = Call("call-1", CallRules())
    call.start(0)
    assert WakeAt("answer", 15_000) in call.handle(e.TraineeConnected(), 0)
    assert of_kind(call.handle(e.DeadlineReached("answer"), 15_000), EndCall) == [EndCall("not_answered", 0)]


def test_the_upstream_refuses() -> None:
    call = Call("call-1", CallRules())
    call.start(0)
    call.handle(e.TraineeConnected(), 0)
    actions = call.handle(e.UpstreamFailed("upstream_busy", "No slot for sk-123 at 10.0.0.7.", fatal=True), 10)
    [error] = messages_of(actions, "error")
    assert (error["code"], error["retryable"]) == ("upstream_busy", True)
    assert "sk-123" not in error["message"]
    assert "10.0.0.7" not in error["message"]
    assert actions[-1] == EndCall("upstream_refused", 0)


def test_an_answer_waits_for_a_trainee_who_was_lost_while_it_rang() -> None:
    call = Call("call-1", CallRules())
    call.start(0)
    call.handle(e.TraineeConnected(), 0)
    call.handle(e.TraineeDisconnected(), 100)
    assert call.handle(e.UpstreamReady(), 200) == []
    assert messages_of(call.handle(e.TraineeConnected(), 300), "ready")


def test_a_frame_goes_upstream_at_once_and_into_the_recording_when_its_place_is_known() -> None:
    call = live_call()
    assert call.handle(e.TraineeAudio(FRAME, captured_ms=0, sequence=0), 30) == [SendAudioUpstream(FRAME)]
    # 300 ms later the device's clock is known. This frame is 7 ms late; its place is told by the device's count.
    assert call.handle(e.TraineeAudio(FRAME, captured_ms=300, sequence=1), 337) == [
        SendAudioUpstream(FRAME),
        RecordTrainee(10, FRAME),
        RecordTrainee(310, FRAME),
    ]
    assert call.handle(e.TraineeAudio(FRAME, captured_ms=320, sequence=2), 350) == [
        SendAudioUpstream(FRAME),
        RecordTrainee(330, FRAME),
    ]


def test_frames_that_come_in_a_heap_keep_their_distance() -> None:
    call = live_call()
    for number in range(20):
        call.handle(e.TraineeAudio(FRAME, captured_ms=number * 20, sequence=number), 500)
    placed = of_kind(call.handle(e.TraineeAudio(FRAME, captured_ms=700, sequence=20), 820), RecordTrainee)
    assert [action.at_ms for action in placed] == [*range(100, 500, 20), 800]
    call.handle(e.TraineeSpeechStarted("u1", 0), 830)
    call.handle(e.TraineeText("u1", "Hello.", final=True), 830)
    [stored] = of_kind(call.handle(e.TraineeSpeechStopped("u1", 400), 830), StoreTurn)
    assert (stored.turn.start_ms, stored.turn.end_ms) == (100, 500)


def test_a_frame_that_was_here_already_is_dropped() -> None:
    call = live_call()
    call.handle(e.TraineeAudio(FRAME, captured_ms=20, sequence=1), 50)
    assert call.handle(e.TraineeAudio(FRAME, captured_ms=20, sequence=1), 55) == []


def test_a_spoken_turn_is_stored_once_its_text_is_final() -> None:
    call = live_call()
    for number in range(50):
        call.handle(e.TraineeAudio(FRAME, captured_ms=number * 20, sequence=number), 20 + number * 20)
    started = call.handle(e.TraineeSpeechStarted("u1", at_ms=300), 500)
    assert messages_of(started, "speech") == [{"type": "speech", "speaker": "user", "event": "started", "at_ms": 300}]
    interim = call.handle(e.TraineeText("u1", "How can"), 700)
    assert messages_of(interim, "turn")[0]["end_ms"] is None
    stopped = call.handle(e.TraineeSpeechStopped("u1", at_ms=900), 1_000)
    assert WakeAt("text:u1", 9_000) in stopped
    [stored] = of_kind(
        call.handle(e.TraineeText("u1", "How can I help?", final=True, confidence=0.9), 1_200), StoreTurn
    )
    turn = stored.turn
    assert (turn.number, turn.text, turn.start_ms, turn.end_ms, turn.confidence) == (
        1,
        "How can I help?",
        300,
        900,
        0.9,
    )


def test_noise_is_no_turn_and_gives_its_number_back() -> None:
    call = live_call()
    call.handle(e.TraineeSpeechStarted("u1", 0), 500)
    call.handle(e.TraineeSpeechStopped("u1", 0), 600)
    assert of_kind(call.handle(e.TraineeText("u1", " ", final=True), 700), StoreTurn) == []
    call.handle(e.TraineeSpeechStarted("u2", 0), 800)
    call.handle(e.TraineeText("u2", "Hello.", final=True), 900)
    [stored] = of_kind(call.handle(e.TraineeSpeechStopped("u2", 0), 950), StoreTurn)
    assert stored.turn.number == 1


def test_a_text_that_never_becomes_final_is_stored_as_far_as_it_is_known() -> None:
    call = live_call()
    call.handle(e.TraineeSpeechStarted("u1", 0), 500)
    call.handle(e.TraineeText("u1", "Good mor"), 550)
    call.handle(e.TraineeSpeechStopped("u1", 0), 600)
    [stored] = of_kind(call.handle(e.DeadlineReached("text:u1"), 8_600), StoreTurn)
    assert stored.turn.text == "Good mor"
    assert stored.turn.details["transcription"] == "It took too long."
    assert call.handle(e.TraineeText("u1", "Good morning.", final=True), 9_000) == []


def test_a_reply_is_sent_within_the_window_and_its_turn_is_where_it_was_heard() -> None:
    call = live_call()
    sent = speak(call, "r1", 1_000, now_ms=100)
    assert len(of_kind(sent, SendAudioToTrainee)) == 20
    call.handle(e.CustomerText("r1", "r1-item", "Where is my "), 110)
    call.handle(e.CustomerText("r1", "r1-item", "Where is my parcel?", final=True), 120)
    call.handle(e.CustomerReplyFinished("r1"), 130)
    heard = hear(call, epoch=1, until_ms=1_000, began_ms=180)
    frames = of_kind([*sent, *heard], SendAudioToTrainee)
    assert [frame.sequence for frame in frames] == list(range(50))
    assert [frame.last for frame in frames] == [False] * 49 + [True]
    [stored] = of_kind(heard, StoreTurn)
    assert (stored.turn.start_ms, stored.turn.end_ms) == (180, 1_180)
    assert stored.turn.heard_text == stored.turn.text == "Where is my parcel?"
    assert not stored.turn.cut_off


def test_the_last_frame_is_marked_even_when_all_sound_was_sent() -> None:
    call = live_call()
    speak(call, "r1", 40, now_ms=0)
    [frame] = of_kind(call.handle(e.CustomerReplyFinished("r1"), 10), SendAudioToTrainee)
    assert (frame.pcm, frame.last, frame.sequence) == (b"", True, 2)


def test_a_typed_answer_stops_the_customer_and_asks_for_a_reply() -> None:
    call = live_call()
    speak(call, "r1", 1_000, now_ms=0)
    actions = call.handle(e.TraineeTyped("One moment."), 300)
    assert sent_types(actions)[:2] == ["ClearPlayback", "CancelReply"]
    assert actions[-2:] == [SendText("One moment."), StartReply()]
    [stored] = of_kind(actions, StoreTurn)
    assert stored.turn.details == {"typed": True}


def test_a_key_is_kept_with_the_next_turn() -> None:
    call = live_call()
    call.handle(e.TraineePressedKey("5"), 300)
    [stored] = of_kind(call.handle(e.TraineeTyped("Yes."), 400), StoreTurn)
    assert stored.turn.details["keys"] == [{"digit": "5", "at_ms": 300}]


def test_on_hold_the_customer_hears_silence_and_stops_where_it_was_heard() -> None:
    call = live_call()
    speak(call, "r1", 1_000, now_ms=0)
    hear(call, 1, 200, began_ms=10)
    held = call.handle(e.TraineeHeld(True), 250)
    assert held[0] == ClearPlayback(1)
    assert messages_of(held, "state") == [{"type": "state", "state": "held"}]
    loud = b"\1\1" * 480
    assert SendAudioUpstream(bytes(960)) in call.handle(e.TraineeAudio(loud, 0, 0), 260)
    call.handle(e.PlaybackCleared(1, 240), 262)
    assert of_kind(call.handle(e.CustomerAudio("r1", "r1-item", silence(200)), 300), SendAudioToTrainee) == []
    assert of_kind(held, InformCustomer) == [InformCustomer(hold.BEGAN)]
    back = call.handle(e.TraineeHeld(False), 5_000)
    assert of_kind(back, InformCustomer) == [InformCustomer(hold.ended(4_750))]
    frames = of_kind(back, SendAudioToTrainee)
    assert (frames[0].epoch, frames[0].sequence, frames[0].t_ms) == (2, 0, 0)
    call.handle(e.CustomerReplyFinished("r1"), 5_010)
    [stored] = of_kind(hear(call, 2, 960, began_ms=5_020), StoreTurn)
    assert (stored.turn.start_ms, stored.turn.end_ms, stored.turn.cut_off) == (10, 5_980, False)


def test_a_mood_is_stored_and_shown_in_practice_only() -> None:
    call = live_call()
    actions = call.handle(e.ToolCalled("c1", "set_mood", {"mood": 61.6}), 500)
    assert actions == [StoreMood(500, 62), SendToTrainee({"type": "mood", "mood": 62}), AnswerTool("c1", "ok")]
    exam = live_call(CallRules(practice=False))
    assert exam.handle(e.ToolCalled("c1", "set_mood", {"mood": 62}), 500) == [
        StoreMood(500, 62),
        AnswerTool("c1", "ok"),
    ]


@pytest.mark.parametrize("mood", [None, "62", True, -1, 101, float("nan")])
def test_a_senseless_mood_is_not_stored(mood) -> None:
    [answer] = live_call().handle(e.ToolCalled("c1", "set_mood", {"mood": mood}), 500)
    assert isinstance(answer, AnswerTool)


def test_a_customer_that_only_used_a_tool_is_asked_to_speak_but_not_for_ever() -> None:
    call = live_call()
    asked = []
    for number in range(5):
        call.handle(e.CustomerReplyStarted(f"r{number}"), 0)
        call.handle(e.ToolCalled(f"c{number}", "set_mood", {"mood": 50}), 0)
        asked.append(StartReply() in call.handle(e.CustomerReplyFinished(f"r{number}"), 0))
    assert asked == [True, True, False, False, False]


def test_the_customer_hangs_up_once_the_goodbye_was_heard() -> None:
    call = live_call()
    speak(call, "r1", 300, now_ms=0)
    call.handle(e.CustomerText("r1", "r1-item", "Goodbye.", final=True), 5)
    call.handle(e.ToolCalled("c1", "end_call", {"reason": "solved"}), 10)
    assert of_kind(call.handle(e.CustomerReplyFinished("r1"), 20), EndCall) == []
    heard = hear(call, 1, 300, began_ms=50)
    assert of_kind(heard, EndCall) == [EndCall("customer_hung_up", 350, "solved")]
    assert of_kind(heard, StoreTurn)[0].turn.text == "Goodbye."


def test_a_goodbye_that_comes_after_the_tool_is_waited_for() -> None:
    call = live_call()
    assert WakeAt("goodbye", 1_010) in call.handle(e.ToolCalled("c1", "end_call", {}), 10)
    speak(call, "r1", 3_000, now_ms=500)
    assert call.handle(e.DeadlineReached("goodbye"), 1_010) == [WakeAt("goodbye", 15_010)]
    late = call.handle(e.DeadlineReached("goodbye"), 15_010)
    late += call.handle(e.DeadlineReached("cleared:1"), 15_160)
    assert of_kind(late, EndCall) == [EndCall("customer_hung_up", 15_010)]


def test_the_limit_is_announced_and_kept() -> None:
    call = live_call(CallRules(max_ms=125_000))
    assert messages_of(call.handle(e.DeadlineReached("time:30000"), 95_000), "time") == [
        {"type": "time", "left_ms": 30_000}
    ]
    assert of_kind(call.handle(e.DeadlineReached("limit"), 125_000), EndCall) == [EndCall("time_limit", 125_000)]


def test_a_short_call_gets_no_early_warning() -> None:
    call = Call("call-1", CallRules(max_ms=60_000))
    call.start(0)
    call.handle(e.TraineeConnected(), 0)
    names = [action.name for action in of_kind(call.handle(e.UpstreamReady(), 0), WakeAt)]
    assert names == ["silence", "time:30000", "limit", "idle"]


def test_a_call_in_which_nobody_speaks_ends() -> None:
    call = live_call(CallRules(idle_ms=10_000))
    call.handle(e.TraineeTyped("Hello?"), 4_000)
    assert call.handle(e.DeadlineReached("idle"), 10_000) == [WakeAt("idle", 14_000)]
    assert of_kind(call.handle(e.DeadlineReached("idle"), 14_000), EndCall) == [EndCall("idle", 14_000)]


def test_the_last_words_still_become_text_after_the_hang_up() -> None:
    call = live_call()
    call.handle(e.TraineeAudio(FRAME, 0, 0), 20)
    call.handle(e.TraineeSpeechStarted("u1", 0), 20)
    ending = call.handle(e.TraineeHungUp(), 500)
    assert of_kind(ending, EndCall) == []
    assert SendAudioUpstream(silence(1_000)) in ending
    call.handle(e.TraineeSpeechStopped("u1", 20), 600)
    ended = call.handle(e.TraineeText("u1", "Goodbye!", final=True), 900)
    [stored] = of_kind(ended, StoreTurn)
    assert (stored.turn.text, stored.turn.end_ms) == ("Goodbye!", 20)
    assert ended[-1] == EndCall("trainee_hung_up", 500)
    assert call.handle(e.TraineeHungUp(), 950) == []


def test_last_words_are_not_waited_for_longer_than_three_seconds() -> None:
    call = live_call()
    call.handle(e.TraineeSpeechStarted("u1", 0), 20)
    call.handle(e.TraineeText("u1", "Good"), 400)
    assert WakeAt("end", 3_500) in call.handle(e.TraineeHungUp(), 500)
    ended = call.handle(e.DeadlineReached("end"), 3_500)
    assert of_kind(ended, StoreTurn)[0].turn.text == "Good"
    assert ended[-1] == EndCall("trainee_hung_up", 500)


def test_a_lost_trainee_comes_back_and_hears_the_rest() -> None:
    call = live_call()
    speak(call, "r1", 1_000, now_ms=0)
    hear(call, 1, 200, began_ms=0)
    lost = call.handle(e.TraineeDisconnected(), 250)
    assert of_kind(lost, SendToTrainee)[0].message["state"] == "reconnecting"
    assert WakeAt("resume", 60_250) in lost
    back = call.handle(e.TraineeConnected(resumed=True), 5_000)
    assert messages_of(back, "ready") == [{"type": "ready", "call_id": "call-1", "resumed": True, "now_ms": 5_000}]
    assert ClearPlayback(1) in back
    assert of_kind(back, SendAudioToTrainee) == []
    again = call.handle(e.PlaybackCleared(1, 260), 5_020)
    assert of_kind(again, SendAudioToTrainee)[0].epoch == 2
    call.handle(e.CustomerReplyFinished("r1"), 5_030)
    [stored] = of_kind(hear(call, 2, 740, began_ms=5_050), StoreTurn)
    assert stored.turn.network_gap
    assert not stored.turn.cut_off


def test_a_trainee_who_does_not_come_back_is_lost() -> None:
    call = live_call()
    call.handle(e.TraineeDisconnected(), 250)
    assert of_kind(call.handle(e.DeadlineReached("resume"), 60_250), EndCall) == [EndCall("trainee_lost", 60_250)]


def test_a_hold_outlives_a_lost_connection() -> None:
    call = live_call()
    call.handle(e.TraineeHeld(True), 100)
    call.handle(e.TraineeDisconnected(), 200)
    call.handle(e.TraineeConnected(), 300)
    assert call.state is CallState.HELD
    speak(call, "r1", 300, now_ms=310)
    assert of_kind(call.handle(e.TraineeHeld(False), 400), SendAudioToTrainee)


def test_a_customer_lost_for_good_ends_the_call_with_what_was_heard() -> None:
    call = live_call()
    speak(call, "r1", 1_000, now_ms=0)
    call.handle(e.CustomerText("r1", "r1-item", "one two three four five", final=False), 0)
    hear(call, 1, 200, began_ms=0)
    actions = call.handle(e.UpstreamFailed("invalid_api_key", "no", fatal=True, permanent=True), 300)
    assert messages_of(actions, "error")[0]["code"] == "invalid_api_key"
    [stored] = of_kind(actions, StoreTurn)
    assert stored.turn.cut_off
    assert stored.turn.end_ms == 300
    assert stored.turn.details["estimated"]
    assert actions[-1] == EndCall("upstream_lost", 300)


def test_a_stopping_server_ends_the_call_at_once() -> None:
    assert live_call().handle(e.ServerStopping(), 700)[-1] == EndCall("server_stopped", 700)
