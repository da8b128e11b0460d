"""A proxy before the bucket that can be away, hang, or answer that it has no time."""

import socket
import threading
from contextlib import suppress
from enum import StrEnum

BLOCK = 65_536
ERROR = b"<Error><Code>ServiceUnavailable</Code></Error>"
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/xml\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(ERROR), ERROR)
)


class Mood(StrEnum):
    """How the proxy deals with who comes."""

    WELL = "well"
    AWAY = "away"  # hangs up at once
    BUSY = "busy"  # 503 to everything
    HANGS = "hangs"  # takes, and says nothing
    CUTS = "cuts"  # lets the first bytes through and hangs up


class Proxy:
    """Listens at `port`; passes on to another port of this machine while it is well."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._mood = Mood.WELL
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def turn(self, mood: Mood) -> None:
        """Deals so with whoever comes from now on; connections that are open end."""
        self._mood = mood
        for connection in list(self._open):
            _hang_up(connection)

    def close(self) -> None:
        """Listens no more."""
        _hang_up(self._listening)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(
                    target=self._serve, args=(connection,), daemon=True
                ).start()

    def _serve(self, connection: socket.socket) -> None:
        self._open.add(connection)
        try:
            match self._mood:
                case Mood.BUSY:
                    connection.recv(BLOCK)
                    connection.sendall(BUSY)
                case Mood.HANGS:
                    while connection.recv(BLOCK):
                        pass
                case Mood.WELL | Mood.CUTS:
                    self._pass_on(connection)
                case Mood.AWAY:
                    pass
        except OSError:
            pass
        finally:
            self._open.discard(connection)
            _hang_up(connection)

    def _pass_on(self, connection: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._target)) as target:
            self._open.add(target)
            back = threading.Thread(
                target=_copy, args=(target, connection), daemon=True
            )
            back.start()
            if self._mood is Mood.CUTS:
                target.sendall(connection.recv(200))
            else:
                _copy(connection, target)
            _hang_up(target)
            back.join()
            self._open.discard(target)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(BLOCK):
            target.sendall(block)
        target.shutdown(socket.SHUT_WR)


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
