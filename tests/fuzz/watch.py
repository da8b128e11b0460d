"""What others notice meanwhile: addresses asked again and again, from a process of their own.

`python -m tests.fuzz.watch PORT PATH…` asks until its standard input ends, then prints what it saw as
JSON. A process of its own, because the one that sends the inputs is too busy to keep time.
"""

import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from typing import IO, cast

from tests.fuzz.calls import Call, Wire

EVERY_S = 0.2
SLOWEST_S = 1.0


@dataclass
class Seen:
    """How an address answered all the while.

    `late` is how late the watch itself came to ask, in seconds: what a machine that is busy with other
    things adds. `slow_at` are the seconds since the beginning at which an answer was too slow.
    """

    path: str
    asked: int = 0
    failed: int = 0
    slow_at: tuple[int, ...] = ()
    slowest: float = 0.0
    late: float = 0.0


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
        return [Seen(**seen | {"slow_at": tuple(seen["slow_at"])}) for seen in json.loads(told)]


def main(port: int, paths: list[str], until: IO[str]) -> list[Seen]:
    """Asks for each path in a thread of its own, until the file ends."""
    over = threading.Event()
    found = [Seen(path) for path in paths]
    threads = [threading.Thread(target=_look, args=(port, seen, over)) for seen in found]
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
        begun = time.monotonic()
        answer = Wire(port).send(Call("GET", seen.path))
        seconds = time.monotonic() - begun
        seen.asked += 1
        seen.failed += answer.status != 200
        if seconds > SLOWEST_S:
            seen.slow_at = (*seen.slow_at, round(begun - first))
        seen.slowest = max(seen.slowest, seconds)
        begun = time.monotonic()


if __name__ == "__main__":
    port, *paths = sys.argv[1:]
    seen_all = main(int(port), paths, cast("IO[str]", sys.stdin))
    print(json.dumps([asdict(seen) for seen in seen_all]))
