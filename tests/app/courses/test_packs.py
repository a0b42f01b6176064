"""`import-course` and `export-course` over the wire."""

import io
import zipfile
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from core.blobs import Blobs
from core.db import Database
from lms.courses.packs.archive import YamlAlone
from lms.courses.packs.course import PackCourse
from lms.courses.packs.exporting import Exporter
from lms.courses.packs.importing import Importer, ImportOptions
from lms.courses.packs.reading import read_course
from lms.courses.packs.writing import write_course
from tests.app.courses.conftest import Office
from tests.app.support.wires import Client
from tests.people import Cast
from tests.support.packs import MEDIA, a_course, any_courses, zipped

PACK = zipped({"course.yaml": write_course(a_course()).encode(), **MEDIA})


def read(content: bytes) -> PackCourse:
    return read_course(lambda name: content if name == "course.yaml" else None)


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def outcomes(report: dict[str, Any]) -> dict[str, int]:
    return {name: report[name] for name in ("create", "update", "unchanged", "keep", "remove") if report[name]}


async def test_a_pack_comes_in_and_out_as_it_was(office: Office):
    status, report = await office.take(PACK)
    assert (status, report["applied"], report["errors"], outcomes(report)) == (200, True, [], {"create": 9})
    assert [(file["file"], file["outcome"]) for file in report["files"]] == [
        ("videos/films/watch.mp4", "store"),
        ("attachments/captions/watch.vtt", "store"),
        ("attachments/papers/overview.pdf", "store"),
        ("attachments/papers/refunds.pdf", "store"),
    ]
    assert [finding["code"] for finding in report["findings"] if finding["severity"] == "error"] == []
    status, content = await office.give(report["product_id"])
    files = unzipped(content)
    assert read(files.pop("course.yaml")) == a_course()
    assert files == MEDIA
    assert await office.give(report["product_id"]) == (200, content)
    status, text = await office.give(report["product_id"], form="yaml")
    assert read(text) == a_course()


async def test_taking_it_in_again_changes_nothing(office: Office, database: Database):
    _, first = await office.take(PACK)
    before = await everything(database)
    _, again = await office.take(PACK)
    assert (again["applied"], outcomes(again), again["product_id"]) == (True, {"unchanged": 9}, first["product_id"])
    assert {file["outcome"] for file in again["files"]} == {"there"}
    assert await everything(database) == before


async def test_a_dry_run_says_it_all_and_does_nothing(office: Office, database: Database, blobs: Blobs):
    before = await everything(database)
    status, report = await office.take(PACK, dry_run=True)
    assert (status, report["applied"], report["product_id"], outcomes(report)) == (200, False, None, {"create": 9})
    assert {finding["code"] for finding in report["findings"]} == set()
    assert await everything(database) == before
    assert [blob async for blob in blobs.list_below("objects")] == []


async def test_what_changes_is_changed_and_what_stays_keeps_its_ids(office: Office, database: Database):
    _, first = await office.take(PACK)
    ids = await names_and_ids(database)
    course = a_course()
    check = course.modules[1].lessons[0]
    assert check.quiz is not None
    questions = tuple(reversed(check.quiz.questions[1:]))
    changed = check.model_copy(update={"quiz": check.quiz.model_copy(update={"questions": questions})})
    second = course.modules[1].model_copy(
        update={"lessons": (course.modules[0].lessons[1], course.modules[1].lessons[1], changed)}
    )
    first_module = course.modules[0].model_copy(update={"lessons": course.modules[0].lessons[:1]})
    new = course.model_copy(update={"title": "Billing, anew", "modules": (second, first_module)})
    status, report = await office.take(write_course(new), remove_missing=True)
    assert (status, report["errors"], report["product_id"]) == (200, [], first["product_id"])
    told = {(row["kind"], row["key"]): (row["outcome"], row["changes"]) for row in report["rows"]}
    assert told == {
        ("product", "billing_basics"): ("update", ["title"]),
        ("module", "second"): ("update", ["place"]),
        ("module", "first"): ("update", ["place"]),
        ("lesson", "watch"): ("update", ["module"]),
        ("lesson", "call"): ("update", ["place"]),
        ("lesson", "check"): ("update", ["quiz", "place"]),
        ("lesson", "read"): ("remove", []),
        ("lesson", "take_home"): ("remove", []),
    }
    _, text = await office.give(first["product_id"], form="yaml")
    assert read(text) == new
    now = await names_and_ids(database)
    for name in ("Watch", "Call", "Check", "Is it?", "In order?"):
        assert now[name] == ids[name]
    assert "Which one?" not in now


async def test_what_the_pack_has_not_stays_unless_it_is_to_go(office: Office, database: Database, cast: Cast):
    _, first = await office.take(PACK, publish=True)
    short = a_course().model_copy(update={"modules": a_course().modules[:1]})
    _, kept = await office.take(write_course(short))
    assert outcomes(kept) == {"unchanged": 5, "keep": 4}
    async with database.acting_as_service() as tx:
        await tx.execute(
            """insert into public.simulation_attempts (user_id, simulation_id, overall_score, passed, transcript)
               select $1, id, 90, true, '[]' from public.simulations""",
            cast.tess.user_id,
        )
    _, removed = await office.take(write_course(short), remove_missing=True)
    assert outcomes(removed) == {"unchanged": 5, "remove": 4}
    assert await office.rows(f"modules?select=title&product_id=eq.{first['product_id']}") == [{"title": "The first"}]
    assert len(await office.rows("simulation_attempts?select=id")) == 1


async def test_a_file_never_takes_the_place_of_another(office: Office):
    await office.take(PACK)
    other = a_course("other")
    film = b"another film" * 50
    pack = zipped({"course.yaml": write_course(other).encode(), "videos/films/watch.mp4": film})
    _, report = await office.take(pack)
    [video, *others] = report["files"]
    assert [file["outcome"] for file in (video, *others)] == ["store", "there", "there", "there"]
    assert video["path"].startswith("films/watch-")
    _, content = await office.give(report["product_id"])
    files = unzipped(content)
    assert files[f"videos/{video['path']}"] == film
    _, again = await office.take(pack)
    assert (outcomes(again), again["files"][0]["outcome"]) == ({"unchanged": 9}, "there")


async def test_a_large_pack_comes_by_way_of_the_storage(office: Office, client: Client):
    headers = office.headers["ada"] | {"Content-Type": "application/zip"}
    film = bytes(range(256)) * 8_192  # two mebibytes: more than a function takes
    pack = zipped({"course.yaml": write_course(a_course()).encode(), **MEDIA, "videos/films/watch.mp4": film})
    async with client.post("/storage/v1/object/course-packs/mine.zip", data=pack, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
    body = {"path": "course-packs/mine.zip", "publish": True}
    async with client.post("/functions/v1/import-course", json=body, headers=office.headers["ada"]) as answer:
        report = await answer.json()
    assert (report["applied"], report["findings"]) == (True, [])
    async with client.get(
        "/storage/v1/object/authenticated/lesson-videos/films/watch.mp4", headers=office.headers["tess"]
    ) as answer:
        assert (answer.status, await answer.read()) == (200, film)
    async with client.get(
        "/storage/v1/object/authenticated/course-packs/mine.zip", headers=office.headers["tess"]
    ) as answer:
        assert answer.status == 400
    async with client.post(
        "/functions/v1/import-course", json={"path": "course-packs/none.zip"}, headers=office.headers["ada"]
    ) as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "pack_not_found")


async def test_faults_are_told_with_their_lines_and_nothing_is_written(office: Office, database: Database):
    before = await everything(database)
    text = write_course(a_course()).replace("type: video", "type: film").replace("points: 2", "points: 200")
    status, report = await office.take(text)
    assert (status, report["applied"]) == (200, False)
    assert [(each["file"], each["field"]) for each in report["errors"]] == [
        ("course.yaml", "modules.0.lessons.1.type"),
        ("course.yaml", "modules.1.lessons.0.quiz.questions.0.points"),
    ]
    lines = text.splitlines()
    for error in report["errors"]:
        assert lines[error["line"] - 1][error["column"] - 1 :].startswith(("film", "200"))
    assert await everything(database) == before


async def test_errors_of_the_course_block_its_publication_and_all_of_the_import(office: Office, database: Database):
    before = await everything(database)
    hollow = a_course().modules[0].model_copy(update={"key": "hollow", "title": "Hollow", "lessons": ()})
    pack = write_course(a_course().model_copy(update={"modules": (hollow, *a_course().modules)}))
    status, report = await office.take(pack, publish=True)
    assert (status, report["applied"]) == (200, False)
    assert ("error", "empty_module") in {(each["severity"], each["code"]) for each in report["findings"]}
    assert await everything(database) == before
    _, report = await office.take(pack)
    assert report["applied"]


async def test_files_that_a_bucket_does_not_take_are_refused(office: Office, blobs: Blobs):
    text = write_course(a_course()).replace("films/watch.mp4", "films/watch.html")
    _, report = await office.take(zipped({"course.yaml": text.encode(), "videos/films/watch.html": b"<script>"}))
    assert [(each["file"], report["applied"]) for each in report["errors"]] == [("videos/films/watch.html", False)]
    text = write_course(a_course()).replace("films/watch.mp4", "../certificates/x.mp4")
    _, report = await office.take(text)
    assert (report["applied"], len(report["errors"])) == (False, 1)
    assert [blob async for blob in blobs.list_below("objects")] == []


async def test_captions_and_scripts_are_files_that_can_be_read_as_such(office: Office, database: Database):
    before = await everything(database)
    text = (
        write_course(a_course()).replace("captions/watch.vtt", "watch.pdf").replace("papers/refunds.pdf", "refunds.vtt")
    )
    files = {"course.yaml": text.encode(), "attachments/watch.pdf": b"WEBVTT\n", "attachments/refunds.vtt": b"%PDF-"}
    _, report = await office.take(zipped(files))
    assert [(each["file"], each["message"]) for each in report["errors"]] == [
        ("attachments/watch.pdf", "Captions are a WebVTT file (.vtt)."),
        ("attachments/refunds.vtt", "The script of a call is a PDF (.pdf)."),
    ]
    assert await everything(database) == before


async def test_a_script_and_captions_that_had_to_be_renamed_are_still_meant(office: Office):
    await office.take(PACK)
    other = {
        "course.yaml": write_course(a_course("other")).encode(),
        "attachments/papers/refunds.pdf": b"%PDF-1.7 of the other",
        "attachments/captions/watch.vtt": b"WEBVTT of the other",
    }
    _, report = await office.take(zipped(other))
    _, files = await office.give(report["product_id"])
    renamed = {name: each for name, each in unzipped(files).items() if "-" in name}
    assert sorted(renamed.values()) == [b"%PDF-1.7 of the other", b"WEBVTT of the other"]
    lessons = read(unzipped(files)["course.yaml"]).lessons()
    assert {f"attachments/{each.file}" for each in lessons[1].attachments} < set(renamed)
    assert lessons[4].simulation is not None
    assert f"attachments/{lessons[4].simulation.call_script}" in renamed


async def test_what_is_new_in_a_published_course_waits_as_a_draft(office: Office):
    await office.take(PACK, publish=True)
    extra = a_course().modules[0].lessons[0].model_copy(update={"key": "extra", "title": "Extra"})
    first = a_course().modules[0]
    longer = first.model_copy(update={"lessons": (*first.lessons, extra)})
    pack = write_course(a_course().model_copy(update={"modules": (longer, a_course().modules[1])}))
    await office.take(pack)
    assert await office.rows("lessons?select=title&title=eq.Extra") == []
    [row] = await office.rows("lessons?select=id,status&title=eq.Extra", by="ada")
    assert row["status"] == "draft"
    status, answer = await office.rpc("publish_content", id=row["id"])
    assert (status, answer["published"]) == (200, True)
    assert len(await office.rows("lessons?select=title&title=eq.Extra")) == 1


async def test_only_admins_take_in_and_give_out(office: Office, client: Client):
    _, report = await office.take(PACK)
    for person in ("mira", "tess"):
        assert (await office.take(PACK, by=person))[0] == 403
        assert (await office.give(report["product_id"], by=person))[0] == 403
    async with client.post("/functions/v1/import-course", json={"yaml": "x"}) as answer:
        assert answer.status == 401
    assert (await office.give(UUID(int=7)))[0] == 404


@pytest.mark.parametrize(
    ("pack", "says"),
    [
        (b"PK\x03\x04 no", "no ZIP file"),
        (zipped({"course.yaml": b"key: x", "../x": b""}), "leads out of the pack"),
        (zipped({"course.yaml": b"key: x", "videos/a.mp4": bytes(60 * 1024 * 1024)}), "more than 52428800 bytes"),
    ],
)
async def test_useless_packs_are_refused_as_a_whole(office: Office, pack: bytes, says: str):
    status, body = await office.take(pack)
    assert (status, body["code"]) == (400, "bad_course_pack")
    assert says in body["error"]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(any_courses)
async def test_any_course_comes_out_as_it_came_in(database: Database, blobs: Blobs, cast: Cast, course: PackCourse):
    def acting(*, read_only: bool = False) -> Any:
        return database.acting_as(cast.ada, read_only=read_only)

    importer, exporter = Importer(database, blobs, acting), Exporter(blobs, acting)
    pack = YamlAlone(write_course(course).encode())
    report = await importer.take(pack, ImportOptions(remove_missing=True))
    assert (report.applied, report.problems) == (True, ())
    assert report.product_id is not None
    came_out, _ = await exporter.yaml(report.product_id)
    if all(row.outcome == "create" for row in report.rows):
        assert came_out == course
    again = await importer.take(pack, ImportOptions(remove_missing=True))
    assert {row.outcome for row in again.rows} == {"unchanged"}


async def everything(database: Database) -> list[Any]:
    """All rows of all courses, and the files."""
    tables = ("products", "modules", "lessons", "lesson_attachments", "quizzes", "quiz_questions", "quiz_answers")
    found: list[Any] = []
    async with database.acting_as_service() as tx:
        for table in (*tables, "simulations", "simulation_scenarios"):
            found.append([dict(row) for row in await tx.fetch(f"select * from public.{table} t order by t::text")])
        found.append([dict(row) for row in await tx.fetch("select * from storage.objects order by id")])
    return found


async def names_and_ids(database: Database) -> dict[str, Any]:
    async with database.acting_as_service() as tx:
        rows = await tx.fetch(
            """select title as name, id from public.lessons where archived_at is null
               union all select question_text, id from public.quiz_questions"""
        )
    return {row["name"]: row["id"] for row in rows}
