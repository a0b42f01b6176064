"""Rate limits that all servers share; letters and one-time links."""

from migrations.sql_files import run

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0005_1_rate_limits", "0005_2_one_time_links")
