"""Parts and conditions of downloads, against what the standard says of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.storage.errors import StorageError
from core.storage.ranges import http_date, is_unchanged, wished_range

ETAG = '"abc"'
THEN = datetime(2026, 11, 24, 9, 0, 0, 500_000, tzinfo=UTC)


def part(header: str, size: int) -> tuple[int, int] | None:
    return wished_range({"Range": header}, size, ETAG, THEN)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_part_is_what_a_list_gives(first: int, last: int, size: int):
    content = list(range(size))
    header = f"bytes={first}-{last}"
    if last < first:
        assert part(header, size) is None
    elif first >= size:
        with pytest.raises(StorageError) as refusal:
            part(header, size)
        assert refusal.value.status == 416
    else:
        found = part(header, size)
        assert found is not None
        assert content[slice(*found)] == content[first : last + 1]


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_an_end_is_what_a_list_gives(length: int, size: int):
    found = part(f"bytes=-{length}", size)
    assert found is not None
    assert list(range(size))[slice(*found)] == list(range(size))[-length:]


@pytest.mark.parametrize("header", ["bytes=-0", "bytes=10-", "bytes=10-20"])
def test_what_does_not_exist_is_refused(header: str):
    with pytest.raises(StorageError):
        part(header, 10)


@given(st.text(max_size=20))
def test_whatever_else_is_asked_brings_the_whole(text: str):
    try:
        found = part(text, 100)
    except StorageError:
        found = None
    assert found is None or 0 <= found[0] < found[1] <= 100


@pytest.mark.parametrize(
    ("condition", "counts"),
    [
        (ETAG, True),
        ('"other"', False),
        (f"W/{ETAG}", False),
        (http_date(THEN), True),
        (http_date(THEN - timedelta(seconds=1)), False),
        ("yesterday", False),
    ],
)
def test_a_part_of_something_else_is_not_sent(condition: str, counts: bool):
    found = wished_range({"Range": "bytes=0-1", "If-Range": condition}, 10, ETAG, THEN)
    assert found == ((0, 2) if counts else None)


@pytest.mark.parametrize(
    ("headers", "unchanged"),
    [
        ({}, False),
        ({"If-None-Match": ETAG}, True),
        ({"If-None-Match": f"W/{ETAG}"}, True),
        ({"If-None-Match": f'"x", {ETAG}'}, True),
        ({"If-None-Match": "*"}, True),
        ({"If-None-Match": '"x"'}, False),
        ({"If-None-Match": "abc"}, False),
        ({"If-None-Match": '"x"', "If-Modified-Since": http_date(THEN)}, False),
        ({"If-Modified-Since": http_date(THEN)}, True),
        ({"If-Modified-Since": http_date(THEN - timedelta(seconds=1))}, False),
        ({"If-Modified-Since": "Tue, 99 Nov 2026 09:00:00 GMT"}, False),
        ({"If-Modified-Since": "-"}, False),
    ],
)
def test_what_has_not_changed_is_not_sent(headers: dict[str, str], unchanged: bool):
    assert is_unchanged(headers, ETAG, THEN) is unchanged


def test_times_are_written_as_headers_have_them():
    assert http_date(THEN) == "Tue, 24 Nov 2026 09:00:00 GMT"
