"""The statement of a GET. Pure."""

# ruff: noqa: S608 - writing SQL is what this package is for; `statement` says from what

from core.rest.planner.plans import ReadPlan
from core.rest.sql_writer.forms import Form, body_sql
from core.rest.sql_writer.levels import LevelWriter
from core.rest.sql_writer.statement import Names, Statement

NO_COUNT = "null::bigint"


def read_statement(
    plan: ReadPlan, *, form: Form = "array", strip_nulls: bool = False, count: bool = False
) -> Statement:
    """One row of `body`, `rows`, `total` and `inserted`; `count` fills `total`: how many rows there are unlimited."""
    names = Names()
    writer = LevelWriter(plan.schema, names)
    body = body_sql(names, form, [output.name for output in plan.level.outputs], strip_nulls=strip_nulls)
    rows = writer.rows(plan.level, writer.table(plan.level.table))
    total = NO_COUNT
    if count:
        source = writer.table(plan.level.table)
        total = f"(select count(*) from {source.text}{writer.where(plan.level, source)})"
    sql = f"select {body} as body, count(*) as rows, {total} as total, {NO_COUNT} as inserted from ({rows}) as s"
    return Statement(sql, tuple(names.values))
