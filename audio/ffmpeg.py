"""The only place that starts ffmpeg: raw house PCM in, files out, and back again."""

import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import imageio_ffmpeg

from audio.voice import RATE

DEADLINE_S = 600.0  # an hour of sound is encoded in well under a minute; ten are a hung process
RAW = ("-f", "s16le", "-ar", str(RATE), "-ac", "1")


class FfmpegError(RuntimeError):
    """ffmpeg did not do its work; the message ends with its own last lines."""


@cache
def executable() -> str:
    """Where the ffmpeg that came with the Python dependencies lies."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def run(arguments: Sequence[str], stdin: bytes | memoryview = b"", deadline: float = DEADLINE_S) -> bytes:
    """Runs ffmpeg with these arguments and standard input; returns its standard output.

    FfmpegError when it fails, cannot be started or passes the deadline (seconds); it is dead by then.
    """
    command = [executable(), "-hide_banner", "-nostdin" if not stdin else "-y", "-loglevel", "error", *arguments]
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, timeout=deadline, check=False)
    except subprocess.TimeoutExpired as error:
        raise FfmpegError(f"ffmpeg did not finish within {deadline:g} s") from error
    except OSError as error:
        raise FfmpegError(f"ffmpeg cannot be started: {error}") from error
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-3:]
        raise FfmpegError("ffmpeg: " + " / ".join(last or [f"exit code {done.returncode}"]))
    return done.stdout


def decode(sound: bytes | Path, deadline: float = DEADLINE_S) -> bytes:
    """House PCM of any sound ffmpeg can read, from bytes or a file; FfmpegError when it is no sound."""
    if isinstance(sound, Path):
        return run(["-i", str(sound), "-vn", *RAW, "pipe:1"], deadline=deadline)
    # Through a file: length headers and padding (LAME) are only honoured where ffmpeg can seek.
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        path = Path(folder) / "sound"
        path.write_bytes(sound)
        return run(["-i", str(path), "-vn", *RAW, "pipe:1"], deadline=deadline)
