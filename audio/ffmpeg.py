"""The only place that starts ffmpeg: raw house PCM in, files out, and back again."""

import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, Protocol

import imageio_ffmpeg

from audio.voice import RATE

DEADLINE_S = 600.0  # an hour of sound is encoded in well under a minute; ten are a hung process
BLOCK = 64 * 1024  # what a pipe holds: ffmpeg fills the next while we look at this one
RAW = ("-f", "s16le", "-ar", str(RATE), "-ac", "1")


class FfmpegError(RuntimeError):
    """ffmpeg did not do its work; the message ends with its own last lines."""


@cache
def executable() -> str:
    """Where the ffmpeg that came with the Python dependencies lies."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def run(arguments: Sequence[str], stdin: Iterable[bytes] = (), deadline: float = DEADLINE_S) -> bytes:
    """Runs ffmpeg with these arguments, feeding it blocks of input; returns its standard output, which must be short.

    FfmpegError when it fails, cannot be started or passes the deadline (seconds); it is dead by then.
    """
    with _started(arguments, deadline, fed=True) as process:
        try:
            for block in stdin:
                process.stdin.write(block)
            process.stdin.close()
        except OSError:
            pass  # it ended early: its exit code and last lines say why
        return process.stdout.read()


def stream(arguments: Sequence[str], deadline: float = DEADLINE_S) -> Iterator[bytes]:
    """ffmpeg's standard output in blocks as they come, while it still works; FfmpegError at the end if it failed."""
    with _started(arguments, deadline, fed=False) as process:
        while block := process.stdout.read(BLOCK):
            yield block


class _Process(Protocol):
    """The pipes of a started process."""

    stdin: IO[bytes]
    stdout: IO[bytes]


@contextmanager
def _started(arguments: Sequence[str], deadline: float, *, fed: bool) -> Iterator[_Process]:
    command = [executable(), "-hide_banner", "-y" if fed else "-nostdin", "-loglevel", "error", *arguments]
    late = threading.Event()
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE if fed else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
            )
        except OSError as error:
            raise FfmpegError(f"ffmpeg cannot be started: {error}") from error

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
            last = errors.read().decode("utf-8", "replace").strip().splitlines()[-3:]
            raise FfmpegError("ffmpeg: " + " / ".join(last or [f"exit code {process.returncode}"]))


def decode(sound: bytes | Path, deadline: float = DEADLINE_S) -> bytes:
    """House PCM of any sound ffmpeg can read, from bytes or a file; FfmpegError when it is no sound."""
    if isinstance(sound, Path):
        return b"".join(stream(decoding(sound), deadline))
    # Through a file: length headers and padding (LAME) are only honoured where ffmpeg can seek.
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        path = Path(folder) / "sound"
        path.write_bytes(sound)
        return b"".join(stream(decoding(path), deadline))


def decoding(path: Path) -> list[str]:
    """The arguments that turn a file into house PCM on standard output."""
    return ["-i", str(path), "-vn", *RAW, "pipe:1"]
