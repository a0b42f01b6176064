"""The team view in half the time, and what training achieves, counted."""

from migrations.sql_files import run

revision = "0026"
down_revision = "0022"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0026_1_course_states", "0026_2_analytics")
