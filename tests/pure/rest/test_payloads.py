from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rest.errors import RestError
from core.rest.payloads import Rows, read_arguments, read_change, read_rows


def test_rows_are_an_object_or_an_array_of_them():
    assert read_rows(b'{"a": 1, "b": 2}', None) == Rows('[{"a": 1, "b": 2}]', ("a", "b"), 1)
    assert read_rows(b'[{"a": 1}, {"a": 2}]', None) == Rows('[{"a": 1}, {"a": 2}]', ("a",), 2)
    assert read_rows(b"[]", None) == Rows("[]", (), 0)
    assert read_rows(b"{}", None) == Rows("[{}]", (), 1)


def test_keys_may_only_differ_where_columns_are_named():
    differing = b'[{"a": 1}, {"b": 2}]'
    assert read_rows(differing, ("a", "b")).number == 2
    with pytest.raises(RestError) as caught:
        read_rows(differing, None)
    assert (caught.value.code, caught.value.message) == ("PGRST102", "All object keys must match")


def test_a_change_is_one_object_or_nothing():
    for body in (b"", b" ", b"{}", b"[]", b"[{}]"):
        assert read_change(body).keys == ()
    assert read_change(b'{"a": null}') == read_change(b'[{"a": null}]') == Rows('{"a": null}', ("a",), 1)
    for body in (b'[{"a": 1}, {"a": 2}]', b"[7]", b"7", b"null"):
        with pytest.raises(RestError):
            read_change(body)


def test_arguments_have_names_when_they_are_an_object():
    assert read_arguments(b"") == ("{}", ())
    assert read_arguments(b'{"a": [1], "b": null}') == ('{"a": [1], "b": null}', ("a", "b"))
    assert read_arguments(b"[1, 2]") == ("[1, 2]", ())


@pytest.mark.parametrize(
    "body", [b"", b"{", b"7", b"null", b"[7]", b"\xff", b"[" * 100_000, '{"a": 1}'.encode("utf-16")]
)
def test_other_rows_are_none(body):
    with pytest.raises(RestError) as caught:
        read_rows(body, None)
    assert (caught.value.status, caught.value.code) == (400, "PGRST102")


@given(st.binary(max_size=100))
def test_any_body_is_read_or_refused_in_one_way(body):
    for read in (lambda: read_rows(body, None), lambda: read_change(body), lambda: read_arguments(body)):
        with suppress(RestError):
            read()


def test_the_one_object_of_a_list_keeps_its_numbers_as_they_were_written():
    assert read_change(b' [ {"n": 0.12345678901234567890123, "m": 1.10} ]\n').text.strip() == (
        '{"n": 0.12345678901234567890123, "m": 1.10}'
    )
    assert read_change(b"[ ]").text == "{}"
