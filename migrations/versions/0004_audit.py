"""The audit log: a chain of what admins and managers did and looked at."""

from migrations.sql_files import run

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0004_1_audit_log", "0004_2_audited_changes")
