"""Other forms of an answer than an array, and what may be asked of them."""

import csv
from io import StringIO

from tests.app.support.reader import OBJECT, WHOLE

CSV = {"Accept": "text/csv"}
STRIPPED = {"Accept": "application/vnd.pgrst.array+json;nulls=stripped"}
STRIPPED_OBJECT = {"Accept": "application/vnd.pgrst.object+json;nulls=stripped"}


async def test_lines_of_csv(sea):
    await sea.post("boats", {"id": 4, "name": 'A "long", one\nin two lines', "tags": ["x,y"], "berth": ""})
    async with sea.client.get("/rest/v1/boats?select=name,berth,at:length_m,tags&order=id", headers=CSV) as response:
        text = await response.text()
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Range"] == "0-3/*"
    header, *rows = list(csv.reader(StringIO(text, newline="")))
    assert header == ["name", "berth", "at", "tags"]
    assert rows == [
        ["Aurora", "A1", "7.5", '{red,"old wood"}'],
        ["Brisk", "B2", "12", "{blue}"],
        ["Cormorant", "", "", ""],
        ['A "long", one\nin two lines', "", "", '{"x,y"}'],
    ]


async def test_csv_of_nothing_is_its_header_line(sea):
    async with sea.client.get("/rest/v1/boats?select=name,id&id=eq.9", headers=CSV) as response:
        assert await response.text() == "name,id"


async def test_csv_of_what_was_written_and_of_a_call(sea):
    response = await sea.post("boats?select=id,name", {"name": "Y"}, **WHOLE, **CSV)
    assert (response.status, await response.text()) == (201, "id,name\n4,Y")
    response = await sea.patch("boats?id=eq.4&select=name", {"name": "Z"}, **WHOLE, **CSV)
    assert (response.status, await response.text()) == (200, "name\nZ")
    response = await sea.client.get("/rest/v1/rpc/boats_from?metres=10&select=id,name", headers=CSV)
    assert await response.text() == "id,name\n2,Brisk"


async def test_csv_hides_what_is_hidden(sea):
    async with sea.client.get("/rest/v1/boats", headers=CSV) as response:
        assert "SECRET" not in await response.text()
    await sea.fails("boats?select=secret", 403, "42501", **CSV)


async def test_null_members_are_left_out_if_that_is_asked_for(sea):
    path = "/rest/v1/boats?select=id,berth,moorings(note)&id=eq.{}&moorings.order=day"
    async with sea.client.get(path.format(3), headers=STRIPPED) as response:
        assert await response.json(content_type=None) == [{"id": 3, "moorings": []}]
        assert response.content_type == "application/vnd.pgrst.array+json"
    async with sea.client.get(path.format(1), headers=STRIPPED_OBJECT) as response:
        found = await response.json(content_type=None)
    assert found == {"id": 1, "berth": "A1", "moorings": [{"note": "first"}, {}]}


async def test_an_error_is_json_whatever_was_asked_for(sea):
    for accept in (CSV, STRIPPED, OBJECT):
        async with sea.client.get("/rest/v1/nothing", headers=accept) as response:
            assert response.content_type == "application/json"
            assert (await response.json())["code"] == "PGRST205"
    await sea.fails("boats", 406, "PGRST107", Accept='application/vnd.pgrst.plan+json; for="application/json"')


async def test_a_strict_client_is_told_what_is_not_known(sea):
    await sea.fails("boats", 400, "PGRST122", Prefer="handling=strict, tx=rollback")
    assert len(await sea.get("boats", Prefer="handling=lenient, tx=rollback, whatever")) == 3


async def test_a_count_of_a_head_request(sea):
    for count in ("exact", "planned", "estimated"):
        async with sea.client.head("/rest/v1/boats?select=*&limit=2", headers={"Prefer": f"count={count}"}) as response:
            assert (response.status, response.headers["Content-Range"]) == (206, "0-1/3")
            assert response.headers["Preference-Applied"] == "count=exact"
            assert await response.read() == b""
    async with sea.client.get("/rest/v1/boats?offset=9", headers={"Prefer": "count=exact"}) as response:
        assert (response.status, response.headers["Content-Range"]) == (416, "*/3")
