"""Progress of people and teams, and unlocked modules that are announced."""

from migrations.sql_files import run

revision = "0013a"
down_revision = "0013"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0013a_1_course_states", "0013a_2_progress_answers", "0013a_3_module_unlocks")
