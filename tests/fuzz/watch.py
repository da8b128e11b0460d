"""What others notice meanwhile: addresses asked again and again, from a process of their own.

`python -m tests.fuzz.watch PORT PATH…` asks until its standard input ends, then prints what it saw
as JSON. A process of its own, because the one that sends the inputs is too busy to keep time. What
is measured is the service's answer: the time in which the watch itself stood in line for a
processor is taken off where the system tells it (Linux), and told beside.
"""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, cast

from tests.fuzz.calls import Answer, Call, Wire

EVERY_S = 0.2
SLOWEST_S = 1.0
# Of the thread that reads it: nanoseconds on a processor, nanoseconds ready and in line for one,
# turns.
IN_LINE = Path("/proc/thread-self/schedstat")


@dataclass
class Seen:
    """How an address answered all the while.

    `late` is how late the watch itself came to ask, and `in_line` the longest that it stood in line
    for a processor during one call, both in seconds: what a machine that is busy with other things
    adds. `slow_at` are the seconds since the beginning at which an answer was too slow, `load` how
    many processes wanted a processor then: far more than the machine has, and it was the machine
    that was slow.
    """

    path: str
    asked: int = 0
    failed: int = 0
    slow_at: tuple[int, ...] = ()
    slowest: float = 0.0
    late: float = 0.0
    in_line: float = 0.0
    load: float = 0.0

    def note(self, answer: Answer, seconds: float, in_line: float, at: float) -> None:
        """An answer that came after so long, of which the watch itself was kept so long."""
        self.asked += 1
        self.failed += answer.status != 200
        if seconds - in_line > SLOWEST_S:
            self.slow_at = (*self.slow_at, round(at))
            self.load = max(self.load, load_of_the_machine())
        self.slowest = max(self.slowest, seconds - in_line)
        self.in_line = max(self.in_line, in_line)


class Watch:
    """Looks on from its beginning until `end`."""

    def __init__(self, port: int, paths: tuple[str, ...]) -> None:
        command = [sys.executable, "-m", "tests.fuzz.watch", str(port), *paths]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def end(self) -> list[Seen]:
        """What was seen."""
        told, _ = self._process.communicate("", timeout=90)
        return [
            Seen(**seen | {"slow_at": tuple(seen["slow_at"])})
            for seen in json.loads(told)
        ]


def main(port: int, paths: list[str], until: IO[str]) -> list[Seen]:
    """Asks for each path in a thread of its own, until the file ends."""
    over = threading.Event()
    found = [Seen(path) for path in paths]
    threads = [
        threading.Thread(target=_look, args=(port, seen, over)) for seen in found
    ]
    for thread in threads:
        thread.start()
    until.read()
    over.set()
    for thread in threads:
        thread.join()
    return found


def _look(port: int, seen: Seen, over: threading.Event) -> None:
    first = begun = time.monotonic()
    while not over.wait(EVERY_S):
        seen.late = max(seen.late, time.monotonic() - begun - EVERY_S)
        begun, stood = time.monotonic(), _in_line()
        answer = Wire(port).send(Call("GET", seen.path))
        seen.note(answer, time.monotonic() - begun, _in_line() - stood, begun - first)
        begun = time.monotonic()


def load_of_the_machine() -> float:
    """How many processes wanted a processor in the last minute; 0 where the system does
    not tell.
    """
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def _in_line() -> float:
    """Seconds in which this thread was ready and no processor was free, since it began; 0 if
    unknown.
    """
    try:
        return int(IN_LINE.read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


if __name__ == "__main__":
    port, *paths = sys.argv[1:]
    seen_all = main(int(port), paths, cast("IO[str]", sys.stdin))
    print(json.dumps([asdict(seen) for seen in seen_all]))
