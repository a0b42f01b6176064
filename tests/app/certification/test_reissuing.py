"""`reissue-certificates`, and how far it is, over the wire."""

import pytest

from core.facts import Fact
from lms.certification.keys import REISSUER
from lms.certification.reissuing import REISSUE_GOES_ON

ADDRESS = "/functions/v1/reissue-certificates"


async def ask(school, name, **wanted):
    body = {"product_id": str(school.course.product_id), "how": "reissue", "reason": "A new name.", **wanted}
    async with school.client.post(ADDRESS, json=body, headers=school.headers.get(name, {})) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("tess", 403, "not_admin"), ("mira", 403, "not_admin"), ("otto", 403, "not_admin"), ("nobody", 401, None)],
)
async def test_nobody_but_an_admin_asks(school, certified, name, status, code):
    answered, body = await ask(school, name)
    assert answered == status
    assert code is None or body["code"] == code


@pytest.mark.parametrize("verb", ["get", "put", "patch", "delete"])
async def test_other_verbs_do_nothing(school, verb):
    async with school.client.request(verb, ADDRESS, headers=school.headers["ada"]) as answer:
        assert answer.status == 405


@pytest.mark.parametrize(
    "wrong",
    [
        {"how": "again"},
        {"which": "mine"},
        {"reason": ""},
        {"reason": "x" * 1001},
        {"product_id": "x"},
        {"reason": None},
    ],
)
async def test_a_wrong_wish_is_refused(school, wrong):
    status, body = await ask(school, "ada", **wrong)
    assert status in (400, 422), body


async def test_a_product_that_is_not_there_is_said(school):
    status, body = await ask(school, "ada", product_id="00000000-0000-0000-0000-000000000009")
    assert (status, body["code"]) == (404, "product_not_found")


async def test_an_admin_asks_and_sees_how_far_it_is(school, certified):
    status, asked = await ask(school, "ada")
    assert status == 200
    assert {name: asked[name] for name in ("total", "done", "skipped", "failed", "finished_at")} == {
        "total": 1,
        "done": 0,
        "skipped": 0,
        "failed": 0,
        "finished_at": None,
    }
    assert (await ask(school, "ada"))[1] == asked, "the same is answered with the same"
    status, body = await ask(school, "ada", how="reprint")
    assert (status, body["code"]) == (409, "reissue_running")

    await school.client.app[REISSUER].go_on((await told(school)).payload["reissue_id"])
    rows = "/rest/v1/certificate_reissues?select=*,certificate_reissue_items(outcome)"
    for name, expected in (("ada", 1), ("mira", None), ("tess", None)):
        async with school.client.get(rows, headers=school.headers[name]) as answer:
            if expected is None:
                assert answer.status in (401, 403), name
            else:
                [row] = await answer.json()
    assert (row["id"], row["done"], row["certificate_reissue_items"]) == (asked["reissue_id"], 1, [{"outcome": "done"}])
    assert row["finished_at"] is not None


async def told(school) -> Fact:
    async with school.database.acting_as_service() as tx:
        row = await tx.fetchrow("select * from callx.facts where kind = $1", REISSUE_GOES_ON)
    return Fact(row["id"], row["kind"], row["payload"], row["emitted_at"])


async def test_the_old_code_stays_good_and_says_that_there_is_a_newer_one(school, certified):
    await ask(school, "ada")
    await school.client.app[REISSUER].go_on((await told(school)).payload["reissue_id"])
    old = await (await school.open(certified["verify_url"], Accept="application/json")).json()
    assert (old["state"], old["is_renewed"]) == ("valid", True)
    _, given = await school.ask("tess")
    assert given["code"] != certified["code"]
    new = await (await school.open(given["verify_url"], Accept="application/json")).json()
    assert (new["state"], new["is_renewed"], new["badge"]) == ("valid", False, f"/badges/{given['code']}.svg")
