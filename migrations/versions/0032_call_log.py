"""A sealed log of every call, written by the database."""

from migrations.sql_files import run

revision = "0032"
down_revision = "0027"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0032_call_log")
