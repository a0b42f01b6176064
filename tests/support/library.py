"""A foreign database: the library of `library.sql`, made once a test run and cloned for whoever wants one."""

import json
from pathlib import Path

import asyncpg

from tests.support.cluster import Cluster

_SQL = Path(__file__).with_name("library.sql")
_TEMPLATE = "library_template"
LOGIN = "library_gateway"


async def superusers_connection(dsn: str) -> asyncpg.Connection:
    """A connection that reads json as `core.db` does."""
    connection = await asyncpg.connect(dsn)
    await connection.set_type_codec("json", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    return connection


async def make_library(dsn: str) -> None:
    """Fills the empty database of a superuser's address."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_SQL.read_text("utf8"))
    finally:
        await connection.close()


async def new_library(cluster: Cluster, name: str) -> str:
    """Makes a library of its own under `name`, in some 50 ms except for the first; the name."""
    connection = await asyncpg.connect(cluster.server.url())
    try:
        if not await connection.fetchval("select exists (select from pg_database where datname = $1)", _TEMPLATE):
            await connection.execute(f"create database {_TEMPLATE} template template0")
            await make_library(cluster.owner_dsn(_TEMPLATE))
        await connection.execute(f"create database {name} template {_TEMPLATE}")
    finally:
        await connection.close()
    return name


def login_dsn(cluster: Cluster, name: str) -> str:
    """The address under which a gateway logs in."""
    return cluster.server.url(name, LOGIN)
