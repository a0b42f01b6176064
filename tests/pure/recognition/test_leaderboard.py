"""Leaderboards: nobody is shown as last."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lms.recognition.leaderboard import ABOVE, Entry, leaderboard, top_third

TEAMS = st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=25).map(
    lambda people: [
        Entry(UUID(int=number + 1), f"Person {number}", gain, hidden) for number, (gain, hidden) in enumerate(people)
    ]
)


def team(*gains: int) -> list[Entry]:
    return [Entry(UUID(int=number + 1), f"Person {number}", gain) for number, gain in enumerate(gains)]


def seen(entries: list[Entry], viewer: int | None) -> list[tuple[int, int | None]]:
    """(person, place) of each line; persons count from 1."""
    viewer_id = None if viewer is None else UUID(int=viewer)
    return [(line.entry.user_id.int, line.place) for line in leaderboard(entries, viewer_id)]


@given(TEAMS)
def test_nobody_sees_anybody_among_the_lowest_but_themselves(entries):
    ranked = [entry for entry in entries if entry.gain > 0 and not entry.is_hidden]
    all_are_first = len({entry.gain for entry in ranked}) == 1
    for viewer in [None, *entries]:
        lowest = min((entry.gain for entry in [*ranked, *([viewer] if viewer else [])]), default=0)
        others = [line.entry for line in leaderboard(entries, viewer and viewer.user_id) if line.entry != viewer]
        assert all(other.gain > lowest or all_are_first for other in others)


@given(TEAMS)
def test_nobody_outside_of_the_top_third_sees_somebody_below_or_has_a_place(entries):
    ranked = sorted((e for e in entries if e.gain > 0 and not e.is_hidden), key=lambda e: -e.gain)
    top = {entry.user_id for entry in top_third(ranked)}
    for viewer in entries:
        lines = leaderboard(entries, viewer.user_id)
        [own] = [line for line in lines if line.entry == viewer]
        assert (own.place is not None) == (viewer.user_id in top)
        if viewer.user_id not in top:
            assert lines[-1] == own
            others = [line for line in lines if line.place is None and line != own]
            assert len(others) <= ABOVE
            assert all(line.entry.gain > viewer.gain for line in others)


@given(TEAMS)
def test_who_does_not_want_to_be_seen_is_seen_by_nobody(entries):
    for viewer in [None, *(entry.user_id for entry in entries)]:
        for line in leaderboard(entries, viewer):
            assert line.entry.user_id == viewer or not line.entry.is_hidden


@given(TEAMS)
def test_hiding_oneself_changes_nothing_but_ones_own_line_for_the_others(entries):
    without = [entry for entry in entries if not entry.is_hidden]
    for viewer in [None, *(entry.user_id for entry in without)]:
        assert leaderboard(entries, viewer) == leaderboard(without, viewer)


@given(TEAMS, st.randoms())
def test_the_order_of_the_team_does_not_matter(entries, random):
    shuffled = entries[:]
    random.shuffle(shuffled)
    assert leaderboard(shuffled, None) == leaderboard(entries, None)


@given(TEAMS)
def test_equals_are_shown_with_the_same_place_or_not_at_all(entries):
    lines = leaderboard(entries, None)
    places = {line.entry.gain: line.place for line in lines}
    shown = {line.entry.user_id for line in lines}
    for entry in entries:
        if entry.gain in places and not entry.is_hidden:
            assert entry.user_id in shown
    assert all(line.place == places[line.entry.gain] for line in lines)


def test_the_top_third_has_places_and_the_rest_sees_whom_to_catch_up_with():
    nine = team(90, 80, 70, 60, 50, 40, 30, 20, 10)
    assert seen(nine, None) == [(1, 1), (2, 2), (3, 3)]
    assert seen(nine, 2) == [(1, 1), (2, 2), (3, 3)]
    assert seen(nine, 4) == [(1, 1), (2, 2), (3, 3), (4, None)]
    assert seen(nine, 9) == [(1, 1), (2, 2), (3, 3), (7, None), (8, None), (9, None)]


def test_of_two_the_second_is_not_shown():
    assert seen(team(5, 3), None) == [(1, 1)]
    assert seen(team(5, 3), 2) == [(1, 1), (2, None)]


def test_where_all_are_equal_all_are_first():
    assert seen(team(5, 5, 5), None) == [(1, 1), (2, 1), (3, 1)]


def test_equals_who_do_not_all_fit_have_no_place():
    assert seen(team(9, 5, 5, 5, 1), None) == [(1, 1)]
    assert seen(team(9, 5, 5, 4, 3, 2, 1), None) == [(1, 1), (2, 2), (3, 2)]


def test_places_after_equals_are_left_out():
    assert seen(team(9, 9, 8, 7, 6, 5, 4, 3, 2), None) == [(1, 1), (2, 1), (3, 3)]


def test_who_gained_nothing_sees_the_others_and_themselves():
    assert seen(team(9, 5, 2, 0), 4) == [(1, 1), (2, None), (3, None), (4, None)]
    assert seen(team(0, 0), 1) == [(1, None)]
    assert seen([], None) == []
