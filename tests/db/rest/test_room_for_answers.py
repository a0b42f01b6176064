"""An answer that would fill the database's memory is given up while it is being made, not when it is whole."""

import json

import pytest

from core.rest.sql_writer import forms
from tests.support.rest_statements import Requests

BACK_AND_FORTH = "categories?id=eq.1&select=books(categories(books(categories(books(categories(books(id)))))))"


@pytest.fixture
async def requests(library, monkeypatch):
    monkeypatch.setattr(forms, "MAXIMUM_ANSWER_BYTES", 1_000_000)
    await library.execute("""
        insert into library.books (id, title, isbn, category_id)
        select 1000 + n, 'Copy ' || n, lpad(n::text, 10, '0'), 1
        from generate_series(1, 200) n;
        set local statement_timeout = '6s'
    """)
    return await Requests.of(library)


@pytest.mark.parametrize("form", ["array", "object", "csv"])
async def test_embeds_that_lead_back_and_forth_are_given_up_early(requests, form):
    """They would make 200 ** 4 objects."""
    assert (await requests.read(BACK_AND_FORTH, form=form)).text is None


async def test_so_are_spread_ones(requests):
    asked = "categories?id=eq.1&select=...books(a:id,categories(...books(b:id,categories(...books(c:id)))))"
    assert (await requests.read(asked)).text is None


async def test_what_is_made_stays_within_a_few_times_the_longest_answer(requests, monkeypatch):
    monkeypatch.setattr(forms, "MAXIMUM_ANSWER_BYTES", 100_000)

    assert (await requests.read(BACK_AND_FORTH)).text is None
    made = int(await requests.connection.fetchval("select current_setting('rest.made_bytes')"))
    assert 400_000 < made < 1_000_000


async def test_wide_rows_are_given_up_too(requests, monkeypatch):
    monkeypatch.setattr(forms, "MAXIMUM_ANSWER_BYTES", 100_000)
    await requests.connection.execute("""
        update library.books set title = (select string_agg(md5(n::text), '') from generate_series(1, 160) n)
        where id > 1000
    """)

    answer = await requests.read("books?select=" + ",".join(f"a{n}:title" for n in range(100)))
    assert answer.text is None
    assert answer.rows < 10


@pytest.mark.parametrize(
    "asked",
    [
        "categories?id=eq.1&select=id,books(*,categories(name,books(id)))",
        "books?select=*,categories(*)&id=gt.1000",
        "categories?id=eq.1&select=...books(a:id,b:title)",
    ],
)
async def test_an_answer_that_is_just_not_too_long_is_whole(requests, monkeypatch, asked):
    whole = (await requests.read(asked)).text
    assert len(whole) > 2_000
    monkeypatch.setattr(forms, "MAXIMUM_ANSWER_BYTES", len(whole.encode()))
    await requests.connection.execute("select set_config('rest.made_bytes', '', true)")

    assert (await requests.read(asked)).text == whole
    assert json.loads(whole)
