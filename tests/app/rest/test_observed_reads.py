"""Who reads observed tables is told in the transaction of the read."""

import asyncpg
import pytest

from core.errors import Forbidden
from core.rest.exposure import Exposure
from tests.app.support.harbour import build_harbour, harbour
from tests.app.support.reader import OBJECT, WHOLE, Reader
from tests.people import CAST

OBSERVED = Exposure(observed=frozenset({"moorings"}))


async def note(tx, person, tables, asked, rows):
    """Writes down who read what."""
    await tx.execute(
        "insert into public.log_of_reads values ($1, $2, $3, $4, current_setting('transaction_read_only'))",
        person.user_id,
        sorted(tables),
        asked,
        rows,
    )


@pytest.fixture
async def watched(aiohttp_client, database, cast, clock, owner_dsn):
    """A wire whose moorings are observed."""
    await build_harbour(owner_dsn)
    return Reader(await aiohttp_client(harbour(database, clock, exposure=OBSERVED, on_read=note)), {})


@pytest.fixture
async def notes(owner_dsn):
    """What was noted since it was last asked."""
    owner = await asyncpg.connect(owner_dsn)

    async def taken():
        rows = await owner.fetch("with taken as (delete from public.log_of_reads returning *) select * from taken")
        assert {row["during"] for row in rows} <= {"off"}
        assert {row["who"] for row in rows} <= {CAST.tess.user_id}
        return [(row["tables"], row["asked"], row["answered"]) for row in rows]

    yield taken
    await owner.close()


MOORINGS = ["moorings"]


async def test_reads_are_told_with_the_table_the_question_and_the_rows(watched, notes):
    for path, rows in [
        ("moorings?select=day&boat_id=eq.1", 2),
        ("boats?select=name,moorings(day)&order=id", 3),
        ("boats?select=name,moorings!inner()&moorings.note=is.null", 1),
        ("moorings?boat_id=eq.9", 0),
        ("rpc/boats_from?metres=10&select=id,moorings(day)", 1),
    ]:
        await watched.get(path)
        assert await notes() == [(MOORINGS, f"/rest/v1/{path}", rows)], path
    async with watched.client.head("/rest/v1/moorings", headers={"Prefer": "count=exact"}):
        assert await notes() == [(MOORINGS, "/rest/v1/moorings", 3)]


async def test_a_table_that_only_the_catalog_leads_to_is_found_too(watched, notes):
    path = "boats?select=name,tied_up(day)&id=eq.1"
    [boat] = await watched.get(path)
    assert len(boat["tied_up"]) == 2
    assert await notes() == [(MOORINGS, f"/rest/v1/{path}", 1)]


async def test_reads_of_others_are_not_told_and_cannot_write(watched, notes):
    await watched.get("boats?select=name")
    await watched.get("boats?select=name&name=eq.moorings")  # a wrong guess
    await watched.fails("rpc/rename_all?suffix=moorings", 405, "25006")
    assert await notes() == []


async def test_what_a_write_answers_is_told_and_what_it_does_not_answer_is_too(watched, notes):
    await watched.post("moorings", {"boat_id": 3, "day": "2026-07-01"}, **WHOLE)
    await watched.patch("boats?id=eq.1&select=id,moorings(day)", {"berth": "X"}, **WHOLE)
    await watched.patch("moorings?boat_id=eq.1", {"note": "x"})
    await watched.delete("moorings?note=eq.guest")
    assert [rows for tables, _, rows in await notes() if tables == MOORINGS] == [1, 1, 2, 1]
    await watched.post("boats", {"name": "Y"}, **WHOLE)
    assert await notes() == []


async def test_what_is_refused_before_a_row_is_looked_at_is_not_told(watched, notes):
    await watched.fails("moorings?nope=eq.1", 400, "42703")
    await watched.fails("boats?select=secret,moorings(day)", 403, "42501")
    assert await notes() == []


async def test_an_error_that_quotes_a_row_is_told(watched, notes):
    path = "moorings?select=note::int4&note=eq.first"
    error = await watched.fails(path, 400, "22P02")
    assert "first" in error["message"]
    assert await notes() == [(MOORINGS, f"/rest/v1/{path}", 0)]
    path = "boats?id=eq.1&select=id,moorings(note::int4)"
    response = await watched.patch(path, {"berth": "X"}, **WHOLE)
    assert response.status == 400
    assert await notes() == [(MOORINGS, f"/rest/v1/{path}", 0)]


async def test_an_error_that_counts_rows_is_told(watched, notes):
    path = "moorings?boat_id=eq.1"
    response = await watched.patch(path, {"note": "x"}, **OBJECT)
    assert response.status == 406
    assert await notes() == [(MOORINGS, f"/rest/v1/{path}", 0)]


async def test_without_being_told_nothing_is_answered(aiohttp_client, database, cast, clock, owner_dsn):
    async def refuse(tx, person, tables, asked, rows):
        raise Forbidden("Not now.", code="not_now")

    await build_harbour(owner_dsn)
    sea = Reader(await aiohttp_client(harbour(database, clock, exposure=OBSERVED, on_read=refuse)), {})
    await sea.fails("moorings", 403, "not_now")
    assert len(await sea.get("boats")) == 3
    assert (await sea.patch("moorings?boat_id=eq.1", {"note": "x"})).status == 403
