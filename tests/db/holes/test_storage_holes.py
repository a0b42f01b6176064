"""Holes 12 and 24 of the specification: who writes certificates, and who reads videos and attachments."""

from tests.support.courses import build_course
from tests.support.world import World

PUT = "insert into storage.objects (bucket_id, name) values ($1, $2)"
SEEN = "select name from storage.objects where bucket_id = $1 order by name"


async def test_hole_12_certificates_are_written_by_those_who_they_are_about(world: World):
    own = f"{world.cast.tess.user_id}/billing.pdf"
    for person in (world.cast.tess, world.cast.mira, world.cast.ada):
        await world.refuses(person, PUT, "certificates", own)
    await world.as_service(PUT, "certificates", own)
    for person in (world.cast.tess, world.cast.mira):
        await world.refuses(person, "update storage.objects set version = gen_random_uuid()")
        await world.refuses(person, "delete from storage.objects")
    for sql in (
        "update storage.objects set version = gen_random_uuid() returning 1",
        "delete from storage.objects returning 1",
        "update storage.buckets set public = true where id = 'certificates' returning 1",
    ):
        assert await world.as_person(world.cast.ada, sql) == []
    for person, rows in (
        (world.cast.tess, 1),
        (world.cast.mira, 1),
        (world.cast.ada, 1),
        (world.cast.theo, 0),
        (world.cast.otto, 0),
        (world.edna, 0),
    ):
        assert len(await world.as_person(person, SEEN, "certificates")) == rows


async def test_hole_24_everybody_signed_in_reads_all_videos_and_attachments(world: World):
    async with world.database.acting_as_service() as tx:
        hidden = await build_course(tx, title="Hidden", is_active=False)
        await tx.execute("update public.lessons set video_url = 'open.mp4' where id = $1", world.course.video_lesson_id)
        await tx.execute("update public.lessons set video_url = 'hidden.mp4' where id = $1", hidden.video_lesson_id)
        await tx.execute(
            "update public.lesson_attachments set file_path = 'hidden.pdf' where lesson_id = $1", hidden.text_lesson_id
        )
    for bucket, opened in (("lesson-videos", "open.mp4"), ("lesson-attachments", "x/a.pdf")):
        for name in (opened, "hidden.mp4", "hidden.pdf", "nobody-names-me.mp4"):
            await world.as_service(PUT, bucket, name)
        for person in (world.cast.tess, world.cast.mira, world.edna):
            assert [row["name"] for row in await world.as_person(person, SEEN, bucket)] == [opened]
        assert len(await world.as_person(world.cast.ada, SEEN, bucket)) == 4
