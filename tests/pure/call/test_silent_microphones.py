"""A microphone that gives no sound: muted, missing, lost, or out of reach."""

from tests.pure.call.calls import FRAME, live_call, of_kind
from voice.audio_format import silence
from voice.call import events as e
from voice.call.actions import SendAudioUpstream, StoreTurn, WakeAt


def test_while_muted_silence_keeps_the_upstreams_clock_going() -> None:
    call = live_call()
    call.handle(e.TraineeAudio(FRAME, 0, 0), 20)
    assert call.handle(e.TraineeMuted(True), 30) == [WakeAt("silence", 130)]
    assert call.handle(e.TraineeAudio(FRAME, 20, 1), 40) == []
    assert call.handle(e.DeadlineReached("silence"), 130) == [SendAudioUpstream(silence(110)), WakeAt("silence", 230)]
    assert call.handle(e.TraineeMuted(False), 150) == [SendAudioUpstream(silence(20))]
    assert call.handle(e.DeadlineReached("silence"), 230) == [WakeAt("silence", 1_230)]


def test_a_device_that_sends_no_sound_any_more_counts_as_muted() -> None:
    call = live_call()
    for number in range(50):
        call.handle(e.TraineeAudio(FRAME, captured_ms=number * 20, sequence=number), 20 + number * 20)
    call.handle(e.TraineeSpeechStarted("u1", at_ms=300), 500)
    assert call.handle(e.DeadlineReached("silence"), 1_000) == [WakeAt("silence", 2_000)]
    assert call.handle(e.DeadlineReached("silence"), 3_990) == [WakeAt("silence", 4_990)]
    assert call.handle(e.DeadlineReached("silence"), 4_990) == [
        SendAudioUpstream(silence(1_000)),
        WakeAt("silence", 5_090),
    ]
    assert call.handle(e.DeadlineReached("silence"), 5_090) == [
        SendAudioUpstream(silence(100)),
        WakeAt("silence", 5_190),
    ]
    # So the upstream hears that nothing more is said.
    call.handle(e.TraineeSpeechStopped("u1", at_ms=1_000), 5_100)
    [stored] = of_kind(call.handle(e.TraineeText("u1", "Hello.", final=True), 5_200), StoreTurn)
    assert (stored.turn.start_ms, stored.turn.end_ms) == (300, 1_000)
    call.handle(e.TraineeAudio(FRAME, captured_ms=5_200, sequence=51), 5_220)
    assert call.handle(e.DeadlineReached("silence"), 5_300) == [WakeAt("silence", 6_300)]


def test_a_broken_connection_is_not_filled_with_silence_until_the_device_is_back() -> None:
    call = live_call()
    call.handle(e.TraineeDisconnected(), 500)
    assert call.handle(e.DeadlineReached("silence"), 1_000) == []
    assert WakeAt("silence", 31_000) in call.handle(e.TraineeConnected(), 30_000)
    assert call.handle(e.DeadlineReached("silence"), 31_000) == [WakeAt("silence", 32_000)]
