"""The socket that a web listens on, opened before all else:
a taken port is one line at the start, not a traceback.
"""

import errno
import socket
import sys

BACKLOG = 1024


class PortTaken(OSError):
    """Somebody else listens there; or this address is not ours; or the port needs more rights."""


def open_socket(host: str, port: int) -> socket.socket:
    """Listens at the address, for this process alone. PortTaken says why not."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        try:
            _claim(listening, host)
            listening.bind(address)
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        raise PortTaken(error.errno, _why(error)) from error
    return listening


def _claim(listening: socket.socket, host: str) -> None:
    # There, SO_REUSEADDR would share the port with whoever has it
    if sys.platform == "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if listening.family == socket.AF_INET6 and host == "::":
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)


def _why(error: OSError) -> str:
    if error.errno in (
        errno.EADDRINUSE,
        getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE),
    ):
        return "taken"
    if error.errno in (errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES)):
        return "forbidden"
    return "no address of this machine"
