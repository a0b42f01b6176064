"""Whatever is asked of whatever a schema holds, the answer is an answer: no request ends as an error of the server."""

import random
from urllib.parse import quote

import pytest

from core.rest.introspection import load_catalog
from core.rest.relationships import relationships_of
from tests.support.library import superusers_connection

OPERATORS = [
    *("eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike", "match", "imatch", "isdistinct", "is", "in"),
    *("cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj", "fts", "plfts", "phfts", "wfts(english)", "fts(nope)"),
    *("eq(any)", "like(all)", "gt(any)"),
]
VALUES = [
    *("", "null", "true", "0", "-1", "1e400", "NaN", "{", "{a,b}", "{1,2}", "()", "(a,)", '("a","b")', "'", '"', "\\"),
    *(
        "[2026-01-01,2026-02-01)",
        "[,)",
        "empty",
        "(,)",
        "2026-01-01",
        '{"a": 1}',
        "[1]",
        "9" * 40,
        "🙂",
        "*",
        "%",
        "$1",
    ),
    *("a & b", "|", "!", "new", "(Thurman,Portland)", "0395276535", "\n", "--", ";", "a" * 500),
]
CASTS = [*["text"] * 6, "int", "jsonb", "bool", "timestamptz", "numeric", "text[]", "regclass", "nope"]
STEPS = [*[""] * 20, "->a", "->>a", "->0", "->>-1", "->a->>0", "->a->b->c"]


@pytest.fixture
async def catalog(cluster, library_to_read):
    connection = await superusers_connection(cluster.owner_dsn(library_to_read))
    catalog = await load_catalog(connection, "library")
    await connection.close()
    return catalog


class Whim:
    """Asks for anything that a catalog holds, and for some that it does not."""

    def __init__(self, catalog, seed):
        self.catalog = catalog
        self.choose = random.Random(seed)

    def path(self):
        table = self.choose.choice([*self.catalog.tables])
        parts = [f"select={self.select(table, 0)}"]
        parts += [self.filter(table) for _ in range(self.choose.randrange(3))]
        if self.choose.random() < 0.3:
            order = (
                f"{self.column(table)}{self.choose.choice(STEPS)}{self.choose.choice(['', '.desc', '.asc.nullslast'])}"
            )
            parts.append(f"order={order}")
        if self.choose.random() < 0.3:
            parts.append(
                f"{self.choose.choice(['limit', 'offset'])}={self.choose.choice([*'0123' * 2, '-1', '9' * 20, 'x'])}"
            )
        query = "&".join(quote(part, safe="=&.,():*!") for part in parts)
        return f"{quote(table)}?{query}"

    def select(self, table, depth):
        items = [self.item(table, depth) for _ in range(self.choose.randrange(4))]
        return ",".join(items)

    def item(self, table, depth):
        ways = relationships_of(self.catalog, table)
        if ways and depth < 3 and self.choose.random() < 0.4:
            way = self.choose.choice(ways)
            hint = f'!"{way.junction.table if way.junction else way.key}"' if self.choose.random() < 0.8 else ""
            kind = self.choose.choice(["", "!inner", "!left"])
            spread = self.choose.choice(["", "", "", "..."])
            return f'{spread}"{way.table}"{hint}{kind}({self.select(way.table, depth + 1)})'
        if self.choose.random() < 0.2:
            return self.choose.choice([*["*"] * 9, "count()"])
        cast = f"::{self.choose.choice(CASTS)}" if self.choose.random() < 0.3 else ""
        alias = self.choose.choice(["", "", "x:", '"a b":'])
        return f"{alias}{self.column(table)}{self.choose.choice(STEPS)}{cast}"

    def column(self, table):
        name = self.choose.choice([*self.catalog.tables[table].columns] * 5 + ["nope"])
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    def filter(self, table):
        if self.choose.random() < 0.5:
            return f"{self.column(table)}={self.choose.choice(['not.is.null', 'is.null', 'isdistinct.', 'in.()'])}"
        test = f"{self.choose.choice(['', '', 'not.'])}{self.choose.choice(OPERATORS)}.{self.choose.choice(VALUES)}"
        field = f"{self.column(table)}{self.choose.choice(STEPS)}"
        if self.choose.random() < 0.2:
            return f"{self.choose.choice(['or', 'and', 'not.or'])}=({field}.{test},{self.column(table)}.is.null)"
        return f"{field}={test}"


@pytest.mark.parametrize("seed", range(6))
async def test_any_read_is_answered(librarian, visitor, catalog, seed):
    whim = Whim(catalog, seed)
    answered = 0
    for number in range(120):
        path = whim.path()
        reader = visitor if number % 4 == 0 else librarian
        form = ["*/*", "text/csv", "application/json", "application/vnd.pgrst.object+json"][number % 7 % 4]
        answer = await reader.ask("GET", path, Accept=form)
        assert answer.status < 500, f"{path}\n{answer.text}"
        answered += answer.status == 200
    assert answered > 10, "much of it is nonsense, but not everything"
