"""Uploads that go on where they broke off."""

from migrations.sql_files import run

revision = "0011"
down_revision = "0009"


def upgrade() -> None:
    """Runs the SQL file of this revision."""
    run("0011_resumable_uploads")
