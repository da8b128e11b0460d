"""Calls to addresses outside that somebody else named, without letting them use us to look inside.

A call goes to the very address that the guard looked at: a second look-up could give another one.
A redirect is not followed; who wants to follow it calls anew, and is guarded anew.
"""

import ipaddress
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import urllib3

from service.guard import Guard, Target, Unsafe


class Unreachable(OSError):
    """Nobody answers there; the message says why."""


@contextmanager
def opened(
    method: str,
    target: Target,
    guard: Guard,
    *,
    timeout: urllib3.Timeout,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Iterator[urllib3.BaseHTTPResponse]:
    """The answer, its body not read yet.

    Unsafe when it may not be called, Unreachable when nobody answers.

    `timeout.total` bounds the whole call: the body is read inside the block, and cut off when it is
    over. A server that drips a byte a second would else hold us for ever, as each read begins a new
    timeout.
    """
    clock = _Clock(timeout.total if isinstance(timeout.total, (int, float)) else None)
    with clock, _pool(target, dial(target, guard), timeout, clock) as pool:
        try:
            answer = pool.urlopen(
                method,
                target.path,
                body=body,
                headers={"Host": target.origin.partition("://")[2], **(headers or {})},
                redirect=False,
                retries=False,
                preload_content=False,
            )
        except (urllib3.exceptions.HTTPError, UnicodeError) as error:
            clock.check()
            raise Unreachable(str(error) or type(error).__name__) from error
        try:
            yield answer
            clock.check()
        except urllib3.exceptions.HTTPError as error:
            clock.check()
            raise Unreachable(str(error) or type(error).__name__) from error
        finally:
            answer.close()


def dial(target: Target, guard: Guard) -> str:
    """The numeric address to connect to; Unsafe when any that the host has is not allowed."""
    try:
        known = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{target.host} is not known: {error}") from error
    addresses = [str(entry[4][0]) for entry in known]
    for address in addresses:
        if not guard.allows(
            target.host, ipaddress.ip_address(address.partition("%")[0])
        ):
            raise Unsafe(f"{target.host} is not a public address, nor in LOA_LAN_ALLOW")
    return addresses[0]


class _Clock:
    """One deadline over a call: when it passes, the call's socket is shut,
    whatever it waits for.
    """

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._over = threading.Event()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds or 0, self._end)
        self._timer.daemon = True

    def __enter__(self) -> None:
        if self._seconds is not None:
            self._timer.start()

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()

    def watch(self, connected: socket.socket) -> None:
        """The socket to shut."""
        self._socket = connected
        if self._over.is_set():
            self._end()

    def check(self) -> None:
        """Unreachable when the time was over: what was read until then is not the whole."""
        if self._over.is_set():
            raise Unreachable(f"it did not answer in full within {self._seconds:g} s")

    def _end(self) -> None:
        self._over.set()
        if self._socket is not None:
            with suppress(OSError):  # it may just have been closed
                self._socket.shutdown(socket.SHUT_RDWR)


def _pool(
    target: Target, address: str, timeout: urllib3.Timeout, clock: _Clock
) -> urllib3.HTTPConnectionPool:
    pool: urllib3.HTTPConnectionPool
    if target.scheme == "http":
        pool = urllib3.HTTPConnectionPool(address, target.port, timeout=timeout)
    else:
        pool = urllib3.HTTPSConnectionPool(
            address,
            target.port,
            server_hostname=target.host,
            assert_hostname=target.host,
            timeout=timeout,
        )
    pool.ConnectionCls = _watched(pool.ConnectionCls, clock)
    return pool


def _watched(connection: Any, clock: _Clock) -> Any:
    """The same kind of connection, whose socket the clock knows: before TLS begins, and after."""

    class Watched(connection):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            plain: socket.socket = super()._new_conn()
            clock.watch(plain)
            return plain

        def connect(self) -> None:
            super().connect()
            clock.watch(self.sock)

    return Watched
