"""Makes a test fail when our code blocks the event loop."""

from collections.abc import Iterator
from contextlib import contextmanager

from blockbuster import blockbuster_ctx

SCANNED = ["core", "accounts", "voice", "evaluation", "lms"]


@contextmanager
def nothing_may_block() -> Iterator[None]:
    """Raises `BlockingError` in our code that sleeps, reads files or waits for a lock on the event loop.

    Unavoidable, and therefore allowed: a log record is written to the terminal of the test run, and asyncpg looks for
    a password file when it connects.
    """
    with blockbuster_ctx(SCANNED) as guard:
        for function in guard.functions.values():
            function.can_block_in("logging/__init__.py", {"emit", "handle", "acquire"})
            function.can_block_in("asyncpg/connect_utils.py", {"_parse_connect_dsn_and_args"})
        yield
