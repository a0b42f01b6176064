"""The log of a call seals the company's own paper, and its outcome is compared."""

from migrations.sql_files import run

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0034_sealed_scripts")
