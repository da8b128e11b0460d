"""Engines that run apart, in processes of their own: a small pool, one request in, one sound out.

A library that is GPL, keeps global state or is not thread-safe is imported by a script of its own
and never by us. Frames: a request is u32 length + JSON; an answer is one byte (0 sound, 1 error, 2
hello), u32 length, then u32 rate and 16-bit mono PCM, or text.
"""

import json
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from audio.voice import RATE, EngineTrouble, Reason

SOUND, HELLO = 0, 2


class Children:
    """At most `lanes` processes of one `script` in this folder.

    `title` names the engine in errors.
    """

    def __init__(
        self, title: str, script: str, lanes: int, arguments: Sequence[str] = ()
    ) -> None:
        self._title = title
        path = Path(__file__).with_name(script)
        # -P: what lies beside the script is not for it to import.
        self._command = [sys.executable, "-P", "-X", "utf8", str(path), *arguments]
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        self._room = threading.Semaphore(lanes)

    def speak(self, request: Mapping[str, object], deadline: float) -> bytes:
        """House PCM, or EngineTrouble.

        A process that hangs or dies is replaced, and costs this one call.
        """
        with self._room:
            try:
                child = self._idle.get_nowait()
            except queue.Empty:
                child = _Child(self._title, self._command, deadline)
            try:
                answer = child.speak(request, deadline)
            except BaseException:
                child.kill()
                raise
            self._idle.put(child)
        (rate,) = struct.unpack("<I", answer[:4])
        return _at_house_rate(answer[4:], rate)

    def close(self) -> None:
        """Ends the idle processes; busy ones end with their call."""
        while True:
            try:
                self._idle.get_nowait().kill()
            except queue.Empty:
                return


def _at_house_rate(pcm: bytes, rate: int) -> bytes:
    """16-bit mono PCM at the house's rate."""
    if rate == RATE or not pcm:
        return pcm
    # Who asks an engine for its voices and never for a word, as the web does, loads neither.
    import numpy as np
    import soxr

    samples = np.frombuffer(pcm, dtype="<i2")
    at_rate: bytes = (
        soxr.resample(samples, rate, RATE, quality="HQ").astype("<i2").tobytes()
    )
    return at_rate


class _Child:
    """One process; its pipes end with ours, so it never outlives us."""

    def __init__(self, title: str, command: Sequence[str], deadline: float) -> None:
        self._title = title
        # On Windows no console window may flash up at each start.
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=flags,
            start_new_session=os.name
            == "posix",  # Ctrl-C is for us; we end our children ourselves
        )
        try:
            status, body = self._exchange(None, deadline)
            if status != HELLO:
                raise EngineTrouble(
                    Reason.BROKEN,
                    f"{title} does not start: {body.decode('utf-8', 'replace')}",
                )
        except BaseException:
            self.kill()
            raise

    def speak(self, request: Mapping[str, object], deadline: float) -> bytes:
        status, body = self._exchange(json.dumps(request).encode(), deadline)
        if status != SOUND:
            raise EngineTrouble(Reason.UNSPEAKABLE, body.decode("utf-8", "replace"))
        return body

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):  # a broken pipe is how a killed process leaves
                    pipe.close()

    def _exchange(self, request: bytes | None, deadline: float) -> tuple[int, bytes]:
        """One frame there and one back; without a request only one back, the child's first word.

        A timer kills the process when the deadline (seconds) passes.
        """
        late = threading.Event()

        def too_late() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(deadline, too_late)
        timer.start()
        try:
            assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018
            if request is not None:
                self._process.stdin.write(struct.pack("<I", len(request)) + request)
                self._process.stdin.flush()
            status, length = struct.unpack("<BI", _read(self._process.stdout, 5))
            body = _read(self._process.stdout, length)
            timer.cancel()
            if late.is_set():
                # It answered in its last moment, and is dead: the next request needs another.
                raise EOFError
            return status, body
        except (OSError, EOFError) as error:
            if late.is_set():
                raise EngineTrouble(
                    Reason.SLOW, f"{self._title} did not answer within {deadline:g} s"
                ) from error
            raise EngineTrouble(
                Reason.BROKEN, f"{self._title} ended unexpectedly"
            ) from error
        finally:
            timer.cancel()


def _read(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) != count:
        raise EOFError
    return data
