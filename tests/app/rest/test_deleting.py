from tests.app.support.reader import OBJECT, WHOLE, refusal


async def test_a_delete_answers_nothing(sea):
    response = await sea.delete("moorings?boat_id=eq.1")
    assert (response.status, await response.read()) == (204, b"")
    assert response.headers["Content-Range"] == "*/*"
    assert [row["boat_id"] for row in await sea.get("moorings")] == [2]


async def test_a_delete_answers_what_is_selected_of_what_is_gone(sea):
    response = await sea.delete(
        "moorings?day=eq.2026-06-01&select=note,boats(name)&order=note", Prefer="return=representation, count=exact"
    )
    assert (response.status, response.headers["Content-Range"]) == (200, "*/2")
    assert await response.json() == [
        {"note": "first", "boats": {"name": "Aurora"}},
        {"note": "guest", "boats": {"name": "Brisk"}},
    ]
    assert len(await sea.get("moorings")) == 1


async def test_a_delete_of_everything_is_refused(sea):
    for path in ("moorings", "moorings?order=day", "moorings?select=boats(id)&boats.id=eq.1"):
        error = await (await sea.delete(path, **WHOLE)).json()
        assert (error["code"], error["message"]) == ("21000", "DELETE requires a WHERE clause")
    assert await refusal(await sea.delete("moorings?boat_id=eq.1&limit=1")) == (400, "PGRST100")
    assert len(await sea.get("moorings")) == 3


async def test_one_row_or_nothing_is_deleted(sea):
    for headers in (OBJECT, OBJECT | WHOLE):
        assert await refusal(await sea.delete("moorings?boat_id=eq.1", **headers)) == (406, "PGRST116")
        assert await refusal(await sea.delete("moorings?boat_id=eq.9", **headers)) == (406, "PGRST116")
    assert len(await sea.get("moorings")) == 3
    response = await sea.delete("moorings?boat_id=eq.2", **OBJECT, **WHOLE)
    assert (await response.json(content_type=None))["note"] == "guest"


async def test_more_rows_than_allowed_are_not_deleted(sea):
    response = await sea.delete("moorings?boat_id=eq.1", Prefer="handling=strict,max-affected=1")
    assert await refusal(response) == (400, "PGRST124")
    assert len(await sea.get("moorings")) == 3


async def test_a_row_that_others_refer_to_stays_and_the_error_shows_none(sea):
    response = await sea.delete("boats?id=eq.1")
    error = await response.json()
    assert (response.status, error["code"], error["details"]) == (409, "23503", None)


async def test_a_body_is_passed_over(sea):
    assert (await sea.send("DELETE", "moorings?boat_id=eq.2", {"any": "thing"})).status == 204
