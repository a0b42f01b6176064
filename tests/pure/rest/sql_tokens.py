"""Takes SQL apart, to see that each part is one that our writer may use."""

import re
from collections.abc import Iterator

from core.rest.catalog import Catalog

_TOKEN = re.compile(
    r"""
    (?P<name>"(?:[^"]|"")*")
    | (?P<text>'(?:[^']|'')*')
    | (?P<parameter>\$[0-9]+)
    | (?P<number>[0-9]+)
    | (?P<word>[^\W\d]\w*)
    | (?P<sign>->>|->|::|:=|\|\||<=|>=|<>|<<|>>|@>|<@|&&|&<|&>|-\|-|~\*|@@|[~=<>+\-*(),.\[\]])
    | (?P<space>[ ])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

WORDS = frozenset(
    """
    select from where and or not exists is null true false unknown distinct any all in as on case when then else end
    order by desc asc nulls first last limit offset join left cross lateral with materialized insert into update set
    delete returning conflict do nothing excluded like ilike variadic
    json_agg json_strip_nulls to_json row_to_json to_jsonb coalesce string_agg octet_length count concat replace chr
    json_array_elements json_to_record json_to_recordset set_config current_setting nullif pg_column_size
    to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery
    pg_catalog text bigint json jsonb int2 int4 int8 numeric float4 float8 bool uuid date regconfig
    a r s b body rows total inserted value written called pgrst_scalar one
    """.split()  # noqa: SIM905 - one glance
)
TEXTS = frozenset(
    [
        "''",
        "'[]'",
        "'null'",
        "','",
        "'0'",
        """'"'""",
        """'""'""",
        r"""'[",\r\n]'""",
        "'rest.replaced_rows'",
        "'rest.made_bytes'",
    ]
)
_OUR_NAMES = re.compile(r"[tejxv][0-9]+")


def names_of(catalog: Catalog) -> frozenset[str]:
    """Every name that a statement may take from a catalog."""
    names = {catalog.schema, *catalog.tables, *catalog.functions}
    for table in catalog.tables.values():
        names |= table.columns.keys()
    for overloads in catalog.functions.values():
        for function in overloads:
            names |= {parameter.name for parameter in function.parameters}
            names |= (function.columns or {}).keys()
    return frozenset(names)


def faults(sql: str, names: frozenset[str], *, types: frozenset[str] = frozenset()) -> list[str]:
    """What does not belong into SQL over these names. `types` are the SQL types of the catalog, as it spells them."""
    for sql_type in sorted(types, key=len, reverse=True):
        sql = sql.replace(f"::{sql_type}", "::text").replace(f" {sql_type}", " text")
    return list(_faults(sql, names))


def _faults(sql: str, names: frozenset[str]) -> Iterator[str]:
    for token in _TOKEN.finditer(sql):
        found = token.group()
        match token.lastgroup:
            case "name" if found[1:-1].replace('""', '"') not in names:
                yield found
            case "text" if found not in TEXTS:
                yield found
            case "word" if found not in WORDS and not _OUR_NAMES.fullmatch(found):
                yield found
            case "other":
                yield found
    for comment in ("--", "/*", "*/"):
        if comment in re.sub(r'"(?:[^"]|"")*"', "", sql):
            yield comment
