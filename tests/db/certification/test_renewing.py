"""Certificates that end: the renewal window, what counts anew, history, revocation."""

from datetime import timedelta

import asyncpg
import pytest

from core.errors import Conflict
from core.facts import Fact
from tests.db.certification.conftest import ONCE, Office
from tests.support.courses import attempt, build_modules, complete

DAY_MS = 24 * 3_600_000
REVOKE = "select public.revoke_certification($1, $2)"
REINSTATE = "select public.reinstate_certification($1, $2)"
VALID = "select count(*) from callx.valid_certifications"


async def pass_everything(office: Office, *, only_quiz: bool = False) -> None:
    """Tess passes again, at the time of the office's clock."""
    tess, course, now = office.world.cast.tess, office.world.course, office.clock.now()
    async with office.database.acting_as_service() as tx:
        await tx.execute(
            """insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers, attempted_at)
               select $1, $2, 90, true, '[]', $3""",
            tess.user_id,
            course.quiz_id,
            now,
        )
        await tx.execute(
            "update public.quiz_attempts set passed = true, attempted_at = $1 where attempted_at = $1", now
        )
        if not only_quiz:
            await attempt(tx, tess, course, passed=True)
            await tx.execute(
                """update public.simulation_attempts set attempted_at = $1
                   where id = (select id from public.simulation_attempts order by attempted_at desc limit 1)""",
                now,
            )


async def a_year(office: Office):
    """A certificate of tess that holds for a year and can be renewed in its last 60 days."""
    tess = office.world.cast.tess
    await office.rows("update public.products set certificate_valid_days = 365")
    product_id = await office.finish(tess)
    await office.rows("update public.quiz_attempts set attempted_at = $1", office.clock.now())
    await office.rows("update public.simulation_attempts set attempted_at = $1", office.clock.now())
    assert tess.user_id is not None
    return tess, product_id, await office.issuer.issue(tess.user_id, product_id)


async def test_a_certificate_ends_when_its_product_says(office):
    _, _, issued = await a_year(office)
    assert issued.expires_at == office.clock.now() + timedelta(days=365)
    assert office.press.printed[0].expires_on == issued.expires_at.date()


async def test_passing_again_within_the_window_renews_and_keeps_the_old_one(office):
    tess, product_id, first = await a_year(office)
    office.clock.advance(310 * DAY_MS)
    assert await office.issuer.issue(tess.user_id, product_id) == first, "nothing was passed again"
    await pass_everything(office, only_quiz=True)
    assert await office.issuer.issue(tess.user_id, product_id) == first, "the call was not passed again"
    await pass_everything(office)

    facts = await office.rows("select * from callx.facts where kind = 'PassedAgain' order by id")
    assert facts[-1]["payload"] == {"user_id": str(tess.user_id), "product_id": str(product_id)}
    for _ in range(2):
        for row in facts:
            await office.certifying.passed_again(Fact(row["id"], row["kind"], row["payload"], row["emitted_at"]))

    rows = await office.rows("select * from public.certificate_issues order by number")
    assert [row["number"] for row in rows] == [1, 2]
    assert rows[0]["code"] == first.code != rows[1]["code"]
    assert rows[1]["expires_at"] == first.expires_at + timedelta(days=365), "nobody loses days by being early"
    assert [row["object_name"] for row in rows] == [f"{tess.user_id}/{product_id}/1.pdf", first.path]
    [current] = await office.rows("select * from public.certifications")
    assert (current["code"], current["expires_at"], current["certificate_url"], current["id"]) == (
        rows[1]["code"],
        rows[1]["expires_at"],
        first.path,
        first.certification_id,
    )
    for row in rows:
        [stored] = await office.rows("select version from storage.objects where name = $1", row["object_name"])
        assert row["code"][:4].encode() in await office.blobs.get(f"objects/{stored['version']}")
    assert (await office.counts())["facts"] == 2
    assert await office.rows("select 1 from callx.facts where kind = 'BlobAbandoned'") == []


async def test_before_the_window_passing_again_changes_nothing(office):
    tess, product_id, first = await a_year(office)
    office.clock.advance(304 * DAY_MS)
    await pass_everything(office)
    assert await office.issuer.issue(tess.user_id, product_id) == first
    office.clock.advance(2 * DAY_MS)
    assert await office.issuer.issue(tess.user_id, product_id) == first, "what was passed too early does not count"


async def test_what_has_ended_is_renewed_from_today(office):
    tess, product_id, first = await a_year(office)
    office.clock.advance(400 * DAY_MS)
    assert await office.issuer.issue(tess.user_id, product_id) == first, "it is shown, as expired"
    await pass_everything(office)
    renewed = await office.issuer.issue(tess.user_id, product_id)
    assert renewed.expires_at == office.clock.now() + timedelta(days=365)


async def test_a_window_longer_than_the_certificate_renews_nothing_at_once(office):
    await office.rows("update public.products set certificate_renewal_days = 3650")
    tess, product_id, first = await a_year(office)
    office.clock.advance(1)
    assert await office.issuer.issue(tess.user_id, product_id) == first


async def test_where_nothing_is_assessed_the_holder_says_when(office):
    tess = office.world.cast.tess
    async with office.database.acting_as_service() as tx:
        product_id, _, [[lesson_id]] = await build_modules(tx, [(1, False, 1)])
        await tx.execute("update public.products set certificate_valid_days = 365 where id = $1", product_id)
    async with office.database.acting_as(tess) as tx:
        await complete(tx, tess, lesson_id)
    first = await office.issuer.issue(tess.user_id, product_id, renew=True)
    assert await office.issuer.issue(tess.user_id, product_id, renew=True) == first
    office.clock.advance(310 * DAY_MS)
    assert await office.issuer.issue(tess.user_id, product_id) == first
    renewed = await office.issuer.issue(tess.user_id, product_id, renew=True)
    assert renewed.code != first.code
    assert office.press.printed[0].score is None


async def test_an_admin_revokes_with_a_reason_and_takes_it_back(office):
    tess, product_id, first = await a_year(office)
    world, ada = office.world, office.world.cast.ada
    for person in (tess, world.cast.mira, world.cast.theo):
        await world.refuses(person, REVOKE, first.certification_id, "Because.")
        await world.refuses(person, "update public.certificate_issues set revoked_at = null")
    for reason in ("", "  ", None, "x" * 1001):
        with pytest.raises(asyncpg.InvalidParameterValueError):
            await world.as_person(ada, REVOKE, first.certification_id, reason)
    with pytest.raises(asyncpg.NoDataFoundError):
        await world.as_person(ada, REVOKE, product_id, "No certification has this id.")
    for _ in range(2):
        await world.as_person(ada, REVOKE, first.certification_id, " Copied answers. ")

    [issue] = await office.rows("select * from public.certificate_issues")
    assert (issue["revocation_reason"], issue["revoked_by"]) == ("Copied answers.", ada.user_id)
    [event] = await office.rows("select * from public.audit_events where action = 'certificate.revoked'")
    assert (event["actor_id"], event["subject_id"]) == (ada.user_id, first.certification_id)
    assert event["details"]["reason"] == "Copied answers."
    assert len(await office.rows("select 1 from callx.facts where kind = 'CertificateRevoked'")) == 1
    [row] = await world.as_person(tess, "select revoked_at from public.certifications")
    assert row["revoked_at"] == issue["revoked_at"] is not None
    await pass_everything(office)
    office.clock.advance(400 * DAY_MS)
    with pytest.raises(Conflict, match="revoked"):
        await office.issuer.issue(tess.user_id, product_id)

    await world.as_person(ada, REINSTATE, first.certification_id, "They were his own.")
    assert (await office.rows("select revoked_at from public.certifications"))[0]["revoked_at"] is None
    assert len(await office.rows("select 1 from public.audit_events where action = 'certificate.reinstated'")) == 1


async def test_who_is_certified_now_is_said_in_one_place(office):
    _, _, first = await a_year(office)
    owner = "select count(*) as n from public.certifications c where c.revoked_at is null and c.expires_at > now()"
    assert (await office.rows(owner))[0]["n"] == 1
    tess, product_id = office.world.cast.tess.user_id, office.world.course.product_id
    state = "select certified_at from callx.course_states(array[$1::uuid], array[$2::uuid])"
    assert (await office.rows(state, tess, product_id))[0]["certified_at"] is not None
    await office.world.as_person(office.world.cast.ada, REVOKE, first.certification_id, "Because.")
    assert (await office.rows(state, tess, product_id))[0]["certified_at"] is None
    assert await office.counts() == ONCE


async def test_the_holder_and_the_manager_see_the_history_and_nobody_else(office):
    await a_year(office)
    world = office.world
    seen = {
        name: len(await world.as_person(person, "select id from public.certificate_issues"))
        for name, person in world.cast
    }
    assert seen == {"tess": 1, "theo": 0, "mira": 1, "otto": 0, "ada": 1}


async def test_an_admin_chooses_how_long_certificates_hold(office):
    change = "update public.products set certificate_valid_days = 30, certificate_renewal_days = 7 returning 1"
    world = office.world
    assert len(await world.as_person(world.cast.ada, change)) == 1
    await world.refuses(world.cast.mira, change)
    with pytest.raises(asyncpg.CheckViolationError):
        await world.as_person(world.cast.ada, "update public.products set certificate_valid_days = 0")
    await world.refuses(world.cast.ada, "update public.products set certificate_background = 'x'")
