"""The front end that the specification's section 8 was written for: its own words, in a page of a trainee."""

import json
from pathlib import Path

import pytest

from tests.app.clients.conftest import Demo
from tests.support.documents import examples
from tests.support.npm import SUPABASE_JS, NpmFolder

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

TRAINEE = "trainee@callx.example"
SPECIFICATION = Path(__file__).with_name("specification_section_8.md")


async def test_the_page_holds_section_8_character_for_character():
    page = (SUPABASE_JS.path / "section_8.mjs").read_text()
    snippets = examples(SPECIFICATION, "typescript")
    assert len(snippets) == 6
    for snippet in snippets:
        assert snippet.text in page


async def test_section_8_works_and_so_does_what_a_page_does_around_it(supabase_js: NpmFolder, demo: Demo):
    status, output = await supabase_js.run("node", "section_8.mjs", demo.url, demo.key)
    assert status == 0, output
    result = json.loads(output)
    seen, events = result["seen"], result["events"]

    assert seen["requests_before_sign_in"] == 0
    assert seen["products"] == {"error": None, "titles": ["Inbound Service Essentials", "Retention and Refunds"]}
    assert seen["modules"]["error"] is None
    assert seen["modules"]["lessons"] == [4, 3, 4]
    assert set(seen["modules"]["columns"]) >= {"id", "product_id", "title", "order_index", "is_prerequisite", "lessons"}
    assert seen["completion"] == seen["attempt"] == {"error": None}
    assert seen["kept"] == 1
    assert (seen["graded"]["score"], seen["graded"]["passed"]) == (0, False)
    call = seen["call"]
    assert (call["data"], call["error"]) == (None, "FunctionsHttpError")
    assert (call["status"], call["body"]["code"]) == (400, "validation_failed")

    assert seen["reloaded"] == {"email": TRAINEE, "requests": 0}
    assert seen["refreshed"] == {"requests": 2, "renewed": True, "same": True, "errors": [None, None]}
    assert seen["signed_out"] == {"kept": None, "code": "42501"}
    page, other = ([event for event, _ in events[tab]] for tab in ("page", "otherTab"))
    assert (page[0], page[-1], set(page)) == (
        "INITIAL_SESSION",
        "SIGNED_OUT",
        {"INITIAL_SESSION", "SIGNED_IN", "TOKEN_REFRESHED", "SIGNED_OUT"},
    )
    assert ["INITIAL_SESSION", TRAINEE] in events["otherTab"]
    assert other[-1] == "SIGNED_OUT"
