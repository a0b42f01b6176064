"""Runs the SQL files that revisions consist of."""

from pathlib import Path

from alembic import op

FOLDER = Path(__file__).parent / "sql"


def read(name: str) -> str:
    """The text of `sql/<name>.sql`."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def run(*names: str) -> None:
    """Executes `sql/<name>.sql` for each name, in this order, inside the migration's transaction."""
    adapted = op.get_bind().connection.dbapi_connection
    assert adapted is not None, "A migration runs on an open connection."
    for name in names:
        text = read(name)
        # SQLAlchemy prepares each statement, and PostgreSQL prepares only one at a time; the driver's own
        # execute() takes a whole file.
        adapted.run_async(lambda driver, text=text: driver.execute(text))
