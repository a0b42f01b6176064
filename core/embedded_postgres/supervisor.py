"""Stands between the owner and PostgreSQL, so that no server is left behind when the owner is killed.

A program of its own (`python -I -S supervisor.py JSON`), from the standard library alone. Its standard input is a pipe
that the owner holds open and never writes to: when the pipe ends, or the supervisor has another parent (a fork of the
owner may hold the pipe too), the owner has stopped or has died, and PostgreSQL is stopped. If the supervisor itself is
killed, Linux tells PostgreSQL to shut down (PR_SET_PDEATHSIG); elsewhere the next owner of the folder does. It keeps
PostgreSQL's log within two files of bounded size. The exit code is 0 after a stop that was asked for, 3 when PostgreSQL
ended on its own.

The JSON holds: owner (its process id), command, environment, data_dir, log_dir, socket_dir, log_bytes, lock_fd (an
inherited flock, which PostgreSQL and its children inherit in turn: whoever gets the lock knows that all of them are
gone), uid and gid (null: stay who we are), by_descriptor (reach data_dir through an open descriptor, because a parent
folder is closed).
"""

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from typing import Any

_PR_SET_PDEATHSIG = 1
_ESCALATION = ((0.0, signal.SIGINT), (10.0, signal.SIGQUIT), (15.0, signal.SIGKILL))
_LOG = "server.log"
_OLD_LOG = "server.log.1"
DATA_DIR = "{data_dir}"  # in the command: replaced by the folder's path


class BoundedLog:
    """Appends to a file in an opened folder; a full file becomes the old one."""

    def __init__(self, folder_fd: int, limit_bytes: int) -> None:
        self._folder_fd = folder_fd
        self._limit_bytes = limit_bytes
        self._open()

    def _open(self) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        self._fd = os.open(_LOG, flags, 0o600, dir_fd=self._folder_fd)
        self._size = os.fstat(self._fd).st_size

    def write(self, text: bytes) -> None:
        """A full disk loses log lines, never the server."""
        with contextlib.suppress(OSError):
            if self._size > self._limit_bytes:
                os.rename(_LOG, _OLD_LOG, src_dir_fd=self._folder_fd, dst_dir_fd=self._folder_fd)
                os.close(self._fd)
                self._open()
            self._size += os.write(self._fd, text)


def run(task: dict[str, Any]) -> int:
    """Starts PostgreSQL, follows it to its end, and cleans up; the exit code."""
    data_fd = os.open(task["data_dir"], os.O_RDONLY | os.O_DIRECTORY)
    log_fd = os.open(task["log_dir"], os.O_RDONLY | os.O_DIRECTORY)
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # before the account changes: it may not read it then
    if task["uid"] is not None:
        os.setgroups([])
        os.setgid(task["gid"])
        os.setuid(task["uid"])
    os.umask(0o077)
    log = BoundedLog(log_fd, task["log_bytes"])
    wake_fd = _wake_on_signals()
    supervisor = os.getpid()

    def dies_with_supervisor() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
            if os.getppid() != supervisor:
                os._exit(1)

    data_dir = f"/proc/self/fd/{data_fd}" if task["by_descriptor"] else task["data_dir"]
    server = subprocess.Popen(  # noqa: S603 - the owner's command, no shell
        [part.replace(DATA_DIR, data_dir) for part in task["command"]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=task["environment"],
        cwd="/",
        pass_fds=[data_fd, task["lock_fd"]],
        preexec_fn=dies_with_supervisor,  # safe: the supervisor has one thread
        start_new_session=True,
    )
    asked = _follow(server, log, wake_fd, task["owner"])
    shutil.rmtree(task["socket_dir"], ignore_errors=True)
    return 0 if asked else 3


def _wake_on_signals() -> int:
    """A descriptor that becomes readable on a signal; SIGTERM asks for a stop, SIGCHLD tells of the server's end."""
    read_fd, write_fd = os.pipe()
    os.set_blocking(read_fd, False)
    os.set_blocking(write_fd, False)
    signal.set_wakeup_fd(write_fd, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: None)
    return read_fd


def _follow(server: "subprocess.Popen[bytes]", log: BoundedLog, wake_fd: int, owner: int) -> bool:
    """Until PostgreSQL has ended; whether that was asked for."""
    assert server.stderr is not None
    log_fd, owner_fd = server.stderr.fileno(), sys.stdin.fileno()
    os.set_blocking(log_fd, False)
    watched = {log_fd, owner_fd, wake_fd}
    stop_asked_at: float | None = None
    steps = list(_ESCALATION)
    while server.poll() is None:
        timeout = 1.0 if stop_asked_at is None else 0.05
        ready = select.select(watched, (), (), timeout)[0]
        if log_fd in ready and not _copy_log(log_fd, log):
            watched.discard(log_fd)
        woken = os.read(wake_fd, 4096) if wake_fd in ready else b""
        if owner_fd in ready or signal.SIGTERM in woken or os.getppid() != owner:
            watched.discard(owner_fd)
            stop_asked_at = stop_asked_at or time.monotonic()
        while stop_asked_at is not None and steps and time.monotonic() - stop_asked_at >= steps[0][0]:
            server.send_signal(steps.pop(0)[1])
    _copy_log(log_fd, log)
    return stop_asked_at is not None


def _copy_log(source_fd: int, log: BoundedLog) -> bool:
    """Copies what there is; False at the end of the stream."""
    with contextlib.suppress(BlockingIOError):
        while text := os.read(source_fd, 65_536):
            log.write(text)
        return False
    return True


if __name__ == "__main__":
    sys.exit(run(json.loads(sys.argv[1])))
