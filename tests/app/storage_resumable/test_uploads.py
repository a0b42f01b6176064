"""Resumable uploads: begun, gone on with, finished, given up; and what is refused."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.blobs import Blobs
from core.db import Database
from core.storage.resumable import handlers
from core.storage.resumable.handlers import SIGNED_PATH
from tests.app.storage_resumable.conftest import OpenTus
from tests.app.storage_resumable.tus import Tus, refusal
from tests.app.support.wires import Client
from tests.clock import FixedClock
from tests.people import Cast

PIECE = 1_000
FILM = bytes(range(256)) * 20  # five pieces and a bit
DAY_MS = 24 * 3_600_000


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if memory were a few kilobytes."""
    monkeypatch.setattr(handlers, "PIECE_BYTES", PIECE)


async def keys_in(blobs: Blobs, prefix: str) -> list[str]:
    return [blob.key async for blob in blobs.list_below(prefix)]


async def objects_of(database: Database) -> list[dict[str, Any]]:
    async with database.acting_as_service() as tx:
        return [dict(row) for row in await tx.fetch("select * from storage.objects order by name")]


async def test_what_is_served_can_be_asked_without_signing_in(client: Client):
    for path in ("", "/sign", "/some-id"):
        response = await client.options(f"/storage/v1/upload/resumable{path}")
        assert response.status == 204
        assert response.headers["Tus-Version"] == "1.0.0"
        assert response.headers["Tus-Extension"] == "creation,creation-with-upload,expiration,termination"
        assert int(response.headers["Tus-Max-Size"]) >= 3 * 1024**3


async def test_a_file_arrives_in_several_requests(tus: Tus, database: Database, cast: Cast):
    url = await tus.begun(len(FILM), cacheControl="60", metadata='{"take": 2}')
    first = await tus.patch(url, 0, FILM[:2_500])
    assert (first.status, first.headers["Upload-Offset"]) == (204, "2500")
    assert first.headers["Upload-Expires"] == "Wed, 25 Nov 2026 09:00:00 GMT"
    assert await tus.offset(url) == 2_500
    assert await objects_of(database) == []
    last = await tus.patch(url, 2_500, FILM[2_500:])
    assert (last.status, last.headers["Upload-Offset"]) == (204, str(len(FILM)))

    download = await tus.download()
    assert await download.read() == FILM
    assert download.headers["Content-Type"] == "video/mp4"
    assert download.headers["Cache-Control"] == "private, max-age=60"
    (row,) = await objects_of(database)
    assert (row["bucket_id"], row["name"], row["owner_id"]) == ("lesson-videos", "film.mp4", cast.ada.user_id)
    assert row["user_metadata"] == {"take": 2}
    assert row["metadata"]["size"] == len(FILM)


@pytest.mark.parametrize("length", [0, 1, PIECE, 2 * PIECE])
async def test_the_content_may_come_with_the_beginning(tus: Tus, length: int):
    begun = await tus.begin(length, content=FILM[:length])
    assert (begun.status, begun.headers["Upload-Offset"]) == (201, str(length))
    assert await (await tus.download()).read() == FILM[:length]
    assert await tus.offset(begun.headers["Location"]) == length


async def test_an_empty_file_is_there_at_once(tus: Tus):
    await tus.begun(0)
    assert await (await tus.download()).read() == b""


async def test_a_client_that_can_only_post_names_the_method(tus: Tus, client: Client):
    url = await tus.begun(4)
    headers = tus.headers | {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    response = await client.post(url, headers=headers | {"X-HTTP-Method-Override": "PATCH"}, data=b"film")
    assert (response.status, response.headers["Upload-Offset"]) == (204, "4")
    assert (await client.post(url, headers=headers)).status == 405


async def test_content_in_the_wrong_place_is_refused_and_changes_nothing(tus: Tus):
    url = await tus.begun(len(FILM))
    await tus.patch(url, 0, FILM[:2_000])
    for offset in (0, 1_999, 2_001, len(FILM)):
        assert await refusal(await tus.patch(url, offset, b"x")) == (409, "InvalidOffset")
    assert await tus.offset(url) == 2_000


async def test_more_than_was_announced_is_refused(tus: Tus, database: Database):
    async def in_chunks() -> AsyncIterator[bytes]:
        yield FILM
        yield b"!"

    url = await tus.begun(len(FILM))
    assert await refusal(await tus.patch(url, 0, FILM + b"!")) == (413, "EntityTooLarge")
    assert await tus.offset(url) == 0
    assert await refusal(await tus.patch(url, 0, in_chunks())) == (413, "EntityTooLarge")
    assert await tus.offset(url) == 5_000
    assert await objects_of(database) == []
    assert await refusal(await tus.begin(3, name="b.mp4", content=b"four")) == (413, "EntityTooLarge")


async def test_a_finished_upload_takes_no_more_and_says_that_it_is_complete(tus: Tus, database: Database):
    url = await tus.begun(4)
    await tus.patch(url, 0, b"film")
    assert (await tus.patch(url, 4, b"")).status == 204
    assert await refusal(await tus.patch(url, 4, b"x")) == (413, "EntityTooLarge")
    head = await tus.head(url)
    assert (head.status, head.headers["Upload-Offset"], head.headers["Upload-Length"]) == (200, "4", "4")
    assert len(await objects_of(database)) == 1


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ({"length": 5 * 1024**3 + 1}, (413, "EntityTooLarge")),
        ({"kind": "text/html"}, (415, "InvalidMimeType")),
        ({"bucket": "nowhere"}, (404, "NoSuchBucket")),
        ({"name": "../a"}, (400, "InvalidKey")),
        ({"bucket": "certificates", "kind": "application/pdf"}, (403, "AccessDenied")),
        ({"metadata": "[]"}, (400, "InvalidRequest")),
    ],
)
async def test_what_may_not_be_stored_is_refused_before_a_byte_is_sent(tus: Tus, what: dict[str, Any], expected):
    assert await refusal(await tus.begin(**{"length": 4, **what})) == expected


async def test_a_taken_name_is_refused_unless_it_is_to_be_replaced(tus: Tus):
    await tus.begin(3, content=b"old")
    assert await refusal(await tus.begin(3)) == (409, "ResourceAlreadyExists")
    assert (await tus.begin(3, content=b"new", upsert=True)).status == 201
    assert await (await tus.download()).read() == b"new"


async def test_who_may_not_write_the_object_cannot_begin(open_tus: OpenTus, client: Client):
    for name in ("tess", "mira"):
        assert await refusal(await (await open_tus(name)).begin(4)) == (403, "AccessDenied")
    assert await refusal(await Tus(client, {}).begin(4)) == (403, "AccessDenied")


async def test_an_upload_is_its_owners_alone(open_tus: OpenTus, tus: Tus, client: Client):
    url = await tus.begun(4)
    for other in (await open_tus("tess"), await open_tus("mira"), Tus(client, {})):
        assert await refusal(await other.patch(url, 0, b"evil")) == (404, "NoSuchUpload")
        assert (await other.head(url)).status == 404
        assert await refusal(await other.delete(url)) == (404, "NoSuchUpload")
    assert await tus.offset(url) == 0


async def test_a_right_that_is_lost_meanwhile_is_asked_for_at_the_end(tus: Tus, database: Database, cast: Cast):
    url = await tus.begun(len(FILM))
    await tus.patch(url, 0, FILM[:3_000])
    async with database.acting_as_service() as tx:
        await tx.execute("update public.user_roles set role = 'admin' where user_id = $1", cast.mira.user_id)
        await tx.execute("update public.user_roles set role = 'trainee' where user_id = $1", cast.ada.user_id)
    assert await refusal(await tus.patch(url, 3_000, FILM[3_000:])) == (403, "AccessDenied")
    assert await objects_of(database) == []
    assert (await tus.head(url)).status == 403


async def test_a_rule_that_changes_meanwhile_is_held_at_the_end(tus: Tus, database: Database, blobs: Blobs):
    urls = [await tus.begun(4, name=f"{number}.mp4") for number in range(2)]
    async with database.acting_as_service() as tx:
        await tx.execute("update storage.buckets set allowed_mime_types = '{audio/*}' where id = 'lesson-videos'")
    assert await refusal(await tus.patch(urls[0], 0, b"film")) == (415, "InvalidMimeType")
    async with database.acting_as_service() as tx:
        await tx.execute(
            "update storage.buckets set allowed_mime_types = null, file_size_limit = 3 where id = 'lesson-videos'"
        )
    assert await refusal(await tus.patch(urls[1], 0, b"film")) == (413, "EntityTooLarge")
    assert await objects_of(database) == []
    assert await keys_in(blobs, "objects") == []


async def test_a_name_that_was_taken_meanwhile_is_not_overwritten(tus: Tus, blobs: Blobs):
    url = await tus.begun(4)
    await tus.begin(5, content=b"quick")
    assert await refusal(await tus.patch(url, 0, b"slow")) == (409, "ResourceAlreadyExists")
    assert await (await tus.download()).read() == b"quick"
    assert len(await keys_in(blobs, "objects")) == 1


async def test_an_upload_can_be_given_up(tus: Tus, database: Database):
    url = await tus.begun(len(FILM))
    await tus.patch(url, 0, FILM[:1_000])
    assert (await tus.delete(url)).status == 204
    assert (await tus.head(url)).status == 404
    assert await refusal(await tus.delete(url)) == (404, "NoSuchUpload")


async def test_an_upload_expires_a_day_after_its_last_byte(tus: Tus, clock: FixedClock, open_tus: OpenTus):
    url = await tus.begun(len(FILM))
    clock.advance(DAY_MS - 1)
    tus = await open_tus()
    await tus.patch(url, 0, FILM[:1_000])
    clock.advance(DAY_MS - 1)
    tus = await open_tus()
    assert await tus.offset(url) == 1_000
    clock.advance(1)
    assert await refusal(await tus.patch(url, 1_000, FILM[1_000:])) == (404, "NoSuchUpload")


async def test_one_person_has_fifty_uploads_under_way(tus: Tus, database: Database):
    async with database.acting_as_service() as tx:
        await tx.execute(
            """insert into storage.resumable_uploads
                 (bucket_id, name, owner_id, length, content_type, cache_control, upsert, expires_at)
               select 'lesson-videos', n::text, (select user_id from public.user_roles where role = 'admin'),
                 1, 'video/mp4', 'no-cache', false, '2026-11-25' from generate_series(1, 50) n"""
        )
    assert await refusal(await tus.begin(4)) == (429, "TooManyUploads")
    async with database.acting_as_service() as tx:
        await tx.execute("update storage.resumable_uploads set expires_at = '2026-11-24 08:59Z' where name = '1'")
    assert (await tus.begin(4)).status == 201


async def test_another_version_of_the_protocol_is_refused(client: Client, tus: Tus):
    response = await client.post("/storage/v1/upload/resumable", headers={"Tus-Resumable": "0.2"})
    assert await refusal(response) == (412, "UnsupportedVersion")
    assert response.headers["Tus-Version"] == "1.0.0"


async def test_odd_addresses_are_no_uploads(tus: Tus):
    for odd in ("x", "00000000-0000-0000-0000-000000000000", "a%2Fb", "%00"):
        assert (await tus.head(f"/storage/v1/upload/resumable/{odd}")).status == 404


async def test_two_requests_at_the_same_place_do_not_mix(tus: Tus, blobs: Blobs):
    url = await tus.begun(len(FILM))
    other = bytes(255 - byte for byte in FILM)
    answers = await asyncio.gather(*(tus.patch(url, 0, content) for content in (FILM, other) * 3))
    assert sorted(answer.status for answer in answers) == [204, 409, 409, 409, 409, 409]
    won = await (await tus.download()).read()
    assert won in (FILM, other)


async def link_of(client: Client, tus: Tus, name: str, **headers: str) -> str:
    """The token of a link to store this."""
    response = await client.post(
        f"/storage/v1/object/upload/sign/lesson-videos/{name}", json={}, headers=tus.headers | headers
    )
    token: str = (await response.json())["token"]
    return token


async def test_a_signed_link_stores_its_object_without_signing_in(
    client: Client, tus: Tus, database: Database, cast: Cast
):
    token = await link_of(client, tus, "film.mp4")
    bearer_of_link = Tus(client, {"x-signature": token}, SIGNED_PATH)
    url = await bearer_of_link.begun(len(FILM))
    assert url.startswith(SIGNED_PATH)
    await bearer_of_link.patch(url, 0, FILM[:2_000])
    assert await bearer_of_link.offset(url) == 2_000
    assert (await bearer_of_link.patch(url, 2_000, FILM[2_000:])).status == 204
    assert await (await tus.download()).read() == FILM
    (row,) = await objects_of(database)
    assert row["owner_id"] == cast.ada.user_id


async def test_a_signed_link_is_for_its_object_alone(client: Client, tus: Tus):
    bearer_of_link = Tus(client, {"x-signature": await link_of(client, tus, "film.mp4")}, SIGNED_PATH)
    assert await refusal(await bearer_of_link.begin(4, name="other.mp4")) == (400, "InvalidJWT")
    assert await refusal(await Tus(client, {}, SIGNED_PATH).begin(4)) == (400, "InvalidJWT")
    url = (await tus.begun(4, name="other.mp4")).replace("/resumable/", "/resumable/sign/")
    assert await refusal(await bearer_of_link.patch(url, 0, b"evil")) == (400, "InvalidJWT")
    assert (await bearer_of_link.head(url)).status == 400


async def test_whether_a_signed_link_replaces_is_written_in_it(client: Client, tus: Tus):
    await tus.begin(3, content=b"old")
    kind = await link_of(client, tus, "new.mp4")
    assert (
        await Tus(client, {"x-signature": kind}, SIGNED_PATH).begin(3, name="new.mp4", content=b"new")
    ).status == 201
    again = await Tus(client, {"x-signature": kind}, SIGNED_PATH).begin(3, name="new.mp4", upsert=True)
    assert await refusal(again) == (409, "ResourceAlreadyExists")
    replacing = await link_of(client, tus, "film.mp4", **{"x-upsert": "true"})
    assert (await Tus(client, {"x-signature": replacing}, SIGNED_PATH).begin(3, content=b"new")).status == 201
    assert await (await tus.download()).read() == b"new"
