import pytest

from core.rest.errors import RestError
from core.rest.query import Query
from core.rest.ranges import check_offset, content_range, parse_range, status_of, within


def test_a_range_is_an_offset_and_a_limit():
    assert parse_range(None) is None
    assert parse_range("bytes=0-1") is None
    assert parse_range("-5") is None
    assert parse_range("5-9") == (5, 5)
    assert parse_range("items=5-9") == (5, 5)
    assert parse_range("5-") == (5, None)
    with pytest.raises(RestError) as caught:
        parse_range("9-5")
    assert (caught.value.status, caught.value.code) == (416, "PGRST103")


def test_a_range_stands_back_behind_a_limit_of_the_query_string():
    assert within(Query(), None) == Query()
    assert within(Query(), "0-") == Query(offsets=(((), 0),))
    assert within(Query(), "5-9") == Query(limits=(((), 5),), offsets=(((), 5),))
    embedded = Query(limits=((("lessons",), 1),))
    assert within(embedded, "5-9").limits == ((("lessons",), 1), ((), 5))
    for own in (Query(limits=(((), 1),)), Query(offsets=(((), 1),))):
        assert within(own, "5-9") == own


def test_what_a_content_range_says():
    assert content_range(5, 5, None) == "5-9/*"
    assert content_range(0, 1, 1) == "0-0/1"
    assert content_range(5, 0, 3) == "*/3"
    assert content_range(0, 0, 0) == "*/0"


def test_a_page_is_partial_when_it_is_known_that_there_is_more():
    assert [status_of(rows, total) for rows, total in ((2, None), (2, 2), (0, 0), (2, 3), (0, 3))] == [
        200,
        200,
        200,
        206,
        206,
    ]


def test_an_offset_behind_the_last_row_is_told_when_the_count_is_known():
    check_offset(9, None)
    check_offset(5, 5)
    with pytest.raises(RestError) as caught:
        check_offset(6, 5)
    assert (caught.value.status, caught.value.code) == (416, "PGRST103")
    assert caught.value.details == "An offset of 6 was requested, but there are only 5 rows."
    assert caught.value.headers == {"Content-Range": "*/5"}
