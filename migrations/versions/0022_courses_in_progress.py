"""Drafts, publishing, copies and safe texts of courses."""

import asyncpg
from alembic import op

from core.rich_text import clean_html
from migrations.sql_files import run

revision = "0022"
down_revision = "0023"


def upgrade() -> None:
    """Runs the SQL files of this revision, and cleans the texts that were written before they were refused."""
    run("0022_1_drafts", "0022_2_findings", "0022_3_publishing", "0022_4_copies", "0022_5_safe_html")
    adapted = op.get_bind().connection.dbapi_connection
    assert adapted is not None, "A migration runs on an open connection."
    adapted.run_async(_clean_texts)
    run("0022_6_safe_texts")


async def _clean_texts(driver: asyncpg.Connection) -> None:
    unsafe = "select id, text_content from public.lessons where not callx.is_safe_html(text_content)"
    await driver.execute("alter table public.lessons disable trigger user")
    for row in await driver.fetch(unsafe):
        text = clean_html(row["text_content"])
        await driver.execute("update public.lessons set text_content = $2 where id = $1", row["id"], text)
    await driver.execute("alter table public.lessons enable trigger user")
