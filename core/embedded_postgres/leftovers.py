"""What an earlier run left in the folder: locks, a server that still runs, a stale postmaster.pid.

A process id proves nothing: it may have been given to somebody else since. So a server is known to live by a lock that
PostgreSQL and its children inherit, and a process gets a signal only if its working folder (elsewhere than on Linux:
its command line) is the cluster's.
"""

import fcntl
import os
import signal
import subprocess
import time
from pathlib import Path

from core.embedded_postgres.errors import EmbeddedPostgresError, EmbeddedPostgresInUse

_OPEN_LOCKS: set[int] = set()
_ESCALATION = ((0.0, signal.SIGINT), (10.0, signal.SIGQUIT), (15.0, signal.SIGKILL))
_PATIENCE_S = 20.0


def _close_locks_in_fork() -> None:
    """A forked worker must not keep the lock of a killed owner."""
    for descriptor in _OPEN_LOCKS:
        os.close(descriptor)
    _OPEN_LOCKS.clear()


os.register_at_fork(after_in_child=_close_locks_in_fork)


def take_lock(path: Path) -> int | None:
    """An exclusive lock on the file, held as long as the descriptor is open; None if somebody else has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    _OPEN_LOCKS.add(descriptor)
    return descriptor


def release_lock(descriptor: int) -> None:
    """Closes the descriptor; others that inherited it keep the lock."""
    _OPEN_LOCKS.discard(descriptor)
    os.close(descriptor)


def take_server_lock(lock_path: Path, data_dir: Path) -> int:
    """The lock that every process of the server inherits.

    If a server of a dead owner still has it, that server is asked to shut down, then made to. The caller holds the
    owner's lock, so nobody else can want that server. `EmbeddedPostgresError` if it does not go away in 20 seconds.
    """
    began = time.monotonic()
    steps = list(_ESCALATION)
    while (lock := take_lock(lock_path)) is None:
        waited_s = time.monotonic() - began
        if waited_s > _PATIENCE_S:
            raise EmbeddedPostgresError(f"A PostgreSQL server left behind in {data_dir} does not stop.")
        if steps and waited_s >= steps[0][0] and (process_id := server_process(data_dir)) is not None:
            _send(process_id, steps.pop(0)[1])
        time.sleep(0.02)
    return lock


def remove_stale_pid_file(data_dir: Path) -> None:
    """Removes postmaster.pid, which keeps PostgreSQL from starting if its number now belongs to another process.

    The caller holds the server's lock. `EmbeddedPostgresInUse` if a server lives that was started without it, by hand.
    """
    if (process_id := server_process(data_dir)) is not None:
        raise EmbeddedPostgresInUse(f"PostgreSQL (process {process_id}) was started by hand in {data_dir}.")
    (data_dir / "postmaster.pid").unlink(missing_ok=True)


def server_process(data_dir: Path) -> int | None:
    """The process id of the cluster's living server, verified; None if there is none."""
    try:
        process_id = int((data_dir / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return process_id if process_id > 1 and _belongs_to(process_id, data_dir) else None


def _belongs_to(process_id: int, data_dir: Path) -> bool:
    if Path("/proc/self/cwd").exists():
        try:
            return Path(f"/proc/{process_id}/cwd").samefile(data_dir)
        except OSError:
            return False
    shown = subprocess.run(  # noqa: S603 - fixed program, no shell
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(process_id)],
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    return "postgres" in shown.stdout and f"-D {data_dir}" in shown.stdout


def _send(process_id: int, number: signal.Signals) -> None:
    try:
        os.kill(process_id, number)
    except ProcessLookupError:
        return
