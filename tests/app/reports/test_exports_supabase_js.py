"""Exports with the real supabase-js."""

import base64
import io
import json

import openpyxl

import lms.reports.handlers
from core.clock import SystemClock
from tests.app.support.wires import PASSWORD, give_passwords, wires


async def test_the_real_client_gets_a_file_that_opens(supabase_js, aiohttp_server, database, cast):
    await give_passwords(database, cast)
    app = wires(database, SystemClock())
    lms.reports.handlers.add_functions(app)
    server = await aiohttp_server(app)
    url = str(server.make_url("")).rstrip("/")
    status, output = await supabase_js.run("node", "exports.mjs", url, "sb_publishable_demo", PASSWORD)
    assert status == 0, output
    seen = json.loads(output)
    assert seen["head"].removeprefix("\ufeff").startswith("Name,E-mail,")
    assert seen["kind"] == "Blob"
    sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(seen["xlsx"]))).active
    assert [row[0].value for row in sheet] == ["Name", "Tess"]
