"""Which data directory this is: a journal can only be read where it lies, whatever machines share the database."""

import asyncio
import os
from pathlib import Path
from uuid import UUID, uuid4

FILE = "place"


async def journal_place(data_dir: Path) -> UUID:
    """The name of `data_dir/recordings`, made at its first use. Raises OSError."""
    return await asyncio.to_thread(_read_or_make, data_dir / "recordings")


def _read_or_make(folder: Path) -> UUID:
    path = folder / FILE
    try:
        return UUID(path.read_text().strip())
    except (FileNotFoundError, ValueError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mine = folder / f"{FILE}.{uuid4()}"
    mine.write_text(str(uuid4()))
    try:
        os.link(mine, path)  # whole or not at all, and never over another process's
    except FileExistsError:
        pass
    finally:
        mine.unlink()
    return UUID(path.read_text().strip())
