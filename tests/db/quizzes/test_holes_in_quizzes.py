"""Hole 1 again, for what came to quizzes later: what is right is readable by nobody who takes them."""

from collections.abc import Awaitable, Callable
from functools import partial

import asyncpg
import pytest

from tests.support.quizzes import QuizRoom, right_answer

HIDDEN = (
    ("quiz_questions", "accepted_texts"),
    ("quiz_questions", "numeric_value"),
    ("quiz_questions", "numeric_tolerance"),
    ("quiz_questions", "explanation"),
    ("quiz_answers", "explanation"),
    ("quiz_attempts", "grading"),
)
ITEMS = """select a.id from public.quiz_answers a join public.quiz_questions q on q.id = a.question_id
           where q.question_type = 'ordering'"""


@pytest.mark.parametrize(("table", "column"), HIDDEN)
async def test_hole_01_what_is_right_is_a_column(room: QuizRoom, table: str, column: str):
    await hidden_column(table, column, room)


async def hidden_column(table: str, column: str, room: QuizRoom) -> None:
    await room.hand_in([])
    for person in (room.world.cast.tess, room.world.cast.mira):
        assert await room.ask(f"select id from public.{table}", person=person)
        for sql in (
            f"select {column} from public.{table}",
            f"select * from public.{table}",
            f"select id from public.{table} where {column} is not null",
            f"select id from public.{table} order by {column}",
            f"select t::text from public.{table} t",
            f"update public.{table} set {column} = {column}",
        ):
            await room.world.refuses(person, sql)
    assert await room.ask(f"select {column} from public.{table}", person=room.world.cast.ada)


async def test_hole_01_the_right_order_is_how_the_items_lie(room: QuizRoom):
    in_order = right_answer(room.questions[-1])["ordered_answer_ids"]
    for person in (room.world.cast.tess, room.world.cast.mira):
        assert await room.ask(ITEMS, person=person) == []
    assert len(await room.ask(ITEMS, person=room.world.cast.ada)) == 4
    seen = set()
    for _ in range(12):
        started = await room.start()
        shown = started["questions"][-1]["answers"]
        assert [answer["order_index"] for answer in shown] == [1, 2, 3, 4], "places as shown, not as right"
        seen.add(tuple(answer["id"] for answer in shown))
        await room.hand_in([])
    assert len(seen) > 1
    assert {frozenset(shown) for shown in seen} == {frozenset(in_order)}


async def test_hole_01_a_question_made_into_an_ordering_hides_its_items(room: QuizRoom):
    chosen = room.questions[0].id
    rows = "select id from public.quiz_answers where question_id = $1"
    assert len(await room.ask(rows, chosen)) == 3
    await room.ask(
        "update public.quiz_questions set question_type = 'ordering' where id = $1", chosen, person=room.world.cast.ada
    )
    assert await room.ask(rows, chosen) == []


async def test_hole_01_functions_of_the_database_tell_what_is_right(room: QuizRoom):
    started = await room.start()
    assert "is_correct" not in str(started)
    assert "Refund" not in str(started)
    for sql in (
        "select * from callx.quiz_sittings",
        f"select callx.quiz_questions_as_asked('{room.quiz_id}', 1)",
        "select callx.end_overdue_sittings(1)",
        f"select callx.quiz_deadline(auth.uid(), '{room.quiz_id}', 1, now())",
    ):
        for person in (room.world.cast.tess, room.world.cast.mira, room.world.cast.ada):
            await room.world.refuses(person, sql)


async def test_hole_01_a_bank_is_read_without_taking_the_quiz(room: QuizRoom):
    for settings in ({"draw_count": 2}, {"draw_count": None, "time_limit_minutes": 5}):
        await room.set(**settings)
        for person in (room.world.cast.tess, room.world.cast.mira):
            for table in ("quiz_questions", "quiz_answers"):
                assert await room.ask(f"select id from public.{table}", person=person) == []
        assert len(await room.ask("select id from public.quiz_questions", person=room.world.cast.ada)) == 6


async def test_hole_04_a_hand_in_goes_around_the_start(room: QuizRoom):
    await room.set(time_limit_minutes=5)
    with pytest.raises(asyncpg.RaiseError, match="started first"):
        await room.hand_in(room.right())


async def test_hole_04_a_started_quiz_is_looked_at_without_end(room: QuizRoom):
    await room.set(max_attempts=2, draw_count=2)
    first = await room.start()
    again = await room.start()
    assert [again[key] for key in ("sitting_id", "questions")] == [first[key] for key in ("sitting_id", "questions")]
    assert (await room.result())["attempts_left"] == 1
    for _ in range(2):
        await room.start()
        await room.hand_in([])
    with pytest.raises(asyncpg.RaiseError, match="No attempts are left"):
        await room.start()


WITHOUT: list[tuple[str, Callable[[QuizRoom], Awaitable[None]]]] = [
    *(
        (f"grant select ({column}) on public.{table} to authenticated", partial(hidden_column, table, column))
        for table, column in HIDDEN
    ),
    (
        """alter policy "All users can view answers" on public.quiz_answers
           using (exists (select from public.quiz_questions q where q.id = question_id))""",
        test_hole_01_the_right_order_is_how_the_items_lie,
    ),
    (
        """alter policy "All users can view questions" on public.quiz_questions
           using (exists (select from public.quizzes q where q.id = quiz_id))""",
        test_hole_01_a_bank_is_read_without_taking_the_quiz,
    ),
    (
        """grant select on callx.quiz_sittings to authenticated;
           create policy own on callx.quiz_sittings to authenticated using (user_id = auth.uid())""",
        test_hole_01_functions_of_the_database_tell_what_is_right,
    ),
    (
        "grant execute on function callx.quiz_questions_as_asked(uuid, bigint) to authenticated",
        test_hole_01_functions_of_the_database_tell_what_is_right,
    ),
    (
        "drop trigger quiz_attempts_check on public.quiz_attempts",
        test_hole_04_a_hand_in_goes_around_the_start,
    ),
]


@pytest.mark.parametrize(("opened", "test"), WITHOUT, ids=range(len(WITHOUT)))
async def test_without_its_closure_the_test_of_a_hole_fails(
    room: QuizRoom, opened: str, test: Callable[[QuizRoom], Awaitable[None]]
):
    await room.owner.execute(opened)
    with pytest.raises((AssertionError, pytest.fail.Exception, asyncpg.PostgresError)):
        await test(room)
