"""`/openapi.json` and `/docs`, out of what handlers say about themselves.

A handler declares itself by `@operation(...)`; pydantic models are its parameters, bodies and answers. Wires whose
addresses go through one handler (`/rest/v1`, `/storage/v1`, `/functions/v1`) say theirs through a `Wire`. A route that
nobody describes fails `tests/app/test_openapi.py`, and an answer that is not what was said fails the conformance test
beside it.
"""

from core.openapi.operations import (
    ADMIN,
    ANYBODY,
    SIGNED_IN,
    Content,
    Exact,
    PlainError,
    operation,
)

__all__ = ["ADMIN", "ANYBODY", "SIGNED_IN", "Content", "Exact", "PlainError", "operation"]
