"""What can go wrong with the embedded PostgreSQL."""

from core.errors import Unavailable


class EmbeddedPostgresError(Unavailable):
    """The embedded PostgreSQL did not start, or died; the message ends with the tail of its log."""

    default_code = "embedded_postgres_failed"
    default_retryable = False


class EmbeddedPostgresInUse(EmbeddedPostgresError):
    """Another living process owns this folder; it goes on unharmed."""

    default_code = "embedded_postgres_in_use"
