"""Calls in writing: the same machine, with no sound, brought back from what is stored."""

from hypothesis import given
from hypothesis import strategies as st

from voice.call import events as e
from voice.call.actions import EndCall, StoreMood, StoreTurn, WakeAt
from voice.call.call import Call
from voice.call.rules import CallRules
from voice.call.transcript import Speaker
from voice.typed_calls.machine import TypedCall

LIMITS = {"max_ms": 600_000, "idle_ms": 60_000}


def typed_call(turns=()) -> TypedCall:
    return TypedCall("call-1", **LIMITS, turns=turns)


def test_what_the_customer_writes_is_a_turn_at_once():
    call = Call("call-1", CallRules(spoken=False))
    call.handle(e.TraineeConnected(), 1_000)
    answered = call.handle(e.UpstreamReady(), 1_000)
    assert {action.name for action in answered if isinstance(action, WakeAt)} == {
        "time:120000",
        "time:30000",
        "limit",
        "idle",
    }, "nobody waits for sound"
    [stored] = [action for action in call.handle(e.CustomerWrote("Hello."), 3_000) if isinstance(action, StoreTurn)]
    turn = stored.turn
    assert (turn.number, turn.speaker, turn.text, turn.heard_text) == (1, Speaker.CUSTOMER, "Hello.", "Hello.")
    assert (turn.start_ms, turn.end_ms, turn.details) == (2_000, 2_000, {"typed": True})


def test_a_customer_who_hangs_up_is_gone_with_the_last_words():
    call = typed_call()
    call.trainee_writes("Goodbye.", 1_000)
    happened = call.customer_writes("Goodbye then.", 2_000, mood=70, leaves="resolved")
    assert [turn.text for turn in happened.turns] == ["Goodbye then."]
    assert happened.moods == [StoreMood(2_000, 70)]
    assert happened.end == EndCall("customer_hung_up", 2_000, "resolved")
    assert call.trainee_writes("Wait!", 3_000).turns == []


def test_a_call_in_which_nobody_writes_ended_when_it_had_been_idle_for_long_enough():
    call = typed_call()
    call.trainee_writes("Hello.", 10_000)
    assert call.time_passes(69_999).end is None
    assert call.time_passes(500_000).end == EndCall("idle", 70_000)


def test_a_call_ends_at_its_limit_however_much_is_written():
    call = typed_call()
    for now_ms in range(0, 600_000, 30_000):
        assert call.time_passes(now_ms).end is None
        call.trainee_writes("More.", now_ms)
        call.customer_writes("More?", now_ms + 10_000, mood=None, leaves=None)
    assert call.time_passes(900_000).end == EndCall("time_limit", 600_000)


def test_a_trainee_may_hang_up():
    call = typed_call()
    call.trainee_writes("Hello.", 1_000)
    assert call.trainee_hangs_up(5_000).end == EndCall("trainee_hung_up", 5_000)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 50_000)), max_size=20), st.integers(0, 20))
def test_a_call_that_is_brought_back_goes_on_as_if_nothing_had_been(steps, cut):
    """Whatever was written, and wherever another server takes over."""
    whole, turns, now_ms = typed_call(), [], 0
    for by_trainee, pause_ms in steps:
        now_ms += pause_ms
        if by_trainee:
            turns += whole.trainee_writes("Words.", now_ms).turns
        else:
            turns += whole.customer_writes("Answer.", now_ms, mood=50, leaves=None).turns
    again = typed_call(turns)
    assert again.trainee_writes("Next.", now_ms + 1).turns == whole.trainee_writes("Next.", now_ms + 1).turns
    later_ms = now_ms + 1 + cut * 10_000
    assert again.time_passes(later_ms).end == whole.time_passes(later_ms).end
