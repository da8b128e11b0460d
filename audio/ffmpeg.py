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

from audio.placing import Processors
from audio.voice import RATE

# An hour of sound is encoded in well under a minute; ten are a hung process.
DEADLINE_S = 600.0
# What a pipe holds: ffmpeg fills the next while we look at this one.
BLOCK = 64 * 1024
RAW = ("-f", "s16le", "-ar", str(RATE), "-ac", "1")
STRANGERS_DEADLINE_S = 120.0
NICENESS = 5  # of encoders, as Unix counts it
PROCESSORS = Processors()
STRANGERS_MEMORY = 1_000_000_000
# With files from outside: only sound as phones, recorders and browsers write it, and no other file
# or address.
CARE = (
    "-protocol_whitelist",
    "file",
    "-format_whitelist",
    "wav,mp3,mov,ogg,matroska,aac,flac,amr,caf",
    "-max_alloc",
    "200000000",
    "-threads",
    "1",
)
# By the first of ffmpeg's names for a container. No kind here is one that a browser runs or
# renders.
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

    FfmpegError when it fails, cannot be started, passes the deadline (seconds) or needs more
    `memory` (bytes, 0 for any, where the system can bound it); it is dead by then.
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
        feeder = _Feeder(process, stdin)
        feeder.start()
        while block := process.stdout.read(BLOCK):
            yield block
        feeder.finish()


class _Feeder(threading.Thread):
    """Writes what ffmpeg reads, beside us who read what it writes:
    with one thread both would wait for ever.
    """

    def __init__(self, process: "_Process", blocks: Iterable[bytes]) -> None:
        super().__init__(name="ffmpeg-feeder", daemon=True)
        self._process, self._blocks = process, blocks
        self._error: Exception | None = None

    def run(self) -> None:
        """Feeds ffmpeg all blocks and closes its input.

        When a block cannot be made ffmpeg is killed: it would take a closed input for the end, and
        finish half a file.
        """
        try:
            for block in self._blocks:
                if not self._feed(block):
                    break
        except Exception as error:  # noqa: BLE001 - a block could not be made: told to whoever waits in `finish`
            self._error = error
            self._process.kill()
        finally:
            with suppress(OSError):
                self._process.stdin.close()

    def _feed(self, block: bytes) -> bool:
        """False when ffmpeg has ended: its exit code and last lines say why."""
        try:
            self._process.stdin.write(block)
        except OSError:
            return False
        return True

    def finish(self) -> None:
        """Waits, and raises what went wrong while the blocks were made."""
        self.join()
        if self._error is not None:
            raise self._error


class _Process(Protocol):
    """The pipes of a started process."""

    stdin: IO[bytes]
    stdout: IO[bytes]

    def kill(self) -> None:
        """Ends it."""
        ...


@contextmanager
def _started(
    arguments: Sequence[str], deadline: float, memory: int
) -> Iterator[_Process]:
    """A running ffmpeg, dead when this ends; FfmpegError tells why it did not do its work."""
    with tempfile.TemporaryFile() as errors:
        process = _start(arguments, errors)
        _give_way(process.pid)
        _bound(process.pid, memory)
        alarm = _Alarm(process, deadline)
        try:
            with PROCESSORS.one_for(process.pid):
                yield process  # type: ignore[misc]
                process.wait()
        finally:
            alarm.cancel()
            _end(process)
        if alarm.rang:
            raise FfmpegError(f"ffmpeg did not finish within {deadline:g} s")
        if process.returncode:
            last_words = _last_words(errors, arguments)
            raise FfmpegError(
                f"ffmpeg: {last_words or f'exit code {process.returncode}'}"
            )


def _start(arguments: Sequence[str], errors: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [executable(), "-hide_banner", "-y", "-loglevel", "error", *arguments]
    try:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        )
    except OSError as error:
        raise FfmpegError(f"ffmpeg cannot be started: {error.strerror}") from error


def _give_way(pid: int) -> None:
    """While processors are short, a page and a loudspeaker's bulletin go before an encoder.

    The process alone, not who started it: a thread that waits for its turn would keep the
    database's lock.
    """
    with suppress(ProcessLookupError):  # it has ended already
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, pid, NICENESS)


class _Alarm(threading.Timer):
    """Kills a process that has not ended when its deadline (seconds) passes."""

    def __init__(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        super().__init__(deadline, self._ring)
        self._process = process
        self.rang = False
        self.start()

    def _ring(self) -> None:
        self.rang = True
        self._process.kill()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kills what still runs, and closes our ends of its pipes."""
    if process.poll() is None:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            # What was not read or written yet is lost with the process.
            with suppress(OSError):
                pipe.close()


def _last_words(errors: IO[bytes], arguments: Sequence[str]) -> str:
    """The end of what it wrote to its standard error; "" when it died without a word."""
    errors.seek(0)
    text = errors.read().decode("utf-8", "replace")
    lines = _without_folders(text, arguments).strip().splitlines()
    return " / ".join(lines[-3:])


def _without_folders(words: str, arguments: Sequence[str]) -> str:
    """ffmpeg's words with files by their names alone: people read them,
    and folders are the machine's own.
    """
    for argument in arguments:
        folder, name = os.path.split(argument)
        if name and os.path.isabs(folder):
            words = words.replace(argument, name)
    return words


def decode(sound: bytes | Path, deadline: float = DEADLINE_S) -> bytes:
    """House PCM of any sound ffmpeg can read, from bytes or a file.

    FfmpegError when it is no sound.
    """
    if isinstance(sound, Path):
        return run(
            ["-nostdin", "-i", str(sound), "-vn", *RAW, "pipe:1"], deadline=deadline
        )
    # Through a file: length headers and padding (LAME) are only honoured where ffmpeg can seek.
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        path = Path(folder) / "sound"
        path.write_bytes(sound)
        return decode(path, deadline)


def decode_strangers(path: Path, longest_s: float) -> bytearray:
    """House PCM of a file that nobody vouches for, once in memory:
    its first sound, at most `longest_s` of it.

    FfmpegError when it is no sound that we take, or wants more time or memory than such a sound
    does.
    """
    first = [
        "-nostdin",
        *CARE,
        "-i",
        str(path),
        "-map",
        "0:a:0",
        "-t",
        f"{longest_s:g}",
    ]
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
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        _bound(process.pid, STRANGERS_MEMORY)
        try:
            _, head = process.communicate(timeout=STRANGERS_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return Promise(None, "")
    return Promise(_duration_in(head), _mime_in(head))


def _duration_in(head: bytes) -> float | None:
    match = re.search(rb"Duration: (\d+):(\d\d):(\d\d\.\d+)", head)
    if match is None:
        return None
    hours, minutes, seconds = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _mime_in(head: bytes) -> str:
    match = re.search(rb"^Input #0, ([a-z0-9]+)", head, re.MULTILINE)
    return MIMES.get(match[1].decode(), "") if match else ""


def _bound(pid: int, memory: int) -> None:
    """Bounds the memory of a process that just began, where the system knows how (Linux)."""
    if not memory:
        return
    with suppress(ImportError, AttributeError, ProcessLookupError):
        resource = importlib.import_module("resource")  # not on Windows
        resource.prlimit(pid, resource.RLIMIT_AS, (memory, memory))
