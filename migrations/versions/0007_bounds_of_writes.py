"""What may be written through REST has bounds."""

from migrations.sql_files import run

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Runs the SQL file of this revision."""
    run("0007_bounds_of_writes")
