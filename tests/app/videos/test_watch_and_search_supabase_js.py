"""Watching and searching with the real supabase-js."""

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


async def test_the_real_client_watches_and_searches(supabase_js, server):
    url = str(server.make_url("")).rstrip("/")
    status, output = await supabase_js.run(
        "node", "watch_and_search.mjs", url, "sb_publishable_demo", PASSWORD, str(course.VIDEO)
    )
    assert status == 0, output
    seen = json.loads(output)
    assert seen["named"] == [{"must_watch": True}]
    assert seen["lesson"] == {
        "title": 'Watch, and "learn"', "must_watch": True, "lesson_videos": {"state": "waiting"}
    }  # fmt: skip
    assert "/object/sign/lesson-videos/story/film.webm?token=" in seen["link"]["signedUrl"]
    assert (seen["opened"]["watched"], seen["opened"]["is_completed"]) == ([], False)
    assert (seen["told"]["is_accepted"], seen["told"]["watched"]) == (True, [[0, 4_000]])
    assert (seen["told"]["position_ms"], seen["told"]["must_watch"]) == (4_000, True)
    assert (seen["odd"]["status"], seen["odd"]["details"]) == (400, "bad_ranges")
    assert (seen["claimed"]["is_accepted"], seen["claimed"]["watched"]) == (False, [[0, 4_000]])
    assert 1_700_000 < seen["claimed"]["retry_after_ms"] <= 1_800_000
    assert seen["claimed"]["position_ms"] == 4_000, "what is not told stays"
    assert seen["rows"] == [{"watched": "{[0,4000)}", "watched_ms": 4_000, "position_ms": 4_000}]
    assert seen["not_yet"]["status"] == 403
    assert "still being prepared" in seen["not_yet"]["message"]
    assert [(row["lesson_title"], row["product_title"]) for row in seen["found"]] == [('Watch, and "learn"', "Billing")]
    assert seen["found_by_get"] == [], "closed courses are not searched"
    assert seen["first"] == {"lesson_title": 'Watch, and "learn"'}
