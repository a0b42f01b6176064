"""What the trainee said and nobody could put into words is a turn all the same."""

import pytest

from tests.pure.call.calls import FRAME, live_call, of_kind
from voice.call import events as e
from voice.call import messages
from voice.call.actions import CallAction, StoreTurn
from voice.call.call import Call
from voice.call.transcript import Speaker, Turn


def speak(call: Call, item_id: str, begin_ms: int, end_ms: int) -> None:
    """The trainee says something between these times of the call, as the upstream hears it."""
    for at_ms in range(begin_ms, end_ms, 20):
        call.handle(e.TraineeAudio(FRAME, captured_ms=at_ms, sequence=at_ms // 20), at_ms + 20)
    call.handle(e.TraineeSpeechStarted(item_id, 0), end_ms)
    call.handle(e.TraineeSpeechStopped(item_id, end_ms - begin_ms), end_ms + 10)


def stored(actions: list[CallAction]) -> Turn:
    [action] = of_kind(actions, StoreTurn)
    return action.turn


def test_a_failed_transcription_is_a_turn_without_words_at_the_right_time() -> None:
    call = live_call()
    speak(call, "u1", 1_000, 4_000)
    turn = stored(call.handle(e.TraineeTextFailed("u1", "The recognizer fell over."), 4_500))
    assert (turn.number, turn.speaker, turn.text) == (1, Speaker.TRAINEE, "")
    assert (turn.start_ms, turn.end_ms) == (1_000, 4_000)
    assert turn.details == {"not_transcribed": "failed", "transcription": "The recognizer fell over."}


def test_a_failure_that_is_told_while_the_trainee_still_speaks_waits_for_the_end() -> None:
    call = live_call()
    call.handle(e.TraineeSpeechStarted("u1", 0), 500)
    assert of_kind(call.handle(e.TraineeTextFailed("u1", "no"), 700), StoreTurn) == []
    assert stored(call.handle(e.TraineeSpeechStopped("u1", 300), 900)).not_transcribed == "failed"


def test_a_transcription_that_never_comes_is_a_turn_without_words() -> None:
    call = live_call()
    speak(call, "u1", 1_000, 2_000)
    turn = stored(call.handle(e.DeadlineReached("text:u1"), 10_010))
    assert (turn.text, turn.not_transcribed) == ("", "too_late")
    assert (turn.start_ms, turn.end_ms) == (1_000, 2_000)


def test_words_that_the_end_of_the_call_overtakes_leave_a_turn_without_words() -> None:
    call = live_call()
    speak(call, "u1", 1_000, 2_000)
    call.handle(e.TraineeHungUp(), 2_100)
    assert stored(call.handle(e.DeadlineReached("end"), 5_100)).not_transcribed == "call_ended"


@pytest.mark.parametrize(("length_ms", "reasons"), [(1_000, []), (1_499, []), (1_500, ["no_words"])])
def test_sound_without_a_word_is_noise_only_when_it_is_short(length_ms: int, reasons: list[str]) -> None:
    call = live_call()
    for at_ms in range(0, 2_000, 20):
        call.handle(e.TraineeAudio(FRAME, captured_ms=at_ms, sequence=at_ms // 20), at_ms + 20)
    call.handle(e.TraineeSpeechStarted("u1", 0), 2_000)
    call.handle(e.TraineeSpeechStopped("u1", length_ms), 2_010)
    actions = call.handle(e.TraineeText("u1", " ", final=True), 2_100)
    assert [action.turn.not_transcribed for action in of_kind(actions, StoreTurn)] == reasons


def test_words_that_came_before_the_failure_are_kept_and_are_a_transcript() -> None:
    call = live_call()
    speak(call, "u1", 1_000, 2_000)
    call.handle(e.TraineeText("u1", "Good mor"), 2_100)
    turn = stored(call.handle(e.TraineeTextFailed("u1", "no"), 2_200))
    assert (turn.text, turn.not_transcribed) == ("Good mor", None)
    assert turn.details == {"transcription": "no"}


def test_the_device_is_told_why_there_are_no_words() -> None:
    without = Turn(3, Speaker.TRAINEE, "", 1_000, 2_000, details={"not_transcribed": "failed"})
    assert messages.turn(without, final=True)["not_transcribed"] == "failed"
    assert "not_transcribed" not in messages.turn(Turn(3, Speaker.TRAINEE, "Hi.", 1_000, 2_000), final=True)


def test_what_is_said_after_something_typed_never_begins_before_it() -> None:
    call = live_call()
    call.handle(e.TraineeSpeechStarted("u1", 0), 0)
    call.handle(e.TraineeTyped("Hello."), 1_000)
    call.handle(e.TraineeSpeechStopped("u1", 0), 1_010)
    call.handle(e.TraineeSpeechStarted("u2", 0), 1_020)
    call.handle(e.TraineeSpeechStopped("u2", 0), 1_030)
    assert stored(call.handle(e.TraineeText("u2", "Hello?", final=True), 1_040)).start_ms == 1_000
