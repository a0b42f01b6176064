"""What uploaders say beside the bytes."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadRequest, CallXError, Forbidden, TooLarge, Unauthorized, Unavailable
from core.storage.errors import StorageError, database_error, invalid_key, storage_error, translated
from core.storage.upload_fields import cache_control, user_metadata, user_metadata_of_header, wants_upsert


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("3600", "max-age=3600"),
        ("max-age=60", "max-age=60"),
        (None, "no-cache"),
        ("", "no-cache"),
        ("a\r\nSet-Cookie: x", "no-cache"),
        ("x" * 201, "no-cache"),
        ("٣", "no-cache"),
    ],
)
def test_a_cache_rule_is_seconds_or_a_directive(text: str | None, rule: str):
    assert cache_control(text) == rule


@given(
    st.dictionaries(st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=3)
)
def test_metadata_is_kept_or_refused(data: dict[str, object]):
    text = json.dumps(data)
    try:
        assert user_metadata_of_header(base64.b64encode(text.encode()).decode()) == data
    except StorageError:
        assert "\\u0000" in text or "\\ud" in text


@pytest.mark.parametrize(
    "text",
    ["[]", "1", "{", '{"a": NaN}', '{"a": 1e999}', '{"a": "\\u0000"}', '{"a": "\\ud800"}', "[" * 9_000, "x" * 16_385],
)
def test_metadata_that_cannot_be_kept_is_refused(text: str):
    with pytest.raises(StorageError):
        user_metadata(text)


def test_only_true_replaces():
    assert wants_upsert("true")
    assert wants_upsert(" TRUE ")
    assert not any(wants_upsert(text) for text in (None, "", "false", "1", "yes"))


@pytest.mark.parametrize(
    ("error", "number", "status"),
    [
        (BadRequest("x"), 400, 400),
        (Forbidden("x"), 403, 400),
        (TooLarge("x"), 413, 400),
        (Unauthorized("x", code="token_expired"), 403, 400),
        (Unavailable("x"), 503, 503),
        (CallXError("x"), 500, 500),
        (database_error("42501"), 403, 400),
        (database_error("23505"), 409, 400),
        (database_error("22P05"), 400, 400),
        (database_error("57014"), 544, 504),
        (database_error("XX000"), 500, 500),
        (database_error("55P03"), 423, 400),
    ],
)
def test_every_error_has_a_number_and_a_status(error: CallXError, number: int, status: int):
    assert (translated(error).number, translated(error).status) == (number, status)
    body = storage_error(error, "r1")
    assert set(body) == {"statusCode", "error", "message", "code"}
    assert body["statusCode"] == str(number)
    assert ("r1" in body["message"]) == (number >= 500)


def test_an_error_shows_no_control_characters():
    assert (
        invalid_key("a\x1b[31m\u202e\n").message
        == "Invalid key: a\N{REPLACEMENT CHARACTER}[31m" + "\N{REPLACEMENT CHARACTER}" * 2
    )
