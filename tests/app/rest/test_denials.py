"""What is refused says which column was wrong, because PostgreSQL names only the table."""

import pytest

from tests.app.support import course
from tests.app.support.reader import Reader
from tests.people import CAST

TESS = f"profiles?id=eq.{CAST.tess.user_id}"
MINE = {"user_id": str(CAST.tess.user_id), "lesson_id": str(course.WELCOME)}


async def hint(response, status=403):
    error = await response.json()
    assert (response.status, error["code"]) == (status, "42501"), error
    return error["hint"]


@pytest.mark.parametrize(
    "query",
    [
        "quiz_answers?select=id,is_correct",
        "quiz_answers?select=id&is_correct=is.true",
        "quiz_answers?select=id&or=(id.is.null,not.and(is_correct.is.true))",
        "quiz_answers?select=id&order=is_correct",
        "quiz_questions?select=id,quiz_answers(right:is_correct)",
        "quizzes?select=quiz_questions(...quiz_answers(is_correct))",
    ],
)
async def test_a_column_that_may_not_be_read_is_named(tess, query):
    error = await tess.fails(query, 403, "42501")
    assert error["hint"] == "Not to be read by this role: quiz_answers.is_correct."


async def test_columns_that_may_not_be_written_are_named(tess, ada):
    change = {"id": str(CAST.tess.user_id), "full_name": "Tess", "email": "boss@callx.example"}
    assert await hint(await tess.patch(TESS, change)) == "Not to be written by this role: profiles.id, profiles.email."
    product = {"title": "Mine", "archived_at": "2020-01-01"}
    assert "products.archived_at" in await hint(await ada.post("products", product))
    many = dict.fromkeys(("id", "score", "passed", "answers", "answer_key", "attempted_at", "quiz_id"), None)
    assert "quiz_attempts.answer_key" in await hint(await tess.post("quiz_attempts", many))


async def test_an_upsert_of_ones_profile_says_that_an_update_would_do(tess):
    body = {"id": str(CAST.tess.user_id), "full_name": "Tess", "email": "tess@callx.example"}
    response = await tess.post("profiles", body, Prefer="resolution=merge-duplicates")
    assert "ask for an update, not an upsert" in await hint(response)


async def test_a_change_by_a_filter_that_may_not_be_read_names_it(ada, tess):
    response = await tess.patch("profiles?or=(id.is.null,id.is.not_null)&select=*", {"email": "x"})
    assert await hint(response) == "Not to be written by this role: profiles.email."


async def test_a_closed_table_or_a_hidden_row_names_no_column(tess):
    assert await hint(await tess.post("products", {"title": "Mine"})) is None
    assert await hint(await tess.delete(f"lesson_completions?lesson_id=eq.{course.WELCOME}")) is None
    other = MINE | {"user_id": str(CAST.theo.user_id)}
    assert await hint(await tess.post("lesson_completions", other)) is None


async def test_who_has_not_signed_in_is_told_so(client):
    assert (await Reader(client, {}).fails("products", 401, "42501"))["hint"] == "Nobody is signed in."
