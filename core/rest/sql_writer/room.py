"""How much of an answer may lie in the database's memory while it is being made. Pure.

That an answer is too long is seen when it is whole, and embeds that lead back and forth multiply rows: they would fill
the server's memory long before. So what is made is counted on the way, in a setting of the transaction, and once it is
too much, nothing more is made.
"""

# ruff: noqa: S608 - writing SQL is what this package is for; `statement` says from what

from collections.abc import Sequence
from dataclasses import dataclass

from core.rest.sql_writer.statement import quoted

_SETTING = "'rest.made_bytes'"
_MADE = f"coalesce(nullif(current_setting({_SETTING}, true), ''), '0')::bigint"
_SMALL_ROW_BYTES = 8_192
"""What is smaller, as it is stored, is not counted by itself: a thousand of them are one array, which is."""


@dataclass(frozen=True, slots=True)
class Room:
    """At most so many bytes are made for one answer; what lies in arrays within arrays is counted at each level."""

    most_bytes: int

    def rows(self, rows: str) -> str:
        """What follows `from` to have a query's rows as `s`, while there is room.

        `offset 0` keeps PostgreSQL from making every value twice, once for its size.
        """
        fits = f"pg_column_size(s.*) < {_SMALL_ROW_BYTES} or {self._counted('octet_length(to_json(s.*)::text)')}"
        return f"(select * from ({rows}) as r offset 0) as s where {_MADE} <= {self.most_bytes} and ({fits})"

    def array(self, rows: str) -> str:
        """A query's rows as a JSON array, which is empty when there is no room."""
        made = f"select coalesce(json_agg(s.*), '[]'::json) as body from {self.rows(rows)}"
        fits = self._counted("octet_length(a.body::text)")
        return f"(select case when {fits} then a.body else '[]'::json end from ({made}) as a)"

    def arrays(self, columns: Sequence[str], rows: str) -> str:
        """A query of one row: the array of each column of `rows`, null without any; of no row when there is no room."""
        arrays = ", ".join(f"json_agg(s.{quoted(column)}) as {quoted(column)}" for column in columns)
        size = " + ".join(f"coalesce(octet_length(a.{quoted(column)}::text), 0)" for column in columns)
        return f"select a.* from (select {arrays} from {self.rows(rows)}) as a where {self._counted(f'({size})')}"

    def is_exceeded(self) -> str:
        """Whether something was left out, once all is made."""
        return f"{_MADE} > {self.most_bytes}"

    def _counted(self, size: str) -> str:
        return f"set_config({_SETTING}, ({_MADE} + {size})::text, true)::bigint <= {self.most_bytes}"
