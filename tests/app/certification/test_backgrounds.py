"""`set-certificate-background`: an admin's own page, from upload to certificate."""

import io

import pypdf

from tests.pure.certification.test_backgrounds import page


async def upload(school, content=None, name="letterhead.pdf"):
    headers = {**school.headers["ada"], "Content-Type": "application/pdf", "x-upsert": "true"}
    address = f"/storage/v1/object/lesson-attachments/{name}"
    async with school.client.post(address, data=content or page(), headers=headers) as response:
        assert response.status == 200, await response.text()
    return f"lesson-attachments/{name}"


async def choose(school, path, *, by="ada", product_id=None):
    body = {"product_id": str(product_id or school.course.product_id), "path": path}
    address = "/functions/v1/set-certificate-background"
    async with school.client.post(address, json=body, headers=school.headers[by]) as response:
        return response.status, await response.json()


async def certificate(school):
    _, given = await school.ask("tess")
    opened = await school.open(given["certificate_url"])
    return pypdf.PdfReader(io.BytesIO(await opened.read())).pages[0]


async def test_certificates_are_printed_on_the_page_that_was_chosen(school):
    status, answer = await choose(school, await upload(school))
    assert (status, answer["width_mm"], answer["height_mm"]) == (200, 297.0, 210.0)
    await school.finish("tess")
    text = (await certificate(school)).extract_text()
    assert "OUR LETTERHEAD" in text
    assert "Tess" in text
    async with school.database.acting_as_service() as tx:
        [event] = await tx.fetch("select * from public.audit_events where action = 'product.changed'")
    assert (event["actor_id"], event["actor_role"]) == (school.cast.ada.user_id, "admin")


async def test_the_page_is_a_copy_and_goes_when_another_is_chosen(school):
    path = await upload(school)
    await choose(school, path)
    await upload(school, b"%PDF gone", "letterhead.pdf")
    await choose(school, await upload(school, page(words="ANOTHER"), "another.pdf"))
    async with school.database.acting_as_service() as tx:
        names = await tx.fetch("select name from storage.objects where name like 'backgrounds/%'")
    assert len(names) == 1
    assert await choose(school, None) == (200, {"certificate_background": None, "width_mm": None, "height_mm": None})
    await school.finish("tess")
    assert "ANOTHER" not in (await certificate(school)).extract_text()


async def test_a_broken_page_is_refused_when_it_is_given_and_the_old_one_stays(school):
    await choose(school, await upload(school))
    status, answer = await choose(school, await upload(school, b"%PDF broken", "broken.pdf"))
    assert (status, answer["code"]) == (422, "bad_background")
    await school.finish("tess")
    assert "OUR LETTERHEAD" in (await certificate(school)).extract_text()


async def test_only_admins_choose_and_only_what_is_there(school):
    path = await upload(school)
    for name in ("tess", "mira"):
        assert (await choose(school, path, by=name))[1]["code"] == "not_admin"
    for missing in ("lesson-attachments/none.pdf", "none", "", "nowhere/a.pdf", "lesson-attachments/../a"):
        status, answer = await choose(school, missing)
        assert (status, answer["code"]) == (404, "background_not_found"), missing
    status, answer = await choose(school, path, product_id=school.course.module_id)
    assert (status, answer["code"]) == (404, "product_not_found")
