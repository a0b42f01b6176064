"""Calls and recordings of several servers over one database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.blobs import Blobs
from core.clock import SystemClock
from tests.people import CAST
from tests.support.bridge import CALLS, Bridge, Telephone
from voice.call import events as e
from voice.jobs import RecordingMaker
from voice.journal_place import journal_place
from voice.journal_sweep import JournalSweep
from voice.leases import close_abandoned_calls
from voice.switchboard import CallLimits, CustomerLine, Switchboard

pytestmark = pytest.mark.may_block  # the tests look at files


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """The data directory of another server."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
async def other_server(database, driver, elsewhere: Path) -> AsyncIterator[Switchboard]:
    """Another server over the same database; its keeper does not run by itself."""
    line = CustomerLine(driver, model="scripted", voice="marin", offline=True)
    server = Switchboard(database, line, SystemClock(), elsewhere, CallLimits())
    yield server
    await server.stop()


def maker_at(database, blobs: Blobs, folder: Path) -> RecordingMaker:
    return RecordingMaker(database, blobs, folder)


async def finished_call(bridge: Bridge) -> Telephone:
    phone = await bridge.dial()
    await phone.quiet(400)
    await phone.say("hangup")
    await phone.until("ended")
    return phone


async def recording(database) -> dict[str, object]:
    async with database.acting_as_service() as tx:
        return dict(await tx.fetchrow("select * from public.recordings"))


async def test_each_data_directory_has_a_name_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    one, same, other = await asyncio.gather(
        journal_place(tmp_path / "a"), journal_place(tmp_path / "a"), journal_place(tmp_path / "b")
    )
    assert one == same == await journal_place(tmp_path / "a")
    assert one != other
    assert [path.name for path in (tmp_path / "a" / "recordings").iterdir()] == ["place"]


async def test_a_worker_without_the_journal_leaves_the_recording_to_who_has_it(
    bridge: Bridge, database, blobs: Blobs, tmp_path: Path, elsewhere: Path
) -> None:
    phone = await finished_call(bridge)
    await maker_at(database, blobs, elsewhere).make(UUID(phone.call_id))
    left = await recording(database)
    assert (left["state"], left["left_for_keeper"]) == ("encoding", True)
    await JournalSweep(maker_at(database, blobs, elsewhere)).once()
    assert (await recording(database))["state"] == "encoding"
    await JournalSweep(maker_at(database, blobs, tmp_path)).once()
    assert (await recording(database))["state"] == "ready"


async def test_a_sweep_gives_the_worker_of_its_own_directory_a_minute(
    bridge: Bridge, database, blobs: Blobs, tmp_path: Path
) -> None:
    await finished_call(bridge)
    sweep = JournalSweep(maker_at(database, blobs, tmp_path))
    await sweep.once()
    assert (await recording(database))["state"] == "encoding"
    await later(database, timedelta(minutes=1))
    await sweep.once()
    assert (await recording(database))["state"] == "ready"


async def test_after_a_day_without_its_keeper_a_recording_is_given_up_and_made_when_it_comes_back(
    bridge: Bridge, database, blobs: Blobs, tmp_path: Path, elsewhere: Path
) -> None:
    await finished_call(bridge)
    await later(database, timedelta(hours=23))
    away = JournalSweep(maker_at(database, blobs, elsewhere))
    await away.once()
    assert (await recording(database))["state"] == "encoding"
    await later(database, timedelta(hours=1))
    await away.once()
    given_up = await recording(database)
    assert (given_up["state"], given_up["failure"]) == ("failed", "keeper_gone")
    await JournalSweep(maker_at(database, blobs, tmp_path)).once()
    made = await recording(database)
    assert (made["state"], made["failure"]) == ("ready", None)


async def test_a_journal_that_is_missing_where_it_should_lie_is_said_so(
    bridge: Bridge, database, blobs: Blobs, tmp_path: Path
) -> None:
    phone = await finished_call(bridge)
    (tmp_path / "recordings" / phone.call_id / "journal").unlink()
    await maker_at(database, blobs, tmp_path).make(UUID(phone.call_id))
    failed = await recording(database)
    assert (failed["state"], failed["failure"]) == ("failed", "journal_missing")


async def test_a_call_of_another_server_is_hung_up_at_its_next_beat(
    bridge: Bridge, other_server: Switchboard, database
) -> None:
    placed = await other_server.place_call(CAST.tess, UUID(bridge.simulation_id), "practice")
    runner = other_server.running(placed.call_id)
    assert runner is not None
    async with bridge.client.delete(f"{CALLS}/{placed.call_id}", headers={"Authorization": "Bearer tess"}) as answer:
        assert answer.status == 204
    before = runner.over
    await other_server._keeper.beat()
    assert (before, runner.over) == (False, True), "the other server is told at its beat"
    await other_server._tasks.wait()
    _, shown = await bridge.get(f"{CALLS}/{placed.call_id}")
    assert (shown["state"], shown["end_reason"]) == ("ended", "trainee_hung_up")


async def test_what_a_call_has_cost_is_known_though_its_server_dies(
    bridge: Bridge, switchboard, database, tmp_path
) -> None:
    phone = await bridge.dial()
    usage = {"kind": "response", "model": "scripted", "total_tokens": 812}
    bridge.customer.tell(e.UsageReported(usage), e.CustomerReplyStarted("r1"), e.CustomerText("r1", "i1", "Hello."))
    await phone.say("ping", id=1)
    await phone.until("pong")
    await switchboard._keeper.beat()
    await switchboard._tasks.close()
    async with database.acting_as_service() as tx:
        await tx.execute("update public.calls set lease_expires_at = now() - interval '1 second'")
    assert await close_abandoned_calls(database, tmp_path) == 1
    async with database.acting_as_service() as tx:
        stored = await tx.fetchval("select usage from public.calls where id = $1", UUID(phone.call_id))
    assert stored == {"response": {"scripted": {"reports": 1, "total_tokens": 812}}}


async def later(database, by: timedelta) -> None:
    """Lets time pass since the calls ended."""
    async with database.acting_as_service() as tx:
        await tx.execute("update public.calls set ended_at = ended_at - $1::interval", by)
