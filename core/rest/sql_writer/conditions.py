"""Values, and tests of them. Pure."""

from collections.abc import Mapping, Sequence

from core.rest.catalog import Column
from core.rest.planner.plans import FieldTest, Value
from core.rest.query import (
    Compare,
    Is,
    JsonStep,
    OneOf,
    Operator,
    Quantified,
    QuantifiedOperator,
    Quantifier,
    Search,
    SearchKind,
    Truth,
)
from core.rest.sql_writer.statement import Names, quoted

_OPERATORS: Mapping[Operator | QuantifiedOperator, str] = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "like",
    "ilike": "ilike",
    "match": "~",
    "imatch": "~*",
    "isdistinct": "is distinct from",
    "cs": "@>",
    "cd": "<@",
    "ov": "&&",
    "sl": "<<",
    "sr": ">>",
    "nxr": "&<",
    "nxl": "&>",
    "adj": "-|-",
}
_PATTERNS = frozenset({"like", "ilike", "match", "imatch"})
_WILDCARDS = frozenset({"like", "ilike"})
_TRUTHS: Mapping[Truth, str] = {
    "null": "null",
    "not_null": "not null",
    "true": "true",
    "false": "false",
    "unknown": "unknown",
}
_SEARCHES: Mapping[SearchKind, str] = {
    "fts": "to_tsquery",
    "plfts": "plainto_tsquery",
    "phfts": "phraseto_tsquery",
    "wfts": "websearch_to_tsquery",
}


def value_sql(names: Names, alias: str, value: Value) -> str:
    """The value as it is answered; `alias` is that of its table in the statement."""
    column = column_sql(alias, value.column)
    if not value.steps:
        return column
    base = column if value.column.kind in ("json", "jsonb") else f"to_jsonb({column})"
    return f"({base}{''.join(_step(names, step) for step in value.steps)})"


def comparable_sql(names: Names, alias: str, value: Value) -> str:
    """The value as it is compared and sorted: JSON inside of JSON as jsonb, because json cannot be compared."""
    sql = value_sql(names, alias, value)
    return f"{sql}::pg_catalog.jsonb" if value.column.kind == "json" and _type_inside(value) == _JSONB else sql


def column_sql(alias: str, column: Column) -> str:
    """A column of the table that has this alias."""
    return f"{alias}.{quoted(column.name)}"


def test_sql(names: Names, alias: str, condition: FieldTest) -> str:
    """A test as a boolean expression."""
    value = comparable_sql(names, alias, condition.value)
    column = condition.value.column
    sql_type = _type_inside(condition.value) or column.base_type or column.sql_type
    # An array of arrays is no type of its own: such values are compared one by one.
    single = column.kind == "array" and not condition.value.steps
    match condition.test:
        case Compare(operator, text):
            sql = f"{value} {_OPERATORS[operator]} {_operand(names, operator, text, sql_type)}"
        case Quantified(operator, quantifier, texts) if single:
            operands = [_operand(names, operator, text, sql_type) for text in texts]
            sql = _one_by_one(f"{value} {_OPERATORS[operator]}", quantifier, operands)
        case Quantified(operator, quantifier, texts):
            sql = f"{value} {_OPERATORS[operator]} {quantifier} ({_operands(names, operator, texts, sql_type)})"
        case OneOf(texts) if single:
            sql = _one_by_one(f"{value} =", "any", [_operand(names, "eq", text, sql_type) for text in texts])
        case OneOf(texts):
            sql = f"{value} = any ({_operands(names, 'eq', texts, sql_type)})"
        case Is(truth):
            sql = f"{value} is {_TRUTHS[truth]}"
        case Search():
            sql = _search(names, value, condition.test, prepared=column.kind == "tsvector")
    return f"not ({sql})" if condition.negated else sql


_TEXT, _JSONB = "pg_catalog.text", "pg_catalog.jsonb"


def _type_inside(value: Value) -> str | None:
    if not value.steps:
        return None
    return _TEXT if value.steps[-1].as_text else _JSONB


def _step(names: Names, step: JsonStep) -> str:
    arrow = "->>" if step.as_text else "->"
    if isinstance(step.key, int):
        return f" {arrow} {names.text(str(step.key))}::pg_catalog.int4"
    return f" {arrow} {names.text(step.key)}"


def _operand(names: Names, operator: Operator | QuantifiedOperator, text: str, sql_type: str) -> str:
    if operator in _PATTERNS:
        return names.text(_pattern(operator, text))
    return f"{names.text(text)}::{sql_type}"


def _operands(names: Names, operator: QuantifiedOperator, texts: Sequence[str], sql_type: str) -> str:
    if operator in _PATTERNS:
        return names.texts([_pattern(operator, text) for text in texts])
    return f"{names.texts(list(texts))}::{sql_type}[]"


def _pattern(operator: Operator | QuantifiedOperator, text: str) -> str:
    return text.replace("*", "%") if operator in _WILDCARDS else text


def _one_by_one(test: str, quantifier: Quantifier, operands: Sequence[str]) -> str:
    word, none = (" or ", "false") if quantifier == "any" else (" and ", "true")
    return f"({word.join(f'{test} {operand}' for operand in operands)})" if operands else none


def _search(names: Names, value: str, search: Search, *, prepared: bool) -> str:
    configuration = ""
    if search.configuration is not None:
        configuration = f"{names.text(search.configuration)}::pg_catalog.regconfig, "
    query = f"{_SEARCHES[search.kind]}({configuration}{names.text(search.text)})"
    document = value if prepared else f"to_tsvector({configuration}{value})"
    return f"{document} @@ {query}"
