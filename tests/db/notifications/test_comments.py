"""Who is told of comments: once, together when they come together, and by letter only who has not seen them."""

from uuid import UUID

import pytest

from core.identity import Person
from lms.notifications.commenting import CommentNotices
from lms.notifications.kinds import Notice
from tests.db.notifications.conftest import Office
from tests.people import Cast
from tests.support.courses import record_everything

MINUTE = 60_000


@pytest.fixture
async def call_id(office: Office, cast: Cast) -> UUID:
    """A call of tess."""
    async with office.database.acting_as_service() as tx:
        return await record_everything(tx, cast.tess, office.course)


async def say(office: Office, person: Person, call_id: UUID, body: str, **more: object) -> UUID:
    """Somebody says something."""
    columns = ", ".join(["call_id", "body", *more])
    values = ", ".join(f"${place}" for place in range(1, 3 + len(more)))
    async with office.database.acting_as(person) as tx:
        comment_id: UUID = await tx.fetchval(
            f"insert into public.call_comments ({columns}) values ({values}) returning id",
            call_id,
            body,
            *more.values(),
        )
    return comment_id


async def letters_due(office: Office) -> int:
    return await CommentNotices(office.database, office.notifier, office.clock).write_letters()


async def letters(office: Office) -> list[str]:
    """To whom letters about comments were queued."""
    return [to for to, kind in await office.letters() if kind == "notice_comment"]


async def lines(office: Office) -> list[tuple[str, str, str, str]]:
    rows = await office.run(
        """select split_part(p.email, '@', 1), n.title, n.body, n.path from public.notifications n
           join public.profiles p on p.id = n.user_id where n.kind = 'comment' order by n.created_at, 1"""
    )
    return [tuple(row) for row in rows]


async def test_a_comment_leads_to_the_second_that_it_is_about(office: Office, cast: Cast, call_id: UUID):
    said = await say(office, cast.mira, call_id, "Here she\ncalms down.", at_ms=83_000)
    await office.follow_facts()
    await office.follow_facts()
    assert await lines(office) == [
        (
            "tess",
            "Mira has commented on a call",
            "Overcharged: Here she calms down.",
            f"/calls/{call_id}?t=83000&comment={said}",
        )
    ]
    assert await letters(office) == []


async def test_an_answer_is_told_to_those_who_talk_in_the_thread(office: Office, cast: Cast, call_id: UUID):
    said = await say(office, cast.mira, call_id, "Why?", at_ms=1_000)
    await say(office, cast.ada, call_id, "Yes, why?", reply_to=said)
    await office.follow_facts()
    await office.run("update public.notifications set read_at = now() returning id")
    await say(office, cast.tess, call_id, "Because.", reply_to=said)
    await office.follow_facts()
    told = [line for line in await lines(office) if "Tess" in line[1]]
    assert [line[0] for line in told] == ["ada", "mira"]
    assert all(line[3].startswith(f"/calls/{call_id}?t=1000&") for line in told)


async def test_what_managers_say_among_themselves_is_told_to_no_trainee(office: Office, cast: Cast, call_id: UUID):
    said = await say(office, cast.mira, call_id, "She is tired.", visibility="managers")
    await say(office, cast.ada, call_id, "So it seems.", reply_to=said)
    await office.follow_facts()
    assert [line[0] for line in await lines(office)] == ["mira"]


async def test_whoever_is_no_manager_any_more_is_not_told(office: Office, cast: Cast, call_id: UUID):
    said = await say(office, cast.mira, call_id, "Why?")
    await office.follow_facts()
    await office.run("delete from public.manager_assignments where manager_id = $1 returning 1", cast.mira.user_id)
    await say(office, cast.tess, call_id, "Because.", reply_to=said)
    await office.follow_facts()
    assert [line[0] for line in await lines(office)] == ["tess"]


async def test_comments_that_come_together_are_one_notification_and_one_letter(
    office: Office, cast: Cast, call_id: UUID
):
    for number in range(3):
        await say(office, cast.mira, call_id, f"Number {number}.", at_ms=1_000 * (3 - number))
        await office.follow_facts()
        office.clock.advance(MINUTE)
    await office.follow_facts()
    [line] = await lines(office)
    assert line[1] == "3 comments on a call"
    assert "t=3000" in line[3], "the one that came first"
    assert await letters_due(office) == 0, "there may be more"
    office.clock.advance(2 * MINUTE)
    assert await letters_due(office) == 1
    assert await letters_due(office) == 0
    assert await letters(office) == ["tess"]
    await say(office, cast.mira, call_id, "And later.")
    await office.follow_facts()
    assert [line[1] for line in await lines(office)] == ["3 comments on a call", "Mira has commented on a call"]


async def test_what_was_read_on_the_screen_needs_no_letter(office: Office, cast: Cast, call_id: UUID):
    await say(office, cast.mira, call_id, "Well said.")
    await office.follow_facts()
    await office.run("update public.notifications set read_at = now() returning id")
    office.clock.advance(6 * MINUTE)
    assert await letters_due(office) == 0


@pytest.mark.parametrize("channel", ["email", "in_app"])
async def test_people_are_told_by_the_ways_that_they_want(office: Office, cast: Cast, call_id: UUID, channel: str):
    await office.wish(cast.tess, "comment", channel)
    await say(office, cast.mira, call_id, "Well said.")
    await office.follow_facts()
    office.clock.advance(6 * MINUTE)
    assert await letters_due(office) == (channel == "in_app")
    async with office.database.acting_as(cast.tess) as tx:
        seen = await tx.fetchval("select count(*) from public.notifications where kind = 'comment'")
    assert seen == (channel == "email")


async def test_a_comment_that_was_deleted_is_not_told(office: Office, cast: Cast, call_id: UUID):
    said = await say(office, cast.mira, call_id, "Well said.")
    await say(office, cast.mira, call_id, "I mean it.")
    async with office.database.acting_as(cast.mira) as tx:
        await tx.execute("update public.call_comments set deleted_at = now() where id = $1", said)
    await office.follow_facts()
    assert [line[2] for line in await lines(office)] == ["Overcharged: I mean it."]
    async with office.database.acting_as(cast.mira) as tx:
        await tx.execute("update public.call_comments set deleted_at = now() where deleted_at is null")
    [subject] = await office.run("select subject_id from public.notifications where kind = 'comment'")
    assert cast.tess.user_id is not None
    assert not await office.tell(Notice("comment", cast.tess.user_id, subject["subject_id"]))


async def test_words_that_are_gone_are_gone_where_they_were_told(office: Office, cast: Cast, call_id: UUID):
    first = await say(office, cast.mira, call_id, "You are a fool.")
    second = await say(office, cast.mira, call_id, "Nobody likes you.")
    await office.follow_facts()
    assert [line[1:3] for line in await lines(office)] == [("2 comments on a call", "Overcharged: You are a fool.")]
    for change, left in (
        (f"body = 'Well tried.' where id = '{first}'", ["Overcharged: Well tried."]),
        (f"deleted_at = now() where id = '{first}'", ["Overcharged: Nobody likes you."]),
        (f"deleted_at = now() where id = '{second}'", []),
    ):
        async with office.database.acting_as(cast.mira) as tx:
            await tx.execute(f"update public.call_comments set {change}")
        await office.follow_facts()
        assert [line[2] for line in await lines(office)] == left


async def test_many_that_want_no_letter_keep_nobody_waiting(office: Office, cast: Cast, call_id: UUID):
    await office.wish(cast.tess, "comment", "email")
    for _ in range(3):
        await say(office, cast.mira, call_id, "Well said.")
        await office.follow_facts()
        office.clock.advance(6 * MINUTE)
    assert await letters_due(office) == 0
    [row] = await office.run("select count(*) as open from callx.told_comments where letter_at is null")
    assert row["open"] == 0
