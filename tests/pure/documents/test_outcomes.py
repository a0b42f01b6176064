"""What a reading comes to, also when its reader was ended half-way."""

import io

import pytest

from lms.courses.confined.process import Reading
from lms.courses.documents.jobs import PROBLEMS, outcome_of
from lms.courses.documents.pdf_text import LONGEST_PAGE, pages_of, tidy
from lms.courses.videos.jobs import UNREADABLE, Film, film_of
from tests.support.films import pdf

PAGE = {"number": 1, "text": "One."}


@pytest.mark.parametrize(
    ("reading", "state", "problem"),
    [
        (Reading(({"page_count": 1}, PAGE), "done"), "read", None),
        (Reading(({"page_count": 1},), "done"), "no_text", PROBLEMS["no_text"]),
        (Reading(({"problem": "encrypted"},), "done"), "encrypted", PROBLEMS["encrypted"]),
        (Reading((), "too_slow"), "too_slow", PROBLEMS["too_slow"]),
        (Reading((), "too_large"), "too_large", PROBLEMS["too_large"]),
        (Reading(({"page_count": 9},), "died"), "broken", PROBLEMS["broken"]),
        (
            Reading(({"page_count": 9}, PAGE), "too_slow"),
            "read",
            "Only pages up to 1 of 9 were read: the next one could not be.",
        ),
        (
            Reading(({"page_count": 9}, PAGE, {"left_out": 8}), "done"),
            "read",
            "Its last 8 of 9 pages were not read: it is too long.",
        ),
        (Reading(({"page_count": 2}, PAGE, {"bad_pages": [2]}), "done"), "read", "Pages that could not be read: 2."),
    ],
)
def test_what_was_read_counts_and_the_rest_says_why(reading: Reading, state: str, problem: str | None):
    outcome = outcome_of(reading)
    assert (outcome.state, outcome.problem) == (state, problem)


def test_a_film_that_some_browsers_do_not_know_says_so():
    facts = {"duration_ms": 9_000, "width": 64, "height": 36, "codecs": ["hevc", "aac"]}
    assert film_of(Reading((facts,), "done")) == Film(9_000, 64, 36, "Some browsers cannot play it: hevc.")
    assert film_of(Reading((facts | {"codecs": ["h264", "aac"]},), "done")).problem is None
    assert film_of(Reading((), "too_slow")) == Film(problem=UNREADABLE)


def test_text_is_tidied_for_the_database_and_bounded():
    assert tidy("a\x00b \x01 c\r\n\r\n\r\n d\xa0\xa0e\ud800") == "ab c\n\nd e"
    assert len(tidy("x" * 50_000)) == LONGEST_PAGE


def test_pages_are_told_one_by_one():
    assert list(pages_of(io.BytesIO(pdf("One.", "", "Three.")))) == [
        {"page_count": 3},
        {"number": 1, "text": "One."},
        {"number": 3, "text": "Three."},
    ]
