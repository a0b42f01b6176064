"""Buckets and objects; what no row names leaves the object store."""

from migrations.sql_files import run

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Runs the SQL files of this revision."""
    run("0008_1_storage", "0008_2_abandoned_blobs")
