"""The links at the end of letters."""

import re

import pytest

from tests.app.notifications.test_sending import sender
from tests.app.support.wires import bearer, sign_in

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
async def link(place, cast):
    """The path and query of the link in a letter to tess about her certification."""
    await place.certify(cast.tess)
    await place.ask("tess", "tess@callx.example")
    return link_in(place.resend.mails[-1])


def link_in(mail):
    found = re.search(r"^https://callx\.example(/letters/unsubscribe\?token=\S+)$", mail["text"], re.MULTILINE)
    assert found
    return found[1]


async def wishes(place, cast):
    rows = await place.run(
        "select kind, channel, enabled from public.notification_preferences where user_id = $1 order by kind",
        cast.tess.user_id,
    )
    return [tuple(row) for row in rows]


async def test_looking_at_the_page_changes_nothing(place, cast, link):
    async with place.client.get(link) as response:
        page = await response.text()
        assert (response.status, response.content_type) == (200, "text/html")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "form-action 'self'" in response.headers["Content-Security-Policy"]
    assert page.count("<button") == 2
    assert "Certificates" in page
    assert await wishes(place, cast) == []


async def test_one_click_of_a_mail_program_ends_letters_of_the_kind(place, cast, link):
    for _ in range(2):
        async with place.client.post(link, data=ONE_CLICK, allow_redirects=False) as response:
            assert response.status == 200
            assert "Set-Cookie" not in response.headers
    assert await wishes(place, cast) == [("certified", "email", False)]
    status, answer = await place.ask("tess", "tess@callx.example")
    assert (status, answer["code"]) == (409, "recipient_opted_out")
    assert (await place.ask("tess", "tess@callx.example", "welcome"))[0] == 200


async def test_the_second_button_ends_all_letters_whatever_was_wanted_before(place, cast, link):
    await place.run(
        """insert into public.notification_preferences (user_id, kind, channel, enabled)
           values ($1, 'welcome', 'email', true), ($1, 'welcome', 'in_app', true) returning kind""",
        cast.tess.user_id,
    )
    async with place.client.post(link, data={"scope": "all"}) as response:
        assert "no more e-mails but those about your account" in await response.text()
    assert await wishes(place, cast) == [("all", "email", False), ("welcome", "in_app", True)]
    assert (await place.ask("tess", "tess@callx.example", "welcome"))[0] == 409


async def test_the_link_signs_nobody_in_and_is_no_key(place, link):
    token = link.partition("token=")[2]
    for headers in ({"Authorization": f"Bearer {token}"}, {"Authorization": f"Bearer {token}", "apikey": token}):
        async with place.client.get("/rest/v1/profiles", headers=headers) as response:
            assert response.status == 401
    async with place.client.post("/auth/v1/verify", json={"type": "recovery", "token_hash": token}) as response:
        assert response.status == 403


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("change", ["certified:overdue", ".:.9", "token=:token=x", "token=:tokens="])
async def test_a_link_that_was_changed_does_nothing(place, cast, link, method, change):
    old, new = change.split(":")
    async with place.client.request(method, link.replace(old, new)) as response:
        assert (response.status, response.content_type) == (400, "text/html")
        assert "no good" in await response.text()
    assert await wishes(place, cast) == []


async def test_an_access_token_is_no_such_link(place, cast):
    session = await sign_in(place.client, "tess")
    async with place.client.post(f"/letters/unsubscribe?token={session['access_token']}") as response:
        assert response.status == 400


async def test_links_of_last_year_and_of_people_who_are_gone_are_no_good(place, cast, link):
    place.clock.advance(365 * 86_400_000)
    async with place.client.post(link) as response:
        assert response.status == 400
    place.clock.advance(-86_400_000)
    await place.run("update auth.users set deactivated_at = now() where id = $1 returning id", cast.tess.user_id)
    async with place.client.post(link) as response:
        assert response.status == 400


async def test_the_page_is_in_the_language_of_the_letter(place, cast, link):
    await place.run(
        "insert into public.personal_settings (user_id, language) values ($1, 'ar') returning user_id",
        cast.tess.user_id,
    )
    async with place.client.get(link) as response:
        assert '<html lang="ar" dir="rtl">' in await response.text()


async def test_a_letter_that_waits_is_not_sent_to_somebody_who_has_had_enough(place, cast, link):
    place.clock.advance(2 * 86_400_000)
    place.resend.answers = [(503, "service_unavailable")]
    await place.ask("tess", "tess@callx.example")
    await place.client.post(link, data=ONE_CLICK)
    place.clock.advance(3_600_000)
    assert await sender(place).send_waiting() == 0
    assert [letter["state"] for letter in await place.letters()] == ["sent", "not_needed"]


async def test_people_choose_over_rest_what_they_are_told(place, cast, link):
    headers = bearer(await sign_in(place.client, "tess")) | {"Prefer": "resolution=merge-duplicates"}
    table = "/rest/v1/notification_preferences"
    for enabled in (False, True):
        certificates = {"kind": "certified", "channel": "email", "enabled": enabled}
        async with place.client.post(table, json=certificates, headers=headers) as response:
            assert response.status in (200, 201), await response.text()
    assert await wishes(place, cast) == [("certified", "email", True)]
    for wrong in ({"kind": "nonsense"}, {"channel": "fax"}, {"user_id": str(cast.theo.user_id)}):
        wish: dict[str, object] = {"kind": "expiring", "channel": "email", "enabled": False, **wrong}
        async with place.client.post(table, json=wish, headers=headers) as response:
            assert response.status in (400, 403), await response.text()
    settings = {"language": "fr", "time_zone": "Europe/Paris"}
    async with place.client.post("/rest/v1/personal_settings", json=settings, headers=headers) as response:
        assert response.status == 201, await response.text()
    for wrong in ({"language": "tlh"}, {"time_zone": "Nowhere/Atall"}, {"time_zone": "x; drop table"}):
        async with place.client.post("/rest/v1/personal_settings", json=wrong, headers=headers) as response:
            assert response.status == 400
