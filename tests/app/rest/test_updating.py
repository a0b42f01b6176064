import pytest

from tests.app.support.reader import OBJECT, WHOLE, refusal


async def names(sea):
    return [boat["name"] for boat in await sea.get("boats?select=name&order=id")]


async def test_an_update_without_wishes_answers_nothing(sea):
    response = await sea.patch("boats?id=eq.2", {"berth": "C3"})
    assert (response.status, await response.read()) == (204, b"")
    assert response.headers["Content-Range"] == "0-0/*"
    assert "Content-Type" not in response.headers
    assert await sea.get("boats?select=berth&order=id") == [{"berth": "A1"}, {"berth": "C3"}, {"berth": None}]


async def test_an_update_answers_what_is_selected_of_what_it_changed(sea):
    response = await sea.patch(
        "boats?name=in.(Aurora,Brisk)&select=id,length:length_m,moorings(day)&order=id.desc&moorings.order=day.desc"
        "&moorings.limit=1",
        {"length_m": 9, "data": {"a": [1]}},
        Prefer="return=representation, count=exact",
    )
    assert response.status == 200
    assert response.headers["Preference-Applied"] == "return=representation, count=exact"
    assert response.headers["Content-Range"] == "0-1/2"
    assert await response.json() == [
        {"id": 2, "length": 9, "moorings": [{"day": "2026-06-01"}]},
        {"id": 1, "length": 9, "moorings": [{"day": "2026-06-02"}]},
    ]


async def test_only_named_columns_are_set(sea):
    response = await sea.patch("boats?id=eq.1&columns=berth&select=name,berth", {"berth": "Z", "name": "X"}, **WHOLE)
    assert await response.json() == [{"name": "Aurora", "berth": "Z"}]


async def test_filters_of_every_kind_choose_the_rows(sea):
    response = await sea.patch("boats?or=(id.eq.1,data->>flag.eq.DK)&select=id&order=id", {"berth": "Q"}, **WHOLE)
    assert await response.json() == [{"id": 1}, {"id": 2}]
    assert (await sea.patch("boats?id=eq.9", {"berth": "Q"})).status == 204
    response = await sea.patch("boats?id=eq.9", {"berth": "Q"}, **WHOLE)
    assert (response.status, await response.json(), response.headers["Content-Range"]) == (200, [], "*/*")


@pytest.mark.parametrize("body", [b"", {}, [], [{}]])
async def test_an_update_of_nothing_is_no_error(sea, body):
    assert (await sea.patch("boats?id=eq.1", body)).status == 204
    response = await sea.patch("boats?id=eq.1", body, **WHOLE)
    assert (response.status, await response.json()) == (200, [])


async def test_an_update_of_everything_is_refused(sea):
    for path in ("boats", "boats?select=id", "boats?moorings.note=is.null&select=moorings(*)"):
        response = await sea.patch(path, {"berth": "X"}, **WHOLE)
        error = await response.json()
        assert (response.status, error["code"], error["message"]) == (400, "21000", "UPDATE requires a WHERE clause")
    assert {"berth": "X"} not in await sea.get("boats?select=berth")


async def test_one_object_or_nothing_is_changed(sea):
    response = await sea.patch("boats?id=eq.1&select=name", {"name": "Dawn"}, **WHOLE, **OBJECT)
    assert (response.status, await response.json(content_type=None)) == (200, {"name": "Dawn"})
    for headers in (WHOLE, {}):
        for path, found in (("boats?id=gt.1", 2), ("boats?id=eq.9", 0)):
            response = await sea.patch(path, {"berth": "X"}, **headers, **OBJECT)
            error = await response.json()
            assert (response.status, error["code"]) == (406, "PGRST116")
            assert error["details"] == f"The result contains {found} rows"
    assert await sea.get("boats?berth=eq.X") == []


async def test_more_rows_than_allowed_are_not_changed(sea):
    strict = "handling=strict, max-affected=1"
    response = await sea.patch("boats?id=gt.0", {"berth": "X"}, Prefer=strict)
    error = await response.json()
    assert (response.status, error["code"]) == (400, "PGRST124")
    assert error["details"] == "The query affects 3 rows"
    assert await sea.get("boats?berth=eq.X") == []
    response = await sea.patch("boats?id=eq.1", {"berth": "X"}, Prefer=strict)
    assert (response.status, response.headers["Preference-Applied"]) == (204, "handling=strict, max-affected=1")


BAD_UPDATES = [
    ("boats?id=eq.1", [{"berth": "X"}, {"berth": "Y"}], 400, "PGRST102"),
    ("boats?id=eq.1", b"{", 400, "PGRST102"),
    ("boats?id=eq.1", 7, 400, "PGRST102"),
    ("boats?id=eq.1", {"nope": 1}, 400, "PGRST204"),
    ("boats?id=eq.1&columns=nope", {"berth": "X"}, 400, "PGRST204"),
    ("boats?nope=eq.1", {"berth": "X"}, 400, "42703"),
    ("boats?id=eq.1&limit=1", {"berth": "X"}, 400, "PGRST100"),
    ("boats?id=eq.x", {"berth": "X"}, 400, "22P02"),
    ("boats?id=eq.1", {"name": None}, 400, "23502"),
    ("boats?id=eq.1", {"name": "Brisk"}, 409, "23505"),
    ("boats?id=eq.1", {"length_m": -1}, 400, "23514"),
    ("boats?id=eq.1", {"label": "x"}, 400, "428C9"),
    ("boats?secret=eq.SECRET", {"berth": "X"}, 403, "42501"),
    ("nothing?id=eq.1", {"berth": "X"}, 404, "PGRST205"),
]


async def test_a_bad_update_is_told_and_changes_nothing(sea):
    before = await sea.get("boats?order=id")
    for path, body, status, code in BAD_UPDATES:
        assert await refusal(await sea.patch(path, body)) == (status, code), path
    assert await sea.get("boats?order=id") == before


async def test_row_security_decides_whose_rows_are_changed(tess, cast):
    response = await tess.patch("profiles?full_name=not.is.null&select=full_name", {"full_name": "T."}, **WHOLE)
    assert await response.json() == [{"full_name": "T."}]
    response = await tess.patch(f"profiles?id=eq.{cast.theo.user_id}", {"full_name": "T."}, **OBJECT)
    assert await refusal(response) == (406, "PGRST116")
