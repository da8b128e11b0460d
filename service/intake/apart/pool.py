"""A few child processes that parse for us.

Each is asked one thing at a time, and is killed when it is late.

The answer is small whatever came in. A child ends with our pipes, so it never outlives us.
"""

import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache
from typing import Any

from service.intake.apart import frames
from service.intake.story import Rejected

COMMAND = (sys.executable, "-P", "-X", "utf8", "-m", "service.intake.apart.child")
LANES = 2
DEADLINE_S = 20.0  # a page takes milliseconds, a long PDF seconds, the first import one
MOST_CALLS = 500  # of one child: whatever a library leaks goes with it


def call(task: str, data: bytes, **options: Any) -> dict[str, Any]:
    """What a child makes of bytes; Rejected when it refuses them, or does not come to an end."""
    return _pool().call(task, data, options)


@cache
def _pool() -> "Pool":
    return Pool()


class Pool:
    """At most `lanes` children; who comes when all are busy waits for the first that is free."""

    def __init__(
        self,
        command: tuple[str, ...] = COMMAND,
        lanes: int = LANES,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._command = command
        self._deadline_s = deadline_s
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        self._room = threading.Semaphore(lanes)

    def call(self, task: str, data: bytes, options: dict[str, Any]) -> dict[str, Any]:
        """One request there and its answer back. A child that hangs or dies costs this one call."""
        with self._room:
            child = self._child()
            try:
                answer = child.ask({"task": task} | options, data, self._deadline_s)
            except BaseException:
                child.kill()
                raise
            # Given back only after a whole answer: one that broke off may still be writing the
            # last.
            if child.calls < MOST_CALLS:
                self._idle.put(child)
            else:
                child.kill()
        if refusal := answer.get("refused"):
            raise Rejected(**refusal)
        return answer

    def close(self) -> None:
        """Ends the idle children; busy ones end with their call."""
        while True:
            try:
                self._idle.get_nowait().kill()
            except queue.Empty:
                return

    def _child(self) -> "_Child":
        while True:
            try:
                child = self._idle.get_nowait()
            except queue.Empty:
                return _Child(self._command)
            if child.alive:
                return child
            child.kill()  # it died while nobody asked it: out of memory, or ended by somebody


class _Child:
    """One process."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.calls = 0
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # On Windows no console window may flash up; Ctrl-C is for us, we end our children.
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            start_new_session=os.name == "posix",
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(
        self, message: dict[str, Any], data: bytes, deadline_s: float
    ) -> dict[str, Any]:
        """One frame there and one back; a timer kills the process when the deadline passes."""
        self.calls += 1
        late = threading.Event()

        def too_late() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(deadline_s, too_late)
        timer.daemon = True
        timer.start()
        try:
            assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018
            frames.write(self._process.stdin, message, data)
            answer, _ = frames.read(self._process.stdout, frames.LARGEST_ANSWER_BYTES)
            timer.cancel()
            if late.is_set():
                # It answered in its last moment, and is dead: the next message needs another.
                raise EOFError
        except (OSError, EOFError, ValueError) as error:
            raise (_too_slow(deadline_s) if late.is_set() else _unreadable()) from error
        finally:
            timer.cancel()
        return answer

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):  # a broken pipe is how a killed process leaves
                    pipe.close()


def _too_slow(deadline_s: float) -> Rejected:
    return Rejected(
        "body",
        "too_slow",
        f"it could not be read within {deadline_s:g} s; send the text of the article alone",
        "Nội dung quá rắc rối, máy đọc mãi không xong. Hãy dán riêng phần chữ của bài.",
    )


def _unreadable() -> Rejected:
    return Rejected(
        "body",
        "unreadable",
        "reading it took more memory than it may, or failed; send the text of the article alone",
        "Máy không đọc được nội dung này (có thể tệp hỏng). Hãy dán riêng phần chữ của bài.",
    )
