import gc
import weakref
from dataclasses import replace

import pytest
from yarl import URL

from core.rest.errors import RestError
from core.rest.prepared import LONGEST_KEPT, MOST_KEPT, AskedRead, PreparedReads
from tests.pure.rest.course_catalog import CATALOG

ASKED = AskedRead("simulations", "select=*&id=eq.1", None, "array", strip_nulls=False, counted=False)


def url(asked: AskedRead) -> URL:
    return URL(f"http://callx.example/rest/v1/{asked.table}?{asked.query_string}", encoded=True)


def prepare(prepared: PreparedReads, asked: AskedRead, catalog=CATALOG):
    return prepared.plan(asked, prepared.query(asked, url(asked)), catalog)


def test_the_same_question_is_planned_once():
    prepared = PreparedReads(1_000)

    assert prepare(prepared, ASKED)[1] is prepare(prepared, ASKED)[1]


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, table="people"),
        replace(ASKED, query_string="select=*&id=eq.2"),
        replace(ASKED, range="0-9"),
        replace(ASKED, form="csv"),
        replace(ASKED, strip_nulls=True),
        replace(ASKED, counted=True),
    ],
)
def test_another_question_has_another_statement(other):
    prepared = PreparedReads(1_000)

    assert prepare(prepared, ASKED)[1] != prepare(prepared, other)[1]


def test_another_role_never_gets_a_statement_of_the_first():
    prepared = PreparedReads(1_000)
    table = CATALOG.tables["simulations"]
    columns = {name: replace(column, readable=True) for name, column in table.columns.items()}
    admins = replace(CATALOG, tables={**CATALOG.tables, "simulations": replace(table, columns=columns)})

    assert "prompt" not in prepare(prepared, ASKED)[1].sql
    assert "prompt" in prepare(prepared, ASKED, admins)[1].sql
    assert "prompt" not in prepare(prepared, ASKED)[1].sql


def test_questions_that_were_not_asked_for_long_are_forgotten():
    prepared = PreparedReads(1_000)
    first = prepare(prepared, ASKED)[1]
    for number in range(MOST_KEPT):
        prepare(prepared, replace(ASKED, query_string=f"id=eq.{number}"))

    assert prepare(prepared, ASKED)[1] is not first


def test_a_question_that_comes_again_is_kept():
    prepared = PreparedReads(1_000)
    first = prepare(prepared, ASKED)[1]
    for number in range(MOST_KEPT):
        prepare(prepared, replace(ASKED, query_string=f"id=eq.{number}"))
        prepare(prepared, ASKED)

    assert prepare(prepared, ASKED)[1] is first


def test_a_very_long_question_is_answered_and_not_kept():
    prepared = PreparedReads(1_000)
    asked = replace(ASKED, query_string=f"id=eq.{'1' * LONGEST_KEPT}")

    assert prepare(prepared, asked)[1] == prepare(prepared, asked)[1]
    assert prepare(prepared, asked)[1] is not prepare(prepared, asked)[1]


def test_no_catalog_is_kept_alive_for_the_sake_of_what_was_planned_with_it():
    prepared = PreparedReads(1_000)
    catalog = replace(CATALOG)
    prepare(prepared, ASKED, catalog)
    outdated = weakref.ref(catalog)
    del catalog
    gc.collect()

    assert outdated() is None
    assert prepare(prepared, ASKED)[1] == prepare(PreparedReads(1_000), ASKED)[1]


@pytest.mark.parametrize("long", [replace(ASKED, table="t" * LONGEST_KEPT), replace(ASKED, range="r" * LONGEST_KEPT)])
def test_a_question_with_a_long_name_or_range_is_not_kept(long):
    prepared = PreparedReads(1_000)

    assert prepared.query(long, url(ASKED)) is not prepared.query(long, url(ASKED))


def test_a_question_that_cannot_be_read_is_refused_each_time():
    prepared = PreparedReads(1_000)
    asked = replace(ASKED, query_string="select=(")
    for _ in range(2):
        with pytest.raises(RestError, match="failed to parse"):
            prepared.query(asked, url(asked))
