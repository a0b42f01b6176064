"""What of videos was watched, the text of documents, and searching both and lessons."""

from migrations.sql_files import run

revision = "0023"
down_revision = "0024"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0023_1_watching", "0023_2_documents", "0023_3_search")
