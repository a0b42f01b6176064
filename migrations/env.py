"""What Alembic loads to run the revisions: on the connection that `migrations.runner` has opened, and only there."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="schema_version",
    version_table_schema="callx",
    transaction_per_migration=False,
)
context.run_migrations()
