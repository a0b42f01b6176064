"""A quiz over the wire: started, saved, handed in and reviewed by a front end's requests."""

from typing import Any

import pytest

from core.db import Database
from tests.app.support.wires import Client, bearer, sign_in
from tests.support.courses import Course


class FrontEnd:
    """Tess in her browser."""

    def __init__(self, client: Client, course: Course, headers: dict[str, str], user_id: str) -> None:
        self._client, self._headers, self._user_id = client, headers, user_id
        self.quiz_id = str(course.quiz_id)

    async def rpc(self, name: str, **wanted: Any) -> tuple[int, Any]:
        """Calls a function of the database."""
        async with self._client.post(f"/rest/v1/rpc/{name}", json=wanted, headers=self._headers) as answer:
            return answer.status, await answer.json()

    async def hand_in(self, answers: Any) -> int:
        """Inserts an attempt as the specification's section 8.2 does."""
        row = {"user_id": self._user_id, "quiz_id": self.quiz_id, "score": 85, "passed": True, "answers": answers}
        async with self._client.post("/rest/v1/quiz_attempts", json=row, headers=self._headers) as answer:
            return answer.status

    async def rows(self, address: str) -> Any:
        """Reads a table."""
        async with self._client.get(f"/rest/v1/{address}", headers=self._headers) as answer:
            return await answer.json()


@pytest.fixture
async def tess(client: Client, course: Course) -> FrontEnd:
    session = await sign_in(client, "tess")
    return FrontEnd(client, course, bearer(session), session["user"]["id"])


async def test_a_timed_quiz_is_started_saved_handed_in_and_reviewed(tess: FrontEnd, database: Database):
    async with database.acting_as_service() as tx:
        await tx.execute("update public.quizzes set time_limit_minutes = 5, review = 'after_attempt', max_attempts = 2")
        await tx.execute("update public.quiz_questions set explanation = 'Because.'")
    assert await tess.rows("quiz_questions?select=*") == []
    status, started = await tess.rpc("start_quiz", quiz_id=tess.quiz_id)
    assert status == 200
    [question] = started["questions"]
    right = [{"question_id": question["id"], "selected_answer_id": question["answers"][0]["id"]}]
    status, saved = await tess.rpc("save_quiz_answers", sitting_id=started["sitting_id"], answers=right)
    assert (status, saved["deadline_at"]) == (200, started["deadline_at"])
    assert (await tess.rpc("start_quiz", quiz_id=tess.quiz_id))[1]["answers"] == right
    assert await tess.hand_in(right) == 201
    [attempt] = await tess.rows(f"quiz_attempts?sitting_id=eq.{started['sitting_id']}&select=*")
    assert (attempt["score"], attempt["passed"], attempt["answers"]) == (100, True, right)
    assert not {"answer_key", "grading"} & set(attempt)
    status, review = await tess.rpc("quiz_review", attempt_id=attempt["id"])
    assert (status, review["questions"][0]["explanation"]) == (200, "Because.")
    status, result = await tess.rpc("quiz_result", quiz_id=tess.quiz_id)
    assert (result["score"], result["attempts_left"]) == (100, 1)


async def test_what_is_refused_says_why_by_a_code(tess: FrontEnd, database: Database):
    async with database.acting_as_service() as tx:
        await tx.execute("update public.quizzes set draw_count = 1, max_attempts = 1")
    assert await tess.hand_in([]) == 400
    status, refusal = await tess.rpc("save_quiz_answers", sitting_id=tess.quiz_id, answers=[])
    assert (status, refusal["details"]) == (400, "sitting_not_found")
    await tess.rpc("start_quiz", quiz_id=tess.quiz_id)
    assert await tess.hand_in([]) == 201
    status, refusal = await tess.rpc("start_quiz", quiz_id=tess.quiz_id)
    assert (status, refusal["details"], refusal["message"]) == (400, "no_attempts_left", "No attempts are left.")
    for name in ("quiz_not_there", "end_overdue_sittings", "graded_answers"):
        assert (await tess.rpc(name))[0] == 404
    for name, wanted in (("start_quiz", {"quiz_id": tess.quiz_id[::-1]}), ("quiz_review", {"attempt_id": None})):
        assert (await tess.rpc(name, **wanted))[0] in (400, 404)
