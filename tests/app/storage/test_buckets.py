"""Buckets: admins make and change them; those of the product stay."""

import pytest

from tests.app.support.shelf import content, refused, stored


async def test_admins_see_all_buckets_and_others_none(ada, tess, service):
    for shelf in (ada, service):
        buckets = await (await shelf.ask("GET", "/bucket")).json()
        assert [bucket["id"] for bucket in buckets] == [
            "certificates",
            "course-packs",
            "lesson-attachments",
            "lesson-videos",
        ]
    assert buckets[3] == {
        "id": "lesson-videos",
        "name": "lesson-videos",
        "owner": "",
        "public": False,
        "file_size_limit": 5 * 1024**3,
        "allowed_mime_types": ["video/*"],
        "created_at": buckets[3]["created_at"],
        "updated_at": buckets[3]["updated_at"],
    }
    assert await (await tess.ask("GET", "/bucket")).json() == []
    await refused(await tess.ask("GET", "/bucket/lesson-videos"), 404, "NoSuchBucket")
    one = await (await ada.ask("GET", "/bucket/lesson-videos")).json()
    assert one == buckets[3]
    page = await ada.ask("GET", "/bucket?limit=1&offset=1&sortColumn=name&sortOrder=desc&search=LESSON")
    assert [bucket["id"] for bucket in await page.json()] == ["lesson-attachments"]
    for query in ("limit=x", "offset=-1", "sortColumn=owner", "sortOrder=up"):
        await refused(await ada.ask("GET", f"/bucket?{query}"), 400, "InvalidRequest")


async def test_admins_make_change_empty_and_remove_buckets(ada, tess):
    new = {
        "id": "extras",
        "name": "extras",
        "public": False,
        "file_size_limit": "2KB",
        "allowed_mime_types": ["text/*"],
    }
    assert await stored(await ada.ask("POST", "/bucket", json=new)) == {"name": "extras"}
    await refused(await ada.ask("POST", "/bucket", json=new), 409, "ResourceAlreadyExists")
    assert (await stored(await ada.ask("GET", "/bucket/extras")))["file_size_limit"] == 2_048
    await stored(await ada.put("extras/a.txt", b"a", "text/plain"))
    await refused(await ada.put("extras/b.txt", b"b" * 2_049, "text/plain"), 413, "EntityTooLarge")
    change = {"id": "extras", "public": True, "allowed_mime_types": None}
    await stored(await ada.ask("PUT", "/bucket/extras", json=change))
    changed = await stored(await ada.ask("GET", "/bucket/extras"))
    assert (changed["public"], changed["allowed_mime_types"], changed["file_size_limit"]) == (True, None, 2_048)
    assert await content(await tess.get("public/extras/a.txt")) == b"a"
    await refused(await ada.ask("DELETE", "/bucket/extras"), 409, "BucketNotEmpty")
    assert (await stored(await ada.ask("POST", "/bucket/extras/empty")))["message"] == "Successfully emptied"
    await stored(await ada.ask("DELETE", "/bucket/extras"))
    await refused(await ada.ask("GET", "/bucket/extras"), 404, "NoSuchBucket")
    await refused(await ada.ask("DELETE", "/bucket/extras"), 404, "NoSuchBucket")


async def test_nobody_else_makes_buckets(tess, nobody, shelf_of):
    for shelf in (tess, await shelf_of("mira"), nobody):
        await refused(await shelf.ask("POST", "/bucket", json={"id": "mine"}), 403, "AccessDenied")
    await refused(await tess.ask("PUT", "/bucket/lesson-videos", json={"public": True}), 404, "NoSuchBucket")
    await refused(await tess.ask("POST", "/bucket/lesson-videos/empty"), 404, "NoSuchBucket")
    await refused(await tess.ask("DELETE", "/bucket/lesson-videos"), 404, "NoSuchBucket")


async def test_the_buckets_of_lessons_and_certificates_stay(ada, service, cast):
    for bucket in ("lesson-videos", "lesson-attachments", "certificates"):
        await refused(await ada.ask("DELETE", f"/bucket/{bucket}"), 403, "AccessDenied")
    await refused(await ada.ask("PUT", "/bucket/certificates", json={"public": True}), 403, "AccessDenied")
    await stored(await service.put(f"certificates/{cast.tess.user_id}/x.pdf", b"%PDF", "application/pdf"))
    await refused(await ada.ask("POST", "/bucket/certificates/empty"), 403, "AccessDenied")


@pytest.mark.parametrize(
    "body",
    [
        {"id": "ok", "file_size_limit": "many"},
        {"id": "ok", "file_size_limit": -1},
        {"id": "ok", "file_size_limit": True},
        {"id": "ok", "file_size_limit": 10**15},
        {"id": "ok", "file_size_limit": "9" * 400},
        {"id": "ok", "public": "yes"},
        {"id": "ok", "allowed_mime_types": "text/plain"},
        {"id": "ok", "allowed_mime_types": ["text plain"]},
    ],
)
async def test_rules_must_make_sense(ada, body):
    await refused(await ada.ask("POST", "/bucket", json=body), 400, "InvalidRequest")


@pytest.mark.parametrize("bucket_id", ["", "a/b", "sign", "public", "../x", "x" * 64, 3, None, " a", "a\0"])
async def test_a_bucket_needs_a_good_name(ada, bucket_id):
    await refused(await ada.ask("POST", "/bucket", json={"id": bucket_id}), 400, "InvalidBucketName")
