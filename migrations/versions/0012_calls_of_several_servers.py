"""Calls and recordings know the server that has them."""

from migrations.sql_files import run

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Runs the SQL file of this revision."""
    run("0012_calls_of_several_servers")
