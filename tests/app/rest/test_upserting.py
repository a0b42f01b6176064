from tests.app.support.reader import OBJECT, WHOLE, refusal

MERGE = "resolution=merge-duplicates"
IGNORE = "resolution=ignore-duplicates"


async def test_rows_that_are_there_are_changed_and_others_are_added(sea):
    body = [{"id": 1, "name": "Aurora", "berth": "M"}, {"id": 7, "name": "Gull", "berth": "M"}]
    response = await sea.post("boats", body, Prefer=f"{MERGE}, return=representation, count=exact")
    assert response.status == 201
    assert response.headers["Preference-Applied"] == ("resolution=merge-duplicates, return=representation, count=exact")
    assert response.headers["Content-Range"] == "*/2"
    rows = await response.json()
    assert [(row["id"], row["berth"], row["length_m"]) for row in rows] == [(1, "M", 7.5), (7, "M", None)]


async def test_it_is_200_when_all_rows_were_there(sea):
    body = [{"id": 1, "name": "Aurora", "berth": "M"}, {"id": 2, "name": "Brisk", "berth": "M"}]
    response = await sea.post("boats", body, Prefer=MERGE)
    assert (response.status, await response.read()) == (200, b"")
    assert len(await sea.get("boats?berth=eq.M")) == 2


async def test_another_unique_key_can_be_meant(sea):
    body = {"name": "Brisk", "berth": "N"}
    assert (await sea.post("boats?on_conflict=name", body, Prefer=MERGE)).status == 200
    assert await sea.get("boats?select=id&berth=eq.N") == [{"id": 2}]
    assert await refusal(await sea.post("boats?on_conflict=berth", body, Prefer=MERGE)) == (400, "42P10")


async def test_a_key_of_two_columns_needs_no_word(sea):
    body = [{"boat_id": 1, "day": "2026-06-01", "note": "new"}, {"boat_id": 3, "day": "2026-06-01", "note": "new"}]
    assert (await sea.post("moorings", body, Prefer=MERGE)).status == 201
    assert [row["boat_id"] for row in await sea.get("moorings?note=eq.new&order=boat_id")] == [1, 3]


async def test_rows_that_are_there_can_be_left_alone(sea):
    body = [{"id": 1, "name": "X"}, {"id": 8, "name": "Heron"}]
    response = await sea.post("boats?select=id", body, Prefer=f"{IGNORE}, return=representation")
    assert (response.status, await response.json()) == (201, [{"id": 8}])
    response = await sea.post("boats?select=id", body, Prefer=f"{IGNORE}, return=representation")
    assert await response.json() == []
    assert await sea.get("boats?select=name&id=eq.1") == [{"name": "Aurora"}]


async def test_one_object_that_was_left_alone_is_none(sea):
    response = await sea.post("boats", {"id": 1, "name": "X"}, Prefer=f"{IGNORE}, return=representation", **OBJECT)
    assert await refusal(response) == (406, "PGRST116")


async def test_the_same_row_twice_in_one_request_is_an_error(sea):
    body = [{"id": 1, "name": "X"}, {"id": 1, "name": "Y"}]
    assert await refusal(await sea.post("boats", body, Prefer=MERGE)) == (400, "21000")
    assert await sea.get("boats?select=name&id=eq.1") == [{"name": "Aurora"}]


async def test_without_a_wish_a_second_row_is_a_conflict(sea):
    assert await refusal(await sea.post("boats?on_conflict=id", {"id": 1, "name": "X"})) == (409, "23505")


async def test_a_missing_key_is_null_or_its_default(sea):
    rows = [{"name": "P", "berth": "Z"}, {"name": "Q"}]
    path = "boats?columns=name,berth&select=name,berth"
    response = await sea.post(path, rows, **WHOLE)
    assert [row["berth"] for row in await response.json()] == ["Z", None]
    for row in rows:
        row["name"] += "2"
    response = await sea.post(path, rows, Prefer="return=representation, missing=default")
    assert [row["berth"] for row in await response.json()] == ["Z", "A1"]
    assert "missing=default" in response.headers["Preference-Applied"]


async def test_headers_alone_say_where_the_new_row_is(sea):
    response = await sea.post("boats", {"name": "Ibis"}, Prefer="return=headers-only")
    assert (response.status, await response.read()) == (201, b"")
    assert response.headers["Location"] == "/rest/v1/boats?id=eq.4"
    assert response.headers["Preference-Applied"] == "return=headers-only"
    [boat] = await sea.get(response.headers["Location"].removeprefix("/rest/v1/"))
    assert boat["name"] == "Ibis"
    response = await sea.post("moorings", {"boat_id": 4, "day": "2026-01-01"}, Prefer="return=headers-only")
    assert response.headers["Location"] == "/rest/v1/moorings?boat_id=eq.4&day=eq.2026-01-01"
    response = await sea.post("boats", [{"name": "J"}, {"name": "K"}], Prefer="return=headers-only")
    assert (response.status, "Location" in response.headers) == (201, False)


async def test_what_only_the_end_of_the_transaction_refuses_is_told_like_the_rest(sea):
    body = {"boat_id": 99, "day": "2026-06-01"}
    assert await refusal(await sea.post("moorings", body, **WHOLE)) == (409, "23503")
    assert await sea.get("moorings?boat_id=eq.99") == []
