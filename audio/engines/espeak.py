"""eSpeak NG: the offline voice that is always there. Each lane is a process of its own (espeak_child.py)."""

import json
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import IO

import numpy as np
import soxr

from audio.voice import RATE, EngineTrouble, Reason, Voice, VoiceInfo

VOICES = (
    VoiceInfo("vi", "Giọng máy miền Bắc (eSpeak)", "north", "male"),
    VoiceInfo("vi-vn-x-central", "Giọng máy miền Trung (eSpeak)", "central", "male"),
    VoiceInfo("vi-vn-x-south", "Giọng máy miền Nam (eSpeak)", "south", "male"),
)
CHILD = Path(__file__).with_name("espeak_child.py")


class Espeak:
    """A small pool of processes that speak."""

    name = "espeak"
    longest = 2_000

    def __init__(self, lanes: int | None = None) -> None:
        self.lanes = lanes or os.cpu_count() or 1
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        self._room = threading.Semaphore(self.lanes)

    def build(self) -> str:
        """The wheel that brings the library, and how we drive and resample it."""
        return f"espeakng-loader-{version('espeakng-loader')}/soxr-hq/165wpm"

    def voices(self) -> Sequence[VoiceInfo]:
        """Three regions."""
        return VOICES

    def speak(self, spoken: str, voice: Voice, deadline: float) -> bytes:
        """See Engine. A process that hangs or dies is replaced, and costs this one call."""
        name = voice.name or VOICES[0].name
        if name not in {info.name for info in VOICES}:
            raise EngineTrouble(Reason.UNKNOWN_VOICE, f"eSpeak has no voice {name!r}")
        with self._room:
            try:
                child = self._idle.get_nowait()
            except queue.Empty:
                child = _Child(deadline)
            try:
                pcm = child.speak(spoken, name, voice.rate, deadline)
            except BaseException:
                child.kill()
                raise
            self._idle.put(child)
        samples = np.frombuffer(pcm, dtype="<i2")
        if child.rate != RATE and samples.size:
            samples = soxr.resample(samples, child.rate, RATE, quality="HQ")
        return samples.astype("<i2").tobytes()

    def close(self) -> None:
        """Ends the idle processes; busy ones end with their call."""
        while True:
            try:
                self._idle.get_nowait().kill()
            except queue.Empty:
                return


class _Child:
    """One process; its pipes end with ours, so it never outlives us."""

    def __init__(self, deadline: float) -> None:
        # On Windows no console window may flash up at each start.
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        self._process = subprocess.Popen(
            [sys.executable, "-X", "utf8", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=flags,
            start_new_session=os.name == "posix",  # Ctrl-C is for us; we end our children ourselves
        )
        status, body = self._exchange(None, deadline)
        if status != 2:
            self.kill()
            raise EngineTrouble(Reason.BROKEN, f"eSpeak does not start: {body.decode('utf-8', 'replace')}")
        self.rate: int = json.loads(body)["rate"]

    def speak(self, text: str, voice: str, rate: float, deadline: float) -> bytes:
        request = json.dumps({"text": text, "voice": voice, "rate": rate}).encode()
        status, body = self._exchange(request, deadline)
        if status != 0:
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
        """One frame there and one back; a timer kills the process when the deadline (seconds) passes."""
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
            return status, _read(self._process.stdout, length)
        except (OSError, EOFError) as error:
            if late.is_set():
                raise EngineTrouble(Reason.SLOW, f"eSpeak did not answer within {deadline:g} s") from error
            raise EngineTrouble(Reason.BROKEN, "eSpeak ended unexpectedly") from error
        finally:
            timer.cancel()


def _read(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) != count:
        raise EOFError
    return data
