"""The statement of a GET. Pure."""

# ruff: noqa: S608 - writing SQL is what this package is for; `statement` says from what

from core.rest.planner.plans import ReadPlan
from core.rest.sql_writer.forms import NO_COUNT, Form, Shown, answer_room, answer_sql
from core.rest.sql_writer.levels import LevelWriter
from core.rest.sql_writer.statement import Names, Statement


def read_statement(
    plan: ReadPlan, *, form: Form = "array", strip_nulls: bool = False, count: bool = False
) -> Statement:
    """One row of `body`, `rows`, `total` and `inserted`; `count` fills `total`: how many rows there are unlimited."""
    names = Names()
    room = answer_room()
    writer = LevelWriter(plan.schema, names, room)
    rows = writer.first_rows(plan.level, writer.table(plan.level.table))
    total = NO_COUNT
    if count:
        source = writer.table(plan.level.table)
        total = f"(select count(*) from {source.text}{writer.where(plan.level, source)})"
    shown = Shown(rows, [output.name for output in plan.level.outputs])
    sql = answer_sql(names, form, shown, room, strip_nulls=strip_nulls, total=total)
    return Statement(sql, tuple(names.values))
