"""Comments, a dispute and a review, with the real supabase-js and with what follows by jobs."""

import json
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web

import evaluation.handlers
import evaluation.reviews.function
from core.facts import Fact
from core.jobs import Subscriptions
from lms.notifications.commenting import CommentNotices
from lms.notifications.jobs import subscribe
from lms.notifications.notifying import Notifier
from tests.app.support.wires import PASSWORD, SITE, give_passwords, wires
from tests.db.reviewed import Desk
from tests.db.test_reviews import RUDE_CALL
from tests.people import EX_MANAGER
from tests.support.courses import build_course
from tests.support.world import World


@pytest.fixture
async def desk(database, cast, clock) -> Desk:
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        course = await build_course(tx)
        await tx.execute("update public.site_settings set review_sample_percent = 0")
    return Desk(World(database, cast, EX_MANAGER, course), clock)


@pytest.fixture
async def seen(supabase_js, aiohttp_server, desk) -> tuple[UUID, dict[str, Any]]:
    """The call, and what the real client got to see."""
    call_id = await desk.judged(RUDE_CALL)
    app: web.Application = wires(desk.world.database, desk.clock)
    evaluation.handlers.add_routes(app)
    evaluation.reviews.function.add_functions(app)
    server = await aiohttp_server(app)
    url = str(server.make_url("")).rstrip("/")
    status, output = await supabase_js.run("node", "reviews.mjs", url, "sb_publishable_demo", PASSWORD, str(call_id))
    assert status == 0, output
    return call_id, json.loads(output)


async def follow_facts(desk: Desk) -> None:
    """Does what the jobs would do."""
    following = Subscriptions()
    subscribe(following, desk.world.database, SITE, desk.clock)
    for row in await desk.world.as_service("select id, kind, payload, emitted_at from callx.facts order by id"):
        for subscriber in following.of(row["kind"]):
            await subscriber.handler(Fact(*row))


def refusals(seen: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """What was refused, with status and code."""
    return {
        name: (answer["status"], answer["code"])
        for name, answer in seen.items()
        if isinstance(answer, dict) and "code" in answer and "status" in answer
    }


async def test_a_dispute_becomes_a_review_and_the_review_a_completed_lesson(desk, seen):
    call_id, said = seen
    cast = desk.world.cast
    assert refusals(said) == {
        "no_thread": (403, "42501"),
        "request_again": (409, "23505"),
        "queue_of_a_trainee": (403, "42501"),
        "own_review": (403, "not_a_reviewer"),
        "review_of_another_team": (404, "call_not_found"),
        "claimed_already": (400, "P0001"),
        "unsound": (400, "validation_failed"),
        "outdated": (409, "review_outdated"),
    }
    assert said["claimed_already"]["details"] == "already_claimed"
    assert [problem["field"] for problem in said["unsound"]["details"]] == ["overrides.0.check", "reason"]
    assert said["what_tess_reads"] == [{"body": "What was that?", "author_name": "Mira", "author_role": "manager"}]
    assert said["answer"]["reply_to"] == said["comment"]["id"]
    assert said["resolve"] == {"resolved_by": str(cast.mira.user_id)}
    assert said["queue"] == [
        {
            "call_id": str(call_id),
            "full_name": "Tess",
            "reasons": ["dispute"],
            "request_reason": "There is a parrot.",
            "claimed_by_name": "Ada",
            "calls": {"mode": "exam"},
        }
    ]
    assert said["queue_of_another_team"] == said["queue_afterwards"] == []
    assert said["completion"] == [{"lesson_id": str(desk.world.course.simulation_lesson_id)}]


async def test_the_report_says_who_decided_what_and_what_the_judge_had_said(desk, seen):
    _, said = seen
    before, after = said["report_before"], said["report_afterwards"]
    assert before["report"]["review"] is None
    assert before["review_request"]["state"] == "open"
    assert after["review_request"]["state"] == "answered"
    assert said["draft"]["state"] == "draft"
    assert said["draft"]["report"]["passed"]
    assert not before["report"]["passed"]
    review = after["report"]["review"]
    assert (review["decision"], review["reviewer_name"]) == ("changed", "Mira")
    assert review["machine"]["overall_score"] == before["report"]["overall_score"]
    assert after["report"] == said["published"]["report"]
    respect = next(c for s in after["report"]["sections"] for c in s["criteria"] if c["key"] == "respect")
    assert respect["machine"] == {"verdict": "not_met", "score": 0}
    assert respect["overridden_because"] == "She said it to the parrot."
    assert said["review_for_tess"] == {
        "reviewer_name": "Mira",
        "decision": "changed",
        "reason": "The recording has a parrot.",
        "certificate_stands": False,
    }
    assert said["request_afterwards"] == {"state": "answered", "review_id": said["published"]["review_id"]}
    assert said["versions"] == [{"number": 1, "source": "judge", "score": before["report"]["overall_score"]}]
    assert said["attempt"] == {
        "passed": True,
        "machine_passed": False,
        "overall_score": after["report"]["overall_score"],
        "machine_score": before["report"]["overall_score"],
    }


async def test_everybody_hears_of_it_and_the_letters_lead_to_the_second(desk, seen):
    call_id, said = seen
    await follow_facts(desk)
    desk.clock.advance(6 * 60_000)
    notices = CommentNotices(desk.world.database, Notifier(SITE, desk.clock), desk.clock)
    assert await notices.write_letters() == 2
    rows = await desk.world.as_service(
        """select split_part(p.email, '@', 1) as who, n.kind, n.path from public.notifications n
           join public.profiles p on p.id = n.user_id where n.kind <> 'welcome' order by 1, 2"""
    )
    comment = f"/calls/{call_id}?t=83000&comment="
    assert [(row["who"], row["kind"], row["path"]) for row in rows] == [
        ("mira", "comment", f"{comment}{said['answer']['id']}"),
        ("tess", "comment", f"{comment}{said['comment']['id']}"),
        ("tess", "report_ready", f"/calls/{call_id}"),
        ("tess", "review_result", f"/calls/{call_id}"),
    ]
    letters = await desk.world.as_service("select kind from auth.letters where kind ~ '^notice_[cr]' order by kind")
    assert [row["kind"] for row in letters] == [
        "notice_comment",
        "notice_comment",
        "notice_report_ready",
        "notice_review_result",
    ]
