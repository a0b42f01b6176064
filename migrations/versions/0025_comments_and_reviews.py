"""Comments on calls, and people's word over the judge's."""

from migrations.sql_files import run

revision = "0025"
down_revision = "0021"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0025_1_call_comments", "0025_2_reviews", "0025_3_results_that_change", "0025_4_telling_of_reviews")
