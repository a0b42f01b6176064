"""The unprivileged account that PostgreSQL runs under when its owner is root, which PostgreSQL refuses to be."""

import logging
import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from core.embedded_postgres.errors import EmbeddedPostgresError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    def can_read(self, path: Path) -> bool:
        """Whether the account reaches and reads `path`: asked of the kernel, which knows ACLs and mounts too."""
        test = shutil.which("test", path="/usr/bin:/bin") or "test"
        answer = subprocess.run(  # noqa: S603 - fixed program, no shell
            [test, "-r", str(path)], user=self.uid, group=self.gid, extra_groups=[], cwd="/", timeout=10, check=False
        )
        return answer.returncode == 0


def account_for(name: str) -> Account | None:
    """The account to run PostgreSQL under; None means: as who we are.

    As root: the account `name`, made as a system user if it is missing; if it cannot be made, `nobody`.
    """
    if os.geteuid() != 0:
        return None
    account = _existing(name) or _created(name)
    if account is None:
        account = _existing("nobody")
        log.warning("The system user %r cannot be made; PostgreSQL runs as 'nobody'.", name)
    if account is None or account.uid == 0:
        raise EmbeddedPostgresError(
            f"PostgreSQL must not run as root, and there is no account for it: create a system user named {name!r}."
        )
    return account


def _existing(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _created(name: str) -> Account | None:
    places = "/usr/sbin:/sbin:/usr/bin:/bin"
    if tool := shutil.which("useradd", path=places):
        command = [
            tool,
            "--system",
            "--no-create-home",
            "--home-dir",
            "/nonexistent",
            "--shell",
            "/usr/sbin/nologin",
            name,
        ]
    elif tool := shutil.which("adduser", path=places):  # busybox
        command = [tool, "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin", name]
    else:
        return None
    made = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - no shell
    if made.returncode == 0:
        log.info("Made the system user %r to run PostgreSQL under.", name)
    deadline = time.monotonic() + (2 if made.returncode else 0)
    while (account := _existing(name)) is None and time.monotonic() < deadline:
        time.sleep(0.05)  # another process may be making it
    return account
