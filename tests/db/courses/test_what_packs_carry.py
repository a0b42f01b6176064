"""No column of a course is forgotten: packs and copies carry it, or it stands here with the reason why not."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core.blobs import Blobs
from core.db import Database, Tx
from lms.courses.packs.archive import YamlAlone
from lms.courses.packs.course import PackCourse
from lms.courses.packs.exporting import Exporter
from lms.courses.packs.importing import Importer, ImportOptions
from lms.courses.packs.writing import write_course
from lms.demo_files import read_demo_files
from tests.people import Cast
from tests.support.bridge import RUBRIC
from tests.support.packs import a_course

PRODUCT = "select id from public.products where id = $1"
MODULES = "select id from public.modules where product_id = $1"
LESSONS = f"select id from public.lessons where module_id in ({MODULES})"
QUIZZES = f"select id from public.quizzes where lesson_id in ({LESSONS})"
QUESTIONS = f"select id from public.quiz_questions where quiz_id in ({QUIZZES})"
SIMULATIONS = f"select id from public.simulations where lesson_id in ({LESSONS})"

CONTENT = {
    "products": f"id in ({PRODUCT})",
    "modules": f"id in ({MODULES})",
    "lessons": f"id in ({LESSONS})",
    "lesson_attachments": f"lesson_id in ({LESSONS})",
    "quizzes": f"id in ({QUIZZES})",
    "quiz_questions": f"id in ({QUESTIONS})",
    "quiz_answers": f"question_id in ({QUESTIONS})",
    "simulations": f"id in ({SIMULATIONS})",
    "simulation_scenarios": f"simulation_id in ({SIMULATIONS})",
}
"""The tables that a course lies in, and which of their rows are of the product $1."""

OF_THE_PLACE = {
    "id": "Each installation gives its own; courses, modules and lessons are found by their keys.",
    "created_at": "When it came to this installation.",
    "updated_at": "When it was changed in this installation.",
    "archived_at": "What is archived is not given out.",
    "product_id": "Said by where it stands.",
    "module_id": "Said by where it stands.",
    "lesson_id": "Said by where it stands.",
    "quiz_id": "Said by where it stands.",
    "question_id": "Said by where it stands.",
    "simulation_id": "Said by where it stands.",
}
NOT_CARRIED = {
    ("products", "is_active"): "A course comes as a draft; its import or its admin publishes it.",
    ("products", "status"): "As is_active, which says the same.",
    ("products", "created_by"): "People are those of an installation: whoever brings it in is the author.",
    ("products", "certificate_background"): (
        "An object under the product's own name in the bucket certificates, where admins cannot write: the server "
        "looks at it, keeps it and removes it for set-certificate-background alone."
    ),
    ("lesson_attachments", "file_size"): "Looked up where the file is.",
    ("quizzes", "needs_start"): "Computed by the database.",
    ("simulation_scenarios", "version"): "Counts changes in this installation, so that results say what they were of.",
}
RESULT = "What people did: results stay with the installation."
OTHER_TABLES = {
    "callx.lesson_texts": "Made from the texts of lessons, for the search.",
    "public.lesson_videos": "Read from the file, wherever it is.",
    "public.assignments": "Who is to learn what is said about people.",
    "public.quiz_allowances": "Further attempts of a person.",
    "public.certificate_reissues": "Work that an admin has asked for.",
    "callx.module_unlocks": RESULT,
    "callx.quiz_sittings": RESULT,
    "public.calls": RESULT,
    "public.certifications": RESULT,
    "public.lesson_completions": RESULT,
    "public.quiz_attempts": RESULT,
    "public.simulation_attempts": RESULT,
    "public.unverified_evaluations": RESULT,
    "public.video_watching": RESULT,
}
"""What hangs on a course and is none of it."""


@pytest.fixture(scope="module")
def everything() -> PackCourse:
    """A course in which each column that packs carry has another value than a new row."""
    first, second = a_course().modules
    [demo, *_] = [each.simulation for each in read_demo_files().products[0].course.lessons() if each.simulation]
    simulation = demo.model_copy(update={"call_script": "papers/refunds.pdf", "rubric": RUBRIC})
    call = second.lessons[1].model_copy(update={"simulation": simulation})
    quiz = second.lessons[0].quiz
    assert quiz is not None
    questions = (quiz.questions[3].model_copy(update={"match": ("case", "accents", "spaces")}), *quiz.questions)
    check = second.lessons[0].model_copy(update={"quiz": quiz.model_copy(update={"questions": questions})})
    second = second.model_copy(update={"draft": True, "lessons": (check, call, *second.lessons[2:])})
    return a_course(modules=(first, second))


class Desk:
    """Brings courses in and out, as an admin."""

    def __init__(self, database: Database, cast: Cast) -> None:
        def acting(*, read_only: bool = False) -> Any:
            return database.acting_as(cast.ada, read_only=read_only)

        self._database = database
        self._acting = acting
        self._blobs = Blobs.open("memory://")

    async def bring_in(self, text: str) -> UUID:
        report = await Importer(self._database, self._blobs, self._acting).take(
            YamlAlone(text.encode()), ImportOptions()
        )
        assert report.problems == ()
        assert report.product_id is not None
        return report.product_id

    async def by_pack(self, product_id: UUID) -> UUID:
        """Another course, out of the pack of this one."""
        _, text = await Exporter(self._blobs, self._acting).yaml(product_id)
        return await self.bring_in(text.replace("key: billing_basics", "key: another", 1))

    async def by_copy(self, product_id: UUID) -> UUID:
        """Another course, as admins duplicate it."""
        async with self._acting() as tx:
            copy: UUID = await tx.fetchval("select public.duplicate_content($1, 'Billing basics')", product_id)
        return copy


@pytest.fixture
def desk(database: Database, cast: Cast) -> Desk:
    """With files of its own."""
    return Desk(database, cast)


async def carried_columns(tx: Tx, table: str) -> dict[str, str]:
    """The columns that courses are made of, and their defaults as SQL."""
    rows = await tx.fetch(
        """select a.attname as name, coalesce(pg_get_expr(d.adbin, d.adrelid), 'null') as value
           from pg_attribute a left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
           where a.attrelid = ('public.' || $1)::regclass and a.attnum > 0 and not a.attisdropped""",
        table,
    )
    return {
        row["name"]: row["value"]
        for row in rows
        if row["name"] not in OF_THE_PLACE and (table, row["name"]) not in NOT_CARRIED
    }


async def content(tx: Tx, product_id: UUID) -> dict[str, list[str]]:
    """Every carried value of a course, table by table."""
    found = {}
    for table, where in CONTENT.items():
        left_out = {"key"} if table == "products" else set()
        columns = ", ".join(f"'{name}', t.{name}" for name in await carried_columns(tx, table) if name not in left_out)
        rows = await tx.fetch(
            f"select jsonb_build_object({columns})::text as said from public.{table} t where {where} order by 1",
            product_id,
        )
        found[table] = [row["said"] for row in rows]
    return found


async def test_the_course_of_this_test_has_something_in_every_column(
    desk: Desk, database: Database, everything: PackCourse
):
    product_id = await desk.bring_in(write_course(everything))
    idle = []
    async with database.acting_as_service() as tx:
        for table, where in CONTENT.items():
            for name, default in (await carried_columns(tx, table)).items():
                if not await tx.fetchval(
                    f"select exists (select from public.{table} where {where} and {name} is distinct from {default})",
                    product_id,
                ):
                    idle.append(f"{table}.{name}")
    assert idle == [], "Carry it in packs (lms/courses/packs) and put it into a_course, or say in NOT_CARRIED why not."


@pytest.mark.parametrize("way", [Desk.by_pack, Desk.by_copy])
async def test_nothing_of_a_course_is_lost_on_the_way(desk: Desk, database: Database, everything: PackCourse, way: Any):
    product_id = await desk.bring_in(write_course(everything))
    other_id = await way(desk, product_id)
    async with database.acting_as_service() as tx:
        assert await content(tx, other_id) == await content(tx, product_id)


async def test_what_hangs_on_a_course_is_content_or_said_to_be_none(owner_dsn: str):
    owner = await asyncpg.connect(owner_dsn)
    rows = await owner.fetch(
        """select distinct n.nspname || '.' || c.relname as name
           from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
           where k.contype = 'f' and k.confrelid = any ($1::text[]::regclass[])""",
        [f"public.{table}" for table in CONTENT],
    )
    await owner.close()
    hanging = {row["name"] for row in rows} - {f"public.{table}" for table in CONTENT}
    assert sorted(hanging) == sorted(OTHER_TABLES)


async def test_the_exceptions_are_columns_that_are_there(database: Database):
    async with database.acting_as_service() as tx:
        rows = await tx.fetch(
            """select c.relname as table, a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
               where c.relnamespace = 'public'::regnamespace and c.relname = any ($1) and a.attnum > 0
                 and not a.attisdropped""",
            list(CONTENT),
        )
    columns = {(row["table"], row["name"]) for row in rows}
    assert set(NOT_CARRIED) <= columns
    assert set(OF_THE_PLACE) <= {name for _, name in columns}
