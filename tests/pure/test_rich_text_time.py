"""Texts that are slow to clean would keep everybody else waiting."""

import time

import pytest

from core.errors import BadRequest
from core.rich_text import DEEPEST, LONGEST_TAG, MOST_TAGS, clean_html


def test_tags_that_never_end_are_text_at_once():
    began_s = time.process_time()
    assert clean_html("<p\n" * 100_000).startswith("<p>&lt;p<br>&lt;p")
    assert time.process_time() - began_s < 10, "it was fifty seconds"


@pytest.mark.parametrize(
    "text", ["<ul><li>" * 100_000, "<p " + "a=1 " * 300_000 + ">x</p>", "<b>" * (DEEPEST + 1), "<p>x</p>" * MOST_TAGS]
)
def test_markup_that_would_take_minutes_is_refused_at_once(text: str):
    began_s = time.process_time()
    with pytest.raises(BadRequest) as refused:
        clean_html(text)
    assert refused.value.code == "too_much_markup"
    assert time.process_time() - began_s < 10, "by the square it would be minutes"


def test_as_much_markup_as_a_long_text_has_is_cleaned():
    assert clean_html("<p>x</p>" * (MOST_TAGS // 2)).count("<p>") == MOST_TAGS // 2
    assert clean_html("<p>" + "x<br>" * 2 * DEEPEST + "</p>").count("<br>") == 2 * DEEPEST
    assert clean_html("<p>" + "x" * 2 * LONGEST_TAG + "</p>").startswith("<p>x")
