"""A restart without a gap: the listening socket, and the web that serves it,
outlive the process that began them.

Sockets come as systemd hands them over (sd_listen_fds(3)): from number 3 on, named by
LISTEN_FDNAMES, meant for the process LISTEN_PID. So `loa serve` can be begun by a unit of systemd
that holds its port, and hands itself over in the same way: on SIGUSR2 it begins its own command
anew in the same process, with the socket and the line to its web, which ends when that line is
closed.
"""

import os
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

FIRST = 3  # SD_LISTEN_FDS_START
# Names: the socket; the line to the web before us, with numbers
SOCKET = "web"
BEFORE = "before-"
PATIENCE_S = 8.0
LOOK_EVERY_S = 0.2
VARIABLES = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")


@dataclass(frozen=True, slots=True)
class WebBefore:
    """The web that the process before us began: it is our child still."""

    line: int  # a descriptor
    pids: tuple[int, ...]  # of the web, and of what the process before us began for it

    def end(self) -> None:
        """Tells it to end, and waits for that."""
        os.close(self.line)
        ends = time.monotonic() + PATIENCE_S
        for pid in self.pids:
            with suppress(ChildProcessError):
                while os.waitpid(pid, os.WNOHANG) == (0, 0) and time.monotonic() < ends:
                    time.sleep(LOOK_EVERY_S)


def _given() -> list[tuple[int, str]]:
    """The descriptors that were handed to this process, and their names."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(os.environ.get("LISTEN_FDS") or 0)
    names = os.environ.get("LISTEN_FDNAMES", "").split(":")
    names += [SOCKET] * (count - len(names))
    return [(FIRST + n, names[n]) for n in range(count)]


def socket_of_ours() -> socket.socket | None:
    """The listening socket that was handed to this process; None when there is none."""
    if os.name != "posix":
        return None
    numbers = [number for number, name in _given() if not name.startswith(BEFORE)]
    for number in numbers:
        os.set_inheritable(number, False)
    return socket.socket(fileno=numbers[0]) if numbers else None


def web_before_us() -> WebBefore | None:
    """The web that serves until ours does; None when there is none."""
    for number, name in _given() if os.name == "posix" else []:
        if name.startswith(BEFORE):
            os.set_inheritable(number, False)
            pids = name.removeprefix(BEFORE).split("-")
            return WebBefore(number, tuple(map(int, pids)))
    return None


def begin_again(
    listening: socket.socket, line: "Connection", pids: Sequence[int]
) -> NoReturn:
    """This process becomes a new one of the same command,
    with the socket and the web at the end of `line`.

    `pids` are our children that end with it.
    """
    # Copies first: one of the two may lie where the other has to.
    copies = [os.dup(listening.fileno()), os.dup(line.fileno())]
    for number, copy in enumerate(copies, FIRST):
        os.dup2(copy, number)
        os.set_inheritable(number, True)
    given = {
        "LISTEN_PID": str(os.getpid()),
        "LISTEN_FDS": str(len(copies)),
        "LISTEN_FDNAMES": f"{SOCKET}:{BEFORE}{'-'.join(map(str, pids))}",
    }
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    command = [sys.executable, *sys.orig_argv[1:]]
    os.execve(sys.executable, command, kept | given)  # noqa: S606 - our own command, as it was given


def say(line: "Connection", message: str) -> None:
    """Says it, to whoever is there still."""
    with suppress(OSError, ValueError):
        line.send(message)


def heard(line: "Connection") -> object | None:
    """What the other end says next; None when it is gone, or the line is closed here."""
    try:
        while not line.poll(LOOK_EVERY_S):
            pass
        message: object = line.recv()
    except (EOFError, OSError, ValueError, TypeError):
        return None
    return message
