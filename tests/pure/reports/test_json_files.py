"""A table as JSON: whatever comes in batches, it is read back as it was."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lms.reports.json_file import JsonFile
from lms.reports.tables import Column, Table

TABLE = Table("people", (Column("full_name", "Name"), Column("score", "Score", "number")), time="joined_at")
cells = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()


@given(st.lists(st.lists(st.tuples(cells, cells), max_size=4), max_size=4))
def test_what_was_added_is_read_back(batches: list[list[tuple[object, object]]]) -> None:
    file = JsonFile(TABLE)
    for batch in batches:
        file.add(batch)  # type: ignore[arg-type]
    exported = json.loads(file.content())
    assert exported["columns"][1] == {"key": "score", "title": "Score", "kind": "number"}
    assert [(row["full_name"], row["score"]) for row in exported["rows"]] == [row for batch in batches for row in batch]


def test_times_are_in_utc() -> None:
    file = JsonFile(TABLE)
    file.add([(datetime(2026, 11, 24, 9, 30, tzinfo=UTC), 1)])
    assert json.loads(file.content())["rows"][0]["full_name"] == "2026-11-24T09:30:00Z"
