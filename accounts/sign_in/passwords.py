"""Hashing passwords off the event loop. The only importer of argon2."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import Unavailable

MAXIMUM_BYTES = 1_024
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password was right, and its hash by today's parameters when the stored one is older."""

    correct: bool
    new_hash: str | None = None


class Passwords:
    """Argon2id in a few threads; with the default `hasher` each takes 64 MiB for as long as it runs.

    At most `workers` run at once and `waiting` queue; beyond that `Unavailable` is raised at once, so that a flood of
    sign-ins neither fills the memory nor makes everybody wait.
    """

    def __init__(self, *, workers: int = 2, waiting: int = 32, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="password")
        self._room = BoundedSemaphore(workers + waiting)
        self._nobodys_hash = self._hasher.hash("the password of nobody")

    async def hash(self, password: str) -> str:
        """The text to store for a password. Raises ValueError for one that is empty or too long."""
        if not password or _too_long(password):
            raise ValueError(f"A password has 1 to {MAXIMUM_BYTES} bytes.")
        return await self._in_thread(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, password: str, stored_hash: str | None) -> Verdict:
        """Compares; without a stored hash (nobody has this address) it takes as long and is wrong."""
        if _too_long(password):
            return Verdict(correct=False)
        return await self._in_thread(lambda: self._verify(_bytes(password), stored_hash))

    def close(self) -> None:
        """Ends the threads once what runs is done."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: bytes, stored_hash: str | None) -> Verdict:
        try:
            self._hasher.verify(stored_hash or self._nobodys_hash, password)
        except (VerificationError, InvalidHashError):
            return Verdict(correct=False)
        if stored_hash is None:
            return Verdict(correct=False)
        outdated = self._hasher.check_needs_rehash(stored_hash)
        return Verdict(correct=True, new_hash=self._hasher.hash(password) if outdated else None)

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        if not self._room.acquire(blocking=False):
            raise Unavailable("Too many people sign in at this moment. Try again shortly.", code="busy")
        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._room.release())
        return await asyncio.wrap_future(future)


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", errors="surrogatepass")


def _too_long(password: str) -> bool:
    return len(_bytes(password)) > MAXIMUM_BYTES
