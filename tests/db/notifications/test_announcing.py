"""What people are told of when it happens: once, however often its job runs."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from core.facts import emit
from core.identity import Person
from lms.notifications.kinds import Notice
from tests.people import assign, hire
from tests.support.courses import attempt, complete


async def emitted(office, kind, **payload):
    async with office.database.acting_as_service() as tx:
        await emit(tx, kind, payload)


async def attempt_of(office, person, *, passed=True):
    async with office.database.acting_as_service() as tx:
        await attempt(tx, person, office.course, passed=passed)
        await tx.execute("update public.simulation_attempts set mode = 'exam'")
        return await tx.fetchval("select id from public.simulation_attempts order by attempted_at desc limit 1")


async def certified(office, person):
    [row] = await office.run(
        """insert into public.certifications (user_id, product_id, certificate_url, issued_at)
           values ($1, $2, 'x.pdf', $3) returning id""",
        person.user_id,
        office.course.product_id,
        office.clock.now(),
    )
    await emitted(office, "CertificateIssued", certification_id=row["id"], user_id=person.user_id)
    return row["id"]


async def test_each_fact_is_told_once_however_often_its_job_runs(office, cast):
    attempt_id = await attempt_of(office, cast.tess)
    await emitted(office, "CallEvaluated", call_id=uuid4(), attempt_id=attempt_id, passed=True)
    await emitted(office, "ModuleUnlocked", user_id=cast.tess.user_id, module_id=office.course.module_id)
    await certified(office, cast.tess)
    await office.run("update auth.users set last_sign_in_at = now() where id = $1 returning id", cast.tess.user_id)
    await office.run("update auth.users set last_sign_in_at = now() where id = $1 returning id", cast.tess.user_id)
    for _ in range(3):
        await office.follow_facts()
    assert await office.told() == [
        ("tess", "certified", "You are certified: Billing"),
        ("tess", "report_ready", "Your report is ready: Overcharged"),
        ("tess", "unlocked", "Unlocked: First"),
        ("tess", "welcome", "Welcome to CallX"),
    ]
    assert await office.letters() == [
        ("tess", "notice_certified"),
        ("tess", "notice_report_ready"),
        ("tess", "notice_unlocked"),
        ("tess", "notice_welcome"),
    ]


async def test_two_workers_at_once_tell_it_once(office, cast):
    notice = Notice("certified", cast.tess.user_id, await certified(office, cast.tess), "x")
    assert sorted(await asyncio.gather(*(office.tell(notice) for _ in range(4)))) == [False, False, False, True]
    assert await office.letters() == [("tess", "notice_certified")]


async def test_a_worker_that_dies_half_way_has_told_nothing_and_the_next_tells_it(office, cast):
    notice = Notice("certified", cast.tess.user_id, await certified(office, cast.tess))

    class Killed(Exception):
        pass

    try:
        async with office.database.acting_as_service() as tx:
            assert await office.notifier.tell(tx, notice)
            raise Killed
    except Killed:
        pass
    assert (await office.told(), await office.letters()) == ([], [])
    assert await office.tell(notice)


async def test_a_renewed_certificate_is_told_again(office, cast):
    certification_id = await certified(office, cast.tess)
    await office.follow_facts()
    await office.run(
        "update public.certifications set issued_at = issued_at + interval '1 year' where id = $1 returning id",
        certification_id,
    )
    await office.follow_facts()
    assert len(await office.told()) == 2


async def test_an_assignment_is_told_to_the_person_or_to_the_whole_team(office, cast):
    async with office.database.acting_as_service() as tx:
        for number in range(3):
            person = Person("authenticated", user_id=UUID(int=500 + number))
            await hire(tx, f"tom{number}", person)
            await assign(tx, trainee=person, manager=cast.mira)
    await office.assign(team_of=cast.mira, due_in=timedelta(days=9))
    await office.assign(to=cast.theo)
    for _ in range(2):
        await office.follow_facts()
    assert [name for name, _, _ in await office.told()] == ["tess", "theo", "tom0", "tom1", "tom2"]
    assert {kind for _, kind, _ in await office.told()} == {"assigned"}


async def test_whoever_joins_a_team_is_told_what_it_is_assigned(office, cast):
    await office.assign(team_of=cast.mira)
    await office.follow_facts()
    async with office.database.acting_as_service() as tx:
        await assign(tx, trainee=cast.theo, manager=cast.mira)
    await office.follow_facts()
    assert [name for name, _, _ in await office.told()] == ["tess", "theo"]


async def test_a_course_that_is_complete_already_is_not_told_of(office, cast):
    await certified(office, cast.tess)
    await office.assign(to=cast.tess)
    await office.follow_facts()
    assert [kind for _, kind, _ in await office.told()] == ["certified"]


async def test_what_was_revoked_or_removed_meanwhile_is_not_told(office, cast):
    certification_id = await certified(office, cast.tess)
    await office.run("update public.certifications set revoked_at = now() where id = $1 returning id", certification_id)
    await office.assign(to=cast.tess)
    await office.run("delete from public.assignments returning id")
    await emitted(office, "CallEvaluated", call_id=uuid4(), attempt_id=uuid4(), passed=True)
    await emitted(office, "ModuleUnlocked", user_id=uuid4(), module_id=office.course.module_id)
    await office.follow_facts()
    assert await office.told() == []


async def test_nobody_is_told_of_what_is_somebody_elses(office, cast):
    attempt_id = await attempt_of(office, cast.tess)
    assert not await office.tell(Notice("report_ready", cast.theo.user_id, attempt_id))


async def test_people_are_told_by_the_ways_that_they_want(office, cast):
    await office.wish(cast.tess, "all", "email")
    await office.wish(cast.tess, "certified", "email", enabled=True)
    await office.wish(cast.tess, "certified", "in_app")
    await office.wish(cast.theo, "all", "email")
    await office.wish(cast.theo, "all", "in_app")
    for person in (cast.tess, cast.theo):
        await certified(office, person)
    await emitted(office, "ModuleUnlocked", user_id=cast.tess.user_id, module_id=office.course.module_id)
    await office.follow_facts()
    assert await office.letters() == [("tess", "notice_certified")]
    seen = {}
    for name in ("tess", "theo"):
        async with office.database.acting_as(getattr(cast, name)) as tx:
            seen[name] = [row["kind"] for row in await tx.fetch("select kind from public.notifications")]
    assert seen == {"tess": ["unlocked"], "theo": []}
    assert len(await office.told()) == 3, "noted all the same: so it is not told later by another way"


async def test_nobody_is_told_of_a_module_that_has_become_a_draft(office, cast):
    await office.run("update public.modules set status = 'draft' returning 1")
    await emitted(office, "ModuleUnlocked", user_id=cast.tess.user_id, module_id=office.course.module_id)
    await office.follow_facts()
    assert await office.told() == []


async def test_letters_go_to_confirmed_addresses_of_people_who_work_here(office, cast):
    await office.run("update auth.users set email_confirmed_at = null where id = $1 returning id", cast.tess.user_id)
    await office.run("update auth.users set deactivated_at = now() where id = $1 returning id", cast.theo.user_id)
    for person in (cast.tess, cast.theo):
        await certified(office, person)
    await office.follow_facts()
    assert [name for name, _, _ in await office.told()] == ["tess"]
    assert await office.letters() == []


async def test_it_is_told_in_the_persons_language_else_in_that_of_the_site(office, cast):
    await office.run("update public.site_settings set language = 'es' returning id")
    await office.run(
        "insert into public.personal_settings (user_id, language) values ($1, 'de') returning user_id",
        cast.tess.user_id,
    )
    for person in (cast.tess, cast.theo):
        await certified(office, person)
    await office.follow_facts()
    assert [title for _, _, title in await office.told()] == [
        "Sie sind zertifiziert: Billing",
        "Tiene la certificación: Billing",
    ]


async def test_people_mark_what_they_have_read_at_the_servers_time(office, cast):
    await certified(office, cast.tess)
    await office.follow_facts()
    sql = "update public.notifications set read_at = $1 returning read_at"
    long_ago = office.clock.now() - timedelta(days=4_000)
    async with office.database.acting_as(cast.tess) as tx:
        first = await tx.fetchval(sql, long_ago)
        assert first != long_ago
    async with office.database.acting_as(cast.tess) as tx:
        assert await tx.fetchval(sql, office.clock.now()) == first, "the first reading counts"
        assert await tx.fetchval(sql, None) is None, "and may be taken back"
    async with office.database.acting_as(cast.mira) as tx:
        assert await tx.fetch(sql, office.clock.now()) == []


async def test_the_completion_that_opens_a_module_is_one_of_the_facts(office, cast):
    async with office.database.acting_as(cast.tess) as tx:
        assert await complete(tx, cast.tess, office.course.text_lesson_id) == 1
    await office.follow_facts()
    assert await office.told() == []
