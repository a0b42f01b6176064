"""A badge for each certificate: once, in a place of its own, signed anew only for a reason."""

import asyncio
import json
from base64 import urlsafe_b64decode

import pytest

from core.errors import Unavailable
from core.facts import Fact
from core.secrets import Secrets
from lms.certification.badges import making
from lms.certification.badges.making import Badges
from lms.certification.badges.status_list import SIZE
from tests.db.certification.conftest import SECRETS

BADGES = "select * from public.certificate_badges order by status_number"


def said_in(token: str, part: int = 1):
    text = token.split(".")[part]
    return json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def choosing(office, chosen_below) -> Badges:
    """Who chooses places so."""
    return Badges(office.database, SECRETS, office.clock, "https://callx.example", chosen_below=chosen_below)


@pytest.fixture
async def certified(office):
    """Tess's certificate."""
    tess = office.world.cast.tess
    return await office.issuer.issue(tess.user_id, await office.finish(tess))


async def test_a_job_makes_the_badge_of_a_certificate_once(office, certified):
    [row] = await office.rows("select * from callx.facts where kind = 'CertificateIssued'")
    for _ in range(3):
        await office.certifying.printed(Fact(row["id"], row["kind"], row["payload"], row["emitted_at"]))
    [badge] = await office.rows(BADGES)
    said = said_in(badge["credential"])
    assert said["id"].replace("-", "").endswith(certified.code)
    assert said["credentialStatus"]["statusListIndex"] == str(badge["status_number"])


async def test_those_who_make_it_at_the_same_time_make_one(office, certified):
    await asyncio.gather(*[office.badges.make(certified.certification_id) for _ in range(6)])
    assert len(await office.rows(BADGES)) == 1


async def test_certificates_of_before_get_theirs_by_night(office, certified, monkeypatch):
    monkeypatch.setattr(making, "_MOST_AT_ONCE", 1)
    theo = office.world.cast.theo
    await office.issuer.issue(theo.user_id, await office.finish(theo))
    await office.certifying.make_missing_badges()
    assert len(await office.rows(BADGES)) == 2


async def test_no_two_badges_have_the_same_place(office, certified):
    await office.badges.make()
    [first] = await office.rows(BADGES)
    tried = iter([first["status_number"], 7 if first["status_number"] != 7 else 8])
    theo = office.world.cast.theo
    await office.issuer.issue(theo.user_id, await office.finish(theo))
    await choosing(office, lambda _: next(tried)).make()
    assert len({row["status_number"] for row in await office.rows(BADGES)}) == 2


async def test_the_place_of_somebody_who_was_deleted_is_nobody_elses(office, certified):
    await office.badges.make()
    [first] = await office.rows(BADGES)
    await office.rows("delete from auth.users where id = $1", office.world.cast.tess.user_id)
    assert await office.rows(BADGES) == []
    theo = office.world.cast.theo
    await office.issuer.issue(theo.user_id, await office.finish(theo))
    with pytest.raises(Unavailable):
        await choosing(office, lambda _: first["status_number"]).make()
    await office.badges.make()
    [other] = await office.rows(BADGES)
    assert other["status_number"] != first["status_number"]
    revoked = await office.rows("select * from callx.revoked_badges(0, $1)", SIZE)
    assert [row["status_number"] for row in revoked] == [first["status_number"]]


async def test_a_changed_secret_leaves_badges_good_and_their_keys_known(office, certified):
    await office.badges.make()
    [before] = await office.rows(BADGES)
    changed = Badges(
        office.database, Secrets("another secret that is long enough as well"), office.clock, "https://x.y"
    )
    assert await changed.make() == 0
    kid = said_in(before["credential"], 0)["kid"].rpartition("/")[2]
    assert [key["kid"] for key in await changed.keys()] == [changed.key.thumbprint, kid]

    await office.rows("update public.certificate_badges set printed_at = '-infinity'")
    await office.rows("delete from callx.badge_keys")
    assert await changed.make() == 1
    [after] = await office.rows(BADGES)
    assert after["status_number"] == before["status_number"]
    assert [key["kid"] for key in await changed.keys()] == [changed.key.thumbprint]
    assert said_in(after["credential"], 0)["kid"].endswith(changed.key.thumbprint)


async def test_later_changes_of_people_and_products_do_not_reach_a_badge(office, certified):
    await office.badges.make()
    [before] = await office.rows(BADGES)
    await office.rows("update public.products set title = 'Another', description = 'Another'")
    await office.rows("update public.profiles set full_name = 'Another'")
    assert await office.badges.make() == 0
    assert await office.rows(BADGES) == [before]


async def test_who_sees_the_certificate_sees_the_badge(office, certified):
    await office.badges.make()
    world = office.world
    seen = {name: len(await world.as_person(person, BADGES)) for name, person in world.cast}
    assert seen == {"tess": 1, "theo": 0, "mira": 1, "otto": 0, "ada": 1}
