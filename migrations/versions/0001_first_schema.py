"""Accounts, courses, calls and progress, and who sees what of them."""

from migrations.sql_files import run

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0001_1_accounts", "0001_2_courses", "0001_3_calls", "0001_4_progress", "0001_5_policies")
