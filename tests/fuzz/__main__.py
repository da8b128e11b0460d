"""`python -m tests.fuzz`: the whole run. Its exit status is 1 when a promise was broken."""

import os
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from random import Random

from tests.fuzz.commands import Commands
from tests.fuzz.doors import DOORS
from tests.fuzz.place import Place
from tests.fuzz.report import Report
from tests.fuzz.rude import RUDE
from tests.fuzz.served import episode_of, installed, read_words, served
from tests.fuzz.watch import Watch
from tests.system.servers import Installation

SEED = int(os.environ.get("FUZZ_SEED", "14"))
INPUTS = int(os.environ.get("FUZZ_INPUTS", "2000"))
ONLY = [int(n) for n in os.environ.get("FUZZ_ONLY", "").split(",") if n]
SENDERS = 6  # at once
MOST_UNANSWERED = 12  # then the house is silent, and nothing more is learnt
EACH_RUDE = 900  # inputs to which each of the rude callers comes once
EACH_ARCHIVE, EACH_DOCUMENT = 80, 40
WATCHED = ("/healthz", "/stations/suoi-lanh/slots/0500/latest.mp3")


class Run:
    """One run against a place."""

    def __init__(self, place: Place) -> None:
        self.place, self.report = place, Report()
        self.stages: list[str] = []
        self._begun = time.monotonic()
        self._awaited: list[tuple[int, str, Counter[str]]] = []
        self._lock = threading.Lock()

    def send(self, number: int) -> None:
        """The input of that number, at the door that the number tells; nothing once the house is
        silent.
        """
        if self.report.unanswered >= MOST_UNANSWERED:
            return
        random = Random(f"{SEED}/{number}")
        (door,) = random.choices(DOORS, [door.share for door in DOORS])
        made = door.make(random, self.place)
        answer = self.place.sender.send(made.call)
        told = f"{made.call.method} {made.call.path[:90]} {made.call.body[:120]!r}"
        with self._lock:
            self.report.add(door.name, number, answer, told)
            if made.words and (episode := episode_of(answer)):
                self._awaited.append((number, episode, made.words))

    def rude(self, port: int) -> None:
        """The callers who keep others waiting, one kind after the other."""
        for turn in range(max(1, INPUTS // EACH_RUDE)):
            for name, come in RUDE.items():
                begun = time.monotonic()
                answers = come.send(port, Random(f"{SEED}/{name}/{turn}"))
                ended = time.monotonic()
                self.stages.append(
                    f"{name} {begun - self._begun:.0f} to {ended - self._begun:.0f} s"
                )
                for answer in answers:
                    with self._lock:
                        self.report.add(name, turn, answer, name, may_end=come.may_end)

    def command(self, commands: Commands) -> None:
        """Archives and files, handed to the commands."""
        for n in range(max(1, INPUTS // EACH_ARCHIVE)):
            answer = commands.restore(Random(f"{SEED}/restore/{n}"), n)
            with self._lock:
                self.report.add("loa restore", n, answer, f"archive {n}")
        for command in (
            ["import", "--station", "dai-thu"],
            ["preview", "--format", "file"],
        ):
            if not commands.knows(command[0]):
                continue
            count = max(1, INPUTS // EACH_DOCUMENT)
            answers = commands.take(command, Random(f"{SEED}/{command[0]}"), count)
            for n, answer in enumerate(answers):
                with self._lock:
                    self.report.add(f"loa {command[0]}", n, answer, f"file {n}")

    def compare(self) -> None:
        """Whether all that was typed is read."""
        for number, episode, words in self._awaited:
            if self.report.unanswered >= MOST_UNANSWERED:
                return
            self.report.read(number, episode, words, read_words(self.place, episode))


def main() -> int:
    """Serves, sends, looks on, compares and tells."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="loa-fuzz-"))
        )
        installation = installed(folder)
        stack.callback(_stop, installation)
        place = served(installation)
        run, watch = Run(place), Watch(installation.port, WATCHED)
        commands = Commands(folder / "commands", installation.environment)
        with ThreadPoolExecutor(SENDERS + 2) as pool:
            beside = [] if ONLY else [pool.submit(run.rude, installation.port)]
            beside += [] if ONLY else [pool.submit(run.command, commands)]
            list(pool.map(run.send, ONLY or range(INPUTS)))
            for each in beside:
                each.result()
        seen = watch.end()
        run.compare()
        print("rude callers came:", "; ".join(run.stages))
        print(
            f"seed {SEED}, {len(place.forms)} forms, {len(place.operations)} calls of the API"
        )
        return 0 if run.report.printed(seen) else 1


def _stop(installation: Installation) -> None:
    for process in installation.processes.values():
        process.stop()


if __name__ == "__main__":
    sys.exit(main())
