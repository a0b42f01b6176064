"""Times and authors that people send are no error, and count for nothing."""

from migrations.sql_files import run

revision = "0020"
down_revision = "0018"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0020_times_and_authors")
