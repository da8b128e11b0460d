"""What a service manager does: each process is begun again when it ends, whatever ended it."""

import os
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.servers import LOA, Process, children_of

LOOK_EVERY_S = 0.1
PAUSE_S = 0.5  # before a process is begun again


@dataclass
class Kept:
    """A process that is kept going: its command, and what was begun last."""

    command: str
    environment: Mapping[str, str]
    process: Process
    starts: int = 1


@dataclass
class Keeper:
    """The processes of one machine, by name. `folder` takes their logs."""

    folder: Path
    kept: dict[str, Kept] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._thread.start()

    def start(self, name: str, command: str, environment: Mapping[str, str]) -> None:
        """Begins a command of `loa`, and keeps it going."""
        with self._lock:
            self.kept[name] = Kept(
                command, environment, self._begin(name, command, environment)
            )

    def pid(self, name: str) -> int:
        """The number of its main process."""
        return int(self.kept[name].process.process.pid)

    def children(self, name: str) -> list[int]:
        """The numbers of the processes below it."""
        try:
            return list(children_of(self.pid(name)))
        except OSError:  # one of its threads has just ended
            return []

    def signal(self, name: str, number: signal.Signals) -> None:
        """Sends a signal to the main process."""
        with suppress(ProcessLookupError):
            os.kill(self.pid(name), number)

    def kill(self, name: str) -> None:
        """SIGKILL to it and all below it, as a power cut."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid(name), signal.SIGKILL)

    def stop(self) -> None:
        """Ends them all; none is begun again."""
        self._over.set()
        self._thread.join()
        for kept in self.kept.values():
            kept.process.kill()

    def _begin(
        self, name: str, command: str, environment: Mapping[str, str]
    ) -> Process:
        log = self.folder / f"{name}.log"
        return Process([*LOA, *command.split()], log, env=environment, cwd=self.folder)

    def _run(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            with self._lock:
                ended = {
                    n: k
                    for n, k in self.kept.items()
                    if k.process.process.poll() is not None
                }
                for name, kept in ended.items():
                    kept.process.kill()  # what it left below it
                    time.sleep(PAUSE_S)
                    kept.process = self._begin(name, kept.command, kept.environment)
                    kept.starts += 1
