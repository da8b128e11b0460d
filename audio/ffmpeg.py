"""The only place that starts ffmpeg: raw house PCM in, files out, and back again."""

import importlib
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Protocol

import imageio_ffmpeg

from audio.voice import RATE

DEADLINE_S = 600.0  # an hour of sound is encoded in well under a minute; ten are a hung process
BLOCK = 64 * 1024  # what a pipe holds: ffmpeg fills the next while we look at this one
RAW = ("-f", "s16le", "-ar", str(RATE), "-ac", "1")
STRANGERS_DEADLINE_S, STRANGERS_MEMORY = 120.0, 1_000_000_000
CARE = (  # with files from outside: only sound as phones, recorders and browsers write it, and no other file or address
    *(
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        "wav,mp3,mov,ogg,matroska,aac,flac,amr,caf",
    ),
    *("-max_alloc", "200000000", "-threads", "1"),
)
# By the first of ffmpeg's names for a container. No kind here is one that a browser runs or renders.
MIMES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "mov": "audio/mp4",
    "ogg": "audio/ogg",
    "matroska": "audio/webm",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "amr": "audio/amr",
    "amrnb": "audio/amr",
    "amrwb": "audio/amr-wb",
    "caf": "audio/x-caf",
}


class FfmpegError(RuntimeError):
    """ffmpeg did not do its work; the message ends with its own last lines."""


@cache
def executable() -> str:
    """Where the ffmpeg that came with the Python dependencies lies."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def run(
    arguments: Sequence[str],
    stdin: Iterable[bytes] = (),
    deadline: float = DEADLINE_S,
    memory: int = 0,
) -> bytes:
    """Runs ffmpeg with these arguments, feeding it blocks of input; returns its standard output.

    FfmpegError when it fails, cannot be started, passes the deadline (seconds) or needs more `memory` (bytes, 0 for
    any, where the system can bound it); it is dead by then.
    """
    return b"".join(stream(arguments, stdin, deadline, memory))


def stream(
    arguments: Sequence[str],
    stdin: Iterable[bytes] = (),
    deadline: float = DEADLINE_S,
    memory: int = 0,
) -> Iterator[bytes]:
    """The same, in blocks as they come: ffmpeg reads, works and writes at once."""
    with _started(arguments, deadline, memory) as process:
        feeder = _Feeder(process.stdin, stdin)
        feeder.start()
        while block := process.stdout.read(BLOCK):
            yield block
        feeder.finish()


class _Feeder(threading.Thread):
    """Writes what ffmpeg reads, beside us who read what it writes: with one thread both would wait for ever."""

    def __init__(self, pipe: IO[bytes], blocks: Iterable[bytes]) -> None:
        super().__init__(name="ffmpeg-feeder", daemon=True)
        self._pipe, self._blocks = pipe, blocks
        self._error: Exception | None = None

    def run(self) -> None:
        """Everything, then the end."""
        try:
            for block in self._blocks:
                self._pipe.write(block)
            self._pipe.close()
        except OSError:
            pass  # it ended early: its exit code and last lines say why
        except Exception as error:  # noqa: BLE001 - a block could not be made: told to whoever waits in `finish`
            self._error = error

    def finish(self) -> None:
        """Waits, and raises what went wrong while the blocks were made."""
        self.join()
        if self._error is not None:
            raise self._error


class _Process(Protocol):
    """The pipes of a started process."""

    stdin: IO[bytes]
    stdout: IO[bytes]


@contextmanager
def _started(arguments: Sequence[str], deadline: float, memory: int) -> Iterator[_Process]:
    command = [executable(), "-hide_banner", "-y", "-loglevel", "error", *arguments]
    late = threading.Event()
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
            )
        except OSError as error:
            raise FfmpegError(f"ffmpeg cannot be started: {error.strerror}") from error
        _bound(process.pid, memory)

        def too_late() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(deadline, too_late)
        timer.start()
        try:
            yield process  # type: ignore[misc]
            process.wait()
        finally:
            timer.cancel()
            if process.poll() is None:
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()
        if late.is_set():
            raise FfmpegError(f"ffmpeg did not finish within {deadline:g} s")
        if process.returncode:
            errors.seek(0)
            words = _without_folders(errors.read().decode("utf-8", "replace"), arguments)
            last = words.strip().splitlines()[-3:]
            raise FfmpegError("ffmpeg: " + " / ".join(last or [f"exit code {process.returncode}"]))


def _without_folders(words: str, arguments: Sequence[str]) -> str:
    """ffmpeg's words with files by their names alone: people read them, and folders are the machine's own."""
    for argument in arguments:
        folder, name = os.path.split(argument)
        if name and os.path.isabs(folder):
            words = words.replace(argument, name)
    return words


def decode(sound: bytes | Path, deadline: float = DEADLINE_S) -> bytes:
    """House PCM of any sound ffmpeg can read, from bytes or a file; FfmpegError when it is no sound."""
    if isinstance(sound, Path):
        return run(["-nostdin", "-i", str(sound), "-vn", *RAW, "pipe:1"], deadline=deadline)
    # Through a file: length headers and padding (LAME) are only honoured where ffmpeg can seek.
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        path = Path(folder) / "sound"
        path.write_bytes(sound)
        return decode(path, deadline)


def decode_strangers(path: Path, longest_s: float) -> bytearray:
    """House PCM of a file that nobody vouches for, once in memory: its first sound, at most `longest_s` of it.

    FfmpegError when it is no sound that we take, or wants more time or memory than such a sound does.
    """
    first = ["-nostdin", *CARE, "-i", str(path), "-map", "0:a:0", "-t", f"{longest_s:g}"]
    pcm = bytearray()
    for block in stream(
        [*first, *RAW, "pipe:1"], deadline=STRANGERS_DEADLINE_S, memory=STRANGERS_MEMORY
    ):
        pcm += block
    return pcm


@dataclass(frozen=True, slots=True)
class Promise:
    """What a file from outside says of itself: its length in seconds, and its media type.

    `seconds` is None when it does not say; `mime` is "" for what is none of the kinds we take.
    """

    seconds: float | None
    mime: str


def promise_of(path: Path) -> Promise:
    """What ffmpeg finds in the head of such a file; nothing at all when it cannot be read."""
    command = [executable(), "-hide_banner", "-nostdin", *CARE, "-i", str(path)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        _bound(process.pid, STRANGERS_MEMORY)
        try:
            told = process.communicate(timeout=STRANGERS_DEADLINE_S)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            return Promise(None, "")
    found = re.search(rb"Duration: (\d+):(\d\d):(\d\d\.\d+)", told)
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else None
    kind = re.search(rb"^Input #0, ([a-z0-9]+)", told, re.MULTILINE)
    return Promise(seconds, MIMES.get(kind[1].decode(), "") if kind else "")


def _bound(pid: int, memory: int) -> None:
    """Bounds the memory of a process that just began, where the system knows how (Linux)."""
    if not memory:
        return
    with suppress(ImportError, AttributeError, ProcessLookupError):
        resource = importlib.import_module("resource")  # not on Windows
        resource.prlimit(pid, resource.RLIMIT_AS, (memory, memory))
