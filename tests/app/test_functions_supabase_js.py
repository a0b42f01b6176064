"""Functions, and channels that do not exist, with the real supabase-js."""

import json

import pytest

from core.clock import SystemClock
from tests.app.support import course, sample_functions
from tests.app.support.sample_functions import PDF
from tests.app.support.wires import PASSWORD, give_passwords, wires

BILLING = {"products": [{"id": str(course.PRODUCT), "title": "Billing"}]}


@pytest.fixture
async def server(aiohttp_server, database, cast):
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
    app = wires(database, SystemClock())
    sample_functions.add_functions(app)
    return await aiohttp_server(app)


@pytest.fixture
async def result(supabase_js, server):
    """What functions.mjs printed."""
    url = str(server.make_url("")).rstrip("/")
    status, output = await supabase_js.run("node", "functions.mjs", url, "sb_publishable_demo", PASSWORD)
    assert status == 0, output
    return json.loads(output)


async def test_the_real_client_calls_functions_and_reads_their_errors(result):
    seen = result["seen"]
    assert {name: answer["data"] for name, answer in seen.items() if not answer["error"]} == {
        "without_body": BILLING,
        "with_body": BILLING,
        "with_region": BILLING,
        "stringified": BILLING,
        "by_get": {"products": []},
        "file": {"type": "application/pdf", "size": len(PDF), "start": "%PDF-1.4"},
    }
    errors = {name: answer["error"] for name, answer in seen.items() if answer["error"]}
    assert {error["name"] for error in errors.values()} == {"FunctionsHttpError"}
    assert {name: (error["status"], error["body"]["code"]) for name, error in errors.items()} == {
        "signed_out": (401, "no_authorization"),
        "wrong_input": (400, "validation_failed"),
        "wrong_method": (405, "method_not_allowed"),
        "refused": (409, "taken"),
        "broken": (500, "internal_error"),
        "text": (415, "unsupported_media"),
        "unknown": (404, "function_not_found"),
        "forged": (401, "bad_jwt"),
    }
    assert errors["wrong_input"]["body"]["details"] == [
        {"field": "limit", "message": "Input should be less than or equal to 10"}
    ]


async def test_a_channel_fails_at_once_and_can_be_removed(result):
    assert result["channel"] == {"status": "CHANNEL_ERROR", "removed": "ok"}
