"""The real @supabase/supabase-js stores, reads, signs, lists, moves and removes files."""

import json

import pytest

from core.blobs import Blobs
from core.clock import SystemClock
from tests.app.support import course
from tests.app.support.wires import PASSWORD, give_passwords, wires

DENIED = "new row violates row-level security policy"
EXPECTED_FAILURES = {
    "upload_again": (400, "409", "The resource already exists"),
    "html": (400, "415", "mime type text/html is not supported"),
    "no_bucket": (400, "404", "Bucket not found"),
    "not_allowed": (400, "403", DENIED),
    "odd_name": (400, "400", "Invalid key: a\N{REPLACEMENT CHARACTER}b.txt"),
    "download_hidden": (400, "404", "Object not found"),
    "download_signed_out": (400, "404", "Object not found"),
    "download_picture": (400, "403", "Pictures are not transformed here: ask without transform."),
    "signed_not": (400, "404", "Object not found"),
    "upload_signed_again": (400, "409", "The resource already exists"),
    "move_not": (400, "404", "Object not found"),
    "delete_full": (400, "409", "The bucket you tried to delete is not empty"),
    "bucket_gone": (400, "404", "Bucket not found"),
    "bucket_not_allowed": (400, "403", DENIED),
}


@pytest.fixture
def blobs(tmp_path):
    return Blobs.open(tmp_path / "objects")


@pytest.fixture
async def server(aiohttp_server, database, cast, blobs):
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
        await course.add_files(tx)
    return await aiohttp_server(wires(database, SystemClock(), blobs=blobs))


@pytest.fixture
async def seen(supabase_js, server):
    """What every call of storage.mjs brought."""
    status, output = await supabase_js.run(
        "node", "storage.mjs", str(server.make_url("")).rstrip("/"), "sb_publishable_demo", PASSWORD
    )
    assert status == 0, output
    return json.loads(output)


async def test_files_live_their_life_with_the_real_client(seen):
    failures = {
        name: (answer["error"].get("status"), answer["error"].get("statusCode"), answer["error"]["message"])
        for name, answer in seen.items()
        if answer.get("error") and name != "exists_not"
    }
    assert failures == EXPECTED_FAILURES
    data = {name: answer.get("data") for name, answer in seen.items()}

    assert data["upload"]["path"] == "billing/watch.mp4"
    assert data["upload"]["fullPath"] == "lesson-videos/billing/watch.mp4"
    assert data["upload"]["id"] == data["upsert"]["id"]
    assert data["download"] == "video/mp4: second take"
    assert data["download_text"] == "text/plain;charset=utf-8: hello again"
    assert data["info"]["size"] == 10
    assert data["info"]["contentType"] == "application/pdf"
    assert data["info"]["metadata"] == {"pages": 2, "title": "Grüße"}
    assert data["info"]["bucketId"] == "lesson-attachments"
    assert data["info"]["lastModified"]
    assert (data["exists"], data["exists_not"]) == (True, False)

    assert (seen["opened"]["status"], seen["opened"]["text"]) == (200, "second take")
    assert seen["opened"]["headers"]["content-disposition"] == 'attachment; filename="Film & more.mp4"'
    assert (seen["opened_part"]["status"], seen["opened_part"]["text"]) == (206, "second")
    assert seen["opened_part"]["headers"]["content-range"] == "bytes 0-5/11"
    assert seen["opened_forged"]["status"] == 400
    assert data["signed_many"][1]["signedUrl"] is None
    assert data["signed_many"][1]["error"].startswith("Either the object does not exist")
    assert seen["opened_many"]["text"] == "hello again"
    assert data["upload_signed"]["fullPath"] == "lesson-videos/guest.mp4"

    assert data["copy"]["path"] == "lesson-videos/copies/one.mp4"
    assert data["move"]["message"] == "Successfully moved"
    assert [(row["name"], row["id"] is None) for row in data["list"]] == [("billing", True), ("copies", True)]
    assert [row["name"] for row in data["list_folder"]] == ["one.mp4"]
    assert [row["metadata"]["size"] for row in data["list_as_trainee"]] == [11]
    assert [row["name"] for row in data["remove"]] == ["copies/one.mp4"]
    assert data["remove_not"] == []


async def test_buckets_live_their_life_with_the_real_client(seen):
    assert seen["public_url"]["status"] == 400
    assert json.loads(seen["public_url"]["text"])["statusCode"] == "404"
    assert [bucket["name"] for bucket in seen["buckets"]["data"]] == [
        "certificates",
        "course-packs",
        "lesson-attachments",
        "lesson-videos",
    ]
    assert seen["bucket"]["data"] == {"name": "logos"}
    assert (seen["logo_url"]["status"], seen["logo_url"]["text"]) == (200, "png")
    assert seen["logo_url"]["headers"]["content-disposition"].startswith("attachment")
    assert seen["delete"]["data"] == {"message": "Successfully deleted"}
