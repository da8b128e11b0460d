"""The web in a process of its own: pages stay quick while we speak, and it ends when we do."""

import os
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING

from loa.terminal import console, fail
from service.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

# Longer than the web's own with the answers under way.
PATIENCE_S = 8.0
# A web that lives less is begun again only after a pause.
SHORTEST_LIFE_S = 5.0
PAUSE_S = 3.0


def take_port(installation: Settings) -> socket.socket:
    """The socket that the web will serve; says in one line why there is none, and ends."""
    from service.port import PortTaken, open_socket

    place = f"{installation.host}:{installation.port}"
    try:
        return open_socket(installation.host, installation.port)
    except PortTaken as error:
        remedies = {
            "taken": f"cổng {installation.port} đang bận (port {place} is taken): "
            f"LOA_PORT={installation.port % 65535 + 1} make run, or stop what listens there",
            "forbidden": f"cổng {installation.port} cần thêm quyền (port {place} needs more rights): "
            "take one above 1023, with a proxy in front",
        }
        fail(
            remedies.get(
                str(error.strerror),
                f"không mở được {place} (it is no address of this machine): "
                "LOA_HOST=127.0.0.1 for this machine alone, 0.0.0.0 for every network",
            )
        )


def serve_web(listening: socket.socket) -> None:
    """Keeps a web alive on that socket until KeyboardInterrupt: one that dies is begun again."""
    from multiprocessing import get_context

    spawn = get_context("spawn")  # our threads must not be copied half-way
    with listening:
        while True:
            began = time.monotonic()
            ours, theirs = spawn.Pipe()
            child = spawn.Process(target=_child, args=(listening, theirs), name="web", daemon=True)
            child.start()
            theirs.close()
            try:
                child.join()
            finally:
                ours.close()  # tells it to stop
                _end(child)
            console().print(f"loa: the web ended ({child.exitcode}); it begins again", style="red")
            if time.monotonic() - began < SHORTEST_LIFE_S:
                time.sleep(PAUSE_S)


def _end(child: "SpawnProcess") -> None:
    child.join(PATIENCE_S)
    if child.is_alive():
        child.terminate()
        child.join()


def _child(listening: socket.socket, parent: "Connection") -> None:
    """The process of the web. Ctrl-C reaches it too, but only its parent ends it."""
    from loa import gateway
    from service.front import run

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run(gateway(), listening, parent)
    _leave_soon()


def _leave_soon() -> None:
    """A thread that hangs in a request does not keep a process whose parent is gone."""
    timer = threading.Timer(1.0, os._exit, (0,))
    timer.daemon = True
    timer.start()
