"""Quizzes that are handed in once however often one tries, and that are open in one window."""

from migrations.sql_files import run

revision = "0024"
down_revision = "0025"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0024_submitting_quizzes")
