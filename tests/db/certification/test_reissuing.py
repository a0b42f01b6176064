"""All certificates of a product, printed or issued anew: once each, whatever happens meanwhile."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from core.db import Acting, Database
from core.errors import Conflict, Forbidden, NotFound, Unauthorized, Unavailable, Unprocessable
from core.identity import ANONYMOUS, Person
from lms.certification import reissuing
from lms.certification.press import Press
from lms.certification.reissuing import REISSUE_GOES_ON, Reissuer, Wish
from tests.db.certification.conftest import TERMS, Office

DAY_MS = 24 * 3_600_000
NEW_NAME = replace(TERMS, issuer="Harbour Group")
ISSUES = "select * from public.certificate_issues order by issued_at, code"
OUTCOMES = "select outcome, problem from public.certificate_reissue_items"


class Printworks:
    """An office with certificates of tess, theo and mira, and another name on what is printed from now on."""

    def __init__(self, office: Office, product_id: UUID) -> None:
        self.office = office
        self.product_id = product_id

    @property
    def reissuer(self) -> Reissuer:
        """Prints by the new name."""
        return self.with_printer(self.office.press)

    def with_printer(self, printer: Any, database: Database | None = None) -> Reissuer:
        """The same with another printer or a worse database."""
        office = self.office
        press = Press(database or office.database, office.blobs, printer, NEW_NAME)
        return Reissuer(database or office.database, office.clock, press)

    def wish(self, how: Any = "reprint", which: Any = "valid") -> Wish:
        """For all of the product."""
        return Wish(self.product_id, how, which, "We have a new name.")

    async def ask(self, how: Any = "reprint", which: Any = "valid", *, by: Person | None = None) -> UUID:
        """By ada; the reissue's id."""
        return (await self.reissuer.ask(by or self.office.world.cast.ada, self.wish(how, which))).reissue_id

    async def goes_on(self) -> int:
        """How often somebody was told to go on."""
        return len(await self.office.rows("select 1 from callx.facts where kind = $1", REISSUE_GOES_ON))

    async def progress(self, reissue_id: UUID) -> dict[str, Any]:
        """As an admin sees it."""
        [row] = await self.office.world.as_person(
            self.office.world.cast.ada, "select * from public.certificate_reissues where id = $1", reissue_id
        )
        return {name: row[name] for name in ("total", "done", "skipped", "failed")} | {
            "is_finished": row["finished_at"] is not None
        }

    async def told(self) -> int:
        """How many people were told of a certificate."""
        return (await self.office.counts())["facts"]


DONE = {"total": 3, "done": 3, "skipped": 0, "failed": 0, "is_finished": True}


@pytest.fixture
async def works(office: Office) -> Printworks:
    """Certificates that hold for a year, with badges."""
    await office.rows("update public.products set certificate_valid_days = 365")
    for person in (office.world.cast.tess, office.world.cast.theo, office.world.cast.mira):
        product_id = await office.finish(person)
        assert person.user_id is not None
        await office.issuer.issue(person.user_id, product_id)
    await office.badges.make()
    return Printworks(office, product_id)


async def test_a_reprint_changes_the_pdf_and_nothing_that_it_says_of_the_holder(works):
    office = works.office
    before = await office.rows(ISSUES)
    await office.rows("update public.profiles set full_name = 'Another'")
    office.clock.advance(DAY_MS)
    reissue_id = await works.ask()
    await works.reissuer.go_on(reissue_id)

    assert await works.progress(reissue_id) == DONE
    after = await office.rows(ISSUES)
    kept = ("id", "code", "number", "holder_name", "product_title", "score", "issued_at", "expires_at", "object_name")
    for old, new in zip(before, after, strict=True):
        assert [old[name] for name in kept] == [new[name] for name in kept]
        assert (old["issuer"], new["issuer"]) == ("Harbour Telecom", "Harbour Group")
        assert new["earlier_pdf_sha256"] == [old["pdf_sha256"]] != [new["pdf_sha256"]]
        assert new["printed_at"] == office.clock.now() > old["printed_at"]
        [stored] = await office.rows("select version from storage.objects where name = $1", new["object_name"])
        assert b"Harbour Group" in await office.blobs.get(f"objects/{stored['version']}")
    assert await works.told() == 3, "nobody is told of it"
    assert len(await office.rows("select 1 from callx.facts where kind = 'CertificateReprinted'")) == 3


async def test_the_badge_follows_the_reprint_and_keeps_its_place(works):
    office = works.office
    badges = "select issue_id, status_number, credential from public.certificate_badges order by issue_id"
    before = await office.rows(badges)
    await works.reissuer.go_on(await works.ask())
    assert await office.badges.make() == 3
    after = await office.rows(badges)
    assert [(row["issue_id"], row["status_number"]) for row in before] == [
        (row["issue_id"], row["status_number"]) for row in after
    ]
    assert {row["credential"] for row in before}.isdisjoint({row["credential"] for row in after})
    assert await office.badges.make() == 0


async def test_a_reprint_that_changes_nothing_leaves_no_trace(works):
    office = works.office
    before, keys = await office.rows(ISSUES), await office.blob_keys()
    reissue_id = (await office.reissuer.ask(office.world.cast.ada, works.wish())).reissue_id
    await office.reissuer.go_on(reissue_id)
    assert await works.progress(reissue_id) == DONE
    assert await office.rows(ISSUES) == before
    assert await office.blob_keys() == keys


async def test_a_reissue_has_new_codes_and_the_names_of_today_and_keeps_the_old_ones(works):
    office = works.office
    before = await office.rows(ISSUES)
    await office.rows("update public.profiles set full_name = full_name || ' Smith'")
    office.clock.advance(100 * DAY_MS)
    await works.reissuer.go_on(await works.ask("reissue"))

    issues = await office.rows("select * from public.certificate_issues order by number, object_name")
    assert [issue["number"] for issue in issues] == [1, 1, 1, 2, 2, 2]
    assert {issue["code"] for issue in issues[:3]} == {issue["code"] for issue in before}
    assert len({issue["code"] for issue in issues}) == 6
    assert all(issue["holder_name"].endswith(" Smith") for issue in issues[3:])
    assert {issue["expires_at"] for issue in issues} == {before[0]["expires_at"]}, "nobody gains or loses days"
    for issue in issues[:3]:
        assert issue["object_name"].endswith("/1.pdf")
    assert await works.told() == 6
    assert await office.badges.make() == 3


async def test_what_has_expired_is_issued_anew_from_today(works):
    office = works.office
    tess = office.world.cast.tess.user_id
    await office.rows(
        """update public.certificate_issues i set expires_at = $1::timestamptz + interval '1 year'
           from public.certifications c where c.id = i.certification_id and c.user_id <> $2""",
        office.clock.now(),
        tess,
    )
    await office.rows(
        """update public.certificate_issues i set expires_at = $1::timestamptz + interval '9 days'
           from public.certifications c where c.id = i.certification_id and c.user_id = $2""",
        office.clock.now(),
        tess,
    )
    office.clock.advance(10 * DAY_MS)
    reissue_id = await works.ask("reissue", "expired")
    await works.reissuer.go_on(reissue_id)
    assert (await works.progress(reissue_id))["total"] == 1
    [row] = await office.rows(
        "select expires_at, user_id from public.certifications where issued_at = $1", office.clock.now()
    )
    assert row["user_id"] == tess
    assert (row["expires_at"] - office.clock.now()).days == 365
    assert (await works.progress(await works.ask("reprint", "expired")))["total"] == 0


async def test_nothing_to_do_is_done_at_once(works):
    progress = await works.reissuer.ask(works.office.world.cast.ada, works.wish(which="expired"))
    assert (progress.total, progress.finished_at) == (0, works.office.clock.now())
    assert await works.goes_on() == 0


async def test_asking_again_goes_on_with_it_and_another_wish_waits(works):
    first = await works.ask()
    assert await works.ask() == first
    assert await works.goes_on() == 2
    with pytest.raises(Conflict) as refusal:
        await works.ask("reissue")
    assert refusal.value.code == "reissue_running"
    await works.reissuer.go_on(first)
    assert await works.ask() != first, "it is finished"


async def test_two_admins_who_ask_at_once_ask_for_one(works):
    asked = await asyncio.gather(*[works.ask() for _ in range(4)])
    assert len(set(asked)) == 1
    assert len(await works.office.rows("select 1 from public.audit_events where action like 'certificates.%'")) == 1


async def test_it_is_written_down_who_asked_and_why(works):
    reissue_id, ada = await works.ask("reissue", "all"), works.office.world.cast.ada
    [event] = await works.office.rows("select * from public.audit_events where action = 'certificates.reissue_asked'")
    assert (event["actor_id"], event["subject_id"]) == (ada.user_id, works.product_id)
    assert event["details"] == {
        "reissue_id": str(reissue_id),
        "how": "reissue",
        "which": "all",
        "reason": "We have a new name.",
        "total": 3,
    }


async def test_only_admins_and_the_service_ask(works):
    cast = works.office.world.cast
    for person in (cast.tess, cast.theo, cast.mira, cast.otto):
        with pytest.raises(Forbidden):
            await works.ask(by=person)
    with pytest.raises(Unauthorized):
        await works.ask(by=ANONYMOUS)
    with pytest.raises(NotFound):
        await works.reissuer.ask(cast.ada, replace(works.wish(), product_id=UUID(int=9)))
    assert await works.office.rows("select 1 from public.certificate_reissues") == []
    await works.ask(by=Person("service"))
    assert (await works.office.rows("select asked_by from public.certificate_reissues"))[0]["asked_by"] is None


async def test_many_are_done_in_turns(works, monkeypatch):
    monkeypatch.setattr(reissuing, "AT_ONCE", 1)
    reissue_id = await works.ask()
    for turn in range(1, 4):
        assert await works.goes_on() == turn
        await works.reissuer.go_on(reissue_id)
    assert await works.progress(reissue_id) == DONE
    assert await works.goes_on() == 3
    await works.reissuer.go_on(reissue_id)
    assert await works.progress(reissue_id) == DONE


@pytest.mark.parametrize("how", ["reprint", "reissue"])
async def test_workers_at_the_same_time_do_each_once(works, how):
    office = works.office
    reissue_id = await works.ask(how)
    await asyncio.gather(*[works.reissuer.go_on(reissue_id) for _ in range(3)])
    assert await works.progress(reissue_id) == DONE
    await each_was_done_once(office, how)


async def each_was_done_once(office: Office, how: str) -> None:
    """No more PDFs than objects and what the objects let go of, no more facts, no more history."""
    expected = {"reprint": 3, "reissue": 6}[how]
    issues = await office.rows(ISSUES)
    assert len(issues) == expected
    assert sum(len(issue["earlier_pdf_sha256"]) for issue in issues) == (3 if how == "reprint" else 0)
    kinds = Counter(row["kind"] for row in await office.rows("select kind from callx.facts"))
    assert (kinds["CertificateIssued"], kinds["CertificateReprinted"]) == (expected, 3 if how == "reprint" else 0)
    assert Counter(row["outcome"] for row in await office.rows(OUTCOMES)) == {"done": 3}


class Killed(BaseException):
    """What a worker that dies never catches."""


class Mortal(Database):
    """A database that kills whoever uses it at the end of its n-th transaction, before or after it is committed."""

    deaths: list[int]
    dies_before: bool

    @classmethod
    def of(cls, database: Database, deaths: list[int], *, dies_before: bool) -> "Mortal":
        """Over the same connections."""
        mortal = cls.__new__(cls)
        mortal.__dict__.update(database.__dict__)
        mortal.deaths, mortal.dies_before = deaths, dies_before
        return mortal

    @asynccontextmanager
    async def _acting(self, person: Person | None, read_only: bool) -> AsyncIterator[Acting]:
        self.deaths[0] -= 1
        dies = self.deaths[0] == 0
        async with super()._acting(person, read_only) as acting:
            yield acting
            if dies and self.dies_before:
                raise Killed
        if dies:
            raise Killed


@pytest.mark.parametrize("dies_before", [True, False], ids=["before a commit", "after a commit"])
@pytest.mark.parametrize("how", ["reprint", "reissue"])
async def test_a_worker_that_dies_at_each_step_leaves_the_rest_to_the_next(works, how, dies_before):
    office, reissue_id = works.office, await works.ask(how)
    lives = 0
    for step in range(1, 100):
        lives += 1
        mortal = Mortal.of(office.database, [step], dies_before=dies_before)
        try:
            await works.with_printer(office.press, mortal).go_on(reissue_id)
        except Killed:
            continue
        break
    assert 5 <= lives < 99, "it has died often"
    assert await works.progress(reissue_id) == DONE
    await each_was_done_once(office, how)


async def test_what_was_revoked_renewed_or_removed_meanwhile_is_left_alone(works):
    office, cast = works.office, works.office.world.cast
    reissue_id = await works.ask("reissue")
    ids = {row["user_id"]: row["id"] for row in await office.rows("select id, user_id from public.certifications")}
    await office.world.as_person(cast.ada, "select public.revoke_certification($1, 'Because.')", ids[cast.tess.user_id])
    await office.rows("delete from auth.users where id = $1", cast.theo.user_id)
    await office.rows(
        """insert into public.certificate_issues
             (certification_id, number, code, holder_name, product_title, issuer, issued_at, object_name, pdf_sha256)
           select $1, 2, '0000000000000000', 'M', 'B', 'C', now(), 'newer.pdf', repeat('0', 64)""",
        ids[cast.mira.user_id],
    )
    await works.reissuer.go_on(reissue_id)
    assert await works.progress(reissue_id) == {"total": 3, "done": 0, "skipped": 2, "failed": 0, "is_finished": True}
    assert len(office.press.printed) == 3, "nothing was printed for them"


async def test_what_is_revoked_while_it_is_printed_is_left_alone(works):
    office = works.office
    reissue_id = await works.ask()
    keys = await office.blob_keys()
    printing, revoked = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(*wanted: Any) -> Any:
        loop.call_soon_threadsafe(printing.set)
        asyncio.run_coroutine_threadsafe(revoked.wait(), loop).result()
        return office.press(*wanted)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(works.with_printer(slow).go_on(reissue_id))
        await printing.wait()
        await office.rows("update public.certificate_issues set revoked_at = now(), revocation_reason = 'Because.'")
        revoked.set()
    progress = await works.progress(reissue_id)
    assert (progress["done"], progress["skipped"]) == (0, 3)
    assert await office.blob_keys() == keys


async def test_one_that_cannot_be_printed_keeps_no_other_waiting(works):
    office, cast = works.office, works.office.world.cast

    def picky(certificate: Any, background: Any) -> Any:
        if certificate.holder_name == "Tess":
            raise Unprocessable("It has no page.", code="bad_background")
        if certificate.holder_name == "Theo":
            raise ZeroDivisionError("width")
        return office.press(certificate, background)

    reissue_id = await works.ask()
    await works.with_printer(picky).go_on(reissue_id)
    assert await works.progress(reissue_id) == {"total": 3, "done": 1, "skipped": 0, "failed": 2, "is_finished": True}
    rows = await office.world.as_person(cast.ada, OUTCOMES + " order by problem nulls last")
    assert [tuple(row) for row in rows] == [
        ("failed", "It has no page."),
        ("failed", "ZeroDivisionError('width')"),
        ("done", None),
    ]


async def test_an_object_store_that_is_away_is_waited_for(works):
    def jammed(*_: Any) -> bytes:
        raise Unavailable("The key cannot be used.", code="signing_key_unusable")

    reissue_id = await works.ask()
    with pytest.raises(Unavailable):
        await works.with_printer(jammed).go_on(reissue_id)
    assert await works.progress(reissue_id) == DONE | {"done": 0, "is_finished": False}
    before = await works.goes_on()
    await works.reissuer.wake()
    assert await works.goes_on() == before + 1, "by night, if the job was given up"
    await works.reissuer.go_on(reissue_id)
    assert await works.progress(reissue_id) == DONE
