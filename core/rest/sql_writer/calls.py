"""The statement of a call. Pure."""

# ruff: noqa: S608 - writing SQL is what this package is for; `statement` says from what

from collections.abc import Mapping

from core.rest.catalog import Parameter
from core.rest.planner.plans import CallPlan, Level
from core.rest.sql_writer.forms import NO_COUNT, Form, Shown, answer_room, answer_sql
from core.rest.sql_writer.levels import LevelWriter, Source
from core.rest.sql_writer.statement import Names, Statement, quoted, table_name

_VALUE = "pgrst_scalar"  # as PostgREST calls it in the first line of a CSV file
_CALLED = "called"


def call_statement(
    plan: CallPlan,
    arguments: str | Mapping[str, str | list[str]],
    *,
    form: Form = "array",
    strip_nulls: bool = False,
    count: bool = False,
) -> Statement:
    """`arguments` are the text of a JSON object (or of the whole body), or texts by name.

    The body is an array of rows or values when the function returns many; else it is the one row or value, or `null`.
    A function that returns nothing has an empty body, and `rows` of 1.
    """
    names = Names()
    call = _Call(plan, names, arguments)
    if plan.function.returns_void:
        sql = f"select '' as body, count(*) as rows, {NO_COUNT} as total, {NO_COUNT} as inserted from {call.rows('s')}"
        return Statement(sql, tuple(names.values))
    empty = "''"
    if form == "array" and not plan.function.returns_set:
        form, empty = "object", "'null'"
    room = answer_room()
    if plan.level is None:
        called, rows, total = _values(plan, names, call, count=count)
        shown = Shown(rows, [_VALUE], f"s.{_VALUE}")
    else:
        called, rows, total = _rows(LevelWriter(plan.schema, names, room), plan.level, names, call, count=count)
        shown = Shown(rows, [output.name for output in plan.level.outputs])
    before = f"with {_CALLED} as materialized ({called}) " if called else ""
    answer = answer_sql(names, form, shown, room, strip_nulls=strip_nulls, empty=empty, total=total)
    return Statement(before + answer, tuple(names.values))


class _Call:
    """The call itself: each argument is cast to the type of its parameter."""

    def __init__(self, plan: CallPlan, names: Names, arguments: str | Mapping[str, str | list[str]]) -> None:
        self._record = ""
        if isinstance(arguments, str) and not plan.whole_body and plan.arguments:
            record = names.alias("x")
            types = ", ".join(f"{quoted(p.name)} {p.sql_type}" for p in plan.arguments)
            self._record = f"json_to_record({names.text(arguments)}::pg_catalog.json) as {record}({types})"
            given = [_argument(p, f"{record}.{quoted(p.name)}") for p in plan.arguments]
        elif isinstance(arguments, str):
            given = [f"{names.text(arguments)}::{p.sql_type}" for p in plan.arguments]
        else:
            given = [_argument(p, _text(names, p, arguments[p.name])) for p in plan.arguments]
        self._call = f"{table_name(plan.schema, plan.function.name)}({', '.join(given)})"

    def rows(self, alias: str) -> str:
        """What follows `from` to have the function's rows."""
        called = f"{self._call} as {alias}"
        return f"{self._record} cross join lateral {called}" if self._record else called

    def values(self) -> str:
        """A query of the function's values."""
        origin = f" from {self._record}" if self._record else ""
        return f"select {self._call} as {_VALUE}{origin}"


def _argument(parameter: Parameter, value: str) -> str:
    return f"{'variadic ' if parameter.variadic else ''}{quoted(parameter.name)} := {value}"


def _text(names: Names, parameter: Parameter, value: str | list[str]) -> str:
    text = names.text(value) if isinstance(value, str) else names.texts(value)
    return f"{text}::{parameter.sql_type}"


def _values(plan: CallPlan, names: Names, call: _Call, *, count: bool) -> tuple[str, str, str]:
    """What is called before, the values to show, and how many there are."""
    window = ""
    if plan.function.returns_set:
        limit = "" if plan.limit is None else f" limit {plan.limit:d}"
        window = limit + (f" offset {names.number(plan.offset)}" if plan.offset else "")
    if not count:
        return "", f"{call.values()}{window}", NO_COUNT
    return call.values(), f"select {_VALUE} from {_CALLED}{window}", f"(select count(*) from {_CALLED})"


def _rows(writer: LevelWriter, level: Level, names: Names, call: _Call, *, count: bool) -> tuple[str, str, str]:
    """As `_values`, of rows."""
    alias = names.alias("t")
    if not count:
        return "", writer.rows(level, Source(call.rows(alias), alias)), NO_COUNT
    called = f"select {alias}.* from {call.rows(alias)}"
    shown, counted = (Source(f"{_CALLED} as {name}", name) for name in (names.alias("t"), names.alias("t")))
    total = f"(select count(*) from {counted.text}{writer.where(level, counted)})"
    return called, writer.rows(level, shown), total
