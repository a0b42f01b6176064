"""Comments, videos and seeds: what is gone or not to be known is so everywhere."""

from migrations.sql_files import run

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0033_words_that_are_gone")
