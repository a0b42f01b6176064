"""The form of an answer: rows become the text of an array, of one object, or of a CSV file, in PostgreSQL. Pure."""

# ruff: noqa: S608 - writing SQL is what this package is for; `statement` says from what

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.rest.sql_writer.room import Room
from core.rest.sql_writer.statement import Names, quoted

Form = Literal["array", "object", "csv"]

MAXIMUM_ANSWER_BYTES = 32 * 1024 * 1024
"""Of the body; embeds multiply rows, and what is longer never leaves the database."""

NO_COUNT = "null::bigint"
_LINE_END = "chr(10)"  # not CR LF: clients of PostgREST split by this


@dataclass(frozen=True, slots=True)
class Shown:
    """What is answered: `columns` of `rows`, a query. `item` is what a row of it (`s`) gives: itself, or its value."""

    rows: str
    columns: Sequence[str]
    item: str = "s.*"


def answer_room() -> Room:
    """For the longest answer, whose arrays within arrays are counted several times."""
    return Room(4 * MAXIMUM_ANSWER_BYTES)


def answer_sql(
    names: Names,
    form: Form,
    shown: Shown,
    room: Room,
    *,
    strip_nulls: bool = False,
    empty: str = "''",
    rows: str = "b.rows",
    total: str = NO_COUNT,
    inserted: str = NO_COUNT,
) -> str:
    """The query of the one row that every statement answers; its other columns are given as expressions.

    An object is made of one row; without a row it is `empty`, an SQL text.
    """
    body = _body(names, form, shown, strip_nulls=strip_nulls, empty=empty)
    too_long = f"octet_length(b.body) > {MAXIMUM_ANSWER_BYTES} or {room.is_exceeded()}"
    bounded = f"case when {too_long} then null else b.body end"
    made = f"select {body} as body, count(*) as rows from {room.rows(shown.rows)}"
    return f"select {bounded} as body, {rows} as rows, {total} as total, {inserted} as inserted from ({made}) as b"


def _body(names: Names, form: Form, shown: Shown, *, strip_nulls: bool, empty: str) -> str:
    match form:
        case "csv":
            return _csv(names, shown.columns)
        case "array":
            made = f"json_agg({shown.item})"
            return f"coalesce({f'json_strip_nulls({made})' if strip_nulls else made}::text, '[]')"
        case "object":
            made = f"to_json({shown.item})"
            return f"coalesce(string_agg({f'json_strip_nulls({made})' if strip_nulls else made}::text, ''), {empty})"


def _csv(names: Names, columns: Sequence[str]) -> str:
    header = names.text(",".join(_csv_field(column) for column in columns))
    fields = [f"s.{quoted(column)}" for column in columns]
    line = " || ',' || ".join(_csv_field_sql(field) for field in fields) or "''"
    return f"{header} || coalesce({_LINE_END} || string_agg({line}, {_LINE_END}), '')"


def _csv_field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in '",\r\n') else text


def _csv_field_sql(field: str) -> str:
    """Nothing for null, quotes where they are needed. `concat` gives a value as COPY would."""
    text = f"concat({field})"
    in_quotes = f"""'"' || replace({text}, '"', '""') || '"'"""
    needs_quotes = f"""{text} = '' or {text} ~ '[",\\r\\n]'"""
    return f"case when {field} is null then '' when {needs_quotes} then {in_quotes} else {text} end"
