"""A whole call in writing by the real supabase-js, against the real program: with no model, and with a scripted one."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from lms.demo_people import DEMO_PASSWORD
from tests.app.evaluate_simulation.messages import CHARGED_TWICE
from tests.support.judged import generous, strict
from tests.support.running_server import RunningServer, run_command
from tests.support.scripted_chat import Fails, Says, ScriptedChat

pytestmark = pytest.mark.slow

Start = Callable[..., Any]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts the program; the environment names its models."""
    running: list[RunningServer] = []

    async def begin(**environment: str) -> RunningServer:
        server = RunningServer(tmp_path / "data", environment=environment)
        running.append(server)
        await server.start()
        return server

    yield begin
    for server in running:
        await server.stop()


async def lived(supabase_js: Any, server: RunningServer, messages: Any = CHARGED_TWICE) -> dict[str, Any]:
    """What simulate.mjs printed."""
    _, printed = await run_command("keys", "--json", "--data-dir", str(server.data_dir))
    key = json.loads(printed)["anon_key"]
    status, output = await supabase_js.run(
        "node", "simulate.mjs", server.url, key, DEMO_PASSWORD, "Charged twice", json.dumps(messages)
    )
    assert status == 0, output + server.log()[-2_000:]
    seen: dict[str, Any] = json.loads(output)
    return seen


async def test_a_typed_call_is_passed_and_completes_its_lesson(supabase_js: Any, start: Start):
    seen = await lived(supabase_js, await start())
    assert (seen["signedOut"]["status"], seen["signedOut"]["code"]) == (401, "no_authorization")
    assert (seen["unknown"]["status"], seen["unknown"]["code"]) == (404, "simulation_not_found")
    assert (seen["noCall"]["status"], seen["noCall"]["code"]) == (409, "no_call")
    answers, report = seen["answers"], seen["report"]
    assert answers[0]["ai_response"].startswith("Finally, a human being.")
    assert {"ai_response", "transcript_entry"} <= set(answers[0])
    assert (answers[-1]["state"], answers[-1]["outcome"]) == ("ended", "resolved")
    assert (report["passed"], report["verified"], report["transcript_differs"]) == (True, True, False)
    assert report["judge"] == {"kind": "local", "version": "1"}
    assert seen["again"] == report
    [attempt] = seen["attempts"]
    names = ("overall_score", "passed", "script_adherence", "empathy_score", "call_flow_score", "call_id")
    assert {name: attempt[name] for name in names} == {name: report[name] for name in names}
    assert attempt["id"] == report["attempt_id"]
    assert [line["text"] for line in attempt["transcript"]] == [line["text"] for line in seen["transcript"]]
    assert [turn["text"] for turn in seen["turns"]] == [line["text"] for line in seen["transcript"]]
    assert len(seen["completed"]) == 1
    assert (seen["invented"]["verified"], seen["invented"]["attempt_id"]) == (False, None)
    assert [row["user_id"] for row in seen["unverified"]] == [seen["user"]]


async def test_a_model_plays_the_customer_and_another_judges(supabase_js: Any, start: Start):
    """The customer's server fails on the way now and then; the judge's does not like what it reads."""
    goodbye = Says("Goodbye.", tools=[("set_mood", {"mood": 90}), ("end_call", {"reason": "resolved"})])
    spoken: list[Any] = [Says("Finally, a human being."), Fails(503), *[Says("Well, go on.")] * 5, goodbye]
    async with ScriptedChat(spoken) as customer, ScriptedChat([generous]) as judge:
        server = await start(
            CALLX_CHAT_URL=customer.url,
            CALLX_CHAT_API_KEY="sk-customer",
            CALLX_JUDGE_URL=judge.url,
            CALLX_JUDGE_API_KEY="sk-judge",
            CALLX_MODEL_PRICES=json.dumps({"gpt-5.4": {"input": 2.0, "output": 10.0}}),
        )
        seen = await lived(supabase_js, server)
        assert seen["answers"][1]["ai_response"] == "Well, go on."
        assert (seen["answers"][-1]["state"], seen["answers"][-1]["mood"]) == ("ended", 90)
        report = seen["report"]
        assert (report["passed"], report["judge"]["kind"], report["judge"]["model"]) == (True, "openai", "gpt-5.4")
        assert len(seen["completed"]) == 1
        assert set(customer.keys) == {"Bearer sk-customer"}
        assert set(judge.keys) == {"Bearer sk-judge"}
        of_this_call = [asked for asked in judge.requests if CHARGED_TWICE[0] in asked["messages"][1]["content"]]
        assert len(of_this_call) == 1, "the job and the request have asked the judge once"


async def test_a_call_that_the_judge_does_not_like_completes_nothing(supabase_js: Any, start: Start):
    async with ScriptedChat([strict]) as judge:
        seen = await lived(supabase_js, await start(CALLX_JUDGE_URL=judge.url))
    assert (seen["report"]["passed"], seen["report"]["provisional"]) == (False, False)
    assert [attempt["passed"] for attempt in seen["attempts"]] == [False]
    assert seen["completed"] == []


async def test_a_judge_that_is_away_leaves_a_provisional_report(supabase_js: Any, start: Start):
    async with ScriptedChat([Fails(500)]) as judge:
        seen = await lived(supabase_js, await start(CALLX_JUDGE_URL=judge.url))
    report = seen["report"]
    assert (report["judge"]["kind"], report["passed"], report["provisional"]) == ("local", False, True)
    assert report["provisional_because"] == [
        "The judge could not be reached, so that simple rules have judged this call."
    ]
    assert seen["completed"] == []
