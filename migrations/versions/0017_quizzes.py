"""Question types, started attempts, allowances, review policies and results of quizzes."""

from migrations.sql_files import run

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run(
        "0017_1_question_types",
        "0017_2_quiz_grading",
        "0017_3_sittings",
        "0017_4_taking_quizzes",
        "0017_5_quiz_results",
    )
