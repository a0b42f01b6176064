"""Rows, columns, filters, orders and pages, as PostgREST's documentation has them."""



async def test_a_table_is_read_whole(visitor):
    rows = await visitor.get("shelves?order=id")

    assert rows == [{"id": 1, "room": "East", "floor no.": 0}, {"id": 2, "room": "West", "floor no.": 1}]


async def test_both_prefixes_answer_the_same(visitor):
    assert await visitor.get("rest/v1/shelves?order=id") == await visitor.get("shelves?order=id")
    assert (await visitor.fails("rest/v1/nothing", 404, "PGRST205"))["message"]


async def test_a_star_is_what_the_role_may_read(visitor, librarian):
    assert list((await visitor.get("authors?id=eq.1"))[0]) == ["id", "name", "born", "home"]
    assert (await librarian.get("authors?id=eq.1"))[0]["secret_note"] == "likes cats"
    await visitor.fails("authors?select=secret_note", 401, "42501")
    await visitor.fails("authors?secret_note=eq.x", 401, "42501")
