"""The form of an answer: rows become the text of an array, of one object, or of a CSV file, in PostgreSQL. Pure."""

from collections.abc import Sequence
from typing import Literal

from core.rest.sql_writer.statement import Names, quoted

Form = Literal["array", "object", "csv"]

MAXIMUM_ANSWER_BYTES = 32 * 1024 * 1024
"""Of the body; embeds multiply rows, and what is longer never leaves the database."""

_LINE_END = "chr(10)"  # not CR LF: clients of PostgREST split by this


def body_sql(
    names: Names,
    form: Form,
    columns: Sequence[str],
    *,
    item: str = "s.*",
    empty: str = "''",
    strip_nulls: bool = False,
) -> str:
    """The expression of the body over all rows of `s`; null when it would be too long.

    `columns` are those of `s`, for CSV. `item` is what a row gives: the row itself, or its only value. An object is
    made of one row; without a row it is `empty`, an SQL text.
    """
    match form:
        case "csv":
            return _csv(names, columns)
        case "array":
            made, empty = f"json_agg({item})", "'[]'"
            shown = f"json_strip_nulls({made})::text" if strip_nulls else f"{made}::text"
            made = f"{made}::text"
        case "object":
            one = f"to_json({item})"
            shown = made = f"string_agg({f'json_strip_nulls({one})' if strip_nulls else one}::text, '')"
    return _bounded(made, f"coalesce({shown}, {empty})")


def _csv(names: Names, columns: Sequence[str]) -> str:
    header = names.text(",".join(_csv_field(column) for column in columns))
    fields = [f"s.{quoted(column)}" for column in columns]
    line = " || ',' || ".join(_csv_field_sql(field) for field in fields) or "''"
    lines = f"string_agg({line}, {_LINE_END})"
    return _bounded(lines, f"{header} || coalesce({_LINE_END} || {lines}, '')")


def _csv_field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in '",\r\n') else text


def _csv_field_sql(field: str) -> str:
    """Nothing for null, quotes where they are needed. `concat` gives a value as COPY would."""
    text = f"concat({field})"
    in_quotes = f"""'"' || replace({text}, '"', '""') || '"'"""
    needs_quotes = f"""{text} = '' or {text} ~ '[",\\r\\n]'"""
    return f"case when {field} is null then '' when {needs_quotes} then {in_quotes} else {text} end"


def _bounded(made: str, shown: str) -> str:
    return f"case when octet_length({made}) > {MAXIMUM_ANSWER_BYTES} then null else {shown} end"
