"""From nothing to ready, and the front of a service that is: what a start costs, and an answer that
the listener has already.
"""

import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path

from flask import Flask

from bench.common import Bench
from bench.crowd import small_pages_beside_slow_listeners
from bench.figures import Figure, Goal
from bench.served import Service, command_s, free_port, is_told, serving

STARTS = 3
SETTLED_S = 6.0  # after which what a start used up is given back
ROUNDS = 5
ASKED = 2_000  # times in a round
FEED = "/feeds/all.xml"
NOT_TOLD = "this system does not tell what processes use"


def start(_at: Bench) -> list[Figure]:
    """Commands, and the service until it is ready: processor and clock; then its idle memory."""
    if not is_told():
        return [Figure("start", lacking=NOT_TOLD)]
    command_s("--help")  # compiles what was not
    helps = tuple(command_s("--help") for _ in range(STARTS))
    says = tuple(command_s("say", "Xin chào bà con") for _ in range(STARTS))
    ready: list[float] = []
    used: list[float] = []
    memory: list[float] = []
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        home = Path(folder) / "var"
        # The first start of all makes tables and a login; what counts is every one after it.
        for number in range(1 + STARTS):
            with serving(home, samples="no") as service:
                waited = service.wait_for("/readyz")
                if number:
                    ready.append(waited)
                    used.append(service.used_s())
                    time.sleep(SETTLED_S)
                    memory.append(service.memory_mb())
    return [
        Figure("loa --help, s", helps, Goal(0.25)),
        Figure("loa say, s", says, Goal(0.25)),
        Figure("loa serve until ready, s on the clock", tuple(ready), Goal(2.0)),
        Figure("loa serve until ready, s", tuple(used)),
        Figure(
            "memory of an idle service, all processes, MB", tuple(memory), Goal(180.0)
        ),
    ]


def front(_at: Bench) -> list[Figure]:
    """A feed that the listener has, beside a bare Flask behind the same front; and a crowd."""
    if not is_told():
        return [Figure("front", lacking=NOT_TOLD)]
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="loa-bench-"))
        )
        service = stack.enter_context(serving(folder / "var", samples="no"))
        service.wait_for("/readyz")
        bare = stack.enter_context(_bare_flask())
        tag = service.get(FEED).headers["ETag"]
        ours: list[float] = []
        ratios: list[float] = []
        for number in range(ROUNDS + 1):
            pair = _each_us(service, FEED, tag), _each_us(bare, "/", "")
            if number:  # the first warms up
                ours.append(pair[0])
                ratios.append(pair[1] / pair[0])
        crowd = small_pages_beside_slow_listeners(folder)
    return [
        Figure("a feed's 304, µs", tuple(ours)),
        Figure(
            "bare Flask's answer / a feed's 304",
            tuple(ratios),
            Goal(1.5, at_least=True),
        ),
        *crowd,
    ]


def _each_us(service: Service, path: str, tag: str) -> float:
    """Microseconds of the service's processor for one of many answers on one connection."""
    known = f"If-None-Match: {tag}\r\n" if tag else ""
    question = f"GET {path} HTTP/1.1\r\nHost: loa.example\r\n{known}\r\n".encode()
    before = service.used_s()
    with socket.create_connection(("127.0.0.1", service.port), 30) as line:
        for _ in range(ASKED):
            line.sendall(question)
            _answer(line)
    return 1e6 * (service.used_s() - before) / ASKED


def _answer(line: socket.socket) -> bytes:
    """One answer, head and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(line)
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(each.lower().split(b": ", 1) for each in head.split(b"\r\n")[1:])
    length = int(fields.get(b"content-length", b"0"))
    if b" 304 " in head.split(b"\r\n")[0]:
        length = 0
    while len(body) < length:
        body += _some(line)
    return body


def _some(line: socket.socket) -> bytes:
    data = line.recv(65_536)
    if not data:
        raise RuntimeError("the service hung up")
    return data


@contextmanager
def _bare_flask() -> Iterator[Service]:
    """A Flask application that says hello, behind our front, in a process of its own."""
    port = free_port()
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve_hello, args=(port, theirs), daemon=True)
    process.start()
    began = time.perf_counter()
    try:
        service = Service(process, port, began)  # type: ignore[arg-type]
        service.wait_for("/")
        yield service
    finally:
        ours.close()
        process.join(10)
        process.kill()


def _serve_hello(port: int, parent: object) -> None:
    from service.front import Gateway, open_socket, run

    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "xin chào")
    run(Gateway(app), open_socket("127.0.0.1", port), parent)  # type: ignore[arg-type]
