"""Badges, streaks and a leaderboard by improvement, for teams that want them."""

from migrations.sql_files import run

revision = "0027"
down_revision = "0031"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0027_recognition")
