"""Folders as rows without an id, files as far as somebody may see them, page by page."""

import pytest

from tests.app.support.shelf import refused, stored

NAMES = ["b.mp4", "a.mp4", "billing/watch.mp4", "billing/deep/er.mp4", "billing/Zoo.mp4", "billing0.mp4", "Über/x.mp4"]


@pytest.fixture
async def films(ada):
    for number, name in enumerate(NAMES):
        await stored(await ada.put(f"lesson-videos/{name.replace('Ü', '%C3%9C')}", b"x" * number))


async def names(shelf, **body):
    response = await shelf.post("list/lesson-videos", {"limit": 100, "offset": 0, **body})
    assert response.status == 200, await response.text()
    return [entry["name"] for entry in await response.json()]


async def test_a_bucket_shows_its_folders_and_then_its_files(films, ada):
    response = await ada.post(
        "list/lesson-videos", {"prefix": "", "limit": 100, "offset": 0, "sortBy": {"column": "name", "order": "asc"}}
    )
    rows = await response.json()
    assert [row["name"] for row in rows] == ["billing", "Über", "a.mp4", "b.mp4", "billing0.mp4"]
    folder, file = rows[0], rows[2]
    assert folder == {
        "name": "billing",
        "id": None,
        "updated_at": None,
        "created_at": None,
        "last_accessed_at": None,
        "metadata": None,
    }
    assert file["metadata"]["size"] == 1
    assert file["metadata"]["mimetype"] == "video/mp4"
    assert set(file["metadata"]) == {
        "eTag",
        "size",
        "mimetype",
        "cacheControl",
        "lastModified",
        "contentLength",
        "httpStatusCode",
    }
    assert file["updated_at"].endswith("Z")


async def test_a_folder_shows_names_without_it(films, ada):
    for prefix in ("billing", "billing/", "/billing/"):
        assert await names(ada, prefix=prefix) == ["deep", "Zoo.mp4", "watch.mp4"]
    assert await names(ada, prefix="billing/deep") == ["er.mp4"]
    assert await names(ada, prefix="bill") == []
    assert await names(ada, prefix="Über") == ["x.mp4"]
    assert await names(ada) == ["billing", "Über", "a.mp4", "b.mp4", "billing0.mp4"]


async def test_entries_are_looked_for_by_how_they_begin(films, ada):
    assert await names(ada, search="BILL") == ["billing", "billing0.mp4"]
    assert await names(ada, prefix="billing", search="zo") == ["Zoo.mp4"]
    assert await names(ada, search="%") == []


async def test_entries_come_in_the_order_that_is_asked_for(films, ada):
    newest_first = {"column": "created_at", "order": "desc"}
    assert await names(ada, sortBy=newest_first) == ["billing", "Über", "billing0.mp4", "a.mp4", "b.mp4"]
    assert await names(ada, sortBy={"column": "name", "order": "desc"}) == [
        "Über",
        "billing",
        "billing0.mp4",
        "b.mp4",
        "a.mp4",
    ]
    for sort in ({"column": "version"}, {"order": "up; drop"}, ["name"]):
        await refused(await ada.post("list/lesson-videos", {"sortBy": sort}), 400, "InvalidRequest")


async def test_entries_come_in_pages(films, ada):
    everything = await names(ada)
    assert [await names(ada, limit=2, offset=at) for at in (0, 2, 4, 6)] == [
        everything[:2],
        everything[2:4],
        everything[4:],
        [],
    ]
    for limit in (1_001, -1, "1", 1.5, True):
        await refused(await ada.post("list/lesson-videos", {"limit": limit}), 400, "InvalidRequest")


async def test_a_trainee_lists_only_what_their_lessons_name(films, tess, shelf_of):
    for shelf in (tess, await shelf_of("mira")):
        assert await names(shelf) == ["billing"]
        assert await names(shelf, prefix="billing") == ["watch.mp4"]
    response = await tess.post("list/certificates", {"prefix": ""})
    assert await response.json() == []


async def test_odd_folders_are_refused(ada):
    for prefix in ("a/../b", "a//b", "a\nb", "a\\b"):
        await refused(await ada.post("list/lesson-videos", {"prefix": prefix}), 400, "InvalidKey")
    for body in ({"prefix": 3}, {"prefix": "\0"}, {"prefix": "\ud800"}, {"search": "\0"}, {"search": ["x"]}):
        await refused(await ada.post("list/lesson-videos", body), 400, "InvalidRequest")
    await refused(await ada.ask("POST", "/object/list/lesson-videos", data=b"{"), 400, "InvalidRequest")
