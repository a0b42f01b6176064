"""Open Badges, and certificates that are printed or issued anew."""

from migrations.sql_files import run

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0021_1_badges")
    run("0021_2_reissues")
