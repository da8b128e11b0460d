"""A loudspeaker that asks for its slot five times a second: `python -m tests.chaos.loudspeaker PORT
PATH`.

It asks until its standard input ends, then prints what it heard as JSON. A process of its own, for
the one that breaks things is too busy to keep time; what it stood in line for a processor is taken
off.
"""

import hashlib
import http.client
import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

EVERY_S = 0.2
PATIENCE_S = 30.0
# Of the thread that reads it: nanoseconds on a processor, nanoseconds in line for one, turns.
IN_LINE = Path("/proc/thread-self/schedstat")


@dataclass
class Heard:
    """What the slot's address answered.

    `sounds` counts by digest; `wrong` are answers that no loudspeaker may get, `silent` the moments
    (time.time) at which nobody listened or the connection ended; `answers` are the moments of the
    others and how many seconds they took.
    """

    sounds: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    wrong: list[str] = field(default_factory=list)
    silent: list[float] = field(default_factory=list)
    answers: list[tuple[float, float]] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How often it asked."""
        return len(self.answers) + len(self.silent)


class Loudspeaker:
    """Listens from its beginning until `end`."""

    def __init__(self, port: int, path: str) -> None:
        command = [sys.executable, "-m", "tests.chaos.loudspeaker", str(port), path]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def end(self) -> Heard:
        """What was heard."""
        told, _ = self._process.communicate("", timeout=2 * PATIENCE_S)
        return Heard(**json.loads(told))


def listen(port: int, path: str, over: threading.Event) -> Heard:
    """Asks until it is over."""
    heard, tag = Heard(), ""
    while not over.wait(EVERY_S):
        tag = _ask(port, path, tag, heard)
    return heard


def _ask(port: int, path: str, tag: str, heard: Heard) -> str:
    """One question, every second time with what was heard last; gives the tag to ask with."""
    headers = {"If-None-Match": tag} if tag and heard.asked % 2 else {}
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    at, begun, stood = time.time(), time.monotonic(), _in_line()
    try:
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        body = answer.read()
    except TimeoutError:
        heard.wrong.append(f"no answer in {PATIENCE_S:.0f} s at {at:.1f}")
        return tag
    except (OSError, http.client.HTTPException):
        heard.silent.append(at)
        return tag
    finally:
        link.close()
    heard.answers.append(
        (at, max(0.0, time.monotonic() - begun - (_in_line() - stood)))
    )
    return _judged(answer.status, answer.headers.get("ETag", ""), body, tag, heard)


def _judged(status: int, now: str, body: bytes, tag: str, heard: Heard) -> str:
    if status == 304 and now == tag:
        heard.unchanged += 1
        return tag
    digest = hashlib.sha256(body).hexdigest()
    if status != 200 or now.strip('"') != digest:
        heard.wrong.append(f"{status}, {len(body)} bytes, ETag {now[:14]}")
        return tag
    heard.sounds[digest] = heard.sounds.get(digest, 0) + 1
    return now


def _in_line() -> float:
    try:
        return int(IN_LINE.read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def main(port: str, path: str) -> None:
    """See above."""
    over, heard = threading.Event(), []
    thread = threading.Thread(
        target=lambda: heard.append(listen(int(port), path, over))
    )
    thread.start()
    sys.stdin.read()
    over.set()
    thread.join()
    print(json.dumps(asdict(heard[0])))


if __name__ == "__main__":
    main(*sys.argv[1:])
