"""Texts that were written before they were refused are cleaned by the migration."""

import asyncpg
import pytest

from migrations.runner import migrate
from tests.support.cluster import SERVER_PASSWORD, Cluster
from tests.support.hostile_html import HOSTILE, harm_in

COURSE = """
with product as (insert into public.products (title, is_active) values ('Old', null) returning id),
  module as (insert into public.modules (product_id, title, order_index) select id, 'M', 1 from product returning id)
insert into public.lessons (module_id, title, lesson_type, order_index, text_content)
select m.id, 'L', 'text', t.n, t.text from module m, unnest($1::text[]) with ordinality as t (text, n)
"""


@pytest.mark.may_block
async def test_old_texts_are_cleaned_and_plain_ones_stay(cluster: Cluster):
    owner = await asyncpg.connect(cluster.server.url())
    await owner.execute("drop database if exists old_texts with (force)")
    await owner.execute("create database old_texts template template0")
    await owner.close()
    dsn = cluster.server.url("old_texts")
    await migrate(dsn, server_password=SERVER_PASSWORD, revision="0023")
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute(COURSE, [*HOSTILE, "1 < 2 & 3", "# plain"])
        touched = await owner.fetch("select id, updated_at from public.lessons order by id")
        await migrate(dsn, server_password=SERVER_PASSWORD)
        rows = await owner.fetch("select text_content, updated_at from public.lessons order by order_index")
        assert [harm_in(row["text_content"]) for row in rows[:-2]] == [[] for _ in HOSTILE]
        assert [row["text_content"] for row in rows[-2:]] == ["1 < 2 & 3", "# plain"]
        assert await owner.fetch("select id, updated_at from public.lessons order by id") == touched
        assert await owner.fetchval("select status from public.products") == "draft"
    finally:
        await owner.close()
