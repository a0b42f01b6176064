"""${message}."""

from migrations.sql_files import run

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Runs the SQL file of this revision."""
    run("${up_revision}_${message.lower().replace(" ", "_")}")
