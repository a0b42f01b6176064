"""Reads that were asked before. A front end asks the same again and again, and to take a question apart and plan it
takes about as long as the database takes to answer it."""

from dataclasses import dataclass
from weakref import ref

from yarl import URL

from core.rest.catalog import Catalog
from core.rest.parser import parse_query
from core.rest.planner.plans import ReadPlan
from core.rest.planner.reads import plan_read
from core.rest.query import Query
from core.rest.ranges import within
from core.rest.sql_writer.forms import Form
from core.rest.sql_writer.reads import read_statement
from core.rest.sql_writer.statement import Statement

MOST_KEPT = 512
LONGEST_KEPT = 2_048
"""Characters of a question; a longer one is a list of values that hardly comes again."""


@dataclass(frozen=True, slots=True)
class AskedRead:
    """All that a read's statement depends on, besides the catalog: `query_string` raw, `range` as the header came."""

    table: str
    query_string: str
    range: str | None
    form: Form
    strip_nulls: bool
    counted: bool

    @property
    def length(self) -> int:
        """In characters."""
        return len(self.table) + len(self.query_string) + len(self.range or "")


@dataclass(slots=True)
class _Kept:
    query: Query
    planned: tuple[ref[Catalog], ReadPlan, Statement] | None = None
    """The catalog by a weak reference: hundreds of outdated ones would fill the memory."""


class PreparedReads:
    """Queries, and the plan and statement that each had with the catalog it was last planned with."""

    def __init__(self, max_rows: int) -> None:
        self._max_rows = max_rows
        self._kept: dict[AskedRead, _Kept] = {}

    def query(self, asked: AskedRead, url: URL) -> Query:
        """What is asked, by an address whose raw query string is the asked one. Raises RestError PGRST100, PGRST103."""
        kept = self._kept.pop(asked, None)
        if kept is None:
            kept = _Kept(within(parse_query(url.query.items()), asked.range))
        if asked.length <= LONGEST_KEPT:
            self._kept[asked] = kept
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return kept.query

    def plan(self, asked: AskedRead, query: Query, catalog: Catalog) -> tuple[ReadPlan, Statement]:
        """The plan and the statement. Raises RestError as `plan_read` does.

        What was planned with another catalog, of another role or of an earlier minute, is planned again.
        """
        kept = self._kept.get(asked)
        if kept is not None and kept.planned is not None and kept.planned[0]() is catalog:
            return kept.planned[1:]
        plan = plan_read(catalog, asked.table, query, max_rows=self._max_rows)
        statement = read_statement(plan, form=asked.form, strip_nulls=asked.strip_nulls, count=asked.counted)
        if kept is not None:
            kept.planned = (ref(catalog), plan, statement)
        return plan, statement
