"""Digests of passwords: slow and large in memory on purpose, so only a few are made at once."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

# Each costs 64 MiB while it lasts: a commune's machine has 2 GB, which the voices share.
AT_ONCE = 2


class Hasher:
    """argon2id, for at most `at_once` callers at the same time; the others wait their turn."""

    def __init__(self, hasher: PasswordHasher, at_once: int = AT_ONCE) -> None:
        self._hasher = hasher
        self._turns = BoundedSemaphore(at_once)

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        with self._turns:
            return self._hasher.hash(password)

    def matches(self, digest: str, password: str) -> bool:
        """Whether the digest was made of that password; False for what is no digest."""
        try:
            with self._turns:
                return self._hasher.verify(digest, password)
        except (InvalidHashError, VerifyMismatchError):
            return False
