"""What of a database the REST wire shows, to whom, and how much of it at once."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from aiohttp import web

from core.db import Acting, Tx
from core.identity import Person
from core.rest.introspection import Catalogs
from core.rest.prepared import PreparedReads
from core.rest.turnstile import Turnstile

MEBIBYTE = 1024 * 1024


class RestDatabase(Protocol):
    """Where the rows are: transactions that act as a person. `core.db.Database` is one."""

    def acting(self, person: Person, *, read_only: bool = False) -> AbstractAsyncContextManager[Acting]:
        """A transaction with the rights of `person`, committed at the end and rolled back on an exception."""


OnRead: TypeAlias = Callable[[Tx, Person, frozenset[str], str, int], Awaitable[None]]
"""Is told who read which observed tables: `await on_read(tx, person, tables, asked, rows)`.

It is awaited in the transaction of the read, after the statement: `tx` acts as the person who asked, may write, and is
rolled back when the answer is an error. An error that comes after rows were looked at is told in a transaction of its
own, with 0 rows, because its text may quote one. `tables` are the observed ones that the request touched, directly, in
an embed at any depth, or in what a write answers. `asked` is the raw path and query string as they were sent (at most
64 KiB, percent-encoded, never a body), `rows` how many rows of the first level were answered or changed. What it raises
is raised to the client, and nothing is answered.
"""

Cleaner: TypeAlias = Callable[[str], str]
"""Makes of a text that somebody wants to write the one that is written. It runs in a thread."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """The settings of one REST wire.

    `schemas`: the first is meant where the client names none. `functions`: the names below `rpc/` that may be called;
    None is every function that the caller's role may execute. `max_rows`: at most so many rows on each level of a read.
    `anonymous`: whether requests without a sign-in are let through to the database, which decides like for others.
    `observed`: names of tables whose readers `OnRead` is told of. `cleaned`: for names of tables and of their
    columns, what is done to each text before it is written there.
    """

    schemas: tuple[str, ...] = ("public",)
    functions: frozenset[str] | None = None
    max_rows: int = 1_000
    anonymous: bool = True
    max_body_bytes: int = MEBIBYTE
    prefix: str = "/rest/v1"
    observed: frozenset[str] = frozenset()
    cleaned: Mapping[str, Mapping[str, Cleaner]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running REST wire. Without a `database` of its own it takes the application's."""

    exposure: Exposure
    catalogs: Catalogs
    turnstile: Turnstile
    prepared: PreparedReads
    database: RestDatabase | None = None
    on_read: OnRead | None = None


GATEWAY = web.AppKey("rest_gateway", Gateway)
