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
    """Runs ffmpeg with these arguments, feeding it blocks of input; returns its standard output.

    FfmpegError when it fails, cannot be started or passes the deadline (seconds); it is dead by then.
    """
    return b"".join(stream(arguments, stdin, deadline))


def stream(arguments: Sequence[str], stdin: Iterable[bytes] = (), deadline: float = DEADLINE_S) -> Iterator[bytes]:
    """The same, in blocks as they come: ffmpeg reads, works and writes at once."""
    with _started(arguments, deadline) as process:
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
def _started(arguments: Sequence[str], deadline: float) -> Iterator[_Process]:
    command = [executable(), "-hide_banner", "-y", "-loglevel", "error", *arguments]
    late = threading.Event()
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
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
        return run(["-nostdin", "-i", str(sound), "-vn", *RAW, "pipe:1"], deadline=deadline)
    # Through a file: length headers and padding (LAME) are only honoured where ffmpeg can seek.
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        path = Path(folder) / "sound"
        path.write_bytes(sound)
        return decode(path, deadline)
