"""Directions of a line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.printing.runs import directional_runs, is_rtl, tidied


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Tess Wójcik", [("Tess Wójcik", False)]),
        ("محمد الأحمد", [("محمد الأحمد", True)]),
        ("محمد Smith", [("Smith", False), ("محمد ", True)]),
        ("Level 2: محمد", [("Level 2: ", False), ("محمد", True)]),
        ("", []),
    ],
)
def test_runs_stand_from_left_to_right(text, runs):
    assert [(run.text, run.is_rtl) for run in directional_runs(text)] == runs


@given(st.text())
def test_no_letter_is_lost(text: str):
    runs = directional_runs(text)
    assert sorted("".join(run.text for run in runs)) == sorted(text)
    assert all(run.text for run in runs)


@given(st.text())
def test_a_tidied_text_is_one_line_without_controls(text: str):
    found = tidied(text)
    assert found == found.strip() == tidied(found)
    assert not [one for one in found if unicodedata.category(one) == "Cc"]


def test_the_first_letter_with_a_direction_decides():
    assert is_rtl("12 שרה")
    assert not is_rtl("12 Sara שרה")
