"""Hole 26: names with dots, slashes and odd marks, in addresses and in bodies, over the real parser."""

import pytest

from tests.app.support.shelf import content, refused, stored

ODD_ADDRESSES = [
    "lesson-videos/..%2F..%2Fetc%2Fpasswd",
    "lesson-videos/a%2F..%2F..%2Fetc",
    "lesson-videos/%2e%2e/secret",
    "lesson-videos/a/%2E%2E/%2e%2e/b",
    "lesson-videos/./a",
    "lesson-videos/a//b",
    "lesson-videos/a/",
    "lesson-videos//a",
    "lesson-videos/a%00b",
    "lesson-videos/a%0d%0ab",
    "lesson-videos/..%5c..%5cwindows",
    "lesson-videos/a%5cb",
    "lesson-videos/%ff%fe",
    "lesson-videos/%c0%ae%c0%ae/x",
    "lesson-videos/%ed%a0%80",
    "lesson-videos/" + "a" * 1_025,
    "lesson-videos/" + "%C3%BC" * 513,
]


@pytest.mark.parametrize("address", ODD_ADDRESSES)
async def test_hole_26_odd_names_are_refused_everywhere(ada, tmp_path, address):
    for method, kind in (("GET", ""), ("PUT", ""), ("POST", ""), ("DELETE", ""), ("GET", "info/"), ("GET", "public/")):
        response = await ada.ask(method, f"/object/{kind}{address}", headers={"Content-Type": "video/mp4"})
        assert response.status == 400, (method, kind)
        assert (await response.json())["code"] == "InvalidKey", (method, kind, await response.text())
    for kind in ("sign/", "upload/sign/"):
        await refused(await ada.post(kind + address, {"expiresIn": 60}), 400, "InvalidKey")
    assert not [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "/a", "a/", "a//b", ".", "..", "", "a\0b", "a\\b", "\ud800", "a\nb"]
)
async def test_odd_names_in_bodies_are_refused(ada, path):
    await stored(await ada.put("lesson-videos/a.mp4"))
    names = {"bucketId": "lesson-videos", "sourceKey": "a.mp4", "destinationKey": path}
    for verb in ("move", "copy"):
        await refused(await ada.post(verb, names), 400, "InvalidKey")
        await refused(await ada.post(verb, {**names, "sourceKey": path, "destinationKey": "b"}), 400, "InvalidKey")
    paths = {"prefixes": [path], "paths": [path], "expiresIn": 60}
    await refused(await ada.ask("DELETE", "/object/lesson-videos", json=paths), 400, "InvalidKey")
    await refused(await ada.post("sign/lesson-videos", paths), 400, "InvalidKey")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("a%20b.mp4", "a b.mp4"),
        ("Gr%C3%BC%C3%9Fe/%F0%9F%91%8B.mp4", "Grüße/👋.mp4"),
        ("a%252e%252e/b", "a%2e%2e/b"),
        ("50%25.mp4", "50%.mp4"),
        ("a+b&c=d;e.mp4", "a+b&c=d;e.mp4"),
        ("...", "..."),
        (".hidden", ".hidden"),
        ("a%3Fb%23c", "a?b#c"),
        ("'; drop table storage.objects; --", "'; drop table storage.objects; --"),
        ("a" * 1_024, "a" * 1_024),
    ],
)
async def test_any_other_name_is_kept_as_it_is(ada, client, address, name):
    address = address.replace(" ", "%20")
    answer = await stored(await ada.put(f"lesson-videos/{address}", b"film"))
    assert answer["Key"] == f"lesson-videos/{name}"
    assert await content(await ada.get(f"lesson-videos/{address}")) == b"film"
    assert (await stored(await ada.get(f"info/lesson-videos/{address}")))["name"] == name
    [row] = await (await ada.ask("DELETE", "/object/lesson-videos", json={"prefixes": [name]})).json()
    assert row["name"] == name


async def test_names_never_reach_the_file_system(ada, tmp_path):
    await stored(await ada.put("lesson-videos/con.aux/a:b?*.mp4".replace("?", "%3F"), b"film"))
    [file] = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    info = await stored(await ada.get("info/lesson-videos/con.aux/a:b%3F*.mp4"))
    assert file.relative_to(tmp_path / "objects").as_posix() == f"objects/{info['version']}"


async def test_letters_of_an_address_may_be_encoded(ada):
    await stored(await ada.put("lesson-videos/a.mp4", b"film"))
    assert await content(await ada.ask("GET", "/%6Fbject/%61uthenticated/lesson%2Dvideos/a.mp4")) == b"film"


@pytest.mark.parametrize("bucket", ["a%2Fb", "..", "x" * 101, "%00", "a%5Cb"])
async def test_a_bucket_cannot_be_called_like_that(ada, bucket):
    await refused(await ada.get(f"{bucket}/a.mp4"), 404, "NoSuchBucket")
    assert (await ada.ask("GET", f"/bucket/{bucket}")).status in (400, 404)
