"""What a function in the database refuses, as an error: it says what by SQLSTATE, and which by a code in `detail`."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from core.errors import BadRequest, Forbidden, NotFound


@contextmanager
def database_refusals() -> Iterator[None]:
    """Raises Forbidden for 42501, NotFound for P0002, BadRequest for 22023: the database's sentence and code."""
    try:
        yield
    except asyncpg.InsufficientPrivilegeError as error:
        raise Forbidden(error.message, code=error.detail) from error
    except asyncpg.NoDataFoundError as error:
        raise NotFound(error.message, code=error.detail) from error
    except asyncpg.InvalidParameterValueError as error:
        raise BadRequest(error.message, code=error.detail) from error
