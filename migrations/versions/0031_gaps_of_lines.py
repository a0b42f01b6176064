"""When the line of the trainee or of the customer was away in a call."""

from migrations.sql_files import run

revision = "0031"
down_revision = "0026"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0031_gaps_of_lines")
