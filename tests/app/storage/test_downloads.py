"""Downloads: parts, conditions, and headers that keep uploads from running on our origin."""

import pytest

from tests.app.support.shelf import content, refused, stored

WATCH = "lesson-videos/billing/watch.mp4"
FILM = bytes(range(256)) * 4_000


@pytest.fixture
async def film(ada):
    await stored(await ada.put(WATCH, FILM, **{"cache-control": "max-age=60"}))


async def test_a_player_asks_for_parts(film, tess):
    size = len(FILM)
    for wished, start, end in (("0-0", 0, 1), ("5-9", 5, 10), (f"{size - 3}-", size - 3, size), ("-7", size - 7, size)):
        response = await tess.get(WATCH, Range=f"bytes={wished}")
        assert response.status == 206
        assert await response.read() == FILM[start:end]
        assert response.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
        assert response.headers["Content-Length"] == str(end - start)
    whole = await tess.get(WATCH)
    assert (whole.status, whole.headers["Accept-Ranges"]) == (200, "bytes")
    for ignored in ("bytes=1-2,5-6", "lines=1-2", "bytes=9-2", "bytes=x"):
        response = await tess.get(WATCH, Range=ignored)
        assert (response.status, await response.read() == FILM) == (200, True)


async def test_a_part_beyond_the_end_is_416_and_tells_the_size(film, tess):
    response = await tess.get(WATCH, Range=f"bytes={len(FILM)}-")
    await refused(response, 416, "InvalidRange", status=416)
    assert response.headers["Content-Range"] == f"bytes */{len(FILM)}"


async def test_nothing_is_sent_twice(film, tess, ada):
    first = await tess.get(WATCH)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for condition in ({"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'}, {"If-Modified-Since": date}):
        response = await tess.get(WATCH, **condition)
        assert (response.status, await response.read()) == (304, b"")
        assert response.headers["ETag"] == tag
    assert (await tess.get(WATCH, **{"If-Range": tag, "Range": "bytes=0-1"})).status == 206
    await stored(await ada.put(WATCH, b"new", **{"x-upsert": "true"}))
    assert await content(await tess.get(WATCH, **{"If-None-Match": tag})) == b"new"
    changed = await tess.get(WATCH, **{"If-Range": tag, "Range": "bytes=0-1"})
    assert (changed.status, await changed.read()) == (200, b"new")


async def test_head_has_the_headers_and_no_body(film, tess):
    response = await tess.ask("HEAD", f"/object/{WATCH}")
    assert (response.status, response.headers["Content-Length"]) == (200, str(len(FILM)))
    assert await response.read() == b""


async def test_an_empty_file_is_a_file(ada):
    await stored(await ada.put("lesson-attachments/empty.txt", b"", "text/plain"))
    response = await ada.get("lesson-attachments/empty.txt")
    assert (response.status, await response.read()) == (200, b"")
    await refused(await ada.get("lesson-attachments/empty.txt", Range="bytes=0-"), 416, "InvalidRange", status=416)


async def test_hole_25_what_was_uploaded_does_not_run_on_our_origin(ada, service):
    made = await service.ask("POST", "/bucket", json={"id": "anything", "public": True})
    assert made.status == 200
    page = b"<script>alert(document.domain)</script>"
    for content_type in ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/x-unknown"):
        await stored(await ada.put("anything/page.html", page, content_type, **{"x-upsert": "true"}))
        for path in ("anything/page.html", "public/anything/page.html"):
            response = await ada.get(path)
            assert response.headers["Content-Disposition"].startswith("attachment")
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in response.headers["Content-Security-Policy"]
    for content_type in ("text/html", "image/svg+xml", "application/javascript"):
        await refused(await ada.put("lesson-attachments/page.html", page, content_type), 415, "InvalidMimeType")
        await refused(await ada.put_form("lesson-attachments/page.html", page, content_type), 415, "InvalidMimeType")


async def test_a_download_has_the_name_that_was_asked_for(film, tess):
    assert (await tess.get(WATCH)).headers["Content-Disposition"] == 'inline; filename="watch.mp4"'
    assert (await tess.get(f"{WATCH}?download=")).headers["Content-Disposition"] == 'attachment; filename="watch.mp4"'
    named = await tess.get(f"{WATCH}?download=Gr%C3%BC%C3%9Fe%22%0d%0a.mp4")
    assert "filename*=UTF-8''Gr%C3%BC" in named.headers["Content-Disposition"]


async def test_a_public_bucket_is_open_to_everybody_and_no_other_is(ada, nobody, service, client):
    assert (await ada.ask("POST", "/bucket", json={"id": "logos", "public": True})).status == 200
    await stored(await ada.put("logos/a.png", b"png", "image/png", **{"cache-control": "max-age=5"}))
    for shelf, path in ((nobody, "public/logos/a.png"), (nobody, "logos/a.png"), (ada, "logos/a.png")):
        assert await content(await shelf.get(path)) == b"png"
    bare = await client.get("/storage/v1/object/public/logos/a.png")
    assert await content(bare) == b"png"
    assert bare.headers["Cache-Control"] == "public, max-age=5"
    assert (await (await nobody.get("info/public/logos/a.png")).json())["size"] == 3
    for path in ("public/certificates/x.pdf", "public/lesson-videos/x.mp4", "public/none/x", "info/public/none/x"):
        await refused(await nobody.get(path), 404, "NoSuchBucket")
    assert (await ada.ask("PUT", "/bucket/logos", json={"public": False})).status == 200
    await refused(await nobody.get("public/logos/a.png"), 404, "NoSuchBucket")
    await refused(await nobody.get("logos/a.png"), 404, "NoSuchKey")


async def test_a_row_whose_bytes_are_gone_is_not_found(film, tess, blobs):
    await blobs.delete_below("objects")
    await refused(await tess.get(WATCH), 404, "NoSuchKey")


async def test_pages_of_other_origins_may_read_what_they_need(film, tess):
    response = await tess.get(WATCH, Origin="https://front.example", Range="bytes=0-1")
    assert response.headers["Access-Control-Allow-Origin"] == "https://front.example"
    assert "Content-Range" in response.headers["Access-Control-Expose-Headers"]
    assert response.headers.getall("Vary") == ["Authorization", "Origin"]
