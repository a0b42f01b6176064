"""The document that calls are held by: its text is frozen with the call, and told to customer and judge alone."""

from datetime import timedelta
from uuid import uuid4

import evaluation.queries
import voice.queries
from evaluation.loading import conversation_of
from tests.support.films import pdf
from tests.support.world import World
from voice.scenarios import simulation_for

SET = "update public.simulations set call_script_path = 'lesson-attachments/script.pdf'"


async def test_the_text_is_there_for_calls_and_nobody_else(world: World, upload, follow):
    ada, tess = world.cast.ada, world.cast.tess
    await world.as_person(ada, SET)
    await world.refuses(tess, "select call_script_path from public.simulations")
    assert (await simulation_for(world.database, tess, world.course.simulation_id)).call_script is None
    await upload("script.pdf", pdf("Say that you are sorry.", "Offer a voucher."))
    await follow()
    simulation = await simulation_for(world.database, tess, world.course.simulation_id)
    assert simulation.call_script == "Say that you are sorry.\n\nOffer a voucher."
    assert await world.as_person(tess, "select from public.document_pages") == [], "the file is attached to no lesson"


async def test_it_is_bounded(world: World, upload, follow):
    await world.as_service(SET)
    await upload("script.pdf", pdf(*(f"Line {number} " + "word " * 12 for number in range(300))))
    await follow()
    simulation = await simulation_for(world.database, world.cast.tess, world.course.simulation_id)
    assert simulation.call_script is not None
    assert len(simulation.call_script) == 12_000


async def test_it_is_frozen_with_the_call_and_reaches_the_judge(world: World, upload, follow):
    await world.as_service(SET)
    await upload("script.pdf", pdf("Offer a voucher."))
    await follow()
    call_id = uuid4()
    values = (call_id, world.cast.tess.user_id, world.course.simulation_id, "practice", b"token", 1)
    lease = (uuid4(), timedelta(minutes=1))
    async with world.database.acting_as_service() as tx:
        await tx.execute(voice.queries.INSERT_CALL, *values, None, None, None, "a model", *lease)
    await upload("script.pdf", pdf("Offer nothing."))
    await follow()
    async with world.database.acting_as_service() as tx:
        call = await evaluation.queries.call(tx, call_id)
    assert call is not None
    assert conversation_of(call, [], []).call_script == "Offer a voucher."
    await world.refuses(world.cast.tess, "select call_script from public.calls")
