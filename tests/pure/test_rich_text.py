"""Markup that people write becomes markup that can do nothing."""

import re
from pathlib import Path

import pytest
from hypothesis import given

from core.rich_text import TAGS, clean_html
from tests.support.hostile_html import HOSTILE, harm_in, soups

FRONT_END = Path(__file__).parents[2] / "static" / "js" / "lib" / "sanitise.js"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_harmful_is_left(text: str):
    assert harm_in(clean_html(text)) == []
    assert harm_in(clean_html(f"<p>before</p>{text}<p>after</p>")) == []
    assert "before" in clean_html(f"<p>before</p>{text}")


@given(soups)
def test_nothing_harmful_is_left_of_any_soup(text: str):
    cleaned = clean_html(text)
    assert harm_in(cleaned) == []
    assert clean_html(cleaned) == cleaned


@pytest.mark.parametrize("text", ["<h1><table><h1>", "<h1><button><h2>x", "<h2><foreignObject><h1><table><h2>"])
def test_what_is_clean_is_read_again_as_it_was(text: str):
    cleaned = clean_html(text)
    assert clean_html(cleaned) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Words.",
        "Fish & chips",
        "1 < 2 and 3 > 2",
        "# Heading\n\n- one\n- two\n**bold**",
        "I <3 it\r\n",
        "&lt;b&gt;",
    ],
)
def test_text_without_markup_stays_byte_for_byte(text: str):
    assert clean_html(text) == text


def test_what_only_begins_like_a_tag_is_text_and_nothing_of_it_is_lost():
    assert clean_html("if x <y & z\nthen\n\nelse") == "<p>if x &lt;y &amp; z<br>then</p><p>else</p>"


def test_good_markup_stays():
    lesson = (
        "<h2>Three parts</h2><p>One <strong>breath</strong>,<br>then <em>silence</em>.</p>"
        '<ul><li>A</li></ul><table><tbody><tr><td colspan="2">x</td></tr></tbody></table>'
        '<p><a href="https://ok.example/?a=1&amp;b=2" title="Why" rel="noopener noreferrer">why</a></p>'
    )
    assert clean_html(lesson) == lesson


def test_links_lead_only_where_links_may_lead():
    for address in ("https://ok.example", "http://ok.example", "mailto:a@ok.example", "tel:+491234", "#top", "/", "/x"):
        link = f'<a href="{address}" rel="noopener noreferrer">x</a>'
        assert clean_html(f"<a href='{address}'>x</a>") == link
    assert clean_html('<a href="HTTPS://ok.example" target=_blank>x</a>') == (
        '<a href="https://ok.example" target="_blank" rel="noopener noreferrer">x</a>'
    )


def test_the_second_layer_in_the_browser_lets_no_more_through():
    listed = re.search(r'const TAGS = new Set\(\s*"([A-Z0-9 ]+)"', FRONT_END.read_text("utf8"))
    assert listed is not None
    assert {tag.lower() for tag in listed[1].split()} <= TAGS
