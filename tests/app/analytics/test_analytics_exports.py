"""export-analytics: every analysis as CSV and XLSX."""

import csv
import io
from typing import Any, get_args

import openpyxl
import pytest

from lms.analytics.tables import ANALYSIS_TABLES, AnalysisName
from tests.app.reports.conftest import Reports
from tests.app.support import course
from tests.people import CAST
from tests.support.courses import submit

CERTIFY = "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x')"


async def file(training: Reports, who: str, table: str, **asked: str) -> tuple[int, Any]:
    body = {"table": table, "product_id": str(course.PRODUCT), "quiz_id": str(course.QUIZ)} | asked
    asker = training[who]
    async with asker.client.post("/functions/v1/export-analytics", json=body, headers=asker.headers) as response:
        return response.status, await response.read()


@pytest.mark.parametrize("table", get_args(AnalysisName))
async def test_every_analysis_can_be_taken_along(training, table):
    async with training.database.acting_as(CAST.tess) as tx:
        await submit(tx, CAST.tess, course.QUIZ, [])
    await training.as_service(CERTIFY, CAST.theo.user_id, course.PRODUCT)
    status, content = await file(training, "ada", table)
    assert status == 200, content
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert head == [column.title for column in ANALYSIS_TABLES[table].columns]
    assert rows
    assert all(any(cell for cell in column) or not column for column in rows)
    status, content = await file(training, "ada", table, format="xlsx")
    assert status == 200
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.max_row == len(rows) + 1


async def test_fractions_are_numbers_in_a_spreadsheet(training):
    _, content = await file(training, "ada", "pass_rates", format="xlsx")
    head, first, *_ = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    assert dict(zip(head, first, strict=True))["Attempts passed (%)"] == 66.7


async def test_an_export_stands_in_the_audit_log(training):
    await file(training, "mira", "training_funnel")
    [event] = await training.audited("table.exported")
    assert event["actor_id"] == CAST.mira.user_id
    assert event["details"]["table"] == "training_funnel"


async def test_what_a_table_needs_is_asked_for(training):
    asker = training["ada"]
    for table, field in (("quiz_items", "quiz_id"), ("lesson_drop_off", "product_id")):
        status, answer = await asker.post("export-analytics", table=table)
        assert (status, answer["details"][0]["field"]) == (400, field)
