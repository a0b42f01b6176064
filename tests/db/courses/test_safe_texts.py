"""The database refuses markup that could do something, whoever writes it, and takes all that was cleaned."""

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db import SERVICE
from core.rich_text import clean_html
from tests.support.hostile_html import HOSTILE, harm_in, soups
from tests.support.world import World

ASK = "select callx.is_safe_html(t) as is_safe from unnest($1::text[]) with ordinality as x (t, n) order by n"


async def judged(world: World, texts: list[str]) -> list[bool]:
    return [row["is_safe"] for row in await world.as_service(ASK, texts)]


async def test_hostile_markup_is_refused_as_it_is_and_taken_when_cleaned(world: World):
    assert not any(await judged(world, list(HOSTILE)))
    assert all(await judged(world, [clean_html(text) for text in HOSTILE]))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(soups, min_size=30, max_size=30))
async def test_what_it_takes_has_no_harm_in_it_and_it_takes_all_that_is_cleaned(world: World, texts: list[str]):
    cleaned = [clean_html(text) for text in texts]
    assert [text for text, is_safe in zip(cleaned, await judged(world, cleaned), strict=True) if not is_safe] == []
    for text, is_safe in zip(texts, await judged(world, texts), strict=True):
        assert not is_safe or harm_in(text) == [], text


@pytest.mark.parametrize("writer", ["admin", "service"])
async def test_nobody_gets_around_it(world: World, writer: str):
    person = world.cast.ada if writer == "admin" else SERVICE
    for sql in (
        "update public.lessons set text_content = $1",
        """insert into public.lessons (module_id, title, lesson_type, order_index, text_content)
           select id, 'X', 'text', 9, $1 from public.modules""",
    ):
        with pytest.raises(asyncpg.CheckViolationError, match="lessons_text_content_safe"):
            await world.as_person(person, sql, "<img src=x onerror=alert(1)>")


async def test_plain_text_and_no_text_are_taken(world: World):
    for text in (None, "", "1 < 2 & 3", "# Heading\n- one", "I <3 it"):
        await world.as_person(world.cast.ada, "update public.lessons set text_content = $1", text)


async def test_a_very_long_text_is_looked_at_quickly(world: World):
    long = '<p>One <strong>breath</strong> &amp; <a href="https://ok.example/x" rel="noopener noreferrer">x</a></p>'
    assert await judged(world, [long * 10_000, "<" * 1_000_000, '<a href="' * 100_000, "<b" + " " * 500_000]) == [
        True,
        True,
        False,
        False,
    ]
