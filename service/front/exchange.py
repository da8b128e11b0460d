"""One call of a WSGI application (PEP 3333): what it is told, and its answer block by block."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
# Is taken from the application at once, and sent before more is taken
BLOCK = 256 * 1024
NOT_PREFIXED = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


@dataclass(frozen=True, slots=True)
class Head:
    """An answer's status and headers, as ASGI wants them."""

    status: int
    headers: list[tuple[bytes, bytes]]


def environ_of(scope: Any) -> Environ:
    """The environ of an ASGI scope, but for its body."""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name, value.decode("latin-1"))
    return environ


def _add_header(environ: Environ, name: bytes, text: str) -> None:
    key = _key_of(name)
    if not key:
        return
    if key in environ:
        text = f"{environ[key]}{'; ' if name == b'cookie' else ','}{text}"
    environ[key] = text


@lru_cache(maxsize=512)
def _key_of(name: bytes) -> str:
    """Where a header stands in an environ; "" for one that is left out."""
    if b"_" in name:
        return ""  # X_Forwarded_For would be taken for X-Forwarded-For, which only proxies may set
    return (
        NOT_PREFIXED.get(name)
        or f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
    )


class Exchange:
    """Runs the application; all its methods are called one after the other, in whatever thread."""

    def __init__(self, app: Application, environ: Environ, body: IO[bytes]) -> None:
        self._app = app
        self._environ = environ
        self._body = body
        self._head: Head | None = None
        self._blocks: Iterator[bytes] = iter(())
        self._answer: Iterable[bytes] = ()
        self._left: int | None = None
        self._open = True

    @property
    def is_open(self) -> bool:
        """Whether the application holds something for it still:
        more of the answer, a body's file.
        """
        return self._open

    def begin(self) -> tuple[Head, bytes]:
        """Calls the application; the head and the first block. Closes what is complete."""
        self._environ["wsgi.input"] = self._body
        self._answer = self._app(self._environ, self._start)
        self._blocks = iter(self._answer)
        first = self.more()
        if self._head is None:
            raise RuntimeError(
                "the application sent a body without calling start_response"
            )
        return self._head, first

    def more(self) -> bytes:
        """The next block; the last one closes the exchange."""
        parts: list[bytes] = []
        size = 0
        for part in self._blocks:
            parts.append(part)
            size += len(part)
            if self._left is not None and size >= self._left:
                self.close()
                break
            if size >= BLOCK:
                break
        else:
            self.close()
        if self._left is not None:
            self._left -= size
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self) -> None:
        """Tells the application that no more is wanted; harmless when it was told."""
        if not self._open:
            return
        self._open = False
        try:
            if close := getattr(self._answer, "close", None):
                close()
        finally:
            self._body.close()

    def _start(
        self, status: str, headers: list[tuple[str, str]], _error: Any = None
    ) -> Any:
        lower = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in headers
        ]
        self._head = Head(int(status[:3]), lower)
        self._left = next(
            (int(value) for name, value in lower if name == b"content-length"), None
        )
        return _no_write


def _no_write(_data: bytes) -> None:
    raise RuntimeError("write() of PEP 3333 is not served; give an iterable")
