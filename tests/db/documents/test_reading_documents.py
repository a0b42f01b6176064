"""PDFs are read when they come and when they are replaced; what cannot be read says why, and harms nobody."""

from dataclasses import replace
from typing import Any

import pytest

from core.blobs import Blobs
from lms.courses.confined import process
from lms.courses.confined.process import Limits, read_confined
from lms.courses.documents.jobs import LIMITS, MOST_BYTES, PROBLEMS, READER, DocumentReader
from tests.support.films import pdf
from tests.support.world import World

DOCUMENT = "select state, problem, page_count, language, version from public.documents"
PAGES = "select number, text from public.document_pages order by number"
ENGLISH = "The refund is given within 30 days of the purchase."


async def document(world: World) -> dict[str, Any]:
    rows = await world.as_service(DOCUMENT)
    return dict(rows[0])


async def test_the_text_of_each_page_is_kept(world: World, upload, follow):
    await upload("handbook.pdf", pdf(ENGLISH, "", "Keep the receipt.\nAnd this, too."))
    assert (await document(world))["state"] == "waiting"
    await follow()
    found = await document(world)
    assert (found["state"], found["problem"], found["page_count"], found["language"]) == ("read", None, 3, "english")
    assert [tuple(row) for row in await world.as_service(PAGES)] == [
        (1, ENGLISH),
        (3, "Keep the receipt.\nAnd this, too."),
    ]
    await follow()
    assert await document(world) == found, "once more changes nothing"


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (pdf(""), "no_text"),
        (pdf("Secret.", password="x"), "encrypted"),
        (b"%PDF-1.4 and then nothing", "broken"),
        (b"", "broken"),
        (pdf(ENGLISH) + b"\nwhat an odd mail program has added", "read"),
    ],
)
async def test_what_became_of_a_document_stands_with_it(world: World, upload, follow, content: bytes, state: str):
    await upload("handbook.pdf", content)
    await follow()
    found = await document(world)
    assert (found["state"], found["problem"]) == (state, PROBLEMS.get(state))


async def test_a_document_that_is_replaced_is_read_again(world: World, upload, follow):
    await upload("handbook.pdf", b"broken")
    await follow()
    assert (await document(world))["state"] == "broken"
    await upload("handbook.pdf", pdf(ENGLISH))
    await follow()
    assert [row["text"] for row in await world.as_service(PAGES)] == [ENGLISH]
    await upload("handbook.pdf", pdf("Der Kunde bekommt das Geld und die Gebühr nicht."))
    await follow()
    found = await document(world)
    assert (found["state"], found["language"]) == ("read", "german")
    await upload("handbook.pdf", b"now a text", "text/plain")
    assert await world.as_service(DOCUMENT) == await world.as_service(PAGES) == []


async def test_what_was_replaced_while_it_was_read_is_not_stored(world: World, upload, reader: DocumentReader):
    object_id = await upload("handbook.pdf", pdf(ENGLISH))
    old = (await document(world))["version"]
    await upload("handbook.pdf", pdf("Another text."))
    rows = await world.as_service("select callx.store_pages($1, $2, '{1}', '{old}') as language", object_id, old)
    assert rows[0]["language"] is None
    assert await world.as_service(PAGES) == []


async def test_a_document_of_too_many_bytes_is_not_even_opened(world: World, upload, follow):
    await upload("handbook.pdf", pdf(ENGLISH))
    await world.as_service("update storage.objects set metadata = metadata || $1", {"size": MOST_BYTES + 1})
    await follow()
    assert (await document(world))["state"] == "too_large"


async def test_only_whoever_may_have_the_file_reads_its_text(world: World, upload, follow):
    await upload("x/a.pdf", pdf(ENGLISH))  # which the text lesson has attached
    await upload("script.pdf", pdf("For judges alone."))
    await follow()
    texts = "select text from public.document_pages order by text"
    for person in (world.cast.tess, world.cast.mira):
        assert [row["text"] for row in await world.as_person(person, texts)] == [ENGLISH]
    assert len(await world.as_person(world.cast.ada, texts)) == 2
    await world.as_service("update public.products set is_active = false")
    assert await world.as_person(world.cast.tess, texts) == []


async def test_a_reader_that_takes_too_much_is_ended(blobs: Blobs):
    content = pdf(ENGLISH)
    await blobs.put("objects/a", content, "application/pdf")
    for limits, end in (
        (replace(LIMITS, total_s=0.01), "too_slow"),
        (replace(LIMITS, read_bytes=10), "too_large"),
        (Limits(memory_bytes=20 << 20, cpu_s=60, total_s=60, read_bytes=1 << 20), "died"),
    ):
        reading = await read_confined(READER, blobs, "objects/a", len(content), limits)
        assert (reading.end, reading.answers) == (end, ())


async def test_a_reader_that_says_too_much_is_ended(blobs: Blobs, monkeypatch: pytest.MonkeyPatch):
    await blobs.put("objects/a", b"x", "application/pdf")
    monkeypatch.setattr(process, "_MOST_ANSWER_BYTES", 50)
    reading = await read_confined("tests.support.confined_spy", blobs, "objects/a", 1, LIMITS)
    assert (reading.end, reading.answers) == ("too_large", ())


async def test_a_reader_that_says_nonsense_is_ended(blobs: Blobs):
    reading = await read_confined("tests.support.confined_babbler", blobs, "objects/a", 1, LIMITS)
    assert (reading.end, reading.answers) == ("died", ())


async def test_a_reader_sees_no_secret_and_writes_no_file(blobs: Blobs, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    await blobs.put("objects/a", b"x", "application/pdf")
    reading = await read_confined("tests.support.confined_spy", blobs, "objects/a", 1, LIMITS)
    assert reading.end == "done"
    assert reading.answers == ({"environment": ["LC_ALL"], "could_write": False, "file": "x"},)
