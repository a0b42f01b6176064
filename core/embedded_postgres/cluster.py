"""The folders and the cluster: who owns them, how PostgreSQL's account reaches them, how a cluster is made."""

import contextlib
import logging
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.embedded_postgres.account import Account
from core.embedded_postgres.errors import EmbeddedPostgresError

log = logging.getLogger(__name__)

SUPERUSER = "postgres"
PORT = 5432
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"}
_SOCKET_PATH_LIMIT_BYTES = 100
_SOCKET_DIR_PREFIX = "callx-"
_INIT_TIMEOUT_S = 120.0


def make_cluster(data_dir: Path, account: Account | None, programs: Path) -> None:
    """Runs initdb beside the final place, then renames: a cluster that exists is whole."""
    began = time.monotonic()
    if data_dir.exists() and any(data_dir.iterdir()):
        raise EmbeddedPostgresError(f"{data_dir} is not empty and holds no PostgreSQL cluster.")
    unfinished = data_dir.with_name(f"{data_dir.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    give(unfinished, account)
    with reachable(unfinished, account) as (path, descriptors):
        command = [str(programs / "initdb"), "-D", path, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        try:
            made = subprocess.run(  # noqa: S603 - no shell
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=ENVIRONMENT,
                cwd="/",
                timeout=_INIT_TIMEOUT_S,
                pass_fds=descriptors,
                check=False,
                start_new_session=True,
                **_identity(account),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise EmbeddedPostgresError(f"initdb cannot make a cluster in {data_dir}: {error}") from error
    if made.returncode != 0:
        output = (made.stdout + made.stderr).decode(errors="replace")[-2_000:]
        raise EmbeddedPostgresError(f"initdb cannot make a cluster in {data_dir}:\n{output}")
    unfinished.rename(data_dir)
    log.info("Made a PostgreSQL cluster in %s in %d ms.", data_dir, (time.monotonic() - began) * 1000)


def _identity(account: Account | None) -> dict[str, Any]:
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


def give(folder: Path, account: Account | None) -> None:
    """Makes a folder private to the account, with all that is in it (it may come from a machine with other numbers)."""
    owner = folder.stat().st_uid
    if account is None:
        if owner != os.geteuid():
            raise EmbeddedPostgresError(f"{folder} belongs to another user (number {owner}).")
    elif owner != account.uid:
        for place, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.lchown(Path(place) / name, account.uid, account.gid)
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


@contextlib.contextmanager
def reachable(folder: Path, account: Account | None) -> Iterator[tuple[str, list[int]]]:
    """A path by which the account reaches the folder: its own, or that of an open descriptor if a parent is closed."""
    if account is None or account.can_read(folder):
        yield str(folder), []
        return
    if not Path("/proc/self/fd").is_dir():
        raise EmbeddedPostgresError(
            f"PostgreSQL must not run as root, and the account {account.name!r} cannot reach {folder}: "
            "put the data directory elsewhere, or start CallX as an ordinary user."
        )
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}", [descriptor]
    finally:
        os.close(descriptor)


def new_socket_dir(account: Account | None) -> Path:
    """A folder of our own that the account reaches by a short path."""
    for parent in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108 - mkdtemp below
        try:
            folder = Path(tempfile.mkdtemp(prefix=_SOCKET_DIR_PREFIX, dir=parent))
        except OSError:
            continue
        if account is not None:
            os.chown(folder, account.uid, account.gid)
        path = os.fsencode(folder / f".s.PGSQL.{PORT}.lock")
        if len(path) <= _SOCKET_PATH_LIMIT_BYTES and (account is None or account.can_read(folder)):
            return folder
        folder.rmdir()
    raise EmbeddedPostgresError("There is no temporary directory with a short path for PostgreSQL's socket.")


def remove_socket_dir(folder: Path) -> None:
    """Removes what `new_socket_dir` made, and nothing that it cannot have made."""
    if folder.is_absolute() and folder.name.startswith(_SOCKET_DIR_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)
