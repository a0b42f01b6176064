import pytest

from core.rest.errors import RestError
from core.rest.media_types import MediaType, parse_accept

ARRAY, OBJECT, CSV = MediaType(), MediaType("object"), MediaType("csv")


@pytest.mark.parametrize(
    ("accept", "expected", "content_type"),
    [
        ("", ARRAY, "application/json; charset=utf-8"),
        ("*/*", ARRAY, "application/json; charset=utf-8"),
        ("application/json", ARRAY, "application/json; charset=utf-8"),
        ("APPLICATION/JSON; charset=utf-8", ARRAY, "application/json; charset=utf-8"),
        ("application/vnd.pgrst.array+json", ARRAY, "application/json; charset=utf-8"),
        (
            "application/vnd.pgrst.array+json;nulls=stripped",
            MediaType("array", True),
            "application/vnd.pgrst.array+json; nulls=stripped; charset=utf-8",
        ),
        ("application/json;nulls=stripped", ARRAY, "application/json; charset=utf-8"),
        ("application/vnd.pgrst.object+json", OBJECT, "application/vnd.pgrst.object+json; charset=utf-8"),
        (
            "application/vnd.pgrst.object+json; nulls=stripped",
            MediaType("object", True),
            "application/vnd.pgrst.object+json; nulls=stripped; charset=utf-8",
        ),
        ("text/csv", CSV, "text/csv; charset=utf-8"),
        ("text/csv, application/json", CSV, "text/csv; charset=utf-8"),
        ("text/csv;q=0.5, application/json", ARRAY, "application/json; charset=utf-8"),
        ("text/html, application/xhtml+xml, */*;q=0.8", ARRAY, "application/json; charset=utf-8"),
    ],
)
def test_the_form_of_the_answer(accept, expected, content_type):
    assert parse_accept(accept) == expected
    assert expected.content_type == content_type


@pytest.mark.parametrize(
    "accept", ["text/html", "application/vnd.pgrst.plan+json", "image/png, x", "*/*;q=0", ";", ","]
)
def test_other_forms_are_not_available(accept):
    with pytest.raises(RestError) as caught:
        parse_accept(accept)
    assert (caught.value.status, caught.value.code) == (406, "PGRST107")
