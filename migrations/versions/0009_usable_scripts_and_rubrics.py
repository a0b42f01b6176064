"""Logins that are none, reads that are noted, scripts and rubrics that can be used."""

from migrations.sql_files import run

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0009_1_logins", "0009_2_audited_reads", "0009_3_json_schemas", "0009_4_scripts_and_rubrics")
