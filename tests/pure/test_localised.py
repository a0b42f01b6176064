"""Numbers, dates, plurals and texts in five languages."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import Catalogue, Day
from core.localised import LANGUAGES, Locale, language_of, zone_named

AT = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("en", "UTC", "Friday, November 27, 2026, 4:30\xa0PM (UTC)"),
        ("en", "America/New_York", "Friday, November 27, 2026, 11:30\xa0AM (America/New York)"),
        ("es", "Europe/Madrid", "viernes, 27 de noviembre de 2026, 17:30 (Europe/Madrid)"),
        ("fr", "Europe/Paris", "vendredi 27 novembre 2026, 17:30 (Europe/Paris)"),
        ("de", "Europe/Berlin", "Freitag, 27. November 2026, 17:30 (Europe/Berlin)"),
        ("ar", "Asia/Riyadh", "الجمعة، 27 نوفمبر 2026، 7:30\xa0م (Asia/Riyadh)"),
        ("de", "Asia/Tokyo", "Samstag, 28. November 2026, 01:30 (Asia/Tokyo)"),
    ],
)
def test_a_time_says_whose_time_it_is(language, zone, shown):
    assert Locale(language, zone).date_time(AT) == shown


@pytest.mark.parametrize("name", ["Nowhere/Atall", "../../etc/passwd", "", "UTC\0", "/etc/localtime"])
def test_a_time_zone_that_does_not_exist_is_utc(name):
    assert zone_named(name) is UTC


@pytest.mark.parametrize(
    ("tag", "language"),
    [("fr", "fr"), ("fr-CA", "fr"), ("AR_eg", "ar"), ("nl", "en"), ("", "en"), (None, "en"), ("french", "en")],
)
def test_a_language_is_found_by_its_tag(tag, language):
    assert language_of(tag) == language


def test_numbers_have_the_separators_of_the_language():
    assert [Locale(language).number(12_345) for language in LANGUAGES] == [
        "12,345", "12.345", "12\u202f345", "12.345", "12,345",
    ]  # fmt: skip


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_what_people_write_stays_on_one_line_and_turns_nothing_round(text, language):
    inserted = Locale(language).inserted(text)
    assert "\n" not in inserted
    assert not set(inserted) & set("\0\u202a\u202b\u202d\u202e\u202c\u2066\u2067")
    assert inserted.count("\u2068") == inserted.count("\u2069") <= 1
    assert inserted == inserted.strip()


def test_a_name_of_the_other_direction_is_set_apart():
    assert Locale("en").inserted("ليلى") == "\u2068ليلى\u2069"
    assert Locale("ar").inserted("Tess") == "\u2068Tess\u2069"
    assert Locale("en").inserted("x" * 301) == "x" * 299 + "…"
    assert Locale("en").inserted(" Tess\n \u202eX ") == "Tess X"


@pytest.fixture
def catalogue(tmp_path):
    for language in LANGUAGES:
        (tmp_path / f"{language}.yaml").write_text(
            "a: {one: '{count} day', few: '{count} days (few)', other: '{count} days'}\n"
            "b: {c: ['{name}, {at}', 'two'], d: 'd'}\n",
            "utf8",
        )
    return Catalogue.load(tmp_path)


def test_texts_are_found_by_path_and_filled_with_values(catalogue):
    texts = catalogue.for_reader(Locale("en"))
    assert catalogue.all_keys() == ["a", "b.c", "b.d"]
    assert texts.texts("b.c", {"name": "{count}", "at": Day(AT)}) == ["{count}, Friday, November 27, 2026", "two"]
    assert [texts.text("a", {"count": count}) for count in (0, 1, 2, 1_000)] == [
        "0 days", "1 day", "2 days", "1,000 days",
    ]  # fmt: skip
    assert catalogue.for_reader(Locale("ar")).text("a", {"count": 3}) == "3 days (few)"
    with pytest.raises(KeyError):
        texts.texts("b.c", {"name": "Tess"})
    with pytest.raises(KeyError):
        texts.text("b.x")


def test_a_language_that_lacks_a_text_is_found_at_the_start(tmp_path, catalogue):
    (tmp_path / "fr.yaml").write_text("a: x\nb: {c: [y]}\n", "utf8")
    with pytest.raises(ValueError, match=r"fr\.yaml and en\.yaml differ: \['b\.d'\]"):
        Catalogue.load(tmp_path)
