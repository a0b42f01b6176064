"""Every template in every language, as HTML and as text; calendar files; the links that end letters."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from accounts.letters.texts import CATALOGUE as ACCOUNTS
from core.catalogue import placeholders
from core.localised import LANGUAGES, Locale
from lms.notifications.calendar_file import calendar_file
from lms.notifications.kinds import KINDS, Notice
from lms.notifications.unsubscribing import LIFETIME, UnsubscribeLinks, Unsubscribing
from lms.notifications.wording import CATALOGUE, Reader, line
from tests.support.tellings import DUE, NOW, SITE, UNSUBSCRIBE, tellings, written

EVIL = """<img src=x onerror="alert('1')">&{name} {0} %s"""
ZONES = {
    "en": "America/New_York", "es": "Europe/Madrid", "fr": "Europe/Paris", "de": "Europe/Berlin", "ar": "Asia/Riyadh",
}  # fmt: skip


class Page(HTMLParser):
    """What a mail program makes of a letter."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.words, self.root = [], [], [], {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "html":
            self.root = dict(attrs)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        if self.tags[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_template_in_every_language(kind, language):
    letter = written(kind, Locale(language, ZONES[language]), course=EVIL, person=EVIL)
    page, plain = Page(letter.html), Page(written(kind, Locale(language)).html)

    assert page.root == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
    assert page.tags == plain.tags, "a name has become markup"
    assert "img" not in page.tags
    assert {UNSUBSCRIBE} == {link for link in page.links if "unsubscribe" in link}
    assert all(link.startswith(f"{SITE}/") for link in page.links)
    assert len(page.links) == 2
    for text in (letter.subject, letter.text, page.text):
        assert "{" not in text.replace("{name} {0}", ""), "a value is missing"
        assert "None" not in text
    assert "\n" not in letter.subject
    assert letter.unsubscribe_url == UNSUBSCRIBE
    assert UNSUBSCRIBE in letter.text
    paragraphs = CATALOGUE.for_reader(Locale(language)).texts(f"kind.{kind}.paragraphs")
    assert paragraphs
    for paragraph in paragraphs:
        assert paragraph in letter.text
        assert " ".join(paragraph.split()) in page.text


@pytest.mark.parametrize(
    ("catalogue", "key"), [(catalogue, key) for catalogue in (CATALOGUE, ACCOUNTS) for key in catalogue.all_keys()]
)
def test_the_languages_ask_for_the_same_values_and_have_their_plural_forms(catalogue, key):
    english = catalogue.raw("en", key)
    for language in LANGUAGES:
        text = catalogue.raw(language, key)
        assert type(text) is type(english)
        if isinstance(text, dict):
            needed = {Locale(language).plural(count) for count in (*range(200), 1_000_000)}
            assert needed <= set(text), language
        else:
            assert placeholders(text) == placeholders(english), language
            assert not isinstance(text, list) or len(text) == len(english)


def test_no_text_was_left_in_english():
    keys = CATALOGUE.all_keys()
    shared = {
        key for key in keys for language in LANGUAGES[1:]
        if CATALOGUE.raw(language, key) == CATALOGUE.raw("en", key) and "{" not in str(CATALOGUE.raw("en", key))
    }  # fmt: skip
    assert shared == {"label.module", "label.lesson", "label.score", "kind.comment.name", "kind.comment.band"} & shared


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_on_the_screen_says_it_in_the_readers_language(kind):
    telling = tellings()[kind]
    shown = {line(kind, telling, Reader("Tess", Locale(language))).title for language in LANGUAGES}
    assert len(shown) == len(LANGUAGES)


def test_somebody_without_a_name_is_greeted_all_the_same():
    assert "Hello,\n" in written("welcome", Locale(), person="  ").text
    assert "Hello Zoë Müller,\n" in written("welcome", Locale()).text


def only_event(text):
    [event] = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_a_due_date_comes_with_a_calendar_file_that_programs_read():
    event: Any = only_event(written("assigned", Locale("fr"), course="Été; a,b").calendar)
    assert (event["dtend"].dt, event["dtstart"].dt) == (DUE, DUE - timedelta(minutes=30))
    assert str(event["summary"]) == "Échéance : Été; a,b"
    assert str(event["url"]) == f"{SITE}/courses/1"
    [alarm] = event.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(days=-1)
    assert written("overdue", Locale()).calendar is None


def test_calendar_files_of_one_due_date_are_one_event_and_the_later_one_wins():
    def event(written_at, due_at):
        text = calendar_file(uid="u", title="t", description="d", url=SITE, due_at=due_at, written_at=written_at)
        assert all(len(row.encode()) <= 75 for row in text.split("\r\n"))
        return only_event(text)

    first, moved = event(NOW, DUE), event(NOW + timedelta(hours=1), DUE + timedelta(days=1))
    assert str(first["uid"]) == str(moved["uid"])
    assert first["sequence"] < moved["sequence"]


LINKS = UnsubscribeLinks("a key of its own")
SOMEBODY = UUID(int=7)


def token_of(url):
    found = re.fullmatch(rf"{SITE}/letters/unsubscribe\?token=([\w.]+)", url)
    assert found
    return found[1]


def test_a_link_says_whom_and_what_it_is_about_for_a_year():
    url = LINKS.url(SITE, SOMEBODY, "due_soon", written_at=NOW)
    assert url == LINKS.url(SITE, SOMEBODY, "due_soon", written_at=NOW)
    assert LINKS.read(token_of(url), NOW) == Unsubscribing(SOMEBODY, "due_soon")
    assert LINKS.read(token_of(url), NOW + LIFETIME - timedelta(seconds=1)) is not None
    assert LINKS.read(token_of(url), NOW + LIFETIME) is None


def test_a_link_that_was_changed_is_no_good():
    token = token_of(LINKS.url(SITE, SOMEBODY, "due_soon", written_at=NOW))
    for other in (
        token.replace("due_soon", "overdue"),
        token.replace(SOMEBODY.hex, UUID(int=8).hex),
        "9" + token,
        token[:-1],
        token_of(UnsubscribeLinks("another key").url(SITE, SOMEBODY, "due_soon", written_at=NOW)),
    ):
        assert LINKS.read(other, NOW) is None, other


@given(st.text(max_size=300))
def test_any_text_can_be_tried_as_a_link(token):
    assert LINKS.read(token, datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_what_a_notice_is_about_tells_kinds_subjects_and_occasions_apart():
    notices = {
        Notice(kind, SOMEBODY, UUID(int=subject), occasion).about
        for kind in KINDS for subject in (1, 2) for occasion in ("", "2026")
    }  # fmt: skip
    assert len(notices) == len(KINDS) * 4
