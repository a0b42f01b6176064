"""The document that calls are held by: its text is frozen with the call, and told to customer and judge alone."""

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
