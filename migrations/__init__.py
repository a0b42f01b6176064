"""The database's shape: numbered SQL files that never change once released, run in order by Alembic.

`runner.migrate` brings a database up to date; `schema.sql` is what then stands there, dumped, and compared
in the tests.
A change of the schema is a new `sql/NNNN_*.sql` with a `versions/NNNN_*.py` that runs it, and `make schema`.
"""
