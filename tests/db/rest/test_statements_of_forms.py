import csv
import io

import pytest

from core.rest.sql_writer import forms
from tests.support.rest_statements import Requests


@pytest.fixture
async def requests(library):
    return await Requests.of(library)


async def test_csv_is_what_copy_would_write(requests):
    answer = await requests.read(
        'authors?select=id,"the name":name,home,born,books(title)&id=in.(1,4)&order=id', form="csv"
    )

    assert list(csv.reader(io.StringIO(answer.text, newline=""), strict=True)) == [
        ["id", "the name", "home", "born", "books"],
        ["1", "Ursula K. Le Guin", "(Thurman,Portland)", "1929-10-21",
         '[{"title":"A Wizard of Earthsea"}, \n {"title":"The Dispossessed"}]'],
        ["4", 'Nobody, "Really"', "", "", "[]"],
    ]  # fmt: skip


async def test_csv_tells_nothing_from_an_empty_text(requests):
    await requests.connection.execute("""
        insert into library.shelves values (7, ''), (8, E'two\\nlines'), (9, 'a,b "c"'), (10, ' spaced\\t')
    """)

    answer = await requests.read("shelves?select=id,room&id=gt.6&order=id", form="csv")
    truth = await requests.read("loans?select=id,returned&order=id", form="csv")

    assert answer.text == 'id,room\n7,""\n8,"two\nlines"\n9,"a,b ""c"""\n10, spaced\\t'
    assert truth.text == "id,returned\n1,t\n2,f\n3,"


async def test_csv_of_no_rows_is_its_first_line(requests):
    answer = await requests.read('odd names?select="comma,ted","a \\"quoted\\" one"&book_id=eq.77', form="csv")

    assert (answer.text, answer.rows) == ('"comma,ted","a ""quoted"" one"', 0)


async def test_an_object_is_one_row_and_the_rows_are_counted(requests):
    one = await requests.read("books?select=id,blurbs(text)&id=eq.1", form="object")
    none = await requests.read("books?id=eq.77", form="object")
    many = await requests.read("books?select=id&limit=2", form="object", count=True)

    assert one.body == {"id": 1, "blurbs": {"text": "A boy, a shadow."}}
    assert (one.rows, none.rows, none.text) == (1, 0, "")
    assert (many.rows, many.total) == (2, 4)


async def test_nulls_are_stripped_from_rows_and_embeds(requests):
    array = await requests.read("books?select=id,price,categories(name,parent)&id=in.(1,4)", strip_nulls=True)
    single = await requests.read("books?select=id,price,blurbs(id)&id=eq.4", form="object", strip_nulls=True)

    assert array.body == [{"id": 1, "price": 9.50, "categories": {"name": "Fantasy", "parent": 1}}, {"id": 4}]
    assert single.body == {"id": 4}
    assert (await requests.read("books?id=eq.77", strip_nulls=True)).text == "[]"


@pytest.mark.parametrize("form", ["array", "object", "csv"])
async def test_what_is_too_long_never_leaves_the_database(requests, monkeypatch, form):
    monkeypatch.setattr(forms, "MAXIMUM_ANSWER_BYTES", 100)

    answer = await requests.read("books?select=*", form=form)

    assert (answer.text, answer.rows) == (None, 4)
    assert (await requests.read("books?select=id&limit=1", form=form)).text is not None
