"""The schema as Alembic revisions made of SQL files."""
