"""The judge asks in another order each time, and reads what is close several times."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

import pytest

from core.chat_model import ChatEndpoint, ChatModel, Price, PriceList
from core.model_usage import UsageBook
from evaluation.evidence import verified
from evaluation.judgement import ForWhom
from evaluation.judges import ModelElseRules
from evaluation.openai_judge.judge import READINGS_APART, OpenAIJudge
from evaluation.openai_judge.prompt import asked_of, in_order_of
from evaluation.report import CLOSE, ReportSubject, report_json
from evaluation.rubric import default_rubric
from evaluation.scores import scores_of
from tests.people import CAST
from tests.pure.evaluation.calls import GOOD_CALL, conversation
from tests.support.judged import checks_in, generous, not_met
from tests.support.scripted_chat import SILENCE, Fails, Says, ScriptedChat

RUBRIC = default_rubric()
CALL = conversation(GOOD_CALL)
ASKED = [each.id for each in asked_of(RUBRIC)]


@pytest.fixture
async def judged(database, cast, clock) -> AsyncIterator[Any]:
    """Has the good call judged by a model that follows a script; judgement, report and what was asked."""
    opened: list[Any] = []

    async def judge(*script: Any, grade: int | None, total_s: float = 20.0) -> Any:
        chat = await ScriptedChat(script).__aenter__()
        model = ChatModel(ChatEndpoint(chat.url, "sk-SECRET", "gpt-5.4", request_s=15.0, total_s=20.0, retries=0))
        opened.append((chat, model))
        book = UsageBook(PriceList({"gpt-5.4": Price(input=2.0, cached_input=0.5, output=10.0)}))
        judge = ModelElseRules(database, OpenAIJudge(model, total_s), book, clock, 10**9)
        tess = ForWhom(CAST.tess.user_id or uuid4(), None, grade)
        judgement = verified(await judge.judge(RUBRIC, CALL, tess), CALL)
        scores = scores_of(RUBRIC, judgement, CALL, grade or 70)
        subject = ReportSubject(uuid4(), uuid4(), "A call", "exam", grade or 70, clock.now(), clock.now())
        return judgement, report_json(subject, RUBRIC, judgement, scores, CALL), chat

    yield judge
    for chat, model in opened:
        await model.close()
        await chat.__aexit__()


def without(*missed: str) -> Any:
    """A reader who finds everything but these checks."""

    def step(request: Mapping[str, Any]) -> Says:
        answer = json.loads(generous(request).text or "")
        checks = [not_met(check["id"]) if check["id"] in missed else check for check in answer["checks"]]
        return Says(json.dumps({**answer, "checks": checks}), tokens=(2_000, 500, 300))

    return step


async def overall(judged: Any, step: Any) -> int:
    """The points that a reader gives, read once."""
    _, report, _ = await judged(step, grade=None)
    score: int = report["overall_score"]
    return score


async def test_each_reading_has_its_own_order_and_the_seed_gives_it_again(judged):
    orders = []
    for _ in range(3):
        judgement, report, chat = await judged(generous, grade=None)
        [request], [seed] = chat.requests, report["judge"]["order_seeds"]
        told = [each["id"] for each in json.loads(request["messages"][0]["content"].partition("The checks\n")[2])]
        assert told == checks_in(request) == [each.id for each in in_order_of(asked_of(RUBRIC), seed)]
        assert [f"{check.criterion}.{check.check}" for check in judgement.checks] == ASKED, "the report keeps its order"
        orders.append(told)
    assert all(sorted(order) == sorted(ASKED) for order in orders)
    assert len({tuple(order) for order in orders}) == 3


async def test_the_order_of_the_checks_does_not_change_what_was_told(judged):
    first, _, _ = await judged(generous, grade=None)
    second, _, _ = await judged(generous, grade=None)
    assert first.model.prompt_hash == second.model.prompt_hash
    assert first.checks == second.checks


async def test_a_result_far_from_the_grade_is_read_once(judged):
    judgement, report, chat = await judged(generous, grade=50)
    assert len(chat.requests) == 1
    assert len(judgement.model.readings) == 1
    assert "readings" not in judgement.model.usage
    assert not report["needs_human"]


async def test_a_close_result_is_read_three_times_and_most_votes_count(judged, database):
    grade = await overall(judged, without("closing.thanks")) - 1
    judgement, report, chat = await judged(without("closing.thanks"), generous, without("closing.thanks"), grade=grade)
    assert len(chat.requests) == 3
    assert report["passed"]
    assert report["judge"]["disagreed"] == ["closing.thanks"]
    verdicts = {f"{check.criterion}.{check.check}": check.verdict for check in judgement.checks}
    assert verdicts["closing.thanks"] == "not_met"
    assert not report["needs_human"]
    assert CLOSE.format(times=3) in report["notices"]
    assert len(set(report["judge"]["order_seeds"])) == 3
    assert judgement.model.usage["input_tokens"] == 6_000
    assert [each["cost_usd"] for each in judgement.model.usage["readings"]] == [0.00625] * 3
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select count(*) from public.model_usage") == 4, "a row for each reading"


async def test_readings_that_do_not_agree_on_the_result_leave_it_to_a_person(judged):
    strict_score = await overall(judged, without("closing.thanks", "closing.goodbye"))
    full_score = await overall(judged, generous)
    assert strict_score < full_score <= strict_score + 6, "one of them is close, on either side of the grade"
    judgement, report, _ = await judged(
        generous, without("closing.thanks", "closing.goodbye"), generous, grade=strict_score + 1
    )
    assert judgement.needs_human
    assert report["needs_human"]
    assert report["provisional_because"] == [READINGS_APART]
    assert not report["passed"]


async def test_further_readings_that_fail_are_no_reason_to_doubt(judged):
    grade = await overall(judged, without("closing.thanks")) - 1
    judgement, report, chat = await judged(without("closing.thanks"), Fails(503), Says("no json"), grade=grade)
    assert judgement.judge == "openai"
    assert len(judgement.model.readings) == 1
    assert report["passed"]
    assert not report["provisional"]
    assert len(chat.requests) <= 4, "each costs at most one question more"


async def test_further_readings_that_hang_end_with_the_time_for_all(judged):
    grade = await overall(judged, without("closing.thanks")) - 1
    judgement, report, _ = await judged(without("closing.thanks"), SILENCE, grade=grade, total_s=2.0)
    assert judgement.judge == "openai"
    assert report["passed"]


async def test_what_the_model_is_unsure_of_is_read_again_when_it_decides(judged):
    def unsure(request: Mapping[str, Any]) -> Says:
        answer = json.loads(generous(request).text or "")
        return Says(json.dumps({**answer, "checks": [{**check, "confidence": "low"} for check in answer["checks"]]}))

    _, _, chat = await judged(unsure, grade=50)
    assert len(chat.requests) == 3
