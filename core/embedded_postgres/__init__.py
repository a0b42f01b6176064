"""The PostgreSQL that starts by itself, from the binaries of a wheel, in a folder of the data directory.

    server      EmbeddedPostgres: make the cluster, start it, stop it, notice when it dies
    cluster     initdb, and the folders: owners, modes, short paths
    supervisor  a small program between the owner and PostgreSQL: it stops the server when the owner is gone
    binaries    where the programs are
    account     the unprivileged account PostgreSQL runs under when the owner is root
    leftovers   what an earlier run left behind: locks, a server that still runs, a stale postmaster.pid
    errors      what can go wrong

Everybody else needs only the names below.
"""

from core.embedded_postgres.binaries import program
from core.embedded_postgres.errors import EmbeddedPostgresError, EmbeddedPostgresInUse
from core.embedded_postgres.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "EmbeddedPostgresInUse", "program"]
