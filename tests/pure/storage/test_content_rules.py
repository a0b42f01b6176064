"""core.storage.content_rules: what goes with the bytes of an upload."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.storage import content_rules

RUNS = (
    "text/html",
    "TEXT/HTML; charset=utf-8",
    "application/xhtml+xml",
    "image/svg+xml",
    "text/xml",
    "application/xml",
    "application/xslt+xml",
    "video/evil+xml",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/jscript",
    "text/livescript",
    "text/css",
    "multipart/related",
    "multipart/x-mixed-replace; boundary=a",
    "message/rfc822",
    "application/x-shockwave-flash",
    "text/plain",
    "application/json",
    "nonsense",
    "",
)
SHOWN = ("video/mp4", 'video/mp4; codecs="avc1.42E01E"', "audio/mpeg", "image/png", "image/webp", "application/pdf")


def headers_of(content_type: str = "video/mp4", name: str = "a/film.mp4", cache: str | None = "3600", **how):
    return content_rules.headers(content_type, name, cache, **how)


@pytest.mark.parametrize("content_type", RUNS)
def test_what_could_run_is_an_attachment_in_a_sandbox(content_type: str):
    headers = headers_of(content_type)
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("content_type", RUNS)
def test_nothing_that_a_page_of_ours_could_load_as_a_script_or_style_is_called_one(content_type: str):
    sent = headers_of(content_type)["Content-Type"]
    assert not re.search(r"script|css|multipart|message/", sent)


@pytest.mark.parametrize("content_type", SHOWN)
def test_pictures_films_sounds_and_pdfs_are_shown_without_scripts(content_type: str):
    headers = headers_of(content_type)
    assert headers["Content-Disposition"] == 'inline; filename="film.mp4"'
    assert headers["Content-Type"] == content_type
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("sandbox")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("content_type", SHOWN)
def test_what_is_asked_for_as_a_download_is_an_attachment(content_type: str):
    assert headers_of(content_type, download="")["Content-Disposition"] == 'attachment; filename="film.mp4"'
    assert headers_of(content_type, download="x.mp4")["Content-Disposition"] == 'attachment; filename="x.mp4"'


def test_a_link_may_be_shown_by_other_origins_and_the_rest_may_not():
    assert headers_of(by_link=True)["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers_of()["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_next_person_at_the_same_browser_does_not_get_it_from_its_cache():
    assert headers_of()["Vary"] == "Authorization"
    assert "Vary" not in headers_of(by_link=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("film.mp4", 'inline; filename="film.mp4"'),
        ("Grüße.pdf", "inline; filename=\"Gr__e.pdf\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf"),
        ("研修.mp4", "inline; filename=\"__.mp4\"; filename*=UTF-8''%E7%A0%94%E4%BF%AE.mp4"),
        ("دليل.pdf", "inline; filename=\"____.pdf\"; filename*=UTF-8''%D8%AF%D9%84%D9%8A%D9%84.pdf"),
        ('a"b\\c.txt', "inline; filename=\"a_b_c.txt\"; filename*=UTF-8''a%22b_c.txt"),
        ("100%.txt", "inline; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
        ("gpj.\u202eexe", 'inline; filename="gpj.exe"'),
        ("../../etc/passwd", 'inline; filename="_.._etc_passwd"'),
        ("a\r\nSet-Cookie: x=1", 'inline; filename="aSet-Cookie: x=1"'),
        ("\ud800.txt", 'inline; filename="?.txt"'),
        ("...", "inline"),
        ("", "inline"),
    ],
)
def test_file_names_of_any_script_are_kept_and_odd_ones_disarmed(name: str, expected: str):
    assert content_rules.disposition("inline", name) == expected


def test_a_long_name_keeps_its_ending():
    sent = content_rules.disposition("attachment", "ü" * 500 + ".tar.gz")
    name = unquote(sent.partition("filename*=UTF-8''")[2])
    assert name.endswith("ü.gz")
    assert len(name.encode()) <= 180


@given(st.text(max_size=300), st.text(max_size=60), st.none() | st.text(max_size=60), st.none() | st.text(max_size=300))
def test_no_text_can_end_a_header_or_the_name_in_it(
    name: str, content_type: str, cache: str | None, download: str | None
):
    for header, value in content_rules.headers(content_type, name, cache, download=download).items():
        assert re.fullmatch(r"[\x20-\x7e]+", value), header
    disposition = content_rules.headers(content_type, name, cache, download=download)["Content-Disposition"]
    assert re.fullmatch(
        r"(inline|attachment)(; filename=\"[^\"\\]*\"(; filename\*=UTF-8''[A-Za-z0-9%._~-]+)?)?", disposition
    )


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("3600", "private, max-age=3600"),
        ("max-age=3600", "private, max-age=3600"),
        ("public, MAX-AGE = 60", "private, max-age=60"),
        ("s-maxage=60", "private, no-cache"),
        ("99999999999", "private, no-cache"),
        ("9999999999", "private, max-age=31536000"),
        ("no-store, max-age=1", "no-store"),
        ("no-cache", "private, no-cache"),
        ("max-age=1\r\nX: y", "private, no-cache"),
        ("nonsense", "private, no-cache"),
        ("", "private, no-cache"),
        (None, "private, no-cache"),
    ],
)
def test_an_uploaders_wish_for_caching_is_read_never_repeated(stored: str | None, expected: str):
    assert content_rules.cache_rule(stored) == expected


def test_what_is_public_may_lie_in_any_cache():
    assert content_rules.cache_rule("60", public=True) == "public, max-age=60"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Video/MP4", "video/mp4"),
        (" text/plain;charset=UTF-8 ", "text/plain; charset=UTF-8"),
        ('video/mp4; codecs="avc1.42E01E, mp4a.40.2"', 'video/mp4; codecs="avc1.42E01E, mp4a.40.2"'),
        ("application/vnd.ms-excel;", "application/vnd.ms-excel"),
    ],
)
def test_a_media_type_is_written_in_one_way(text: str, expected: str):
    assert content_rules.mime_type(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "video", "video/", "/mp4", "video/mp4, text/html", "a/b; c", "a/b\r\nX: y", 'a/b; c="\n"', "a/*", "a/b" * 99],
)
def test_what_is_no_media_type_is_refused(text: str):
    with pytest.raises(ValueError, match="no media type"):
        content_rules.mime_type(text)


@given(st.text(max_size=80))
def test_a_media_type_that_is_taken_can_be_taken_again(text: str):
    try:
        once = content_rules.mime_type(text)
    except ValueError:
        return
    assert content_rules.mime_type(once) == once


@pytest.mark.parametrize(
    ("content_type", "allowed", "expected"),
    [
        ("video/mp4", ["video/*"], True),
        ("VIDEO/MP4; codecs=x", ["video/mp4"], True),
        ("video/mp4", ["Video/MP4"], True),
        ("video/mp4", ["audio/*", "application/pdf"], False),
        ("videos/mp4", ["video/*"], False),
        ("text/html", ["*/*"], True),
        ("text/html", ["*"], True),
        ("text/html", [], True),
        ("text/html", None, True),
        ("text/html; video/mp4", ["video/mp4"], False),
    ],
)
def test_types_are_matched_whole_or_by_family(content_type: str, allowed: list[str] | None, expected: bool):
    assert content_rules.is_allowed(content_type, allowed) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("*", True), ("*/*", True), ("video/*", True), ("a/b", True), ("*/mp4", False), ("a", False)]
)
def test_patterns_are_types_or_families(text: str, expected: bool):
    assert content_rules.is_pattern(text) is expected
