"""Letters as jobs: each is sent once, however often its job runs, and given up only when it is refused."""

import asyncio
import re
from pathlib import Path

import pytest

from accounts.jobs import subscribe
from accounts.letters.queue import queue_letter
from accounts.letters.sending import LetterSender
from accounts.tidying import Tidying
from core.facts import Fact, emit
from core.jobs import Subscriptions, Worker, WorkerLimits, failed_jobs
from core.mailer import MailDelayed, MailRefused, OutboxMailer
from tests.app.support.asks import post, sign_up
from tests.app.support.postman import token_in
from tests.app.support.wires import SECRET

TESS = "tess@callx.example"
QUICK = WorkerLimits(attempts=5, first_delay_ms=20, heartbeat_timeout_ms=400, poll_ms=50, stop_grace_ms=2_000)


class FailingMailer:
    """Fails so many times, and then keeps what it is given."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.keys = []

    async def send(self, mail, *, idempotency_key):
        self.keys.append(idempotency_key)
        if self.errors:
            raise self.errors.pop(0)


async def letters(database):
    async with database.acting_as_service() as tx:
        rows = await tx.fetch(
            "select recipient, outcome, details from auth.letters order by created_at, recipient desc"
        )
    return [(row["recipient"], row["outcome"], row["details"]) for row in rows]


async def work(server_dsn, database, clock, mailer, until):
    subscriptions = Subscriptions()
    subscribe(subscriptions, database, mailer, SECRET, clock)
    worker = Worker(server_dsn, subscriptions, QUICK)
    async with asyncio.TaskGroup() as group, asyncio.timeout(20):
        group.create_task(worker.run())
        while not await until():  # noqa: ASYNC110 - a table
            await asyncio.sleep(0.02)
        await worker.stop()


async def ask(database, clock, recipient=TESS, kind="recovery"):
    async with database.acting_as_service() as tx:
        return await queue_letter(tx, kind, recipient, site_url="https://callx.example", now=clock.now())


async def test_a_letter_that_runs_into_trouble_goes_out_later_under_the_same_key(database, server_dsn, clock, cast):
    letter_id = await ask(database, clock)
    mailer = FailingMailer(MailDelayed("busy"), MailDelayed("busy"))

    async def is_sent():
        return (await letters(database))[0][1] == "sent"

    await work(server_dsn, database, clock, mailer, is_sent)
    assert mailer.keys == [f"callx-letter-{letter_id}"] * 3


async def test_a_letter_that_is_refused_is_not_tried_again(database, server_dsn, clock, cast):
    await ask(database, clock)
    mailer = FailingMailer(MailRefused("no such address"))

    async def is_given_up():
        async with database.acting_as_service() as tx:
            return bool(await failed_jobs(tx))

    await work(server_dsn, database, clock, mailer, is_given_up)
    assert len(mailer.keys) == 1
    assert await letters(database) == [(TESS, "refused", {})]


async def test_the_same_letter_written_again_says_the_same(database, clock, cast, postman):
    await ask(database, clock)
    [fact] = await postman.waiting()
    mailer = FailingMailer(MailDelayed("lost"))
    with pytest.raises(MailDelayed):
        await LetterSender(database, mailer, SECRET, clock).letter_queued(fact)
    [mail] = await postman.deliver()
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select count(*) from auth.one_time_tokens") == 1
    assert token_in(mail)
    await postman._sender.letter_queued(fact)
    assert len(postman.sent) == 1


async def test_nobody_gets_no_letter_and_nothing_of_the_wish_is_kept(open_client, database, postman):
    await sign_up(open_client, TESS)
    await post(open_client, "recover", {"email": "nobody@callx.example"})
    assert [mail.subject for mail in await postman.deliver()] == ["You have an account already"]
    assert await letters(database) == [(TESS, "sent", {}), ("nobody@callx.example", "not_needed", {})]
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select count(*) from auth.one_time_tokens") == 0


async def test_a_letter_that_waited_for_a_day_is_not_sent(database, clock, cast, postman):
    await ask(database, clock)
    clock.advance(24 * 3_600_000)
    assert await postman.deliver() == []
    assert (await letters(database))[0][1] == "too_late"


async def test_letters_and_tokens_are_forgotten_in_time(database, clock, cast, postman):
    await ask(database, clock)
    await postman.deliver()
    clock.advance(9 * 24 * 3_600_000)
    await ask(database, clock, "theo@callx.example")
    await postman.deliver()
    await Tidying(database, clock).tidy()
    assert [recipient for recipient, _, _ in await letters(database)] == ["theo@callx.example"]
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select array_agg(email) from auth.one_time_tokens") == ["theo@callx.example"]


async def test_a_letter_of_somebody_who_was_deleted_is_nobodys(database, clock, cast, postman):
    async with database.acting_as_service() as tx:
        await emit(tx, "LetterQueued", {"letter_id": "00000000-0000-0000-0000-000000000000"})
    async with database.acting_as_service() as tx:
        fact = await tx.fetchrow("select id, kind, payload, emitted_at from callx.facts")
    await LetterSender(database, postman, SECRET, clock).letter_queued(Fact(*fact))
    assert postman.sent == {}


async def test_without_a_key_the_letter_lies_in_the_outbox(database, server_dsn, clock, cast, tmp_path: Path):
    await ask(database, clock)
    outbox = tmp_path / "outbox"

    async def has_arrived():
        return (await letters(database))[0][1] == "sent"

    await work(server_dsn, database, clock, OutboxMailer(outbox, "CallX <callx@callx.example>"), has_arrived)
    [path] = outbox.glob("*.eml")
    assert re.search(r"https://callx\.example/auth/v1/confirm\?token=[\w-]{43}&type=recovery", path.read_text("utf8"))
