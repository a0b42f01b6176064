"""Lesson texts through /rest/v1: cleaned before they are written, and answered as they are kept."""

from typing import Any

import pytest

from core.db import Database
from tests.app.support.wires import Client, bearer, sign_in
from tests.support.courses import Course
from tests.support.hostile_html import HOSTILE, harm_in

HARM = '<p onclick="x">Hello <b>you</b><script>alert(1)</script></p>'
CLEAN = "<p>Hello <b>you</b></p>"


@pytest.fixture
async def ada(client: Client, course: Course) -> dict[str, str]:
    return bearer(await sign_in(client, "ada")) | {"Prefer": "return=representation"}


async def texts(database: Database, title: str) -> list[Any]:
    async with database.acting_as_service() as tx:
        rows = await tx.fetch("select text_content from public.lessons where title = $1 order by order_index", title)
    return [row["text_content"] for row in rows]


def lesson(course: Course, place: int, text: str | None, **more: Any) -> dict[str, Any]:
    row = {"module_id": str(course.module_id), "title": "New", "lesson_type": "text", "order_index": place, **more}
    return row if text is None else row | {"text_content": text}


async def test_inserted_texts_are_cleaned(client: Client, course: Course, ada: dict[str, str], database: Database):
    rows = [lesson(course, 10, HARM), lesson(course, 11, "1 < 2 & 3")]
    async with client.post("/rest/v1/lessons", json=rows, headers=ada) as answer:
        assert answer.status == 201
        assert [row["text_content"] for row in await answer.json()] == [CLEAN, "1 < 2 & 3"]
    assert await texts(database, "New") == [CLEAN, "1 < 2 & 3"]


async def test_so_are_updated_and_upserted_ones(
    client: Client, course: Course, ada: dict[str, str], database: Database
):
    where = f"/rest/v1/lessons?id=eq.{course.text_lesson_id}"
    async with client.patch(where, json={"text_content": HARM, "title": "New"}, headers=ada) as answer:
        assert [row["text_content"] for row in await answer.json()] == [CLEAN]
    row = lesson(course, 2, "<i onclick=x>Hi</i>", id=str(course.text_lesson_id))
    merging = ada | {"Prefer": "return=representation,resolution=merge-duplicates"}
    async with client.post("/rest/v1/lessons", json=row, headers=merging) as answer:
        assert answer.status == 200, await answer.text()
    assert await texts(database, "New") == ["<i>Hi</i>"]


async def test_also_where_only_a_later_row_has_a_text_or_its_name_is_written_oddly(
    client: Client, course: Course, ada: dict[str, str], database: Database
):
    columns = "?columns=module_id,title,lesson_type,order_index,text_content"
    rows = [lesson(course, 10, None), lesson(course, 11, HARM)]
    async with client.post(f"/rest/v1/lessons{columns}", json=rows, headers=ada) as answer:
        assert answer.status == 201, await answer.text()
    odd = '{"text\\u005fcontent": "<b onclick=x>odd</b>"}'
    headers = ada | {"Content-Type": "application/json"}
    where = f"/rest/v1/lessons?id=eq.{course.text_lesson_id}"
    async with client.patch(where, data=odd, headers=headers) as answer:
        assert [row["text_content"] for row in await answer.json()] == ["<b>odd</b>"]
    assert await texts(database, "New") == [None, CLEAN]


async def test_what_a_trainee_reads_is_harmless_whatever_was_written(
    client: Client, course: Course, ada: dict[str, str]
):
    tess = bearer(await sign_in(client, "tess"))
    where = f"/rest/v1/lessons?id=eq.{course.text_lesson_id}"
    for text in HOSTILE:
        async with client.patch(where, json={"text_content": text}, headers=ada) as answer:
            assert answer.status == 200
        async with client.get(where, headers=tess) as answer:
            [row] = await answer.json()
        assert harm_in(row["text_content"]) == []


async def test_other_values_keep_what_they_are(client: Client, course: Course, ada: dict[str, str]):
    row = lesson(course, 2_147_483_647, HARM)
    async with client.post("/rest/v1/lessons", json=row, headers=ada) as answer:
        [stored] = await answer.json()
    assert stored["order_index"] == 2_147_483_647


async def test_too_much_markup_is_a_clear_error(client: Client, course: Course, ada: dict[str, str]):
    async with client.post("/rest/v1/lessons", json=lesson(course, 12, "<ul><li>" * 10_000), headers=ada) as answer:
        assert answer.status == 400
        assert "too much markup" in (await answer.json())["message"]
