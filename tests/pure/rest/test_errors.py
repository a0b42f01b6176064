import pytest

from core.errors import TooLarge, Unauthorized, Unavailable
from core.rest.errors import database_error, rest_error


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
        ("42P01", False, 404),
        ("42P17", False, 500),
        ("42703", False, 400),
        ("25006", False, 405),
        ("25P02", False, 500),
        ("28000", False, 403),
        ("P0001", False, 400),
        ("P0002", False, 400),
        ("PT402", False, 402),
        ("PT200", False, 400),
        ("PTxyz", False, 400),
        ("40001", False, 500),
        ("57014", False, 500),
        ("57P01", False, 503),
        ("08006", False, 503),
        ("53300", False, 503),
        ("XX000", False, 500),
    ],
)
def test_the_status_of_what_postgresql_refuses(sqlstate, anonymous, status):
    assert database_error(sqlstate, "text", None, None, anonymous=anonymous).status == status


def test_what_holds_other_peoples_rows_or_our_inside_is_not_told():
    duplicate = database_error("23505", "duplicate key", "Key (email)=(ada@callx.example)", None, anonymous=False)
    assert (duplicate.message, duplicate.details) == ("duplicate key", None)
    broken = database_error("XX000", "cache lookup failed", "inside", "inside", anonymous=False)
    assert "cache" not in broken.message
    assert (broken.details, broken.hint) == (None, None)


def test_what_a_function_raises_is_told_whole():
    error = database_error("P0001", "No such boat.", "detail", "hint", anonymous=False)
    assert (error.message, error.details, error.hint) == ("No such boat.", "detail", "hint")
    own = database_error("PT503", "Come back at noon.", None, "noon", anonymous=False)
    assert (own.status, own.message, own.hint) == (503, "Come back at noon.", "noon")


def test_a_limit_of_time_is_told():
    error = database_error("57014", "canceling statement due to statement timeout", None, None, anonymous=False)
    assert error.message == "canceling statement due to statement timeout"


def test_errors_from_elsewhere_have_the_shape_of_this_wire():
    body = rest_error(Unauthorized("The token has expired.", code="token_expired"), "r1")
    assert body == {"code": "PGRST303", "message": "JWT expired", "details": None, "hint": None}
    assert rest_error(Unauthorized("No.", code="bad_jwt"), "r1")["code"] == "PGRST301"
    assert rest_error(TooLarge("Long."), "r1")["code"] == "PGRST102"
    assert rest_error(Unavailable("Gone."), "r1") == {
        "code": "unavailable",
        "message": "Gone.",
        "details": "Request r1",
        "hint": None,
    }
