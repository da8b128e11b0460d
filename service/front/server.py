"""The process that serves: uvicorn with our connections over our gateway,
on a socket that `service.port` opened.
"""

import asyncio
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection as Pipe

import uvicorn

from service.front.connection import connection_class
from service.front.gateway import Gateway
from service.front.timing import Timed
from service.port import BACKLOG

# So long a thread may keep the interpreter while others wait for it. Python's own 5 ms, times the
# threads that make pages, times the hands through which a request goes, kept a sign of life waiting
# for seconds.
SWITCH_S = 0.001
LAST_QUESTIONS_S = 0.3  # for who has connected and is about to ask
PATIENCE_S = 5  # with answers under way, when told to stop
MOST_FILES = 65_536  # open at once: a connection is one


def run(
    gateway: Gateway,
    listening: socket.socket,
    parent: Pipe,
    hear: Callable[[object], None] = lambda _message: None,
) -> None:
    """Serves until the other end of `parent` closes: when it is told to stop, or is no more.

    What `parent` says before is handed to `hear`, which must not wait.
    """
    raise_file_limit()
    sys.setswitchinterval(SWITCH_S)
    crowd = None if gateway.trusted_proxies else gateway.crowd
    server = _Server(
        uvicorn.Config(
            Timed(gateway, gateway.timings),
            http=connection_class(gateway.limits, crowd),
            ws="none",
            lifespan="off",
            interface="asgi3",
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            log_level="error",  # who sends nonsense writes nothing into our log
            backlog=BACKLOG,
            timeout_keep_alive=int(gateway.limits.head_s),
            timeout_graceful_shutdown=PATIENCE_S,
        )
    )

    def watch() -> None:
        with suppress(EOFError, OSError):
            while True:
                hear(parent.recv())
        server.should_exit = True

    threading.Thread(target=watch, name="parent", daemon=True).start()
    server.run(sockets=[listening])


def raise_file_limit() -> None:
    """As many open files as this process may have, up to what it needs."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class _Server(uvicorn.Server):
    """Stops when its parent says so; signals are the parent's matter."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Waits for answers under way as long as uvicorn does, then hangs up on who still reads.

        Who was taken in a moment ago and has not asked yet is not hung up on: another process
        serves this socket by now, or will soon.
        """
        for server in self.servers:
            server.close()
        await asyncio.sleep(LAST_QUESTIONS_S)
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None."""
        yield
