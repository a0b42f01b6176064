"""`evaluate-simulation`: the report of the newest call, typed or spoken, once."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from evaluation.judgement import ForWhom, Judgement
from evaluation.local_judge.judge import judge_locally
from tests.app.evaluate_simulation.conftest import School
from voice.audio_format import silence
from voice.call import events as e

GOOD = (
    "Good morning, you are speaking with Sam from Northwind. How can I help you?",
    "I am so sorry about that, it must be frustrating. I will take care of this. "
    "May I have your account number and your date of birth, please?",
    "Thank you. What happened exactly? So you were charged twice for the same month, is that right?",
    "It looks like the payment was processed twice by mistake. I have refunded the second charge, "
    "you will have your money back within three days.",
    "So to sum up, I refunded the second charge today. Is there anything else I can help you with? "
    "Thank you for calling and have a nice day. Goodbye.",
)
BAD = ("Yes?", "That is not my problem.", "I do not know.", "Well.")


async def test_the_answer_is_as_the_specification_prints_it(school: School):
    transcript = await school.say(*GOOD)
    report = await school.report(transcript)
    assert isinstance(report["overall_score"], int)
    assert 0 <= report["script_adherence"] <= 100
    assert report["empathy_score"] in ("Excellent", "Good", "Needs Improvement")
    assert 0 <= report["call_flow_score"] <= 100
    lines = report["transcript_with_feedback"]
    assert [(line["speaker"], line["text"]) for line in lines] == [(t["speaker"], t["text"]) for t in transcript]
    assert [datetime.fromisoformat(line["timestamp"]) for line in lines] == [
        datetime.fromisoformat(t["timestamp"]) for t in transcript
    ]
    judged = [line["feedback"] for line in lines if line.get("feedback")]
    assert judged
    assert {"rating", "comment"} <= set(judged[0])
    assert (report["verified"], report["transcript_differs"]) == (True, False)


async def test_a_passed_call_is_an_attempt_and_completes_the_lesson(school: School):
    report = await school.report(await school.say(*GOOD))
    assert (report["passed"], report["provisional"]) == (True, False)
    [attempt] = await school.attempts()
    assert (str(attempt["id"]), str(attempt["call_id"])) == (report["attempt_id"], report["call_id"])
    assert (attempt["overall_score"], attempt["passed"]) == (report["overall_score"], True)
    assert await school.completions() == [school.course.simulation_lesson_id]


async def test_a_call_that_still_runs_is_hung_up(school: School):
    await school.say(*BAD)
    report = await school.report()
    assert (report["passed"], report["verified"]) == (False, True)
    [call] = await school.rows("select state, end_reason from public.calls")
    assert (call["state"], call["end_reason"]) == ("ended", "trainee_hung_up")
    assert await school.completions() == []
    status, answer = await school.invoke("ai-call-simulation", user_message="Hello again.")
    assert (status, answer["call_id"] != report["call_id"]) == (200, True)


async def test_asked_again_the_same_report_comes_again(school: School):
    transcript = await school.say(*GOOD)
    first = await school.report(transcript)
    assert await school.report(transcript) == first
    assert await school.report() == first
    assert len(await school.attempts()) == 1


async def test_asked_ten_times_at_once_there_is_one_attempt(school: School):
    await school.say(*GOOD)
    reports = await asyncio.gather(*(school.report() for _ in range(10)))
    assert all(report == reports[0] for report in reports)
    assert len(await school.attempts()) == 1
    facts = await school.rows("select from callx.facts where kind = 'CallEvaluated'")
    assert len(facts) == 1


class SlowJudge:
    """Answers when the test lets it."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.times = 0

    async def judge(self, rubric: Any, conversation: Any, for_whom: ForWhom) -> Judgement:
        self.times += 1
        self.asked.set()
        await self.may_answer.wait()
        return judge_locally(rubric, conversation)


class TestBesideTheJob:
    """The job that follows CallEnded judges too: whoever comes first does it, the other waits."""

    @pytest.fixture
    def judge(self) -> SlowJudge:
        return SlowJudge()

    async def test_the_request_waits_for_the_job(self, school: School, judge: SlowJudge):
        await school.say(*GOOD)
        [call] = await school.rows("select id from public.calls")
        async with asyncio.TaskGroup() as group:
            group.create_task(school.evaluator.evaluate(call["id"]))
            await judge.asked.wait()
            report = group.create_task(school.report())
            await asyncio.sleep(0)
            judge.may_answer.set()
        assert (report.result()["verified"], judge.times) == (True, 1)
        assert len(await school.attempts()) == 1


async def test_a_spoken_call_is_judged_too_and_hung_up_if_it_runs(school: School):
    phone = await school.bridge.dial()
    customer = school.bridge.customer
    await phone.speak(silence(1_000))
    await customer.heard(48_000)
    customer.tell(e.TraineeSpeechStarted("u1", 0), e.TraineeSpeechStopped("u1", 900))
    customer.tell(e.TraineeText("u1", "Good morning, how can I help you?", final=True))
    await phone.until("turn", final=True)
    report = await school.report()
    assert (report["call_id"], report["verified"]) == (phone.call_id, True)
    assert [line["text"] for line in report["transcript_with_feedback"]] == ["Good morning, how can I help you?"]
    await phone.until("ended")


async def test_the_newest_call_counts_whatever_way_it_was_made(school: School):
    await school.say(*GOOD)
    first = await school.report()
    await school.say(*BAD)
    second = await school.report()
    assert first["call_id"] != second["call_id"]
    assert len(await school.attempts()) == 2


async def test_a_call_in_which_nobody_said_anything_is_passed_over(school: School):
    await school.say(*GOOD)
    first = await school.report()
    await school.rows(
        """insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed, created_at, end_reason)
           select user_id, simulation_id, 'practice', 'ended', '', 1, created_at + interval '1 hour', 'not_answered'
           from public.calls"""
    )
    assert (await school.report())["call_id"] == first["call_id"]


async def test_without_a_call_and_without_a_transcript_there_is_nothing_to_judge(school: School):
    assert await school.refused() == (409, "no_call")
    assert await school.refused(simulation_id="00000000-0000-0000-0000-000000000001") == (404, "simulation_not_found")
    assert await school.refused(who="") == (401, "no_authorization")


async def test_an_unusable_rubric_is_told(school: School):
    await school.say(*BAD)
    await school.rows('update public.calls set rubric = \'{"title": "broken"}\'')
    assert await school.refused() == (409, "rubric_unusable")


async def test_the_report_is_the_callers_own(school: School):
    await school.say(*GOOD)
    assert await school.refused(who="theo") == (409, "no_call")
    assert await school.refused(who="ada") == (409, "no_call")


@pytest.mark.parametrize(
    "transcript",
    [
        [{"speaker": "judge", "text": "x"}],
        [{"speaker": "user"}],
        [{"text": "x"}],
        ["x"],
        [{"speaker": "user", "text": "x" * 4_001}],
        [{"speaker": "user", "text": "x"}] * 401,
        [{"speaker": "user", "text": "x" * 4_000}] * 51,
        [{"speaker": "user", "text": "x", "timestamp": "x" * 65}],
        [{"speaker": "user", "text": 7}],
    ],
)
async def test_a_transcript_that_is_none_is_refused(school: School, transcript: Any):
    await school.say(*BAD)
    assert await school.refused(transcript) == (400, "validation_failed")
    assert await school.attempts() == []


async def test_a_call_that_was_under_way_when_its_lesson_was_unpublished_counts_as_ever(school: School):
    begun = await school.say(*GOOD[:2])
    await school.rows("update public.lessons set status = 'draft' where lesson_type = 'simulation'")
    report = await school.report([*begun, *await school.say(*GOOD[2:])])
    assert (report["verified"], report["passed"], report["transcript_differs"]) == (True, True, False)
    [attempt] = await school.attempts()
    assert (str(attempt["id"]), attempt["passed"]) == (report["attempt_id"], True)
