import json
from io import BytesIO
from uuid import uuid4

import asyncpg

from tests.app.support import course
from tests.app.support.reader import OBJECT, refusal


async def test_a_lesson_is_completed_as_the_specification_shows(tess, cast, database):
    body = {"user_id": str(cast.tess.user_id), "lesson_id": str(course.WELCOME)}
    response = await tess.post("lesson_completions", body, **{"Content-Profile": "public"})
    assert (response.status, await response.read()) == (201, b"")
    [completion] = await tess.get("lesson_completions?select=lesson_id,lessons(title)")
    assert completion == {"lesson_id": str(course.WELCOME), "lessons": {"title": "Welcome (all)"}}


async def test_an_insert_answers_what_is_selected_of_it(tess, cast):
    body = [{"user_id": str(cast.tess.user_id), "lesson_id": str(course.VIDEO), "ignored": 1}]
    response = await tess.post(
        'lesson_completions?columns="user_id","lesson_id"&select=lesson_id,lesson:lessons(title)',
        body,
        Prefer="return=representation",
        **OBJECT,
    )
    assert response.status == 201
    assert response.headers["Preference-Applied"] == "return=representation"
    assert json.loads(await response.text()) == {
        "lesson_id": str(course.VIDEO),
        "lesson": {"title": 'Watch, and "learn"'},
    }


async def test_a_second_row_of_one_key_is_a_conflict_that_shows_no_row(ada):
    response = await ada.post("products", {"id": str(course.PRODUCT), "title": "Another"})
    error = await response.json()
    assert (response.status, error["code"], error["details"]) == (409, "23505", None)


async def test_nobody_completes_for_another_or_skips_a_quiz(tess, cast):
    other = {"user_id": str(cast.theo.user_id), "lesson_id": str(course.WELCOME)}
    assert await refusal(await tess.post("lesson_completions", other)) == (403, "42501")
    quiz = {"user_id": str(cast.tess.user_id), "lesson_id": str(course.QUIZ_LESSON)}
    assert await refusal(await tess.post("lesson_completions", quiz)) == (403, "42501")
    closed = {"user_id": str(cast.tess.user_id), "lesson_id": str(course.CLOSED_LESSON)}
    assert await refusal(await tess.post("lesson_completions", closed)) == (403, "42501")
    assert await tess.get("lesson_completions") == []


async def test_a_trainee_writes_no_course_and_an_admin_does(tess, ada):
    assert await refusal(await tess.post("products", {"title": "Mine"})) == (403, "42501")
    response = await ada.post(
        "products?select=title,is_active",
        [{"title": "A"}, {"title": "B"}],
        Prefer="return=representation",
    )
    assert response.status == 201
    assert await response.json() == [{"title": "A", "is_active": True}, {"title": "B", "is_active": True}]


async def test_an_insert_whose_answer_is_not_one_row_is_rolled_back(ada):
    body = [{"title": "A"}, {"title": "B"}]
    response = await ada.post("products", body, Prefer="return=representation", **OBJECT)
    assert await refusal(response) == (406, "PGRST116")
    assert len(await ada.get("products")) == 2


async def test_returning_a_hidden_column_is_refused_and_a_star_leaves_it_out(owner_dsn, tess):
    owner = await asyncpg.connect(owner_dsn)
    await owner.execute(
        """
        create table public.notes (id int primary key, note text, secret text default 'SECRET');
        grant insert, select (id, note) on public.notes to authenticated
        """
    )
    await owner.close()
    whole = {"Prefer": "return=representation"}
    assert await refusal(await tess.post("notes?select=secret", {"id": 1}, **whole)) == (403, "42501")
    assert await (await tess.post("notes", {"id": 1, "note": "seen"}, **whole)).json() == [{"id": 1, "note": "seen"}]
    assert (await tess.post("notes", {"id": 2})).status == 201
    assert await tess.get("notes?select=id&order=id") == [{"id": 1}, {"id": 2}]


BAD_INSERTS = [
    ("products", b"{", {}, 400, "PGRST102"),
    ("products", b"", {}, 400, "PGRST102"),
    ("products", b"\xff", {}, 400, "PGRST102"),
    ("products", b"7", {}, 400, "PGRST102"),
    ("products", b"[7]", {}, 400, "PGRST102"),
    ("products", b"[" * 100_000, {}, 400, "PGRST102"),
    ("products", [{"title": "A"}, {"is_active": True}], {}, 400, "PGRST102"),
    ("products", {"nope": 1}, {}, 400, "PGRST204"),
    ('products?columns="nope"', {"title": "x"}, {}, 400, "PGRST204"),
    ("nothing", {"title": "x"}, {}, 404, "PGRST205"),
    ("products", {"title": None}, {}, 400, "23502"),
    ("products", {"title": "x", "is_active": "perhaps"}, {}, 400, "22P02"),
    ("products", {"title": "\ud800"}, {}, 400, "22P02"),
    ("modules", {"product_id": str(uuid4()), "title": "x", "order_index": 1}, {}, 409, "23503"),
    ("products?on_conflict=nope", {"title": "x"}, {"Prefer": "resolution=merge-duplicates"}, 400, "42703"),
    ("products?id=eq.1", {"title": "x"}, {}, 400, "PGRST100"),
    ("products?limit=1", {"title": "x"}, {}, 400, "PGRST100"),
    ("products", {"title": "x"}, {"Prefer": "handling=strict, what"}, 400, "PGRST122"),
    ("products", {"title": "x"}, {"Accept": "text/html"}, 406, "PGRST107"),
    ("products", {"title": "x"}, {"Content-Profile": "auth"}, 406, "PGRST106"),
]


async def test_a_bad_insert_is_told(ada):
    for path, body, headers, status, code in BAD_INSERTS:
        response = await ada.post(path, body, **headers)
        error = await response.json()
        assert (response.status, error["code"]) == (status, code), (path, error)


async def test_inserting_nothing_or_nothing_but_defaults(ada):
    response = await ada.post("products", [], Prefer="return=representation")
    assert (response.status, await response.json()) == (201, [])
    assert await refusal(await ada.post("products", {})) in [(400, "23502"), (403, "42501")]


async def test_a_body_that_is_too_large_is_refused(ada):
    body = BytesIO(json.dumps({"title": "x" * 2_000_000}).encode())
    async with ada.client.post("/rest/v1/products", data=body, headers=ada.headers) as response:
        assert await refusal(response) == (413, "PGRST102")
