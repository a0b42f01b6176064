"""Puts the demo content into the database: the course packs of `lms/demo`, by the way that all packs come in.

Every row that others name has an id derived from its place in the files, so that seeding twice changes nothing. A
product that exists is left as it is: an admin may have worked on it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID, uuid5

from core.blobs import Blobs
from core.db import Database, Tx
from lms import queries
from lms.courses.packs.importing import write_new_course
from lms.courses.packs.media import MediaDesk
from lms.demo_files import DemoCourse, DemoMedia, read_demo_files
from lms.demo_people import DemoPeople

_NAMESPACE = UUID("6d1f3c52-9a0e-5b7c-8f64-ca11ca11ca11")


def demo_id(*path: str) -> UUID:
    """The id of a row of the demo content, for example `demo_id("simulation", "charged_twice")`."""
    return uuid5(_NAMESPACE, "/".join(path))


async def seed_demo(tx: Tx, *, people: DemoPeople | None = None) -> None:
    """Puts in the products that are missing, made by the demo admin if there is one; `tx` is the service's."""
    files = await asyncio.to_thread(read_demo_files)
    for demo in files.products:
        if not await queries.has_product(tx, demo_id("product", demo.course.key), demo.course.key):
            await write_new_course(
                tx,
                demo.course,
                new_id=partial(_new_id, demo),
                created_by=people.admin if people else None,
                is_published=True,
            )


async def seed_demo_media(database: Database, blobs: Blobs) -> None:
    """Stores the films and captions of the demo that are not there."""

    @asynccontextmanager
    async def acting(*, read_only: bool = False) -> AsyncIterator[Tx]:
        async with database.acting_as_service() as tx:
            yield tx

    files = await asyncio.to_thread(read_demo_files)
    desk, media = MediaDesk(database, blobs, acting), DemoMedia()
    for demo in files.products:
        stored = await desk.store(await desk.look(demo.course, media), media)
        async with database.acting_as_service() as tx:
            for one in stored:
                await one.write(tx)


def _new_id(demo: DemoCourse, kind: str, *path: str) -> UUID:
    if kind == "simulation":
        _, module, lesson = path
        return demo_id(kind, demo.simulation_keys[module, lesson])
    return demo_id(kind, *path)
