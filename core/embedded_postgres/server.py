"""Owns one PostgreSQL cluster: makes it, starts it, stops it, and notices when it dies."""

import asyncio
import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from core.embedded_postgres import supervisor
from core.embedded_postgres.account import Account, account_for
from core.embedded_postgres.binaries import install_dir_for
from core.embedded_postgres.cluster import (
    ENVIRONMENT,
    PORT,
    SUPERUSER,
    give,
    make_cluster,
    new_socket_dir,
    remove_socket_dir,
)
from core.embedded_postgres.errors import EmbeddedPostgresError, EmbeddedPostgresInUse
from core.embedded_postgres.leftovers import release_lock, remove_stale_pid_file, take_lock, take_server_lock

log = logging.getLogger(__name__)

_START_TIMEOUT_S = 90.0
_STOP_TIMEOUT_S = 25.0
_LOG_BYTES = 4_000_000
_SETTINGS = {
    "listen_addresses": "",  # no network at all
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "cluster_name": "callx",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "max_parallel_workers_per_gather": "0",  # parallel queries want more /dev/shm than a container has
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u ",
    "log_checkpoints": "off",
}


class EmbeddedPostgres:
    """A PostgreSQL server of our own, below one folder (made, 0700, if it is missing).

    It listens on a Unix socket alone, in a folder of its own in the temporary directory: 0700, with an unguessable name
    and short, because a socket's path is limited to some 107 bytes. Whoever can enter that folder is let in without a
    password (`trust`): only the account PostgreSQL runs under, and root, can, and they can read the cluster's files
    anyway, so a password would protect nothing. Which role the caller then logs in as is the caller's discipline: the
    server takes the role without rights, migrations take the superuser.

    Run as root, PostgreSQL runs under the system user `as_user` (see `account`), which owns the cluster.

    When the owner dies, even by SIGKILL, the server shuts down within a second (see `supervisor`). A second owner of
    the same folder gets `EmbeddedPostgresInUse`. When the server dies, `wait_closed` returns and `alive` is false.

    `settings` override PostgreSQL's; a test may say `{"fsync": "off"}`. All methods may be called from any event loop.
    """

    def __init__(
        self, folder: Path, *, as_user: str = "callx-postgres", settings: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder.absolute()
        self._as_user = as_user
        self._settings = {**_SETTINGS, **(settings or {})}
        self._data_dir = self.folder / "data"
        self._log_dir = self.folder / "log"
        self._owner_lock: int | None = None
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._socket_dir: Path | None = None
        self._abandoned = threading.Event()

    @property
    def alive(self) -> bool:
        """Whether the server is started and has not died since."""
        return self._supervisor is not None and self._supervisor.poll() is None

    def url(self, database: str = "postgres", user: str = SUPERUSER) -> str:
        """The address for asyncpg, libpq's programs and (with `+asyncpg`) SQLAlchemy."""
        if self._socket_dir is None:
            raise EmbeddedPostgresError("The embedded PostgreSQL is not started.")
        host = quote(str(self._socket_dir), safe="/")
        return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?host={host}"

    async def start(self) -> str:
        """Starts the server, making the cluster if it is missing; the superuser's URL.

        `EmbeddedPostgresInUse` if another living owner has the folder, `EmbeddedPostgresError` if it does not start.
        """
        self._abandoned.clear()
        starting = asyncio.get_running_loop().run_in_executor(None, self._start)
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            self._abandoned.set()
            with contextlib.suppress(EmbeddedPostgresError):
                await starting
            await asyncio.to_thread(self._stop)
            raise

    async def stop(self) -> None:
        """Shuts the server down (open transactions are rolled back) and frees the folder; nothing if stopped."""
        await asyncio.to_thread(self._stop)

    async def wait_closed(self) -> None:
        """Returns when the server has ended, whether stopped or dead: the owner tells them apart."""
        while self.alive:  # noqa: ASYNC110 - the end of a process, in whichever event loop asks
            await asyncio.sleep(0.1)

    def log_tail(self, characters: int = 2_000) -> str:
        """The end of PostgreSQL's log."""
        try:
            return (self._log_dir / "server.log").read_text(errors="replace")[-characters:].strip()
        except OSError:
            return ""

    def _start(self) -> str:
        if self._owner_lock is not None:
            raise EmbeddedPostgresInUse(f"This process has already started PostgreSQL in {self.folder}.")
        account = account_for(self._as_user)
        self._make_folders(account)
        self._owner_lock = take_lock(self.folder / "owner.lock")
        if self._owner_lock is None:
            raise EmbeddedPostgresInUse(
                f"Another process uses the PostgreSQL in {self.folder}: a server that runs, perhaps. "
                "Stop it first, or give another --data-dir."
            )
        try:
            self._start_as_owner(account)
        except BaseException:
            self._stop()
            raise
        return self.url()

    def _start_as_owner(self, account: Account | None) -> None:
        server_lock = take_server_lock(self.folder / "server.lock", self._data_dir)
        try:
            programs = install_dir_for(account) / "bin"
            give(self._log_dir, account)
            if not (self._data_dir / "PG_VERSION").is_file():
                make_cluster(self._data_dir, account, programs)
            give(self._data_dir, account)
            remove_stale_pid_file(self._data_dir)
            self._socket_dir = self._new_socket_dir(account)
            self._supervisor = self._start_supervisor(account, programs, server_lock)
        finally:
            release_lock(server_lock)
        self._wait_until_ready()

    def _make_folders(self, account: Account | None) -> None:
        """The outer folder belongs to us alone; as root, the account may pass through it, not change it."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if account is not None:
                os.chown(self.folder, 0, account.gid)
            self.folder.chmod(0o700 if account is None else 0o710)
            self._log_dir.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise EmbeddedPostgresError(f"The folder {self.folder} cannot be used for PostgreSQL: {error}") from error

    def _new_socket_dir(self, account: Account | None) -> Path:
        """Remembered in the folder, so that the next start removes it if nobody of this one lives to do so."""
        note = self.folder / "socket-dir"
        with contextlib.suppress(OSError):
            remove_socket_dir(Path(note.read_text()))
        socket_dir = new_socket_dir(account)
        note.write_text(str(socket_dir))
        return socket_dir

    def _start_supervisor(self, account: Account | None, programs: Path, server_lock: int) -> "subprocess.Popen[bytes]":
        settings = {**self._settings, "unix_socket_directories": str(self._socket_dir)}
        command = [str(programs / "postgres"), "-D", supervisor.DATA_DIR]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        task = {
            "owner": os.getpid(),
            "command": command,
            "environment": ENVIRONMENT,
            "data_dir": str(self._data_dir),
            "log_dir": str(self._log_dir),
            "socket_dir": str(self._socket_dir),
            "log_bytes": _LOG_BYTES,
            "lock_fd": server_lock,
            "uid": account.uid if account else None,
            "gid": account.gid if account else None,
            "by_descriptor": account is not None and not account.can_read(self._data_dir),
        }
        return subprocess.Popen(  # noqa: S603 - no shell
            [sys.executable, "-I", "-S", supervisor.__file__, json.dumps(task)],
            stdin=subprocess.PIPE,  # its end tells the supervisor that we are gone
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            cwd="/",
            pass_fds=[server_lock],
            start_new_session=True,  # Ctrl-C in the terminal is for us, not for PostgreSQL
        )

    def _wait_until_ready(self) -> None:
        """Until postmaster.pid says so, as pg_ctl does."""
        assert self._supervisor is not None
        began = time.monotonic()
        while not _says_ready(self._data_dir / "postmaster.pid"):
            if not self.alive:
                assert self._supervisor.stderr is not None
                trace = self._supervisor.stderr.read().decode(errors="replace")[-2_000:]
                raise EmbeddedPostgresError(
                    f"PostgreSQL in {self.folder} ended at its start:\n{self.log_tail()}\n{trace}"
                )
            if self._abandoned.is_set() or time.monotonic() - began > _START_TIMEOUT_S:
                raise EmbeddedPostgresError(f"PostgreSQL in {self.folder} does not get ready:\n{self.log_tail()}")
            time.sleep(0.01)

    def _stop(self) -> None:
        if (process := self._supervisor) is not None:
            assert process.stdin is not None
            assert process.stderr is not None
            process.stdin.close()
            try:
                process.wait(_STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()  # and PostgreSQL shuts down by the signal of its parent's death
                process.wait()
            process.stderr.close()
            self._supervisor = None
        if self._socket_dir is not None:
            remove_socket_dir(self._socket_dir)
            self._socket_dir = None
        if self._owner_lock is not None:
            release_lock(self._owner_lock)
            self._owner_lock = None


def _says_ready(pid_file: Path) -> bool:
    """The eighth line is the status."""
    try:
        lines = pid_file.read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"
