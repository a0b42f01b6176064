"""How much of a text was heard."""

from hypothesis import given
from hypothesis import strategies as st

from voice.call.transcript import TurnNumbers, heard_part

TEXT = "I want my money back today"


def test_all_of_it_when_all_was_played() -> None:
    assert heard_part(TEXT, 2_000, 2_000, complete=True) == TEXT


def test_nothing_when_nothing_was_played() -> None:
    assert heard_part(TEXT, 0, 2_000, complete=True) == ""


def test_a_word_counts_once_more_than_half_of_it_was_played() -> None:
    assert heard_part("abcd efgh", 600, 900, complete=True) == "abcd"
    assert heard_part("abcd efgh", 800, 900, complete=True) == "abcd efgh"


def test_words_known_ahead_of_their_sound_are_not_heard_yet() -> None:
    assert heard_part(TEXT, 400, 400, complete=False) == "I want"


@given(st.text(alphabet="ab ", max_size=60), st.integers(0, 5_000), st.integers(0, 5_000), st.booleans())
def test_what_was_heard_begins_the_text_and_grows(text, heard_ms, received_ms, complete) -> None:
    heard = heard_part(text, heard_ms, received_ms, complete=complete)
    assert text.startswith(heard)
    assert len(heard_part(text, heard_ms + 50, received_ms, complete=complete)) >= len(heard)


def test_a_number_is_used_again_only_while_it_is_the_last() -> None:
    numbers = TurnNumbers()
    first, second = numbers.take(), numbers.take()
    numbers.give_back(first)
    assert numbers.take() == 3
    numbers.give_back(3)
    assert numbers.take() == 3
    assert (first, second) == (1, 2)
