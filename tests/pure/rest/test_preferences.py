import pytest

from core.errors import Unauthorized, Unavailable
from core.rest.errors import RestError, database_error, rest_error
from core.rest.preferences import Preferences, content_range, parse_prefer, parse_range, wants_object


@pytest.mark.parametrize(
    ("accept", "single"),
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("application/vnd.pgrst.object+json", True),
        ("application/vnd.pgrst.object+json; charset=utf-8", True),
        ("text/csv, application/json", False),
    ],
)
def test_the_form_of_the_answer(accept, single):
    assert wants_object(accept) is single


@pytest.mark.parametrize(
    "accept", ["text/csv", "application/vnd.pgrst.plan+json", "application/vnd.pgrst.array+json;nulls=stripped"]
)
def test_other_forms_are_not_available(accept):
    with pytest.raises(RestError) as caught:
        wants_object(accept)
    assert (caught.value.status, caught.value.code) == (406, "PGRST107")


def test_preferences_are_read_from_all_headers_and_the_first_counts():
    assert parse_prefer([]) == Preferences()
    assert parse_prefer(["return=representation,count=exact", "return=minimal"]) == Preferences(
        "representation", True, ("return=representation", "count=exact")
    )


@pytest.mark.parametrize("header", ["resolution=merge-duplicates", "missing=default"])
def test_a_preference_that_would_change_what_is_written_is_refused(header):
    with pytest.raises(RestError):
        parse_prefer([header])


def test_ranges():
    assert parse_range(None) is None
    assert parse_range("bytes=0-1") is None
    assert parse_range("5-9") == (5, 5)
    assert parse_range("5-") == (5, None)
    with pytest.raises(RestError):
        parse_range("9-5")
    assert content_range(5, 5, None) == "5-9/*"
    assert content_range(5, 0, 3) == "*/3"


@pytest.mark.parametrize(
    ("sqlstate", "anonymous", "status"),
    [
        ("42501", False, 403),
        ("42501", True, 401),
        ("23503", False, 409),
        ("23505", False, 409),
        ("23502", False, 400),
        ("22P02", False, 400),
        ("42883", False, 404),
        ("25006", False, 405),
        ("P0001", False, 400),
        ("57014", False, 500),
        ("53300", False, 503),
        ("XX000", False, 500),
    ],
)
def test_the_status_of_what_postgresql_refuses(sqlstate, anonymous, status):
    assert database_error(sqlstate, "text", None, None, anonymous=anonymous).status == status


def test_what_holds_other_peoples_rows_or_our_inside_is_not_told():
    duplicate = database_error("23505", "duplicate key", "Key (email)=(ada@callx.example)", None, anonymous=False)
    assert duplicate.details is None
    broken = database_error("XX000", "cache lookup failed", "inside", "inside", anonymous=False)
    assert "cache" not in broken.message
    assert broken.details is None


def test_errors_from_elsewhere_have_the_shape_of_this_wire():
    body = rest_error(Unauthorized("The token has expired.", code="token_expired"), "r1")
    assert body == {"code": "PGRST303", "message": "JWT expired", "details": None, "hint": None}
    assert rest_error(Unauthorized("No.", code="bad_jwt"), "r1")["code"] == "PGRST301"
    assert rest_error(Unavailable("Gone."), "r1") == {
        "code": "unavailable",
        "message": "Gone.",
        "details": "Request r1",
        "hint": None,
    }
