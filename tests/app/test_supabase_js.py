"""The real @supabase/supabase-js against our wires, by nothing but a changed URL."""

import json

import pytest

from core.clock import SystemClock
from tests.app.support import course
from tests.app.support.wires import PASSWORD, give_passwords, wires


@pytest.fixture
async def server(aiohttp_server, database, cast):
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
    return await aiohttp_server(wires(database, SystemClock()))


async def test_the_front_end_of_the_specification_works_unchanged(supabase_js, server):
    status, output = await supabase_js.run(
        "node", "learn.mjs", str(server.make_url("")).rstrip("/"), "sb_publishable_demo", PASSWORD
    )
    assert status == 0, output
    result = json.loads(output)
    seen, data = result["seen"], {name: answer["data"] for name, answer in result["seen"].items()}
    codes = {name: answer["error"]["code"] for name, answer in seen.items() if answer["error"]}

    # Whether completing twice is a conflict or nothing at all is the schema's to decide.
    assert codes.pop("completion_again", None) in ("23505", None)
    assert codes == {
        "signed_out": "42501",
        "wrong_password": "invalid_credentials",
        "no_single": "PGRST116",
        "hidden": "42501",
        "after_sign_out": "42501",
    }
    assert data["sign_in"]["user"]["email"] == data["user"]["user"]["email"] == "tess@callx.example"
    assert data["refresh"]["session"]["refresh_token"] != data["sign_in"]["session"]["refresh_token"]
    assert [event for event in result["events"] if event != "INITIAL_SESSION"] == [
        "SIGNED_IN",
        "TOKEN_REFRESHED",
        "SIGNED_OUT",
    ]
    assert [product["title"] for product in data["products"]] == ["Billing"]
    assert [[lesson["title"] for lesson in module["lessons"]] for module in data["modules"]] == [
        ["Welcome (all)", 'Watch, and "learn"'],
        ["The quiz", "The call"],
    ]
    assert data["chain"][0] == {
        "title": "Welcome (all)",
        "module": {"title": "Basics", "products": {"title": "Billing"}},
    }
    assert seen["counted"]["count"] == 4
    assert [lesson["title"] for lesson in data["in"]] == ["The call", "Welcome (all)"]
    assert data["single"] == {"title": "Billing"}
    assert data["maybe_single"] is None
    assert (seen["completion"]["status"], data["completion"]) == (201, None)
    assert data["completion_shown"] == {"lessons": {"title": 'Watch, and "learn"'}}
