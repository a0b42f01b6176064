"""Who may what: people, enrolment, locked modules, archived content, graded results, orders, courses for admins."""

from migrations.sql_files import run

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run(
        "0003_1_people",
        "0003_2_enrolment",
        "0003_3_dripping",
        "0003_4_archive",
        "0003_5_results",
        "0003_6_ordering",
        "0003_7_courses",
    )
