"""Letters and what became of them, notifications, and what people want to be told."""

from migrations.sql_files import run

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0015_1_letters", "0015_2_notifications")
