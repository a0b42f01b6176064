"""Certificates expire, are renewed, revoked and remembered."""

from migrations.sql_files import run

revision = "0014"
down_revision = "0013a"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0014_1_certificates")
    run("0014_2_earning")
