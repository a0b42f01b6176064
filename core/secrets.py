"""One master secret, and what is derived from it.

Nodes that share `CALLX_SECRET` understand each other's tokens, links and passwords. When none is given it is generated
into the data directory, readable by the owner alone.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from core.errors import BadRequest, Unavailable

MINIMUM_LENGTH = 32


class Secrets:
    """Derives a separate key for each purpose, so that a token of one kind is never taken for another."""

    def __init__(self, master: str) -> None:
        if len(master) < MINIMUM_LENGTH:
            raise BadRequest(f"CALLX_SECRET must have at least {MINIMUM_LENGTH} characters.", code="weak_secret")
        self._master = master.encode()

    def derive(self, purpose: str) -> str:
        """A key of 64 hexadecimal digits for one purpose, for example `access-token`."""
        return hmac.new(self._master, purpose.encode(), hashlib.sha256).hexdigest()


def load_or_create(given: str | None, data_dir: Path) -> Secrets:
    """The given master, else the one in `data_dir/secret`, which is made at the first start.

    Raises BadRequest `weak_secret` for one that is too short, Unavailable `data_dir_unusable`.
    """
    if given:
        return Secrets(given)
    try:
        return Secrets(_kept_in(data_dir))
    except OSError as error:
        raise Unavailable(
            f"The data directory {data_dir} cannot be used: {error.strerror}. --data-dir takes another.",
            code="data_dir_unusable",
        ) from error


def _kept_in(data_dir: Path) -> str:
    path = data_dir / "secret"
    if not path.exists():
        # Nobody else may look around in it; as root, the account of PostgreSQL must pass through.
        data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass  # another process of the same folder was quicker; its secret is read below
        else:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
