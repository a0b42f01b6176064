"""`python -m migrations.dump`: migrates an empty database and writes what then stands there into `schema.sql`."""

import asyncio
import tempfile
from pathlib import Path

from core.embedded_postgres import EmbeddedPostgres, program
from migrations.runner import dump_schema, migrate

SCHEMA = Path(__file__).parent / "schema.sql"


async def fresh_schema(folder: Path) -> str:
    """The schema of a new cluster in `folder` after all migrations."""
    server = EmbeddedPostgres(folder)
    dsn = await server.start()
    try:
        await migrate(dsn, server_password="thrown away with the cluster")  # noqa: S106
        return await dump_schema(program("pg_dump"), dsn)
    finally:
        await server.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        SCHEMA.write_text(asyncio.run(fresh_schema(Path(folder) / "postgres")), encoding="utf-8")
