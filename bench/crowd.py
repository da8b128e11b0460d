"""A crowd of slow listeners, and one who asks for a small page meanwhile."""

import re
import select
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.figures import Figure, Goal
from bench.served import Service, serving

LISTENERS = 200
BUFFER = 4_096  # bytes that a listener's system takes in beforehand
SIP, SIP_EVERY_S = 400, 0.1
QUESTIONS, QUESTION_EVERY_S = 120, 0.04
PAGE = "/feeds/all.xml"
ENCLOSURE = re.compile(rb'<enclosure url="https?://[^/]+([^"]+)"')


def small_pages_beside_slow_listeners(folder: Path) -> list[Figure]:
    """Milliseconds of the clock until a small page is there, each on a new connection."""
    with serving(folder / "crowded", samples="yes") as service:
        service.wait_for(PAGE, holding=b"<enclosure ")
        sound = ENCLOSURE.search(service.get(PAGE).body)
        if sound is None:
            raise RuntimeError("the feed names no sound")
        with _sipping(service, sound[1].decode()):
            took = sorted(_questions(service))
    hundredth = took[min(len(took) - 1, round(0.99 * len(took)))]
    return [
        Figure(
            "200 slow listeners: a small page, median, ms", (statistics.median(took),)
        ),
        Figure("200 slow listeners: a small page, p99, ms", (hundredth,), Goal(30.0)),
    ]


def _questions(service: Service) -> Iterator[float]:
    for _ in range(QUESTIONS):
        began = time.perf_counter()
        answer = service.get(PAGE)
        if answer.status != 200:
            raise RuntimeError(f"{PAGE} answered {answer.status}")
        yield 1000 * (time.perf_counter() - began)
        time.sleep(QUESTION_EVERY_S)


@contextmanager
def _sipping(service: Service, sound: str) -> Iterator[None]:
    """So many who ask for a sound and read it a few bytes at a time."""
    question = f"GET {sound} HTTP/1.1\r\nHost: loa.example\r\n\r\n".encode()
    stop = threading.Event()
    with ExitStack() as stack:
        lines = [stack.enter_context(_slow_line(service)) for _ in range(LISTENERS)]
        for line in lines:
            line.sendall(question)
        thread = threading.Thread(target=_sip, args=(lines, stop), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def _slow_line(service: Service) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    line.connect(("127.0.0.1", service.port))
    return line


def _sip(lines: list[socket.socket], stop: threading.Event) -> None:
    while not stop.wait(SIP_EVERY_S):
        for line in select.select(lines, [], [], 0)[0]:
            line.recv(SIP)
