"""A real `loa serve` that is measured from outside: its processes, their processor time and memory."""

import os
import secrets
import signal
import socket
import subprocess  # noqa: TID251  # real processes are what is measured
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import NamedTuple

LOA = [sys.executable, "-c", "import loa; loa.main()"]
PROC = Path("/proc")
PATIENCE_S = 120.0


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Message
    body: bytes


@dataclass(frozen=True, slots=True)
class Service:
    """A service under way, and when its first process began."""

    process: "subprocess.Popen[bytes]"
    port: int
    began: float

    @property
    def numbers(self) -> list[int]:
        """Its processes: the first and all below it."""
        return [self.process.pid, *_below(self.process.pid)]

    def used_s(self) -> float:
        """Seconds of the processor of all of them, and of those of their children that ended."""
        ticks = os.sysconf("SC_CLK_TCK")
        return sum(sum(_times(number)) / ticks for number in self.numbers)

    def memory_mb(self) -> float:
        """What they take together, shared pages counted once (PSS)."""
        return sum(map(_pss_mb, self.numbers))

    def get(self, path: str, timeout_s: float = 30.0) -> Answer:
        """An answer, whatever its status."""
        address = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(address, timeout=timeout_s) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, b"")

    def wait_for(self, path: str, holding: bytes = b"") -> float:
        """Seconds on the clock from its beginning until a path answers 200 with that in it."""
        while time.perf_counter() - self.began < PATIENCE_S:
            with suppress(OSError):
                answer = self.get(path)
                if answer.status == 200 and holding in answer.body:
                    return time.perf_counter() - self.began
            time.sleep(0.01)
        raise RuntimeError(f"{path} never answered as it should")


def is_told() -> bool:
    """Whether the system tells what processes use (Linux)."""
    return (PROC / "self" / "smaps_rollup").exists()


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[Service]:
    """`loa serve` over a home of its own; ended with the block."""
    port = free_port()
    # Not what this process was told: a setting of the installation would change what is measured.
    environment = {"PATH": os.defpath, "TMPDIR": tempfile.gettempdir()}
    environment |= {"LOA_HOME": str(home), "LOA_PORT": str(port)}
    environment |= {f"LOA_{name.upper()}": value for name, value in settings.items()}
    with (home.parent / f"serve-{secrets.token_hex(4)}.log").open("wb") as log:
        process = subprocess.Popen(
            [*LOA, "serve"],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield Service(process, port, time.perf_counter())
        finally:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def command_s(*arguments: str) -> float:
    """Seconds of the processor of one command of Loa."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*LOA, *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _below(number: int) -> list[int]:
    with suppress(OSError):
        lists = (PROC / str(number) / "task").glob("*/children")
        children = [int(each) for path in lists for each in path.read_text().split()]
        return children + [below for child in children for below in _below(child)]
    return []


def _times(number: int) -> tuple[int, ...]:
    """Ticks of a process and of its children that ended, in user and system mode (proc(5))."""
    with suppress(OSError):
        fields = (PROC / str(number) / "stat").read_text().rpartition(")")[2].split()
        return tuple(map(int, fields[11:15]))
    return ()


def _pss_mb(number: int) -> float:
    with suppress(OSError):
        for line in (PROC / str(number) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
