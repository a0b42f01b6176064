"""The audit log tells of names that others gave."""

from migrations.sql_files import run

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Runs the SQL file of this revision."""
    run("0006_names_in_the_audit_log")
