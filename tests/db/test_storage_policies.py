"""Who has which file: storage.objects by row security, for every kind of file and everybody."""

from uuid import UUID

import asyncpg
import pytest

from core.db import Database
from core.identity import ANONYMOUS, Person
from tests.people import Cast, hire_ex_manager
from tests.support.courses import build_course
from tests.support.world import World

FILES = """
file                                     nobody  tess    theo    mira    otto    edna    ada
lesson-videos/open.mp4                   -       x       x       x       x       x       x
lesson-videos/named/with/bucket.mp4      -       x       x       x       x       x       x
lesson-videos/locked.mp4                 -       x       -       x       x       -       x
lesson-videos/inactive.mp4               -       -       -       -       -       -       x
lesson-videos/archived.mp4               -       -       -       -       -       -       x
lesson-videos/draft.mp4                  -       -       -       -       -       -       x
lesson-videos/sheet.pdf                  -       -       -       -       -       -       x
lesson-attachments/sheet.pdf             -       x       x       x       x       x       x
lesson-attachments/named/sheet.pdf       -       x       x       x       x       x       x
lesson-attachments/locked.pdf            -       x       -       x       x       -       x
lesson-attachments/open.mp4              -       -       -       -       -       -       x
certificates/{tess}/billing.pdf          -       x       -       x       -       -       x
certificates/{theo}/billing.pdf          -       -       x       -       x       -       x
certificates/old-style.pdf               -       x       -       x       -       -       x
certificates/lesson/{tess}/x.pdf         -       -       -       -       -       -       x
certificates/open.mp4                    -       -       -       -       -       -       x
extras/{tess}/x.txt                      -       -       -       -       -       -       x
"""
"""Who: as in the access matrix. What each file is called says which lesson names it, if any; old-style.pdf is named by
tess's certification alone, as in a database that comes from elsewhere; who is certified is locked out of nothing."""


@pytest.fixture
async def shelves(database: Database, cast: Cast) -> dict[str, Person]:
    """All files of the table, with what names them; the columns of the table."""
    async with database.acting_as_service() as tx:
        edna = await hire_ex_manager(tx)
        everybody = {"nobody": ANONYMOUS, **dict(cast), "edna": edna}
        course, inactive = await build_course(tx), await build_course(tx, title="Inactive", is_active=False)
        locked = await tx.fetchval(
            """insert into public.modules (product_id, title, order_index, is_prerequisite)
               values ($1, 'Locked', 2, true) returning id""",
            course.product_id,
        )
        rows = (
            (course.module_id, "lesson-videos/named/with/bucket.mp4", False),
            (locked, "locked.mp4", False),
            (inactive.module_id, "inactive.mp4", False),
            (course.module_id, "archived.mp4", True),
        )
        for number, (module_id, path, archived) in enumerate(rows, 10):
            await tx.execute(
                """insert into public.lessons (module_id, title, lesson_type, order_index, video_url, archived_at)
                   values ($1, 'V', 'video', $2, $3, case when $4 then now() end)""",
                module_id,
                number,
                path,
                archived,
            )
        await tx.execute("update public.lessons set video_url = 'open.mp4' where id = $1", course.video_lesson_id)
        locked_lesson = await tx.fetchval("select id from public.lessons where module_id = $1", locked)
        for lesson_id, path in (
            (course.text_lesson_id, "sheet.pdf"),
            (course.text_lesson_id, "lesson-attachments/named/sheet.pdf"),
            (locked_lesson, "locked.pdf"),
            (course.text_lesson_id, "certificates/open.mp4"),
        ):
            await tx.execute(
                "insert into public.lesson_attachments (lesson_id, file_name, file_path) values ($1, 'A', $2)",
                lesson_id,
                path,
            )
        await tx.execute(
            """insert into public.certifications (user_id, product_id, certificate_url)
               values ($1, $2, 'old-style.pdf')""",
            cast.tess.user_id,
            course.product_id,
        )
        await tx.execute("insert into storage.buckets (id, name) values ('extras', 'extras')")
        for line in FILES.strip().splitlines()[1:]:
            bucket, _, name = line.split()[0].format(tess=cast.tess.user_id, theo=cast.theo.user_id).partition("/")
            await tx.execute("insert into storage.objects (bucket_id, name) values ($1, $2)", bucket, name)
    return {name: everybody[name] for name in FILES.split("\n")[1].split()[1:]}


async def test_every_file_by_everybody(database: Database, cast: Cast, shelves: dict[str, Person]):
    _, *expected = FILES.strip().splitlines()
    seen = {}
    for name, person in shelves.items():
        try:
            async with database.acting_as(person) as tx:
                rows = await tx.fetch("select bucket_id || '/' || name as path from storage.objects")
        except asyncpg.InsufficientPrivilegeError:
            assert person is ANONYMOUS
            rows = []
        seen[name] = {row["path"] for row in rows}
    actual = []
    for line in expected:
        path = line.split()[0].format(tess=cast.tess.user_id, theo=cast.theo.user_id)
        cells = ["x" if path in seen[name] else "-" for name in shelves]
        actual.append(f"{line.split()[0]:<41}" + "       ".join(cells))
    assert actual == expected


@pytest.mark.parametrize("bucket", ["lesson-videos", "lesson-attachments", "certificates", "extras"])
async def test_only_admins_write_and_certificates_only_the_service(world: World, bucket: str):
    await world.as_service("insert into storage.buckets (id, name) values ('extras', 'extras')")
    path = f"{world.cast.tess.user_id}/x"
    insert = "insert into storage.objects (bucket_id, name) values ($1, $2)"
    for person in (world.cast.tess, world.cast.mira, ANONYMOUS):
        await world.refuses(person, insert, bucket, path)
        await world.refuses(person, "update storage.objects set name = 'y'")
        await world.refuses(person, "delete from storage.objects")
    if bucket == "certificates":
        await world.refuses(world.cast.ada, insert, bucket, path)
        await world.as_service(insert, bucket, path)
    else:
        await world.as_person(world.cast.ada, insert, bucket, path)
    for sql in (
        "update storage.objects set name = 'y' where bucket_id = $1 returning 1",
        "delete from storage.objects where bucket_id = $1 returning 1",
    ):
        assert len(await world.as_person(world.cast.ada, sql, bucket)) == (bucket != "certificates")


async def test_nothing_is_smuggled_into_or_out_of_the_certificates(world: World):
    await world.as_service("insert into storage.objects (bucket_id, name) values ('certificates', 'x/y.pdf')")
    await world.as_person(
        world.cast.ada, "insert into storage.objects (bucket_id, name) values ('lesson-videos', 'v.mp4')"
    )
    await world.refuses(world.cast.ada, "update storage.objects set bucket_id = 'certificates'")
    [row] = await world.as_service("select count(*) from storage.objects where bucket_id = 'certificates'")
    assert row[0] == 1


async def test_an_object_is_owned_by_who_wrote_its_bytes(world: World):
    owner = "select owner_id from storage.objects"
    ada, mira = world.cast.ada, world.cast.mira
    await world.as_person(ada, "insert into storage.objects (bucket_id, name) values ('lesson-videos', 'v.mp4')")
    await world.as_service("insert into public.user_roles (user_id, role) values ($1, 'admin')", mira.user_id)
    await world.as_person(mira, "update storage.objects set name = 'w.mp4'")
    assert [row["owner_id"] for row in await world.as_service(owner)] == [ada.user_id]
    await world.as_person(mira, "update storage.objects set version = gen_random_uuid()")
    assert [row["owner_id"] for row in await world.as_service(owner)] == [mira.user_id]


async def test_two_objects_never_share_their_bytes(world: World):
    [row] = await world.as_service(
        "insert into storage.objects (bucket_id, name) values ('certificates', 'a.pdf') returning version"
    )
    with pytest.raises(asyncpg.UniqueViolationError):
        await world.as_person(
            world.cast.ada,
            "insert into storage.objects (bucket_id, name, version) values ('lesson-videos', 'mine.mp4', $1)",
            row["version"],
        )


async def abandoned(world: World) -> list[str]:
    rows = await world.as_service("select payload from callx.facts where kind = 'BlobAbandoned' order by id")
    return [row["payload"]["key"] for row in rows]


async def test_bytes_that_lose_their_row_are_abandoned(world: World):
    first, second = UUID(int=1), UUID(int=2)
    await world.as_person(
        world.cast.ada,
        "insert into storage.objects (bucket_id, name, version) values ('lesson-videos', 'v.mp4', $1)",
        first,
    )
    await world.as_person(world.cast.ada, "update storage.objects set name = 'w.mp4', metadata = '{}'")
    assert await abandoned(world) == []
    await world.as_person(world.cast.ada, "update storage.objects set version = $1", second)
    assert await abandoned(world) == [f"objects/{first}"]
    await world.as_person(world.cast.ada, "delete from storage.objects")
    assert await abandoned(world) == [f"objects/{first}", f"objects/{second}"]


async def test_whoever_is_deleted_leaves_no_recording_and_no_certificate(world: World):
    tess, theo = world.cast.tess, world.cast.theo
    for person, name in ((tess, "ready"), (theo, "other")):
        [call] = await world.as_service(
            """insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed)
               values ($1, $2, 'practice', 'ended', '\\x00', 1) returning id""",
            person.user_id,
            world.course.simulation_id,
        )
        await world.as_service(
            "insert into public.recordings (call_id, state, object_key, journal) values ($1, 'ready', $2, 'j')",
            call["id"],
            f"recordings/{name}.ogg",
        )
        await world.as_service(
            "insert into storage.objects (bucket_id, name) values ('certificates', $1), ('lesson-videos', $1)",
            f"{person.user_id}/billing.pdf",
        )
    await world.as_service("delete from auth.users where id = $1", tess.user_id)
    keys = await abandoned(world)
    assert [key for key in keys if key.startswith("recordings/")] == ["recordings/ready.ogg"]
    assert len([key for key in keys if key.startswith("objects/")]) == 1
    left = await world.as_service("select bucket_id, name from storage.objects order by bucket_id, name")
    assert [(row["bucket_id"], row["name"]) for row in left] == [
        ("certificates", f"{theo.user_id}/billing.pdf"),
        ("lesson-videos", f"{theo.user_id}/billing.pdf"),
        ("lesson-videos", f"{tess.user_id}/billing.pdf"),
    ]
    [fact] = await world.as_service("select payload from callx.facts where kind = 'RecordingAbandoned'")
    assert set(fact["payload"]) == {"call_id"}


async def test_changes_of_files_are_in_the_audit_log(world: World):
    ada = world.cast.ada
    await world.as_person(ada, "insert into storage.objects (bucket_id, name) values ('lesson-videos', 'v.mp4')")
    await world.as_person(ada, "delete from storage.objects")
    await world.as_person(ada, "insert into storage.buckets (id, name) values ('b', 'b')")
    events = await world.as_service("select action, actor_id from public.audit_events order by id")
    found = [
        (row["action"], row["actor_id"])
        for row in events
        if row["action"].partition(".")[0] in ("object", "bucket")
        and row["actor_id"]  # nobody: the migration's buckets
    ]
    assert found == [(action, ada.user_id) for action in ("object.created", "object.deleted", "bucket.created")]


@pytest.mark.parametrize(
    ("name", "folder", "file", "extension"),
    [
        ("a/b/c.tar.gz", ["a", "b"], "c.tar.gz", "gz"),
        ("c.mp4", [], "c.mp4", "mp4"),
        ("a/noext", ["a"], "noext", None),
    ],
)
async def test_names_are_taken_apart_as_supabase_does(
    world: World, name: str, folder: list[str], file: str, extension: str | None
):
    [row] = await world.as_person(
        world.cast.tess,
        "select storage.foldername($1) as folder, storage.filename($1) as file, storage.extension($1) as extension",
        name,
    )
    assert (row["folder"], row["file"], row["extension"]) == (folder, file, extension)
