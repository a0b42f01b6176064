"""The types that a request may cast to, and how PostgreSQL is told. Pure."""

from collections.abc import Mapping

from core.rest.errors import cannot_parse

_NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text",),
    "varchar": ("varchar", "character varying"),
    "bpchar": ("bpchar", "char", "character"),
    "int2": ("int2", "smallint"),
    "int4": ("int4", "int", "integer"),
    "int8": ("int8", "bigint"),
    "numeric": ("numeric", "decimal"),
    "float4": ("float4", "real"),
    "float8": ("float8", "double precision", "float"),
    "bool": ("bool", "boolean"),
    "uuid": ("uuid",),
    "date": ("date",),
    "time": ("time", "time without time zone"),
    "timetz": ("timetz", "time with time zone"),
    "timestamp": ("timestamp", "timestamp without time zone"),
    "timestamptz": ("timestamptz", "timestamp with time zone"),
    "interval": ("interval",),
    "json": ("json",),
    "jsonb": ("jsonb",),
}

CASTS: Mapping[str, str] = {
    name + brackets: f"pg_catalog.{sql_type}{brackets}"
    for sql_type, names in _NAMES.items()
    for name in names
    for brackets in ("", "[]")
}
"""From the name in a request to SQL. The values of other types would tell about the server, not about its rows."""


def find_cast(name: str) -> str:
    """The SQL type of `::name`. Raises RestError PGRST100 for one that is not allowed."""
    found = CASTS.get(" ".join(name.lower().split()))
    if found is None:
        raise cannot_parse(f"A cast to '{name}' is not allowed.")
    return found
