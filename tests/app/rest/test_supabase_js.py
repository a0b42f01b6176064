"""The real @supabase/supabase-js asks in every way that it has."""

import json

import pytest

from core.clock import SystemClock
from tests.app.support.harbour import build_harbour, harbour

IDS = {
    "eq": "1",
    "neq": "2 3",
    "gt lt": "1",
    "gte lte": "2",
    "like": "1 2 3",
    "ilike": "2",
    "likeAllOf": "3",
    "likeAnyOf": "1 3",
    "ilikeAnyOf": "1 2",
    "ilikeAllOf": "",
    "regexMatch": "1 2",
    "regexIMatch": "2",
    "is null": "3",
    "not is null": "1 2",
    "isDistinct": "2 3",
    "in": "1",
    "in nothing": "",
    "notIn": "3",
    "contains list": "1",
    "contains object": "2",
    "contains range": "1 2",
    "containedBy": "2",
    "overlaps": "1 2",
    "rangeGt": "1",
    "rangeGte": "1",
    "rangeLt": "1 2",
    "rangeLte": "1",
    "rangeAdjacent": "1",
    "textSearch": "1 2",
    "textSearch web": "1 2",
    "match": "1",
    "or": "2 3",
    "or embed": "1 2",
    "filter": "1 2",
    "json": "1",
    "json deep": "1",
    "empty embed": "1 2",
    "anti join": "3",
}
DATA = {
    "nested": [{"name": "Aurora", "at": "A1", "first": "Ida", "moorings": [{"day": "2026-06-02", "note": None}]}],
    "spread": [{"day": "2026-06-01", "boat": "Aurora"}, {"day": "2026-06-01", "boat": "Brisk"}],
    "related order": [{"note": "guest", "boats": {"name": "Brisk"}}],
    "embedded count": [{"name": "Aurora", "moorings": [{"count": 2}]}],
    "nulls": [{"id": 2}, {"id": 1}, {"id": 3}],
    "page": [{"id": 2}],
    "head": None,
    "single": {"name": "Brisk"},
    "maybeSingle": {"name": "Brisk"},
    "maybeSingle of none": None,
    "csv": "id,name\n1,Aurora\n2,Brisk",
    "stripNulls": [{"id": 3}],
    "insert": None,
    "insert many": [{"name": "Two", "berth": "B"}, {"name": "Three", "berth": None}],
    "insert defaults": [{"name": "Four", "berth": "B"}, {"name": "Five", "berth": "A1"}],
    "insert counted": None,
    "upsert": [{"boat_id": 1, "note": "up"}, {"boat_id": 3, "note": "up"}],
    "upsert on name": {"berth": "S"},
    "upsert ignored": [],
    "update": None,
    "update shown": [{"name": "Five"}, {"name": "Six"}],
    "delete shown": {"name": "Six"},
    "delete": None,
    "rpc": 3,
    "rpc get": ["{a,b c}"],
    "rpc rows": [{"name": "Brisk"}],
    "rpc head": None,
    "rpc single": {"name": "Brisk"},
    "rpc void": None,
}
ERRORS = {
    "beyond": (416, "PGRST103 An offset of 50 was requested, but there are only 3 rows."),
    "aggregate": (400, "PGRST123"),
    "single of none": (406, "PGRST116 The result contains 0 rows"),
    "single of many": (406, "PGRST116 The result contains 3 rows"),
    "maybeSingle of many": (406, "PGRST116 Results contain 3 rows, application/vnd.pgrst.object+json requires 1 row"),
    "explain": (406, "PGRST107"),
    "insert again": (409, "23505"),
    "update all": (400, "21000"),
    "maxAffected": (400, "PGRST124 The query affects 9 rows"),
    "delete none single": (406, "PGRST116 The result contains 0 rows"),
    "delete all": (400, "21000"),
    "rpc writing by get": (405, "25006"),
    "rpc none": (404, "PGRST202"),
}
COUNTS = {"page": 3, "head": 2, "insert counted": 1, "update shown": 2, "delete": 5, "rpc head": 2}
STATUSES = {
    "page": 206,
    "insert": 201,
    "upsert": 201,
    "upsert on name": 200,
    "update": 204,
    "delete": 204,
    "rpc void": 204,
}


@pytest.fixture
async def server(aiohttp_server, database, cast, owner_dsn):
    await build_harbour(owner_dsn)
    return await aiohttp_server(harbour(database, SystemClock()))


async def test_every_way_of_asking_has_its_answer(supabase_js, server):
    status, output = await supabase_js.run("node", "harbour.mjs", str(server.make_url("")).rstrip("/"))
    assert status == 0, output
    seen = json.loads(output)
    assert {name: seen.pop(name) for name in IDS} == IDS
    errors = {name: (answer["status"], answer["error"]) for name, answer in seen.items() if answer["error"]}
    code, _, _ = errors["rpc none"][1].partition(" ")
    assert errors | {"rpc none": (errors["rpc none"][0], code)} == ERRORS
    assert {name: answer["data"] for name, answer in seen.items() if name not in errors} == DATA
    assert {name: answer["count"] for name, answer in seen.items() if answer["count"] is not None} == COUNTS
    assert {name: seen[name]["status"] for name in STATUSES} == STATUSES
