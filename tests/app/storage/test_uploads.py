"""Bodies that are too large, of the wrong type, broken off or slow leave nothing behind."""

import asyncio

import pytest

from core.storage import uploads
from tests.app.support.shelf import content, refused, stored

WATCH = "lesson-videos/billing/watch.mp4"
BOUNDARY = "b0undary"


@pytest.fixture
async def small(ada):
    """A bucket that takes a hundred thousand bytes of text."""
    rules = {"id": "small", "file_size_limit": 100_000, "allowed_mime_types": ["text/*", "application/json"]}
    assert (await ada.ask("POST", "/bucket", json=rules)).status == 200
    return "small/a.txt"


async def keys(blobs):
    return [blob.key async for blob in blobs.list_below("objects")]


async def files(tmp_path):
    return [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]


async def in_pieces(*pieces):
    for piece in pieces:
        yield piece
        await asyncio.sleep(0)


async def raw(client, shelf, path, head, body):
    """Sends exactly these bytes and closes: aiohttp's own client would not."""
    address = client.make_url("")
    reader, writer = await asyncio.open_connection(address.host, address.port)
    lines = [f"POST /storage/v1/object/{path} HTTP/1.1", "Host: callx", *head]
    lines += [f"{name}: {value}" for name, value in shelf.headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    await writer.drain()
    return reader, writer


async def form(head, body, end=f"\r\n--{BOUNDARY}--\r\n"):
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + body + end.encode()


FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
FILE = 'Content-Disposition: form-data; name=""; filename="a.txt"\r\nContent-Type: text/plain'


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(client, ada, small, blobs):
    reader, writer = await raw(client, ada, small, ["Content-Length: 100001", "Content-Type: text/plain"], b"")
    async with asyncio.timeout(20):
        assert b"EntityTooLarge" in await reader.readuntil(b"}")
    writer.close()
    await writer.wait_closed()
    await refused(await ada.put(small, b"x" * 100_001, "text/plain"), 413, "EntityTooLarge")
    await stored(await ada.put(small, b"x" * 100_000, "text/plain"))
    assert len(await keys(blobs)) == 1


async def test_a_body_that_grows_too_large_is_cut_off(ada, small, tmp_path):
    too_much = in_pieces(*[b"x" * 10_000] * 11)
    await refused(await ada.put(small, too_much, "text/plain"), 413, "EntityTooLarge")
    await refused(await ada.put_form(small, b"x" * 100_001, "text/plain"), 413, "EntityTooLarge")
    assert await files(tmp_path) == []
    await refused(await ada.get(small), 404, "NoSuchKey")


async def test_the_buckets_types_are_kept(ada, small):
    for content_type in ("video/mp4", "text", "", "application/octet-stream"):
        await refused(await ada.put(small, b"x", content_type), 415, "InvalidMimeType")
    await stored(await ada.put(small, b"x", "TEXT/Plain; charset=utf-8"))
    assert (await stored(await ada.get(f"info/{small}")))["content_type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("head", [["Content-Length: 50000"], ["Transfer-Encoding: chunked"]])
async def test_an_upload_that_breaks_off_leaves_nothing(client, ada, small, tmp_path, head):
    body = b"x" * 20_000 if "Length" in head[0] else b"4e20\r\n" + b"x" * 20_000 + b"\r\n"
    _, writer = await raw(client, ada, small, [*head, "Content-Type: text/plain"], body)
    await asyncio.sleep(0.1)
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.2)
    assert await files(tmp_path) == []
    await refused(await ada.get(small), 404, "NoSuchKey")


async def test_a_replacement_that_breaks_off_leaves_the_old_object(client, ada, small):
    await stored(await ada.put(small, b"old", "text/plain"))
    head = ["Content-Length: 50000", "Content-Type: text/plain", "x-upsert: true"]
    _, writer = await raw(client, ada, small, head, b"new")
    await asyncio.sleep(0.1)
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.2)
    assert await content(await ada.get(small)) == b"old"


async def test_whoever_stops_sending_is_not_waited_for(client, ada, small, tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "CHUNK_TIMEOUT_S", 0.1)
    head = ["Content-Length: 50000", "Content-Type: text/plain"]
    reader, writer = await raw(client, ada, small, head, b"x" * 10)
    answer = await reader.readuntil(b"}")
    assert b" 408 " in answer
    assert b"RequestTimeout" in answer
    writer.close()
    await writer.wait_closed()
    assert await files(tmp_path) == []


async def test_what_is_refused_is_refused_before_the_body_comes(client, tess):
    head = ["Content-Length: 4000000000", "Content-Type: video/mp4"]
    reader, writer = await raw(client, tess, WATCH, head, b"")
    answer = await reader.readuntil(b"}")
    assert b"AccessDenied" in answer
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("end", ["", "\r\n", f"\r\n--{BOUNDARY}", f"\r\n--{BOUNDARY}x--\r\n"])
async def test_a_form_without_its_end_leaves_nothing(ada, small, tmp_path, end):
    body = await form(FILE, b"text" * 100, end)
    answer = await ada.ask("POST", f"/object/{small}", data=body, headers=FORM)
    assert (answer.status, (await answer.json())["code"] in ("IncompleteBody", "InvalidRequest")) == (400, True)
    assert await files(tmp_path) == []


async def test_fields_may_come_after_the_file(ada, small):
    end = f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="cacheControl"\r\n\r\n77\r\n--{BOUNDARY}--\r\n'
    body = await form(FILE, b"text", end)
    await stored(await ada.ask("POST", f"/object/{small}", data=body, headers=FORM))
    assert (await stored(await ada.get(f"info/{small}")))["cache_control"] == "max-age=77"


@pytest.mark.parametrize(
    ("head", "number", "code"),
    [
        ('Content-Disposition: form-data; name="cacheControl"', 400, "InvalidRequest"),
        ('Content-Disposition: form-data; name="metadata"', 400, "InvalidRequest"),
        ('Content-Disposition: form-data; name=""; filename="a"\r\nContent-Type: text/\x07', 400, "IncompleteBody"),
        ('Content-Disposition: form-data; name=""; filename="a"', 415, "InvalidMimeType"),
    ],
)
async def test_forms_that_make_no_sense_are_refused(ada, small, head, number, code):
    body = await form(head, b"text")
    await refused(await ada.ask("POST", f"/object/{small}", data=body, headers=FORM), number, code)


async def test_a_form_must_have_a_boundary_and_one_file(ada, small):
    plain = {"Content-Type": "multipart/form-data"}
    await refused(await ada.ask("POST", f"/object/{small}", data=b"x", headers=plain), 400, "InvalidRequest")
    two = await form(FILE, b"text", f"\r\n--{BOUNDARY}\r\n{FILE}\r\n\r\nmore\r\n--{BOUNDARY}--\r\n")
    await refused(await ada.ask("POST", f"/object/{small}", data=two, headers=FORM), 400, "InvalidRequest")


async def test_a_form_with_many_or_long_fields_is_refused(ada, small):
    field = f'Content-Disposition: form-data; name="a"\r\n\r\nx\r\n--{BOUNDARY}\r\n'
    many = await form(field * 30 + FILE, b"text")
    await refused(await ada.ask("POST", f"/object/{small}", data=many, headers=FORM), 400, "InvalidRequest")
    long = await form('Content-Disposition: form-data; name="metadata"', b"x" * 90_000)
    await refused(await ada.ask("POST", f"/object/{small}", data=long, headers=FORM), 413, "EntityTooLarge")
