"""Objects go up and come down: for admins, and for whoever sees the lesson that names them."""

import asyncio
import base64
import json

import pytest

from tests.app.support.shelf import content, refused, stored

WATCH = "lesson-videos/billing/watch.mp4"
HIDDEN = "lesson-videos/billing/hidden.mp4"
TERMS = "lesson-attachments/terms.pdf"


async def test_an_admin_stores_and_whoever_sees_the_lesson_downloads(ada, tess, shelf_of, nobody):
    answer = await stored(await ada.put(WATCH, b"moving pictures"))
    assert answer["Key"] == WATCH
    assert len(answer["Id"]) == 36
    for shelf in (ada, tess, await shelf_of("mira"), await shelf_of("theo")):
        response = await shelf.get(WATCH)
        assert await content(response) == b"moving pictures"
        assert response.headers["Content-Type"] == "video/mp4"
    await refused(await nobody.get(WATCH), 404, "NoSuchKey")
    assert await content(await tess.get(f"authenticated/{WATCH}")) == b"moving pictures"


async def test_what_no_visible_lesson_names_is_not_there(ada, tess, shelf_of):
    await stored(await ada.put(HIDDEN))
    await stored(await ada.put("lesson-videos/draft.mp4"))
    await stored(await ada.put("lesson-attachments/secret.pdf", b"%PDF", "application/pdf"))
    for path in (HIDDEN, "lesson-videos/draft.mp4", "lesson-attachments/secret.pdf", "lesson-videos/none.mp4"):
        for shelf in (tess, await shelf_of("mira")):
            await refused(await shelf.get(path), 404, "NoSuchKey")
            assert (await shelf.ask("HEAD", f"/object/{path}")).status == 400
            await refused(await shelf.get(f"info/{path}"), 404, "NoSuchKey")
            await refused(await shelf.post(f"sign/{path}", {"expiresIn": 60}), 404, "NoSuchKey")


async def test_only_admins_write_videos_and_attachments(tess, shelf_of, nobody):
    for shelf in (tess, await shelf_of("mira"), nobody):
        denied = await refused(await shelf.put(WATCH), 403, "AccessDenied")
        assert denied["message"] == "new row violates row-level security policy"
        await refused(await shelf.put(TERMS, b"%PDF", "application/pdf", method="PUT"), 403, "AccessDenied")


async def test_certificates_come_from_the_service_and_go_to_owner_manager_and_admins(
    ada, tess, shelf_of, service, nobody, cast
):
    path = f"certificates/{cast.tess.user_id}/billing.pdf"
    for shelf in (tess, ada, nobody):
        await refused(await shelf.put(path, b"%PDF", "application/pdf"), 403, "AccessDenied")
    await stored(await service.put(path, b"%PDF", "application/pdf"))
    for shelf in (tess, ada, await shelf_of("mira")):
        assert await content(await shelf.get(path)) == b"%PDF"
    for shelf in (nobody, await shelf_of("theo"), await shelf_of("otto")):
        await refused(await shelf.get(path), 404, "NoSuchKey")
    for shelf in (tess, ada):
        await refused(await shelf.put(path, b"%PDF2", "application/pdf", **{"x-upsert": "true"}), 403, "AccessDenied")
        assert await (await shelf.ask("DELETE", "/object/certificates", json={"prefixes": [path[13:]]})).json() == []
    await refused(
        await ada.post("move", {"bucketId": "certificates", "sourceKey": path[13:], "destinationKey": "x.pdf"}),
        403,
        "AccessDenied",
    )


async def test_a_form_brings_the_file_under_the_empty_name(ada):
    answer = await ada.put_form(
        TERMS, b"%PDF of a form", "application/pdf", cacheControl="60", metadata='{"pages": 3, "k": "ü"}'
    )
    assert (await stored(answer))["Key"] == TERMS
    info = await stored(await ada.get(f"info/{TERMS}"))
    assert (info["size"], info["content_type"], info["cache_control"]) == (14, "application/pdf", "max-age=60")
    assert info["metadata"] == {"pages": 3, "k": "ü"}
    assert info["name"] == "terms.pdf"
    assert info["bucket_id"] == "lesson-attachments"
    assert info["etag"] == (await ada.get(TERMS)).headers["ETag"]


async def test_a_raw_body_brings_metadata_in_headers(ada):
    metadata = base64.b64encode(json.dumps({"a": [1, None]}).encode()).decode()
    await stored(await ada.put(WATCH, b"v", **{"x-metadata": metadata, "cache-control": "max-age=3600"}))
    info = await stored(await ada.get(f"info/{WATCH}"))
    assert info["metadata"] == {"a": [1, None]}
    response = await ada.get(WATCH)
    assert response.headers["Cache-Control"] == "private, max-age=3600"


@pytest.mark.parametrize("metadata", ["no base64!", base64.b64encode(b"[1]").decode(), "eyJhIjogIlx1MDAwMCJ9"])
async def test_metadata_that_is_no_object_is_refused(ada, metadata):
    await refused(await ada.put(WATCH, b"v", **{"x-metadata": metadata}), 400, "InvalidRequest")
    await refused(await ada.get(WATCH), 404, "NoSuchKey")


async def test_a_name_that_is_taken_is_refused_unless_it_is_to_be_replaced(ada, tess, database):
    await stored(await ada.put(WATCH, b"first"))
    before = await stored(await ada.get(f"info/{WATCH}"))
    assert (await refused(await ada.put(WATCH, b"second"), 409, "ResourceAlreadyExists"))["error"] == "Duplicate"
    assert await content(await tess.get(WATCH)) == b"first"
    await stored(await ada.put(WATCH, b"third", **{"x-upsert": "true"}))
    await stored(await ada.put(WATCH, b"fourth", method="PUT"))
    response = await tess.get(WATCH)
    assert await content(response) == b"fourth"
    after = await stored(await ada.get(f"info/{WATCH}"))
    assert after["id"] == before["id"]
    assert after["etag"] != before["etag"]
    async with database.acting_as_service() as tx:
        facts = await tx.fetch("select payload from callx.facts where kind = 'BlobAbandoned' order by id")
    assert facts[0]["payload"]["key"] == f"objects/{before['version']}"
    assert len(facts) == 2


async def test_uploads_to_one_name_at_once_leave_one_whole_object(ada, blobs):
    parts = [bytes([number]) * 300_000 for number in range(6)]
    answers = await asyncio.gather(*(ada.put(WATCH, part) for part in parts))
    assert sorted(answer.status for answer in answers) == [200] + [400] * 5
    for answer in answers:
        if answer.status == 400:
            await refused(answer, 409, "ResourceAlreadyExists")
    replaced = await asyncio.gather(*(ada.put(WATCH, part, **{"x-upsert": "true"}) for part in parts))
    assert {answer.status for answer in replaced} == {200}
    assert await content(await ada.get(WATCH)) in parts
    assert len([blob async for blob in blobs.list_below("objects")]) == 7


async def test_objects_are_moved_and_copied(ada, tess):
    await stored(await ada.put("lesson-videos/draft.mp4", b"film"))
    names = {"bucketId": "lesson-videos", "sourceKey": "draft.mp4", "destinationKey": "billing/watch.mp4"}
    copied = await stored(await ada.post("copy", names))
    assert copied["Key"] == WATCH
    assert await content(await tess.get(WATCH)) == b"film"
    await refused(await ada.post("copy", names), 409, "ResourceAlreadyExists")
    await refused(await ada.post("move", names), 409, "ResourceAlreadyExists")
    moved = await ada.post("move", {**names, "destinationKey": "final.mp4"})
    assert (await stored(moved))["message"] == "Successfully moved"
    await refused(await ada.get("lesson-videos/draft.mp4"), 404, "NoSuchKey")
    assert await content(await ada.get("lesson-videos/final.mp4")) == b"film"
    await refused(await ada.post("move", names), 404, "NoSuchKey")
    names = {"bucketId": "lesson-videos", "sourceKey": "billing/watch.mp4", "destinationKey": "x.mp4"}
    await refused(await tess.post("copy", names), 403, "AccessDenied")
    await refused(await tess.post("move", names), 403, "AccessDenied")


async def test_another_bucket_keeps_its_rules_when_something_moves_there(ada):
    await stored(await ada.put("lesson-videos/film.mp4", b"film"))
    await stored(await ada.put("lesson-attachments/a.txt", b"text", "text/plain"))
    names = {"bucketId": "lesson-attachments", "sourceKey": "a.txt", "destinationKey": "a.txt"}
    for verb in ("move", "copy"):
        await refused(await ada.post(verb, {**names, "destinationBucket": "lesson-videos"}), 415, "InvalidMimeType")
    names = {"bucketId": "lesson-videos", "sourceKey": "film.mp4", "destinationKey": "film.mp4"}
    await stored(await ada.post("move", {**names, "destinationBucket": "lesson-attachments"}))
    assert await content(await ada.get("lesson-attachments/film.mp4")) == b"film"


async def test_removing_tells_what_was_removed(ada, tess):
    await stored(await ada.put(WATCH, b"a"))
    await stored(await ada.put("lesson-videos/b.mp4", b"b"))
    prefixes = {"prefixes": ["billing/watch.mp4", "b.mp4", "none.mp4"]}
    assert await (await tess.ask("DELETE", "/object/lesson-videos", json=prefixes)).json() == []
    rows = await (await ada.ask("DELETE", "/object/lesson-videos", json=prefixes)).json()
    assert sorted(row["name"] for row in rows) == ["b.mp4", "billing/watch.mp4"]
    assert rows[0]["bucket_id"] == "lesson-videos"
    await refused(await ada.get(WATCH), 404, "NoSuchKey")
    await stored(await ada.put(WATCH, b"a"))
    assert await stored(await ada.ask("DELETE", f"/object/{WATCH}")) == {"message": "Successfully deleted"}
    await refused(await ada.ask("DELETE", f"/object/{WATCH}"), 404, "NoSuchKey")


async def test_anonymous_clients_may_nothing(nobody, ada):
    await stored(await ada.put(WATCH))
    names = {"bucketId": "lesson-videos", "sourceKey": "billing/watch.mp4", "destinationKey": "x.mp4"}
    listing = await nobody.post("list/lesson-videos", {"prefix": ""})
    assert "needs a sign-in" in (await listing.json())["message"]
    await refused(listing, 403, "AccessDenied")
    await refused(await nobody.ask("DELETE", "/object/lesson-videos", json={"prefixes": ["x"]}), 403, "AccessDenied")
    await refused(await nobody.post("move", names), 404, "NoSuchKey")
    await refused(await nobody.post("copy", names), 404, "NoSuchKey")
    await refused(await nobody.post(f"sign/{WATCH}", {"expiresIn": 9}), 404, "NoSuchKey")
    await refused(await nobody.post(f"upload/sign/{WATCH}", {}), 403, "AccessDenied")
    await refused(await nobody.ask("GET", "/bucket"), 403, "AccessDenied")
    await refused(await nobody.get(f"public/{WATCH}"), 404, "NoSuchBucket")


async def test_pictures_are_not_transformed(ada):
    await stored(await ada.put(WATCH))
    for kind in ("authenticated", "public", "sign"):
        response = await ada.ask("GET", f"/render/image/{kind}/{WATCH}?width=10")
        await refused(response, 403, "FeatureNotEnabled")
    body = {"expiresIn": 60, "transform": {"width": 10}}
    await refused(await ada.post(f"sign/{WATCH}", body), 403, "FeatureNotEnabled")


async def test_a_login_that_ended_and_a_forged_one_are_refused_in_this_wires_shape(client, tess):
    response = await client.post("/auth/v1/logout?scope=local", headers=tess.headers)
    assert response.status == 204
    await refused(await tess.get(WATCH), 403, "InvalidJWT")
    forged = {"Authorization": tess.headers["Authorization"][:-3] + "abc"}
    await refused(await tess.get(WATCH, **forged), 403, "InvalidJWT")


async def test_unknown_addresses_and_buckets_say_so(ada):
    await refused(await ada.put("no-bucket/x.mp4"), 404, "NoSuchBucket")
    assert (await ada.ask("GET", "/nothing")).status == 404
    assert (await (await ada.ask("GET", "/nothing")).json())["statusCode"] == "404"
