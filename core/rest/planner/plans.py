"""What a request will do, in terms of the catalog: nothing in a plan names what does not exist. Pure.

A plan may name columns that the role may not read: PostgreSQL refuses them, because the SQL names them too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.rest.catalog import Column, Function, Parameter, Table
from core.rest.query import JsonStep, Test
from core.rest.relationships import Relationship

Resolution = Literal["merge", "ignore"]
Shape = Literal["object", "array", "spread", "hidden"]


@dataclass(frozen=True, slots=True)
class Value:
    """A column, or what lies inside of it."""

    column: Column
    steps: tuple[JsonStep, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldOutput:
    """A value under the name it gets in the JSON; `cast` is a type of `casts.CASTS`."""

    name: str
    value: Value
    cast: str | None = None


@dataclass(frozen=True, slots=True)
class CountOutput:
    """`count`: how many rows the level has. It is then the level's only output."""

    name: str
    cast: str | None = None


@dataclass(frozen=True, slots=True)
class EmbedOutput:
    """An embed's object or array."""

    name: str
    embed: "Embed"


@dataclass(frozen=True, slots=True)
class SpreadOutput:
    """An output of a spread embed, under the same name in the parent; of a to-many one the array of all its rows."""

    name: str
    embed: "Embed"


Output: TypeAlias = FieldOutput | CountOutput | EmbedOutput | SpreadOutput


@dataclass(frozen=True, slots=True)
class FieldTest:
    """A test of a value."""

    value: Value
    test: Test
    negated: bool = False


@dataclass(frozen=True, slots=True)
class EmbedTest:
    """Whether an embed holds any row."""

    embed: "Embed"
    present: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions joined by `kind`."""

    kind: Literal["and", "or"]
    members: "tuple[Condition, ...]"
    negated: bool = False


Condition: TypeAlias = FieldTest | EmbedTest | Group


@dataclass(frozen=True, slots=True)
class Sorting:
    """A value to sort by: of the level's own table, or of a to-one `embed` of it."""

    value: Value
    descending: bool = False
    nulls_first: bool | None = None
    embed: "Embed | None" = None


@dataclass(frozen=True, slots=True)
class Level:
    """One table of a request, with what hangs on it. `conditions` are joined by `and`.

    `limit` and `offset` count rows; `limit` is None where nothing limits them, which never is so in a read. The names
    of the outputs differ from each other; without any output the level only filters its parent.
    """

    table: Table
    outputs: tuple[Output, ...] = ()
    embeds: "tuple[Embed, ...]" = ()
    conditions: tuple[Condition, ...] = ()
    sortings: tuple[Sorting, ...] = ()
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Embed:
    """A related table inside of its parent's rows. `inner`: parents for which it holds no row are left out."""

    name: str
    relationship: Relationship
    level: Level
    shape: Shape
    inner: bool = False


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A GET. `tables` are the names of all tables that it reads."""

    schema: str
    level: Level
    tables: frozenset[str]

    @property
    def offset(self) -> int:
        """How many rows are passed over."""
        return self.level.offset

    @property
    def limit(self) -> int | None:
        """How many rows are answered at most."""
        return self.level.limit


@dataclass(frozen=True, slots=True)
class Conflict:
    """What to do with a row that is there already: one with the same `target` columns."""

    target: tuple[str, ...]
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class InsertPlan:
    """Rows to add, the columns that they set, and what to answer of them (None: nothing).

    `missing_default`: a column that a row does not have gets its default instead of null.
    """

    schema: str
    table: Table
    columns: tuple[Column, ...]
    conflict: Conflict | None
    missing_default: bool
    answer: Level | None
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """Rows to change, by conditions, and the columns to set. No columns: nothing is to be done."""

    schema: str
    table: Table
    columns: tuple[Column, ...]
    conditions: tuple[Condition, ...]
    answer: Level | None
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class DeletePlan:
    """Rows to remove, by conditions."""

    schema: str
    table: Table
    conditions: tuple[Condition, ...]
    answer: Level | None
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class SplitArguments:
    """The query string of a call by GET: the function meant, its arguments, and the pairs that are the query's.

    A variadic parameter has the list of its texts.
    """

    function: Function
    values: Mapping[str, str | list[str]]
    rest: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CallPlan:
    """A function, the parameters that get an argument, and what to answer.

    `level` is None when the function answers no rows but a value, many values (`returns_set`) or nothing; `limit` and
    `offset` are for many. `whole_body`: the one parameter has no name and takes the whole body. `tables` are those of
    which the plan knows; what the function itself reads, nobody does.
    """

    schema: str
    function: Function
    arguments: tuple[Parameter, ...]
    level: Level | None
    tables: frozenset[str]
    whole_body: bool = False
    limit: int | None = None
    offset: int = 0
