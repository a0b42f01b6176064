"""A repeated completion brings its row back."""

from migrations.sql_files import run

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Runs the SQL file of this revision."""
    run("0013_repeated_completions")
