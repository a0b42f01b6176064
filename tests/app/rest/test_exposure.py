"""The settings of the wire: schemas, functions, anonymous requests, rows, bodies."""

import pytest

from core.rest.exposure import Exposure
from tests.app.support.harbour import build_harbour, harbour
from tests.app.support.reader import Reader, refusal


@pytest.fixture
async def open_sea(aiohttp_client, database, cast, clock, owner_dsn):
    """A wire with settings."""
    await build_harbour(owner_dsn)

    async def opened(**settings):
        return Reader(await aiohttp_client(harbour(database, clock, exposure=Exposure(**settings))), {})

    return opened


async def test_several_schemas_of_which_the_first_is_meant(open_sea):
    sea = await open_sea(schemas=("pier", "public"))
    assert await sea.get("ropes") == [{"id": 1, "colour": "green"}]
    await sea.fails("boats", 404, "PGRST205")
    async with sea.client.get("/rest/v1/boats?select=id", headers={"Accept-Profile": "public"}) as response:
        assert (response.status, response.headers["Content-Profile"]) == (200, "public")
    response = await sea.post("boats", {"name": "Y"}, **{"Content-Profile": "public", "Accept-Profile": "pier"})
    assert response.status == 201
    response = await sea.post("rpc/add", {"a": 1}, **{"Content-Profile": "public"})
    assert await response.json() == 11
    error = await sea.fails("ropes", 406, "PGRST106", **{"Accept-Profile": "auth"})
    assert error["hint"] == "Only the following schemas are exposed: pier, public"


async def test_an_allow_list_of_functions(open_sea):
    sea = await open_sea(functions=frozenset({"add"}))
    assert await sea.get("rpc/add?a=1") == 11
    await sea.fails("rpc/boats_from?metres=1", 404, "PGRST202")
    assert await refusal(await sea.post("rpc/sink", {"boat": 1})) == (404, "PGRST202")


async def test_no_anonymous_requests(open_sea):
    sea = await open_sea(anonymous=False)
    assert len(await sea.get("boats")) == 3
    await sea.fails("boats", 401, "PGRST302", **{"X-Nobody": ""})
    lenient = await open_sea()
    await lenient.fails("boats", 401, "42501", **{"X-Nobody": ""})


async def test_most_rows_of_a_read_and_none_of_a_write(open_sea):
    sea = await open_sea(max_rows=2)
    assert len(await sea.get("boats?limit=50")) == 2
    [boat] = await sea.get("boats?id=eq.1&select=moorings(day)&moorings.limit=9")
    assert len(boat["moorings"]) == 2
    assert len(await sea.get("rpc/words?list=a&list=b&list=c")) == 2
    response = await sea.patch("boats?id=gt.0&select=id", {"berth": "X"}, Prefer="return=representation")
    assert len(await response.json()) == 3


async def test_the_longest_body(open_sea):
    sea = await open_sea(max_body_bytes=100)
    assert (await sea.post("boats", {"name": "Y"})).status == 201
    for body in (b"[" + b" " * 100 + b"]", b'{"name": "' + b"y" * 2_000_000 + b'"}'):
        assert await refusal(await sea.post("boats", body)) == (413, "PGRST102")
    assert await refusal(await sea.patch("boats?id=eq.1", b" " * 101)) == (413, "PGRST102")
    assert await refusal(await sea.post("rpc/add", b" " * 101)) == (413, "PGRST102")
    larger = await open_sea(max_body_bytes=3_000_000)
    assert (await larger.post("boats", {"name": "Z", "data": "y" * 2_000_000})).status == 201


async def test_another_prefix(open_sea):
    sea = await open_sea(prefix="/data")
    async with sea.client.get("/data/boats?select=id&limit=1") as response:
        assert await response.json() == [{"id": 1}]
    async with sea.client.get("/data/nothing") as response:
        assert (await response.json())["code"] == "PGRST205"
    response = await sea.client.post("/data/boats", json={"name": "Y"}, headers={"Prefer": "return=headers-only"})
    assert response.headers["Location"] == "/data/boats?id=eq.4"


async def test_odd_paths_have_an_answer_that_is_not_empty(open_sea):
    sea = await open_sea()
    for path, code in [
        ("", "PGRST125"),
        ("boats/", "PGRST125"),
        ("boats/1", "PGRST125"),
        ("%2F", "PGRST205"),
        ("boats%00", "PGRST205"),
        ("%FF", "PGRST205"),
        ("..%2F..%2Fetc", "PGRST205"),
        ("rpc", "PGRST205"),
        ("rpc/%00", "PGRST202"),
    ]:
        await sea.fails(path, 404, code)
