"""Finding in the catalog what a request names, or the error that says what is missing. Pure."""

from core.rest.catalog import Catalog, Column, Table
from core.rest.errors import RestError, cannot_parse
from core.rest.planner.plans import Value
from core.rest.query import Field

_WITH_PATHS = ("json", "jsonb", "array", "composite")
_LONGEST_NAME = 63  # bytes; PostgreSQL cuts longer ones, and two could become one


def find_table(catalog: Catalog, name: str) -> Table:
    """A table of the schema. Raises RestError PGRST205."""
    table = catalog.tables.get(name)
    if table is None:
        message = f"Could not find the table '{catalog.schema}.{name}' in the schema cache"
        raise RestError(404, "PGRST205", message)
    return table


def find_column(table: Table, name: str) -> Column:
    """A column that is read. Raises RestError 42703."""
    column = table.columns.get(name)
    if column is None:
        raise RestError(400, "42703", f"column {table.name}.{name} does not exist")
    return column


def find_written_column(table: Table, name: str) -> Column:
    """A column that is written. Raises RestError PGRST204."""
    column = table.columns.get(name)
    if column is None:
        message = f"Could not find the '{name}' column of '{table.name}' in the schema cache"
        raise RestError(400, "PGRST204", message)
    return column


def find_value(table: Table, field: Field) -> Value:
    """A column, or what lies inside of it. Raises RestError 42703, or 42883 when nothing can lie inside of it."""
    column = find_column(table, field.name)
    if field.steps and column.kind not in _WITH_PATHS:
        raise RestError(400, "42883", f"column {table.name}.{field.name} has no inside: it is neither JSON nor a list")
    return Value(column, field.steps)


def output_name(field: Field, alias: str | None) -> str:
    """The name of a value in the JSON: its alias, else its last key, else its column's. Raises RestError PGRST100."""
    if alias is not None:
        return alias
    keys = [step.key for step in field.steps if isinstance(step.key, str)]
    if not keys:
        return field.name
    name = keys[-1]
    if not name or not name.isprintable() or len(name.encode()) > _LONGEST_NAME:
        raise cannot_parse("What is selected from JSON by such a key needs an alias.")
    return name


def not_embedded(name: str) -> RestError:
    """A filter, order or limit is for something that is not embedded."""
    return RestError(
        400,
        "PGRST108",
        f"'{name}' is not an embedded resource in this request",
        hint=f"Verify that '{name}' is included in the 'select' query parameter.",
    )
