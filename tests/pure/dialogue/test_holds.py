"""On hold the customer waits; afterwards it says at most one thing about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.dialogue.scenarios import DANA, PRIYA, call
from voice.embedded_customer.dialogue.wording import WORDINGS
from voice.realtime_protocol import hold

TOO_LONG = {line for lines in WORDINGS["held_too_long"].values() for line in lines}


def test_a_hold_that_was_asked_for_is_waited_out_in_silence() -> None:
    played = call(PRIYA)
    played.say("May I put you on hold for a moment?")
    assert played.dialogue.back_from_hold(44_900) is None
    assert played.dialogue.mood == played.last.mood


def test_a_hold_without_a_word_is_borne_for_less_long() -> None:
    assert call(PRIYA).dialogue.back_from_hold(19_900) is None
    remark = call(PRIYA).dialogue.back_from_hold(20_000)
    assert remark is not None
    assert remark.text in TOO_LONG


def test_a_longer_hold_costs_more() -> None:
    moods = []
    for held_ms in (20_000, 40_000):
        played = call(PRIYA)
        played.dialogue.back_from_hold(held_ms)
        moods.append(played.dialogue.mood)
    assert call(PRIYA).dialogue.mood > moods[0] > moods[1]


def test_a_customer_whom_nobody_comes_back_to_has_given_up() -> None:
    reply = call(PRIYA).dialogue.back_from_hold(600_000)
    assert reply is not None
    assert (reply.hang_up, reply.reason) == (True, "gave_up")


def test_time_on_hold_leaves_the_patience_with_silence_as_it_was() -> None:
    played = call(DANA)
    played.say("Please hold the line.")
    before = call(DANA).dialogue.silence_ms
    played.dialogue.back_from_hold(10_000)
    assert played.dialogue.silence_ms == before


def test_a_settled_customer_minds_nothing_any_more() -> None:
    played = call(PRIYA)
    played.dialogue._memory.settled = True
    assert played.dialogue.back_from_hold(600_000) is None


@given(st.integers(0, 900_000))
def test_what_is_said_of_a_hold_is_understood(held_ms: int) -> None:
    assert abs((hold.held_ms(hold.ended(held_ms)) or 0) - held_ms) <= 50
    assert not hold.began(hold.ended(held_ms))


@pytest.mark.parametrize("text", ["", "You are no longer on hold.", "You are angry.", hold.BEGAN])
def test_other_messages_end_no_hold(text: str) -> None:
    assert hold.held_ms(text) is None
