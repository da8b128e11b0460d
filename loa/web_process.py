"""The web in a process of its own: pages stay quick while we speak, and it ends when we do."""

import signal
import socket
import threading
import time
from typing import TYPE_CHECKING

from loa import handover
from loa.doorbell import Address, nudge_at
from loa.leaving import leave, leave_within
from loa.terminal import console, fail
from service.apart import failure
from service.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

# With a web that was told to end.
PATIENCE_S = 3.0
# A web that lives less is begun again only after a pause.
SHORTEST_LIFE_S = 5.0
PAUSE_S = 3.0
LAST_WORDS_S = 1.0
GO, OPENED = "go", "opened"  # what parent and child say to one another


def take_port(installation: Settings) -> socket.socket:
    """The socket that the web will serve: handed over, or opened.

    Says in one line why there is none, and ends.
    """
    from service.port import PortTaken, open_socket

    inherited = handover.socket_of_ours()
    if inherited is not None:
        return inherited
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


class Web:
    """Keeps a web alive on a socket: one that dies is begun again.

    It answers loudspeakers at once, and opens its pages when told that the tables are there (`go`).
    Where a web of the process before us still serves the socket (`handover`), ours comes up beside
    it, takes over when it is open, and only then the old one ends. It rings the `doorbell` when
    there is work.
    """

    def __init__(
        self, listening: socket.socket, doorbell: Address | None = None
    ) -> None:
        self._listening, self._doorbell = listening, doorbell
        self._before = handover.web_before_us()
        self._line: Connection | None = None
        self._child: SpawnProcess | None = None
        self._lock = threading.Lock()
        self._is_to_go = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="web", daemon=True)

    def start(self) -> None:
        """Begins the first one."""
        self._thread.start()

    def go(self) -> None:
        """The tables are there: pages may be shown."""
        with self._lock:
            self._is_to_go = True
            if self._line is not None:
                handover.say(self._line, GO)

    def end_soon(self) -> None:
        """Tells it to end, with the answers under way, and does not wait for that."""
        self._over.set()
        with self._lock:
            if self._line is not None:
                self._line.close()

    def stop(self) -> None:
        """Ends it, with the answers under way as far as there is time."""
        self.end_soon()
        self._end_web_before()
        if self._thread.ident is not None:
            self._thread.join()
        self._listening.close()

    def hand_over(self) -> None:
        """Begins this command anew, in this process and with this socket.

        The web serves until its successor does.
        """
        from multiprocessing import resource_tracker

        if self._line is None or self._child is None or self._child.pid is None:
            raise RuntimeError("a web that never began")
        # Python's own helper of each child ends with it, and has no public name.
        helper = resource_tracker._resource_tracker._pid  # type: ignore[attr-defined]
        handover.begin_again(
            self._listening, self._line, [self._child.pid, *filter(None, [helper])]
        )

    def _keep(self) -> None:
        while not self._over.is_set():
            began = time.monotonic()
            # A machine that has no room for one more process has some later.
            error = failure(self._live)
            if self._over.is_set():
                return
            why = error or (self._child.exitcode if self._child is not None else "")
            console().print(f"loa: the web ended ({why}); it begins again", style="red")
            if time.monotonic() - began < SHORTEST_LIFE_S:
                self._over.wait(PAUSE_S)

    def _live(self) -> None:
        """Begins a web and waits until it has ended."""
        child = self._begin()
        self._listen_to(child)
        _end(child)

    def _begin(self) -> "SpawnProcess":
        from multiprocessing import get_context

        spawn = get_context("spawn")  # our threads must not be copied half-way
        ours, theirs = spawn.Pipe()
        arguments = (self._listening, theirs, self._before is not None, self._doorbell)
        child = spawn.Process(target=_child, args=arguments, name="web", daemon=True)
        child.start()
        theirs.close()
        with self._lock:
            self._line, self._child = ours, child
            if self._is_to_go:
                handover.say(ours, GO)
            if self._over.is_set():
                ours.close()
        return child

    def _listen_to(self, child: "SpawnProcess") -> None:
        """Until it ends, or we end it."""
        line = self._line
        while line is not None and not self._over.is_set():
            message = handover.heard(line)
            if message is None:
                break
            if message == OPENED:
                self._end_web_before()
        if not self._over.is_set():
            child.join()

    def _end_web_before(self) -> None:
        with self._lock:
            before, self._before = self._before, None
        if before is not None:
            before.end()


def _end(child: "SpawnProcess") -> None:
    child.join(PATIENCE_S)
    if child.is_alive():
        child.terminate()
        child.join()


def _child(
    listening: socket.socket,
    parent: "Connection",
    is_beside_another: bool,
    doorbell: Address | None,
) -> None:
    """The process of the web. Ctrl-C reaches it too, but only its parent ends it.

    Beside another web that still serves it takes no connection before its pages are open.
    """
    from loa.web_app import front, open_up
    from service.front import run

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ours = front(nudge_at(doorbell) if doorbell is not None else None)

    def open_soon() -> None:
        open_up(ours, is_beside_another=is_beside_another)
        handover.say(parent, OPENED)

    def hear(_message: object) -> None:
        threading.Thread(target=open_soon, name="opening", daemon=True).start()

    if is_beside_another:
        if handover.heard(parent) is None:
            return
        open_soon()
    run(ours.gateway, listening, parent, hear)
    leave_within(LAST_WORDS_S)
    leave()
