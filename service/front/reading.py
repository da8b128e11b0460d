"""Files sent by the event loop itself: what the system has in memory is read at once,
the rest by a thread.
"""

import os
from collections.abc import AsyncIterator

from service.front.lanes import Lane, Lanes

BLOCK = 256 * 1024
AT_ONCE = getattr(os, "RWF_NOWAIT", 0)  # Linux: only what needs no waiting for a disk


class Cut(OSError):
    """A file is shorter than it was said to be."""


class Reader:
    """A file, open for one answer."""

    def __init__(self, path: str, lanes: Lanes) -> None:
        self._lanes = lanes
        self._handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    async def blocks(self, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from one up to another; Cut when the file ends before them."""
        while start < end:
            block = await self.read(start, end - start)
            start += len(block)
            yield block

    async def read(self, start: int, length: int) -> bytes:
        """At most a block of it; Cut when there is nothing at that place."""
        wanted = min(length, BLOCK)
        block = self._at_once(start, wanted)
        if len(block) < wanted:
            block = await self._lanes.run(
                Lane.DISK, lambda: _read(self._handle, start, wanted)
            )
        if not block:
            raise Cut(f"nothing at {start}")
        return block

    def close(self) -> None:
        """Gives the file back."""
        os.close(self._handle)

    def _at_once(self, start: int, length: int) -> bytes:
        if not AT_ONCE:
            return b""
        buffer = bytearray(length)
        try:
            count = os.preadv(self._handle, [buffer], start, AT_ONCE)
        except OSError:  # it would wait, or this file system does not know the flag
            return b""
        return bytes(buffer) if count == length else b""


def _read(handle: int, start: int, length: int) -> bytes:
    """Windows has no `pread`; there the handle is this answer's own, and nobody else moves it."""
    if hasattr(os, "pread"):
        return os.pread(handle, length, start)
    os.lseek(handle, start, os.SEEK_SET)
    return os.read(handle, length)
