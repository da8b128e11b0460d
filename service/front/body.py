"""Bodies of requests: received whole, in time and within bounds, before anybody waits for them."""

import asyncio
import io
import tempfile
from collections.abc import Awaitable, Callable
from typing import IO, Any

from service.front.lanes import Lane, Lanes
from service.front.limits import Limits

Receive = Callable[[], Awaitable[Any]]
CHUNK = 1024 * 1024  # is written to disk at once


class TooSlow(Exception):
    """The body was not whole in its time."""


class Gone(Exception):
    """The sender went away in the middle."""


async def farewell(receive: Receive) -> None:
    """Waits until the other side is gone; what it still sends is let go."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Spool:
    """A body as it comes in: in memory while small, then in a file without a name."""

    def __init__(self, lanes: Lanes, kept_in_memory: int) -> None:
        self.size = 0
        self.dropped = False  # by the crowd: its address began too many
        self._lanes = lanes
        self._most = kept_in_memory
        self._pending = bytearray()
        self._file: IO[bytes] | None = None

    async def add(self, data: bytes) -> None:
        """Keeps what came."""
        self.size += len(data)
        self._pending += data
        if len(self._pending) > (CHUNK if self._file else self._most):
            await self._lanes.run(Lane.DISK, self._write)

    async def whole(self) -> IO[bytes]:
        """All of it, from its beginning."""
        if self._file is None:
            return io.BytesIO(bytes(self._pending))
        await self._lanes.run(Lane.DISK, self._write)
        self._file.seek(0)
        return self._file

    def empty(self) -> None:
        """Forgets what came."""
        self.close()
        self._file = None

    def close(self) -> None:
        """Lets go of what was kept."""
        self._pending.clear()
        if self._file is not None:
            self._file.close()

    def _write(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="loa-body-")  # noqa: SIM115 - closed in `close`
        self._file.write(self._pending)
        self._pending.clear()


async def receive_body(
    receive: Receive, spool: Spool, limits: Limits, most: int
) -> bool:
    """Takes a body into the spool, until it is whole (True) or larger than `most` (False).

    May be called again with a larger `most`. TooSlow after the deadline, Gone when the sender is.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    received = 0
    try:
        async with asyncio.timeout_at(began + limits.body_ends_after(0)) as deadline:
            while spool.size <= most:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                data = message.get("body", b"")
                received += len(data)
                await spool.add(data)
                deadline.reschedule(began + limits.body_ends_after(received))
                if not message.get("more_body", False):
                    return spool.size <= most
    except TimeoutError:
        raise TooSlow from None
    return False
