"""Logging: one line a record, with the request and the call it belongs to."""

import logging
import sys
from contextvars import ContextVar

from aiohttp.http_exceptions import HttpProcessingError

request_id: ContextVar[str] = ContextVar("request_id", default="-")
call_id: ContextVar[str] = ContextVar("call_id", default="-")


class _ContextFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        record.call_id = call_id.get()
        return True


class _NoNonsense(logging.Filter):
    """Drops what aiohttp tells, each time with a traceback, of bytes that are no HTTP: anybody may send as many as
    they like, the answer says what was wrong, and nothing failed here.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, HttpProcessingError)


_NO_NONSENSE = _NoNonsense()


def configure(level: str) -> None:
    """Sends every record to standard error; standard output belongs to the ready line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)-7s %(name)s request=%(request_id)s call=%(call_id)s %(message)s")
    )
    handler.addFilter(_ContextFilter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    hush_libraries()


def hush_libraries() -> None:
    """Lets libraries tell only what somebody has to know."""
    logging.getLogger("aiohttp.server").addFilter(_NO_NONSENSE)
    for noisy in ("aiohttp.access", "websockets", "alembic.runtime", "pgqueuer"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
