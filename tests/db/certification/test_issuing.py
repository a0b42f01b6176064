"""A certificate is earned by the last lesson, once, however often and wherever it is issued."""

import asyncio
from typing import Any

import asyncpg
import pytest

from core.blobs import Blobs
from core.errors import NotFound, Unavailable
from core.facts import Fact
from core.functions.errors import ExplainedConflict
from core.jobs import Subscriptions
from core.storage import queries as storage_queries
from core.storage.jobs import BlobRemover
from lms.certification import issuing, queries
from lms.certification.issuing import Issuer
from lms.certification.jobs import subscribe
from tests.db.certification.conftest import NEVER, ONCE, TERMS, Office
from tests.support.courses import build_course, build_modules, complete


async def facts(office: Office, kind: str) -> list[Fact]:
    rows = await office.rows("select * from callx.facts where kind = $1 order by id", kind)
    return [Fact(row["id"], row["kind"], row["payload"], row["emitted_at"]) for row in rows]


async def test_the_last_lesson_brings_a_certificate(office):
    tess = office.world.cast.tess
    product_id = await office.finish(tess)

    for fact in await facts(office, "LessonCompleted"):
        await office.certifying.lesson_completed(fact)

    assert await office.counts() == ONCE
    path = f"{tess.user_id}/{product_id}.pdf"
    [row] = await office.rows(
        """select c.certificate_url, c.code as current_code, c.issued_at, i.*, o.version, o.metadata, o.owner_id
           from public.certifications c join public.certificate_issues i on i.certification_id = c.id
           join storage.objects o on o.name = c.certificate_url and o.bucket_id = 'certificates'"""
    )
    assert row["certificate_url"] == row["object_name"] == path
    assert (row["holder_name"], row["product_title"], row["issuer"], row["score"]) == (
        "Tess",
        "Billing",
        "Harbour Telecom",
        75,
    )
    assert row["code"] == row["current_code"]
    assert row["owner_id"] is None
    assert row["issued_at"] == office.clock.now()
    assert row["metadata"]["mimetype"] == "application/pdf"
    pdf = await office.blobs.get(f"objects/{row['version']}")
    assert len(pdf) == row["metadata"]["size"]
    [issued] = await facts(office, "CertificateIssued")
    assert issued.payload == {
        "certification_id": str(row["certification_id"]),
        "user_id": str(tess.user_id),
        "product_id": str(product_id),
    }


async def test_before_the_last_lesson_there_is_none(office):
    tess, course = office.world.cast.tess, office.world.course
    async with office.database.acting_as(tess) as tx:
        await complete(tx, tess, course.text_lesson_id)
    for fact in await facts(office, "LessonCompleted"):
        await office.certifying.lesson_completed(fact)
    assert await office.counts() == NEVER
    assert office.press.printed == []


async def test_what_is_missing_is_said_and_what_is_locked_is_not(office):
    tess = office.world.cast.tess
    async with office.database.acting_as_service() as tx:
        product_id, modules, lessons = await build_modules(tx, [(1, False, 2), (2, True, 1), (3, False, 0)])
        await tx.execute("update public.lessons set title = 'Secret' where id = $1", lessons[1][0])
        await tx.execute("update public.lessons set title = 'Open' where module_id = $1", modules[0])
    async with office.database.acting_as(tess) as tx:
        await complete(tx, tess, lessons[0][0])

    with pytest.raises(ExplainedConflict) as refusal:
        await office.issuer.issue(tess.user_id, product_id)

    assert refusal.value.code == "not_completed"
    assert refusal.value.problems == [
        (f"modules.{modules[0]}", "M: 1 of 2 lessons are completed; missing: Open."),
        (f"modules.{modules[1]}", "M: 0 of 1 lessons are completed; it is still locked."),
    ]


@pytest.mark.parametrize("servers", [1, 4])
async def test_fifty_that_ask_at_once_get_the_same_one(office, servers):
    tess = office.world.cast.tess
    product_id = await office.finish(tess)
    issuers = [office.another_server() for _ in range(servers)]

    given = await asyncio.gather(*(issuers[number % servers].issue(tess.user_id, product_id) for number in range(50)))

    assert len(set(given)) == 1
    assert await office.counts() == ONCE
    assert len(office.press.printed) <= servers
    assert len(await office.blob_keys()) == 1, "what was printed in vain is gone"


async def test_each_product_and_person_has_its_own(office):
    cast = office.world.cast
    async with office.database.acting_as_service() as tx:
        other, _, [[lesson]] = await build_modules(tx, [(1, False, 1)], title="Other")
    product_id = await office.finish(cast.tess)
    await office.finish(cast.theo)
    async with office.database.acting_as(cast.tess) as tx:
        await complete(tx, cast.tess, lesson)
    issued = [
        await office.issuer.issue(person.user_id, product)
        for person, product in ((cast.tess, product_id), (cast.theo, product_id), (cast.tess, other))
    ]
    assert len({one.code for one in issued}) == len({one.path for one in issued}) == 3
    with pytest.raises(ExplainedConflict):
        await office.issuer.issue(cast.theo.user_id, other)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("update public.products set is_active = false", "product_not_found"),
        ("update public.products set archived_at = now()", "product_not_found"),
        ("update public.site_settings set open_enrolment = false", None),
        ("update public.lessons set archived_at = now()", "not_completed"),
    ],
)
async def test_hole_11_only_an_open_product_with_lessons_certifies(office, sql, code):
    tess = office.world.cast.tess
    product_id = await office.finish(tess)
    await office.rows(sql)
    if code is None:
        assert (await office.issuer.issue(tess.user_id, product_id)).path, "what was completed stays open"
        return
    with pytest.raises((NotFound, ExplainedConflict)) as refusal:
        await office.issuer.issue(tess.user_id, product_id)
    assert refusal.value.code == code
    assert await office.counts() == NEVER


async def test_hole_11_nobody_is_certified_in_what_was_never_assigned(office):
    tess = office.world.cast.tess
    await office.rows("update public.site_settings set open_enrolment = false")
    async with office.database.acting_as_service() as tx:
        closed = await build_course(tx, title="Closed")
    with pytest.raises(NotFound, match="no such product"):
        await office.issuer.issue(tess.user_id, closed.product_id)


async def test_a_certificate_outlives_its_product(office):
    tess = office.world.cast.tess
    product_id = await office.finish(tess)
    first = await office.issuer.issue(tess.user_id, product_id)
    async with office.database.acting_as_service() as tx:
        await tx.execute("update public.products set is_active = false, title = 'Renamed'")
        await tx.execute("update public.profiles set full_name = 'Married' where id = $1", tess.user_id)
        await tx.execute(
            """insert into public.lessons (module_id, title, lesson_type, order_index)
               values ($1, 'New', 'text', 9)""",
            office.world.course.module_id,
        )
    assert await office.issuer.issue(tess.user_id, product_id) == first
    [row] = await office.rows("select holder_name, product_title from public.certificate_issues")
    assert tuple(row) == ("Tess", "Billing")


class Dying(Blobs):
    """An object store whose user dies before or after it has stored something."""

    def __init__(self, inner: Blobs, *, after: bool) -> None:
        self._inner, self._after = inner, after

    async def put(self, *values: Any, **named: Any) -> Any:
        if self._after:
            await self._inner.put(*values, **named)
        raise asyncio.CancelledError


@pytest.mark.parametrize("after", [False, True])
async def test_a_worker_that_dies_round_storing_the_pdf_is_followed_by_one_that_ends_it(office, after):
    tess = office.world.cast.tess
    product_id = await office.finish(tess)
    dying = Issuer(office.database, Dying(office.blobs, after=after), office.clock, office.press, TERMS)

    with pytest.raises(asyncio.CancelledError):
        await dying.issue(tess.user_id, product_id)
    assert await office.counts() == NEVER
    assert len(await office.blob_keys()) == int(after)

    for _ in range(2):
        await office.another_server().issue(tess.user_id, product_id)
    assert await office.counts() == ONCE
    [named] = await office.rows("select 'objects/' || version as key from storage.objects")
    office.clock.advance(8 * 24 * 3_600_000 + 10**12)
    await BlobRemover(office.database, office.blobs, office.clock).remove_nameless()
    assert await office.blob_keys() == {named["key"]}


STEPS = ("CERTIFICATION", "ISSUE", "UPSERT", "fact")


@pytest.mark.parametrize("step", STEPS)
async def test_a_worker_that_dies_inside_the_transaction_leaves_nothing_of_it(office, monkeypatch, step):
    tess = office.world.cast.tess
    product_id = await office.finish(tess)
    with monkeypatch.context() as patch:
        if step == "fact":
            patch.setattr(issuing, "CERTIFICATE_ISSUED", "no kind of fact")
        elif step == "UPSERT":
            patch.setattr(storage_queries, step, "select 1 / 0, $1::text, $2::text, $3::uuid, $4::jsonb, $5::jsonb")
        else:
            patch.setattr(queries, step, "select 1 / 0")
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await office.issuer.issue(tess.user_id, product_id)
    assert await office.counts() == NEVER

    await office.issuer.issue(tess.user_id, product_id)
    assert await office.counts() == ONCE


async def test_a_printer_that_fails_is_asked_again(office):
    tess = office.world.cast.tess
    product_id = await office.finish(tess)

    def jammed(*_: Any) -> bytes:
        raise OSError("jammed")

    with pytest.raises(OSError, match="jammed"):
        await Issuer(office.database, office.blobs, office.clock, jammed, TERMS).issue(tess.user_id, product_id)
    assert await office.counts() == NEVER
    await office.issuer.issue(tess.user_id, product_id)
    assert await office.counts() == ONCE


async def test_an_object_store_that_is_away_is_no_refusal(office):
    tess = office.world.cast.tess
    product_id = await office.finish(tess)

    class Away(Blobs):
        def __init__(self) -> None:
            pass

        async def put(self, *_: Any, **__: Any) -> Any:
            raise Unavailable("away")

    away = Issuer(office.database, Away(), office.clock, office.press, TERMS)
    with pytest.raises(Unavailable):
        await away.issue_if_earned(tess.user_id, product_id)


async def test_a_row_that_somebody_wrote_by_hand_gets_its_certificate(office):
    tess = office.world.cast.tess
    product_id = await office.finish(tess)
    await office.rows(
        "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'old.pdf')",
        tess.user_id,
        product_id,
    )
    issued = await office.issuer.issue(tess.user_id, product_id)
    [row] = await office.rows("select id, certificate_url from public.certifications")
    assert (row["id"], row["certificate_url"]) == (issued.certification_id, issued.path)


async def test_who_becomes_complete_because_a_lesson_went_is_found_by_night(office):
    cast, course = office.world.cast, office.world.course
    async with office.database.acting_as(cast.tess) as tx:
        for lesson_id in (course.video_lesson_id, course.text_lesson_id):
            await complete(tx, cast.tess, lesson_id)
    await office.certifying.catch_up()
    assert await office.counts() == NEVER
    async with office.database.acting_as(cast.ada) as tx:
        await tx.execute(
            "delete from public.lessons where id = any ($1)", [course.quiz_lesson_id, course.simulation_lesson_id]
        )
    for _ in range(2):
        await office.certifying.catch_up()
    assert await office.counts() == ONCE


async def test_the_jobs_are_named(office):
    following = Subscriptions()
    subscribe(following, office.database, office.clock, office.issuer, office.badges)
    assert {(one.kind, one.name) for one in following.everybody()} == {
        ("LessonCompleted", "certification.issue"),
        ("PassedAgain", "certification.renew"),
        ("CertificateIssued", "certification.badge"),
        ("CertificateReprinted", "certification.badge-anew"),
        ("CertificateReissueGoesOn", "certification.reissue"),
    }
    assert [chore.name for chore in following.chores()] == [
        "certification.catch-up",
        "certification.missing-badges",
        "certification.reissues-go-on",
    ]


async def test_a_person_who_is_deleted_takes_the_certificates_along(office):
    tess = office.world.cast.tess
    await office.issuer.issue(tess.user_id, await office.finish(tess))
    await office.rows("delete from auth.users where id = $1", tess.user_id)
    assert await office.counts() == {**NEVER, "facts": 1}
