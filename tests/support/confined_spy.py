"""A reader that tells what it could do besides reading: `python -m tests.support.confined_spy`."""

import os
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from lms.courses.confined.worker import serve


def look_round(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """The names of its environment, whether it could write, and the file."""
    try:
        with tempfile.TemporaryFile() as place:
            place.write(b"loot")
            place.flush()
        could_write = True
    except OSError:
        could_write = False
    names = sorted(name for name in os.environ if name != "LC_CTYPE")
    yield {"environment": names, "could_write": could_write, "file": file.read().decode()}


if __name__ == "__main__":
    serve(look_round)
