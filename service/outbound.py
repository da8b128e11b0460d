"""Calls to addresses outside that somebody else named, without letting them use us to look inside.

A call goes to the very address that the guard looked at: a second look-up could give another one.
A redirect is not followed; who wants to follow it calls anew, and is guarded anew.
"""

import ipaddress
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

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
    """The answer, its body not read yet; Unsafe when it may not be called, Unreachable when nobody answers."""
    with _pool(target, dial(target, guard), timeout) as pool:
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
            raise Unreachable(str(error) or type(error).__name__) from error
        try:
            yield answer
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
        if not guard.allows(target.host, ipaddress.ip_address(address.partition("%")[0])):
            raise Unsafe(f"{target.host} is not a public address, nor in LOA_LAN_ALLOW")
    return addresses[0]


def _pool(target: Target, address: str, timeout: urllib3.Timeout) -> urllib3.HTTPConnectionPool:
    if target.scheme == "http":
        return urllib3.HTTPConnectionPool(address, target.port, timeout=timeout)
    return urllib3.HTTPSConnectionPool(
        address,
        target.port,
        server_hostname=target.host,
        assert_hostname=target.host,
        timeout=timeout,
    )
