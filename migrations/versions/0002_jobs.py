"""Facts, and the queue of the jobs that follow them."""

from migrations.sql_files import run

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Runs the SQL file of this revision."""
    run("0002_jobs")
