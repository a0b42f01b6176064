"""Calls can be typed; what language models cost is written down; unverified reports are kept apart."""

from migrations.sql_files import run

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Runs the SQL file of this revision."""
    run("0016_typed_calls_and_judges")
