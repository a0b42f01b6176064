"""Signed links: bound to one object, one purpose and a time, and no stronger than who made them."""

from datetime import timedelta

import pytest

from core.tokens import TokenIssuer
from tests.app.support import course
from tests.app.support.shelf import Shelf, content, refused, stored
from tests.app.support.wires import SECRET

WATCH = "lesson-videos/billing/watch.mp4"


@pytest.fixture
async def film(ada):
    await stored(await ada.put(WATCH, b"moving pictures"))


@pytest.fixture
def bare(client):
    """Somebody with nothing but a link."""
    return Shelf(client, {})


async def link_to_film(shelf, seconds=60):
    body = await stored(await shelf.post(f"sign/{WATCH}", {"expiresIn": seconds}))
    url = body["signedURL"]
    assert url.startswith(f"/object/sign/{WATCH}?token=")
    return url


async def test_a_link_opens_the_object_until_it_expires(film, tess, bare, clock):
    url = await link_to_film(tess)
    assert await content(await bare.ask("GET", url)) == b"moving pictures"
    part = await bare.ask("GET", url, headers={"Range": "bytes=0-5"})
    assert (part.status, await part.read()) == (206, b"moving")
    download = await bare.ask("GET", f"{url}&download=Film.mp4")
    assert download.headers["Content-Disposition"] == 'attachment; filename="Film.mp4"'
    clock.advance(59_000)
    assert (await bare.ask("HEAD", url)).status == 200
    clock.advance(1_000)
    assert (await refused(await bare.ask("GET", url), 400, "InvalidJWT"))["message"] == "jwt expired"


async def test_a_link_opens_nothing_else(film, ada, tess, bare):
    await stored(await ada.put("lesson-videos/other.mp4"))
    of_ada = (await link_to_film(ada)).partition("token=")[2]
    for path in ("lesson-videos/other.mp4", "lesson-attachments/billing/watch.mp4", "lesson-videos/billing"):
        await refused(await bare.get(f"sign/{path}?token={of_ada}"), 400, "InvalidJWT")
    await refused(await bare.get(f"sign/lesson-videos/billing%2Fwatch.mp4?token={of_ada}"), 400, "InvalidKey")
    token = (await link_to_film(tess)).partition("token=")[2]
    for broken in (token[:-2], token + "x", "", "a.b.c", token.replace(".", "", 1)):
        await refused(await bare.get(f"sign/{WATCH}?token={broken}"), 400, "InvalidJWT")
    await refused(await bare.get(f"sign/{WATCH}"), 400, "InvalidJWT")


async def test_hole_27_a_link_is_no_sign_in_and_a_sign_in_no_link(film, ada, tess, bare, client, clock):
    download = (await link_to_film(ada)).partition("token=")[2]
    upload = (await stored(await ada.post("upload/sign/lesson-videos/new.mp4", {})))["token"]
    for token in (download, upload):
        headers = {"Authorization": f"Bearer {token}"}
        await refused(await bare.get(WATCH, **headers), 403, "InvalidJWT")
        assert (await client.get("/rest/v1/products", headers=headers)).status == 401
        assert (await client.get("/auth/v1/user", headers=headers)).status in (401, 403)
    access = tess.headers["Authorization"].removeprefix("Bearer ")
    service = TokenIssuer(SECRET, clock).sign({"role": "service_role", "url": WATCH}, lifetime=timedelta(hours=1))
    for token in (access, service, upload):
        await refused(await bare.get(f"sign/{WATCH}?token={token}"), 400, "InvalidJWT")
    for token in (access, download):
        put = await bare.ask("PUT", f"/object/upload/sign/{WATCH}?token={token}", data=b"x")
        await refused(put, 400, "InvalidJWT")


async def test_a_link_is_no_stronger_than_who_made_it(film, ada, tess, bare, database, cast):
    url, of_ada = await link_to_film(tess), await link_to_film(ada)
    async with database.acting_as_service() as tx:
        await tx.execute("update public.products set is_active = false where id = $1", course.PRODUCT)
    await refused(await bare.ask("GET", url), 404, "NoSuchKey")
    assert await content(await bare.ask("GET", of_ada)) == b"moving pictures"
    async with database.acting_as_service() as tx:
        await tx.execute("update public.products set is_active = true where id = $1", course.PRODUCT)
        assert await tx.fetchval("select count(*) from auth.logins where revoked_at is null")
        await tx.execute("update auth.logins set revoked_at = now()")
    assert await content(await bare.ask("GET", url)) == b"moving pictures"
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.users set deactivated_at = now() where id = $1", cast.tess.user_id)
    await refused(await bare.ask("GET", url), 403, "InvalidJWT")


async def test_a_link_shows_what_has_the_name_now(film, ada, tess, bare):
    url = await link_to_film(tess)
    await stored(await ada.put(WATCH, b"second take", method="PUT"))
    assert await content(await bare.ask("GET", url)) == b"second take"
    await ada.ask("DELETE", f"/object/{WATCH}")
    await refused(await bare.ask("GET", url), 404, "NoSuchKey")


async def test_many_links_at_once_name_what_is_not_there(film, tess, ada, bare):
    await stored(await ada.put("lesson-videos/draft.mp4"))
    body = {"expiresIn": 60, "paths": ["billing/watch.mp4", "draft.mp4", "none.mp4"]}
    answers = await (await tess.post("sign/lesson-videos", body)).json()
    assert [answer["path"] for answer in answers] == body["paths"]
    assert await content(await bare.ask("GET", answers[0]["signedURL"])) == b"moving pictures"
    for answer in answers[1:]:
        assert answer["signedURL"] is None
        assert answer["error"] == "Either the object does not exist or you do not have access to it"


async def test_the_python_client_sends_a_lifetime_as_text(film, tess, bare):
    body = await stored(await tess.post(f"sign/{WATCH}", {"expiresIn": "60"}))
    assert await content(await bare.ask("GET", body["signedURL"])) == b"moving pictures"


@pytest.mark.parametrize("lifetime", [0, -1, "", "-1", "0", "6.5", "٦", "9" * 5000, None, True, 1.5, 10**12])
async def test_a_lifetime_must_be_one(film, tess, lifetime):
    await refused(await tess.post(f"sign/{WATCH}", {"expiresIn": lifetime}), 400, "InvalidRequest")


async def test_an_upload_link_stores_one_object_once(ada, bare, clock):
    body = await stored(await ada.post(f"upload/sign/{WATCH}", {}))
    assert body["url"] == f"/object/upload/sign/{WATCH}?token={body['token']}"
    put = {"data": b"film", "headers": {"Content-Type": "video/mp4"}}
    await refused(await bare.ask("PUT", body["url"].replace("watch", "other"), **put), 400, "InvalidJWT")
    assert (await stored(await bare.ask("PUT", body["url"], **put)))["Key"] == WATCH
    await refused(await bare.ask("PUT", body["url"], **put), 409, "ResourceAlreadyExists")
    assert await content(await ada.get(WATCH)) == b"film"
    await refused(await ada.post(f"upload/sign/{WATCH}", {}), 409, "ResourceAlreadyExists")
    again = await stored(await ada.post(f"upload/sign/{WATCH}", {}, **{"x-upsert": "true"}))
    put["data"] = b"film 2"
    for _ in range(2):
        await stored(await bare.ask("PUT", again["url"], **put))
    clock.advance(2 * 3_600_000)
    await refused(await bare.ask("PUT", again["url"], **put), 400, "InvalidJWT")


async def test_an_upload_link_keeps_the_rules_and_rights(ada, tess, bare, database, cast):
    await refused(await tess.post(f"upload/sign/{WATCH}", {}), 403, "AccessDenied")
    url = (await stored(await ada.post(f"upload/sign/{WATCH}", {})))["url"]
    html = await bare.ask("PUT", url, data=b"<p>", headers={"Content-Type": "text/html"})
    await refused(html, 415, "InvalidMimeType")
    async with database.acting_as_service() as tx:
        await tx.execute("insert into public.user_roles (user_id, role) values ($1, 'admin')", cast.mira.user_id)
        await tx.execute("delete from public.user_roles where user_id = $1", cast.ada.user_id)
    film = await bare.ask("PUT", url, data=b"film", headers={"Content-Type": "video/mp4"})
    await refused(film, 403, "AccessDenied")
