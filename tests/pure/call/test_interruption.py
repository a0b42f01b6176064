"""The trainee cuts in: what the device, the upstream and the transcript learn, and in which order."""

from tests.pure.call.calls import hear, live_call, of_kind, sent_types, speak
from voice.audio_format import silence
from voice.call import events as e
from voice.call.actions import (
    CancelReply,
    ClearPlayback,
    DeleteItem,
    RecordCustomer,
    SendAudioToTrainee,
    StoreTurn,
    TruncateReply,
    WakeAt,
)
from voice.call.rules import CallRules


def interrupted_call(rules: CallRules | None = None):
    call = live_call(rules or CallRules())
    speak(call, "r1", 1_000, now_ms=0)
    call.handle(e.CustomerText("r1", "r1-item", "My bill is wrong and I am furious", final=True), 5)
    hear(call, 1, 400, began_ms=10)
    return call


def test_the_device_is_cleared_before_anything_else_happens() -> None:
    actions = interrupted_call().handle(e.TraineeSpeechStarted("u1", 0), 500)
    assert actions[0] == ClearPlayback(1)
    assert WakeAt("cleared:1", 650) in actions
    assert of_kind(actions, CancelReply) == []


def test_an_upstream_that_does_not_stop_by_itself_is_told_to() -> None:
    actions = interrupted_call(CallRules(upstream_interrupts=False)).handle(e.TraineeSpeechStarted("u1", 0), 500)
    assert actions[:2] == [ClearPlayback(1), CancelReply("r1")]


def test_the_reply_is_truncated_where_it_was_heard() -> None:
    call = interrupted_call()
    call.handle(e.TraineeSpeechStarted("u1", 0), 500)
    actions = call.handle(e.PlaybackCleared(1, 512), 530)
    assert of_kind(actions, TruncateReply) == [TruncateReply("r1-item", 512)]
    [stored] = of_kind(actions, StoreTurn)
    assert stored.turn.cut_off
    assert stored.turn.heard_text == "My bill"  # the words known already last longer than the second received
    assert stored.turn.text == "My bill is wrong and I am furious"
    assert (stored.turn.start_ms, stored.turn.end_ms) == (10, 522)
    assert "estimated" not in stored.turn.details
    assert sum(len(r.pcm) for r in of_kind(actions, RecordCustomer)) == 112 * 48


def test_late_sound_and_words_of_the_reply_are_dropped() -> None:
    call = interrupted_call()
    call.handle(e.TraineeSpeechStarted("u1", 0), 500)
    assert call.handle(e.CustomerAudio("r1", "r1-item", silence(500)), 505) == []
    call.handle(e.PlaybackCleared(1, 512), 530)
    assert call.handle(e.CustomerAudio("r1", "r1-item", silence(500)), 540) == []
    assert call.handle(e.CustomerReplyFinished("r1", "cancelled"), 550) == []
    assert call.handle(e.PlaybackProgressed(1, 800), 560) == []


def test_a_device_that_does_not_answer_is_estimated_after_150_ms() -> None:
    call = interrupted_call()
    call.handle(e.TraineeSpeechStarted("u1", 0), 500)
    actions = call.handle(e.DeadlineReached("cleared:1"), 650)
    # 400 ms were reported at 410; the device was told to stop at 500.
    assert of_kind(actions, TruncateReply) == [TruncateReply("r1-item", 490)]
    assert of_kind(actions, StoreTurn)[0].turn.details["estimated"] is True
    assert call.handle(e.PlaybackCleared(1, 512), 660) == []


def test_more_than_was_sent_is_never_truncated_at() -> None:
    call = interrupted_call()
    call.handle(e.TraineeSpeechStarted("u1", 0), 500)
    actions = call.handle(e.PlaybackCleared(1, 99_999), 530)
    assert of_kind(actions, TruncateReply) == [TruncateReply("r1-item", 800)]


def test_a_reply_that_was_heard_to_its_end_is_not_truncated() -> None:
    call = live_call()
    speak(call, "r1", 300, now_ms=0)
    call.handle(e.CustomerReplyFinished("r1"), 5)
    hear(call, 1, 200, began_ms=10)
    call.handle(e.TraineeSpeechStarted("u1", 0), 305)
    actions = call.handle(e.PlaybackCleared(1, 300), 320)
    assert sent_types(actions) == ["RecordCustomer", "SendToTrainee", "SendToTrainee", "StoreTurn"]
    assert not of_kind(actions, StoreTurn)[0].turn.cut_off


def test_a_reply_of_which_nothing_was_heard_is_deleted_and_no_turn() -> None:
    call = live_call()
    speak(call, "r1", 1_000, now_ms=0)
    call.handle(e.TraineeSpeechStarted("u1", 0), 20)
    actions = call.handle(e.PlaybackCleared(1, 0), 40)
    assert actions == [DeleteItem("r1-item")]


def test_items_of_one_reply_are_corrected_one_by_one() -> None:
    call = live_call()
    call.handle(e.CustomerReplyStarted("r1"), 0)
    for item in ("first", "second", "third"):
        call.handle(e.CustomerAudio("r1", item, silence(200)), 0)
    hear(call, 1, 200, began_ms=0)
    call.handle(e.TraineeSpeechStarted("u1", 0), 320)
    actions = call.handle(e.PlaybackCleared(1, 300), 330)
    assert of_kind(actions, TruncateReply) == [TruncateReply("second", 100)]
    assert of_kind(actions, DeleteItem) == [DeleteItem("third")]


def test_a_reply_that_waits_behind_another_is_stopped_too() -> None:
    call = live_call()
    speak(call, "r1", 1_000, now_ms=0)
    call.handle(e.CustomerReplyFinished("r1"), 1)
    assert of_kind(speak(call, "r2", 500, now_ms=2), SendAudioToTrainee) == []
    actions = call.handle(e.TraineeSpeechStarted("u1", 0), 20)
    assert of_kind(actions, ClearPlayback) == [ClearPlayback(1)]
    assert of_kind(actions, DeleteItem) == [DeleteItem("r2-item")]


def test_the_next_reply_is_sent_at_once_even_before_the_device_has_cleared() -> None:
    call = interrupted_call()
    call.handle(e.TraineeSpeechStarted("u1", 0), 500)
    frames = of_kind(speak(call, "r2", 400, now_ms=520), SendAudioToTrainee)
    assert {frame.epoch for frame in frames} == {2}
    assert len(frames) == 20


def test_a_cancelled_reply_that_never_began_here_stays_silent() -> None:
    call = live_call()
    call.handle(e.CustomerReplyFinished("r1", "cancelled"), 10)
    assert speak(call, "r1", 100, now_ms=20) == []


def test_nothing_is_cleared_when_nobody_speaks() -> None:
    assert of_kind(live_call().handle(e.TraineeSpeechStarted("u1", 0), 500), ClearPlayback) == []
