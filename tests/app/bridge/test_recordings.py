"""The recording: where each sound is, who may have it, and that it survives what may happen on the way."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.blobs import Blobs
from tests.support.bridge import CALLS, Bridge, Telephone, bearer
from tests.support.recordings import burst, bursts_ms, decoded, length_ms
from voice.audio_format import silence
from voice.call import events as e
from voice.jobs import RecordingMaker
from voice.leases import close_abandoned_calls

pytestmark = pytest.mark.may_block  # the tests look at files


async def recorded_call(bridge: Bridge) -> Telephone:
    """A call of about a second: the trainee's tone at 400 ms, the customer's heard from 600 ms on."""
    phone = await bridge.dial()
    customer = bridge.customer
    customer.tell(e.CustomerReplyStarted("r1"), e.CustomerAudio("r1", "i1", burst(60) + silence(140)))
    customer.tell(e.CustomerReplyFinished("r1"))
    sound = silence(400) + burst(60) + silence(740)
    began_s = asyncio.get_running_loop().time()
    for begin in range(0, len(sound), 960):
        await phone.speak(sound[begin : begin + 960])
        if phone.captured_ms == 600:
            await phone.say("played", epoch=1, played_ms=0, t_ms=600)
        if phone.captured_ms == 800:
            await phone.say("played", epoch=1, played_ms=200, t_ms=800)
        await asyncio.sleep(max(0, began_s + phone.captured_ms / 1_000 - asyncio.get_running_loop().time()))
    await phone.say("hangup")
    await phone.until("ended")
    return phone


async def test_every_sound_is_where_it_was_and_turns_agree(
    bridge: Bridge, maker: RecordingMaker, blobs: Blobs, tmp_path: Path
) -> None:
    phone = await recorded_call(bridge)
    assert (await bridge.get(f"{CALLS}/{phone.call_id}/recording"))[1]["error"]["code"] == "recording_not_ready"
    await maker.make(UUID(phone.call_id))
    _, shown = await bridge.get(f"{CALLS}/{phone.call_id}")
    _, transcript = await bridge.get(f"{CALLS}/{phone.call_id}/transcript")
    (tmp_path / "recording.ogg").write_bytes(await blobs.get(f"recordings/{phone.call_id}.ogg"))
    sound = decoded(tmp_path / "recording.ogg")
    assert length_ms(sound) == pytest.approx(shown["duration_ms"], abs=1)
    [trainee_ms] = bursts_ms(sound[0])
    [customer_ms] = bursts_ms(sound[1])
    # The device's own count says that the customer began 200 ms after the trainee.
    assert customer_ms - trainee_ms == pytest.approx(200, abs=2)
    [turn] = [turn for turn in transcript["turns"] if turn["speaker"] == "ai"]
    assert customer_ms == pytest.approx(turn["start_ms"], abs=2)
    assert trainee_ms == pytest.approx(400, abs=150)  # the device's count begins a moment after the answer


async def test_a_recording_is_made_once_and_its_journal_goes(bridge: Bridge, maker, database, tmp_path: Path) -> None:
    phone = await recorded_call(bridge)
    journal = tmp_path / "recordings" / phone.call_id
    assert journal.exists()
    await maker.make(UUID(phone.call_id))
    await maker.make(UUID(phone.call_id))
    assert not journal.exists()
    async with database.acting_as_service() as tx:
        row = await tx.fetchrow("select * from public.recordings")
        facts = await tx.fetchval("select count(*) from callx.facts where kind = 'RecordingReady'")
    assert (row["state"], row["object_key"], facts) == ("ready", f"recordings/{phone.call_id}.ogg", 1)
    assert row["size_bytes"] > 0


async def test_a_broken_journal_is_said_so_and_kept(bridge: Bridge, maker, database, tmp_path: Path) -> None:
    phone = await recorded_call(bridge)
    journal = tmp_path / "recordings" / phone.call_id / "journal"
    journal.write_bytes(b"no journal")
    await maker.make(UUID(phone.call_id))
    assert journal.exists()
    status, answer = await bridge.get(f"{CALLS}/{phone.call_id}/recording")
    assert (status, answer["error"]["code"]) == (404, "recording_missing")


async def test_the_recording_over_http(bridge: Bridge, maker, blobs: Blobs) -> None:
    phone = await recorded_call(bridge)
    await maker.make(UUID(phone.call_id))
    whole = await blobs.get(f"recordings/{phone.call_id}.ogg")
    path = f"{CALLS}/{phone.call_id}/recording"
    async with bridge.client.get(path, headers=bearer("tess")) as answer:
        assert (answer.status, await answer.read(), answer.content_type) == (200, whole, "audio/ogg")
        assert answer.headers["Accept-Ranges"] == "bytes"
        etag = answer.headers["ETag"]
    async with bridge.client.get(path, headers={**bearer("mira"), "Range": "bytes=10-19"}) as answer:
        assert (answer.status, await answer.read()) == (206, whole[10:20])
        assert answer.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
        assert answer.headers["ETag"] == etag
    async with bridge.client.get(path, headers={**bearer("ada"), "Range": "bytes=-7"}) as answer:
        assert (answer.status, await answer.read()) == (206, whole[-7:])
    async with bridge.client.get(path, headers={**bearer("tess"), "Range": f"bytes={len(whole)}-"}) as answer:
        assert answer.status == 416
    for who in ("theo", "otto"):
        assert (await bridge.get(path, who))[0] == 404
    assert (await bridge.get(path, ""))[0] == 401


async def test_a_signed_link_opens_this_recording_and_no_other(bridge: Bridge, maker) -> None:
    phone = await recorded_call(bridge)
    other = await recorded_call(bridge)
    await maker.make(UUID(phone.call_id))
    status, link = await bridge.post(f"{CALLS}/{phone.call_id}/recording/link", "mira")
    assert status == 200
    assert (await bridge.client.get(link["url"])).status == 200
    for bad in (
        link["url"] + "0",
        link["url"].replace(phone.call_id, other.call_id),
        f"{CALLS}/{phone.call_id}/recording?token=99999999999.00",
        f"{CALLS}/{phone.call_id}/recording?token=",
    ):
        assert (await bridge.client.get(bad)).status == 401
    assert (await bridge.post(f"{CALLS}/{phone.call_id}/recording/link", "theo"))[0] == 404


async def test_a_killed_server_leaves_what_was_said(
    bridge: Bridge, switchboard, database, maker, tmp_path: Path
) -> None:
    """The runner is stopped dead, its lease runs out, and another server tidies up."""
    phone = await bridge.dial()
    await phone.say("text", text="Good morning.")
    await phone.until("turn", final=True)
    for _ in range(30):
        await phone.quiet(20)
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.4)  # more than the journal may lag behind
    await switchboard._tasks.close()
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select state from public.calls") == "live"
        await tx.execute("update public.calls set lease_expires_at = now() - $1::interval", timedelta(seconds=1))

    assert await close_abandoned_calls(database, tmp_path) == 1
    assert await close_abandoned_calls(database, tmp_path) == 0
    _, shown = await bridge.get(f"{CALLS}/{phone.call_id}")
    assert (shown["state"], shown["end_reason"]) == ("ended", "interrupted")
    assert 500 <= shown["duration_ms"] <= 1_500
    await maker.make(UUID(phone.call_id))
    _, transcript = await bridge.get(f"{CALLS}/{phone.call_id}/transcript")
    assert [turn["text"] for turn in transcript["turns"]] == ["Good morning."]
    async with bridge.client.get(f"{CALLS}/{phone.call_id}/recording", headers=bearer("tess")) as answer:
        (tmp_path / "r.ogg").write_bytes(await answer.read())
    assert length_ms(decoded(tmp_path / "r.ogg")) == pytest.approx(shown["duration_ms"], abs=1)
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select count(*) from callx.facts where kind = 'CallEnded'") == 1
    await bridge.place()


async def test_a_call_under_a_living_lease_is_left_alone(bridge: Bridge, database, tmp_path: Path) -> None:
    phone = await bridge.dial()
    assert await close_abandoned_calls(database, tmp_path) == 0
    await phone.say("ping", id=1)
    await phone.until("pong")


async def test_a_call_that_no_longer_runs_is_not_held_by_its_server(
    bridge: Bridge, switchboard, database, tmp_path: Path
) -> None:
    """Its end could not be stored; other calls of the same server go on."""
    placed = await bridge.place("theo")
    other = await bridge.dial(await bridge.place("tess"))
    lost = UUID(placed["call_id"])
    runner = switchboard._running.pop(lost)
    async with database.acting_as_service() as tx:
        await tx.execute("update public.calls set lease_expires_at = now() - interval '1 second'")
    await switchboard._keeper.beat()
    _, shown = await bridge.get(f"{CALLS}/{lost}", "theo")
    assert (shown["state"], shown["end_reason"]) == ("ended", "interrupted")
    await other.say("ping", id=1)
    await other.until("pong")
    await bridge.place("theo")
    runner.abort()


async def test_a_call_that_another_server_has_closed_ends_here_too(bridge: Bridge, switchboard, database) -> None:
    phone = await bridge.dial()
    async with database.acting_as_service() as tx:
        await tx.execute("update public.calls set state = 'ended', end_reason = 'interrupted', duration_ms = 5")
    await switchboard._keeper.beat()
    assert (await phone.until("ended"))["reason"] == "interrupted"
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select duration_ms from public.calls") == 5
        assert await tx.fetchval("select count(*) from callx.facts where kind = 'CallEnded'") == 0
