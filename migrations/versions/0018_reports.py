"""The team's heat map, a person's page, and the tables that are exported."""

from migrations.sql_files import run

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0018_1_marks", "0018_2_reports", "0018_3_exports")
