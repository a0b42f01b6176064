"""What the clock says about a call."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from evaluation.conversation import FINDING_BACK_MS, Conversation, Turn
from evaluation.measures import (
    band_of,
    dead_air,
    interruption_turns,
    longest_monologue,
    measures_of,
    pace,
    response_gap,
    talk_ratio,
)


def call(*turns: tuple[str, int, int, str], cut_off: frozenset[int] = frozenset()) -> Conversation:
    """A call of (speaker, start_ms, end_ms, text); `cut_off` are the indexes of the interrupted turns."""
    made = [
        Turn(f"t{i}", i + 1, "ai" if speaker == "ai" else "user", text, start_ms, end_ms, cut_off=i in cut_off)
        for i, (speaker, start_ms, end_ms, text) in enumerate(turns)
    ]
    return Conversation(made, max(turn.end_ms for turn in made), "trainee_hung_up")


def test_the_talk_share_is_of_all_speech():
    assert talk_ratio(call(("ai", 0, 6_000, "a"), ("user", 7_000, 11_000, "b"))) == 40


def test_too_little_speech_has_no_talk_share():
    assert talk_ratio(call(("ai", 0, 1_000, "a"))) is None


def test_pace_counts_the_trainees_words_over_the_trainees_speech():
    assert pace(call(("ai", 0, 9_000, "many many words"), ("user", 9_000, 13_000, "one two three four"))) == 60


def test_a_monologue_goes_on_through_a_mm_hm_and_ends_at_a_sentence():
    through = call(("user", 0, 10_000, "a"), ("ai", 10_100, 10_400, "mm"), ("user", 10_500, 20_000, "b"))
    ended = call(("user", 0, 10_000, "a"), ("ai", 10_100, 12_000, "wait a moment"), ("user", 12_100, 20_000, "b"))

    assert longest_monologue(through) == 20_000
    assert longest_monologue(ended) == 10_000


def test_cutting_in_counts_and_a_mm_hm_does_not():
    cut_in = call(("ai", 0, 5_000, "my bill"), ("user", 3_000, 6_000, "yes but listen to me"))
    listening = call(("ai", 0, 5_000, "my bill"), ("user", 3_000, 3_600, "mm hm"))

    assert [turn.turn_id for turn in interruption_turns(cut_in)] == ["t1"]
    assert interruption_turns(listening) == []


def test_a_customer_who_was_cut_off_was_interrupted_however_short_the_overlap():
    stopped = call(("ai", 0, 3_200, "my bill"), ("user", 3_000, 6_000, "yes but listen"), cut_off=frozenset({0}))

    assert [turn.turn_id for turn in interruption_turns(stopped)] == ["t1"]


def test_the_response_time_is_the_median_of_the_trainees_answers():
    answers = call(
        ("ai", 0, 1_000, "a"),
        ("user", 1_500, 2_000, "b"),
        ("ai", 6_000, 7_000, "c"),
        ("user", 8_500, 9_000, "d"),
        ("ai", 9_100, 10_000, "e"),
        ("user", 11_000, 12_000, "f"),
    )

    assert response_gap(answers) == 1_000


def test_dead_air_is_the_trainees_and_not_the_customers():
    trainee_waits = call(("ai", 0, 1_000, "a"), ("user", 8_000, 9_000, "b"))
    customer_waits = call(("user", 0, 1_000, "a"), ("ai", 8_000, 9_000, "b"))

    assert dead_air(trainee_waits) == 7_000
    assert dead_air(customer_waits) == 0


def test_a_prompt_of_the_customer_into_silence_is_dead_air_too():
    assert dead_air(call(("ai", 0, 1_000, "a"), ("ai", 8_000, 9_000, "are you there"))) == 7_000


def test_while_a_line_was_away_nobody_was_silent_or_slow():
    kept_waiting = call(("ai", 0, 2_000, "a"), ("user", 12_000, 14_000, "b"), ("ai", 14_100, 15_000, "c"))
    assert (dead_air(kept_waiting), response_gap(kept_waiting)) == (10_000, 10_000)
    dropped = replace(kept_waiting, gaps=((2_500, 6_000),))
    assert (dead_air(dropped), response_gap(dropped)) == (0, 3_500)
    elsewhere = replace(kept_waiting, gaps=((12_500, 12_900),))
    assert (dead_air(elsewhere), response_gap(elsewhere)) == (10_000, 10_000)


def test_a_moment_without_a_line_excuses_no_long_silence():
    """Else whoever pulls the plug for an instant could think as long as they like."""
    slow = replace(call(("ai", 0, 2_000, "a"), ("user", 52_000, 54_000, "b")), gaps=((10_000, 10_001),))
    assert (dead_air(slow), response_gap(slow)) == (46_999, 46_999)


@given(
    st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 3_000)), max_size=5),
    st.integers(0, 9_000),
    st.integers(0, 9_000),
)
def test_what_is_left_outside_of_gaps_is_what_no_gap_covers(gaps, from_ms, length_ms):
    conversation = replace(call(("ai", 0, 1, "a")), gaps=tuple((begin, begin + length) for begin, length in gaps))
    covered = [
        any(b <= ms < e + FINDING_BACK_MS for b, e in conversation.gaps) for ms in range(from_ms, from_ms + length_ms)
    ]
    assert conversation.outside_gaps_ms(from_ms, from_ms + length_ms) == covered.count(False)


def test_bands_are_named():
    assert band_of(50, (35, 60), (30, 65)) == "ok"
    assert band_of(62, (35, 60), (30, 65)) == "warn"
    assert band_of(70, (35, 60), (30, 65)) == "bad"
    assert band_of(None, (35, 60), (30, 65)) == "info"


def test_every_measure_is_shown_even_when_it_could_not_be_taken():
    shown = measures_of(call(("ai", 0, 1_000, "a")))

    assert {measure.key for measure in shown} == {
        "talk_ratio",
        "pace",
        "longest_monologue",
        "interruptions",
        "response_gap",
        "dead_air",
    }
    assert {measure.value for measure in shown if measure.key != "dead_air"} == {None}


def test_of_a_trainee_who_only_typed_the_clock_says_nothing():
    spoken = call(
        ("ai", 0, 6_000, "My bill is wrong."), ("user", 30_000, 30_000, "I see."), ("ai", 31_000, 36_000, "So?")
    )
    typed = replace(spoken, turns=[replace(turn, typed=turn.by_trainee) for turn in spoken.turns])
    shown = {measure.key: measure.value for measure in measures_of(typed)}

    assert set(shown.values()) == {None}


def test_a_trainee_who_typed_once_and_spoke_has_a_talk_share():
    mixed = call(("ai", 0, 6_000, "a"), ("user", 7_000, 11_000, "b"), ("user", 12_000, 12_000, "c"))
    mixed = replace(mixed, turns=[replace(turn, typed=turn.turn_id == "t2") for turn in mixed.turns])

    assert talk_ratio(mixed) == 40
