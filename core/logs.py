"""Logging: one line a record, with the request and the call it belongs to."""

import logging
import sys
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")
call_id: ContextVar[str] = ContextVar("call_id", default="-")


class _ContextFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        record.call_id = call_id.get()
        return True


def configure(level: str) -> None:
    """Sends every record to standard error; standard output belongs to the ready line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)-7s %(name)s request=%(request_id)s call=%(call_id)s %(message)s")
    )
    handler.addFilter(_ContextFilter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("aiohttp.access", "websockets", "alembic.runtime", "pgqueuer"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
