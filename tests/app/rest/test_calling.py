import json

from tests.app.support.reader import OBJECT, refusal


async def call(sea, path, body=None, **headers):
    response = await sea.post(f"rpc/{path}", {} if body is None else body, **headers)
    text = await response.text()
    return response.status, json.loads(text) if text else None


async def test_a_value(sea):
    assert await call(sea, "add", {"a": 1, "b": 2}) == (200, 3)
    assert await call(sea, "add", {"a": 1}) == (200, 11)
    assert await sea.get("rpc/add?a=1&b=2") == 3
    assert await call(sea, "add", {"a": 1}, **OBJECT) == (200, 11)
    assert await call(sea, "add", {"a": None}) == (200, None)


async def test_many_values(sea):
    assert await call(sea, "words", {"list": ["a", "b c"]}) == (200, ["a", "b c"])
    assert await sea.get("rpc/words?list=a&list=b c") == ["a", "b c"]
    assert await sea.get("rpc/words?list=a&list=b&list=c&limit=1&offset=1") == ["b"]


async def test_rows_can_be_selected_filtered_and_ordered_like_those_of_a_table(sea):
    names = "select=name,moorings(day)&order=id.desc&moorings.order=day&moorings.limit=1"
    rows = [
        {"name": "Brisk", "moorings": [{"day": "2026-06-01"}]},
        {"name": "Aurora", "moorings": [{"day": "2026-06-01"}]},
    ]
    assert await sea.get(f"rpc/boats_from?metres=5&{names}") == rows
    assert await call(sea, f"boats_from?{names}", {"metres": 5}) == (200, rows)
    assert await sea.get("rpc/boats_from?metres=5&select=id&name=like.B*") == [{"id": 2}]
    assert await sea.get("rpc/boats_from?metres=5&select=id&limit=1") == [{"id": 1}]
    assert await sea.get("rpc/boats_from?metres=99") == []


async def test_a_function_shows_no_column_that_its_table_hides(sea):
    [boat] = await sea.get("rpc/boats_from?metres=10")
    assert "secret" not in boat
    assert "secret" not in await sea.get("rpc/boat?id=1")


async def test_one_row(sea):
    assert (await sea.get("rpc/boat?id=1&select=name")) == {"name": "Aurora"}
    assert await call(sea, "boat?select=name", {"id": 2}, **OBJECT) == (200, {"name": "Brisk"})


async def test_rows_of_the_functions_own_making(sea):
    assert await sea.get("rpc/sizes?order=size.desc&select=size") == [
        {"size": "size none"},
        {"size": "size B2"},
        {"size": "size A1"},
    ]


async def test_a_whole_body_can_be_the_argument(sea):
    assert await call(sea, "echo", [1, {"a": None}]) == (200, [1, {"a": None}])
    assert await call(sea, "echo", {"a": 1}) == (200, {"a": 1})


async def test_nothing_is_answered_as_nothing(sea):
    response = await sea.post("rpc/sink", {"boat": 1})
    assert (response.status, await response.read(), "Content-Type" in response.headers) == (204, b"", False)
    assert await sea.get("boats?select=id&berth=eq.sunk") == [{"id": 1}]


async def test_get_cannot_write(sea):
    error = await sea.fails("rpc/sink?boat=1", 405, "25006")
    assert "read-only" in error["message"]
    await sea.fails("rpc/rename_all?suffix=x", 405, "25006")
    async with sea.client.head("/rest/v1/rpc/sink?boat=1") as response:
        assert (response.status, await response.read()) == (405, b"")
    assert await sea.get("boats?berth=eq.sunk") == []


async def test_counts_and_pages_of_rows(sea):
    async with sea.client.head(
        "/rest/v1/rpc/boats_from?metres=5&limit=1", headers={"Prefer": "count=exact"}
    ) as response:
        assert (response.status, response.headers["Content-Range"]) == (206, "0-0/2")
        assert await response.read() == b""
    response = await sea.client.get("/rest/v1/rpc/boats_from?metres=5", headers={"Range": "1-1"})
    assert [boat["id"] for boat in await response.json()] == [2]
    assert response.headers["Content-Range"] == "1-1/*"
    await sea.fails("rpc/boats_from?metres=5&offset=9", 416, "PGRST103", Prefer="count=exact")


async def test_one_object_of_several_rows_is_refused_and_undone(sea):
    assert await refusal(await sea.post("rpc/rename_all", {"suffix": "x"}, **OBJECT)) == (406, "PGRST116")
    strict = {"Prefer": "handling=strict, max-affected=2"}
    assert await refusal(await sea.post("rpc/rename_all", {"suffix": "x"}, **strict)) == (400, "PGRST124")
    assert await sea.get("boats?name=like.*x") == []
    assert await call(sea, "rename_all", {"suffix": "x"}) == (200, [1, 2, 3])


async def test_which_function_is_meant(sea):
    for path, status, code in [
        ("rpc/nothing", 404, "PGRST202"),
        ("rpc/add", 404, "PGRST202"),
        ("rpc/add?a=1&c=2", 404, "PGRST202"),
        ("rpc/pick?x=1", 300, "PGRST203"),
        ("rpc/", 404, "PGRST125"),
        ("rpc/add/x", 404, "PGRST125"),
        ("rpc/add?a=x", 400, "22P02"),
        ("rpc/handle_new_user", 404, "PGRST202"),
    ]:
        await sea.fails(path, status, code)
    for body, status, code in [({"x": 1}, 300, "PGRST203"), ({}, 404, "PGRST202"), (b"{", 400, "PGRST102")]:
        assert await refusal(await sea.post("rpc/pick", body)) == (status, code)


async def test_a_function_chooses_the_status_of_its_refusal(sea):
    for sqlstate, status in (("P0001", 400), ("PT402", 402), ("42501", 403)):
        response = await sea.post("rpc/refuse", {"status": sqlstate})
        error = await response.json()
        assert (response.status, error["code"], error["message"]) == (status, sqlstate, "Not today.")


async def test_the_specifications_functions_can_be_called(tess, cast):
    mine = {"_user_id": str(cast.tess.user_id), "_role": "trainee"}
    assert await call(tess, "has_role", mine) == (200, True)
    [progress] = await tess.get("products?select=id")
    rows = await tess.get(
        f"rpc/module_progress?product_id={progress['id']}&select=order_index,is_locked&order=order_index"
    )
    assert rows == [{"order_index": 1, "is_locked": False}, {"order_index": 2, "is_locked": False}]
    await tess.fails("rpc/archived_content", 404, "PGRST202")
