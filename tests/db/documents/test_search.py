"""Searching: what is found, in which order and language, and that nothing is found that may not be opened."""

from typing import Any

import asyncpg
import pytest

from core.identity import Person
from tests.support.courses import build_course
from tests.support.films import pdf
from tests.support.world import World

SEARCH = "select * from public.search_lessons($1)"


async def search(world: World, person: Person, query: str) -> list[Any]:
    return await world.as_person(person, SEARCH, query)


async def titles(world: World, person: Person, query: str) -> list[str]:
    return [row["lesson_title"] for row in await search(world, person, query)]


async def write(world: World, kind: str, title: str, text: str) -> None:
    """The lesson of this kind says this."""
    await world.as_service(
        "update public.lessons set title = $2, text_content = $3 where lesson_type = $1::public.lesson_type",
        kind,
        title,
        text,
    )


def shown(snippet: list[dict[str, Any]]) -> str:
    return "".join(f"[{part['text']}]" if part["is_hit"] else part["text"] for part in snippet)


async def test_a_lesson_is_found_by_other_forms_of_its_words(world: World):
    await write(world, "text", "Money back", "<p>The customer is <b>refunded</b> &amp; the fee is waived for you.</p>")
    row = (await search(world, world.cast.tess, "refunds"))[0]
    assert (row["lesson_title"], row["module_title"], row["product_title"]) == ("Money back", "First", "Billing")
    assert (row["attachment_id"], row["page"]) == (None, None)
    assert shown(row["snippet"]) == "The customer is [refunded] & the fee is waived for you."


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Der Kunde bekommt das Geld und die Gebühren nicht zurück.", "gebühr"),
        ("Le client est remboursé pour les frais et la commande.", "rembourser"),
        ("El cliente recibe los reembolsos por la compra y el envío.", "reembolso"),
        ("يحصل العميل على المال في هذا اليوم من كل طلب", "العميل"),
        ("返金は三十日以内に行います。", "三十日"),
        ("Ask for the code AB-1234 and the order.", "ab-1234"),
        ("Escalations are for the team lead and you.", "escal"),
    ],
)
async def test_texts_are_searched_in_their_language(world: World, text: str, query: str):
    await write(world, "text", "One", text)
    assert await titles(world, world.cast.tess, query) == ["One"]


async def test_phrases_and_words_that_are_not_wanted(world: World):
    await write(world, "text", "One", "The late fee is waived for you.")
    await write(world, "video", "Two", "The fee that you pay late is kept.")
    tess = world.cast.tess
    assert sorted(await titles(world, tess, "late fee")) == ["One", "Two"]
    assert await titles(world, tess, '"late fee"') == ["One"]
    assert await titles(world, tess, "late fee -waived") == ["Two"]
    assert (
        await titles(world, tess, "nonsense")
        == await titles(world, tess, "  ")
        == await titles(world, tess, "!&|'")
        == []
    )


async def test_a_title_counts_more_than_a_mention(world: World):
    await write(world, "text", "Something else", "Here and there a voucher is mentioned to the customer.")
    await write(world, "video", "The voucher", "How it is given to the customer.")
    assert await titles(world, world.cast.tess, "voucher") == ["The voucher", "Something else"]


async def test_a_document_is_found_by_its_best_page(world: World, upload, follow):
    await upload("x/a.pdf", pdf("The first page of the handbook.", "A deposit is the money. The deposit is kept."))
    await follow()
    row = (await search(world, world.cast.tess, "deposits"))[0]
    assert (row["file_name"], row["page"], row["lesson_title"]) == ("a.pdf", 2, "Text")
    assert "[deposit]" in shown(row["snippet"])


async def test_nothing_is_found_that_may_not_be_opened(world: World, upload, follow):
    await upload("x/a.pdf", pdf("The deposit is kept by the company."))
    await upload("alone.pdf", pdf("The deposit is a secret of the company."))
    await follow()
    await write(world, "text", "Deposits", "The deposit is told to the customer.")
    tess, ada = world.cast.tess, world.cast.ada
    assert len(await search(world, tess, "deposit")) == 2
    await world.as_service("update public.modules set is_prerequisite = true")
    async with world.database.acting_as_service() as tx:
        before = await tx.fetchval(
            """insert into public.modules (product_id, title, order_index) values ($1, 'Before', 0) returning id""",
            world.course.product_id,
        )
        await tx.execute(
            """insert into public.lessons (module_id, title, lesson_type, order_index, text_content)
               values ($1, 'Before', 'text', 1, 'x')""",
            before,
        )
    assert await search(world, tess, "deposit") == [], "the module is locked"
    assert len(await search(world, ada, "deposit")) == 2
    await world.as_service("update public.lessons set status = 'draft' where lesson_type = 'text'")
    assert await search(world, world.cast.mira, "deposit") == []
    await world.as_service("update public.lessons set archived_at = now()")
    assert await search(world, ada, "deposit") == []


async def test_what_changes_is_found_by_its_new_words(world: World):
    await write(world, "text", "One", "About the harbour and the ships.")
    await write(world, "text", "One", "About the railway and the trains.")
    tess = world.cast.tess
    assert (await titles(world, tess, "harbour"), await titles(world, tess, "railway")) == ([], ["One"])


@pytest.mark.parametrize(
    ("values", "detail"), [(("x" * 201, 20), "query_too_long"), (("x", 0), "bad_most"), (("x", 51), "bad_most")]
)
async def test_odd_searches_are_refused(world: World, values: tuple[str, int], detail: str):
    with pytest.raises(asyncpg.RaiseError) as refused:
        await world.as_person(world.cast.tess, "select * from public.search_lessons($1, $2)", *values)
    assert refused.value.detail == detail


async def test_results_are_as_many_as_wanted(world: World):
    async with world.database.acting_as_service() as tx:
        for number in range(4):
            await build_course(tx, title=f"Course {number}")
    rows = await world.as_person(world.cast.tess, "select * from public.search_lessons('words', 7)")
    assert len(rows) == 7
