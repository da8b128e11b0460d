"""The composition root: reads the environment, puts the rooms together, and is the command line."""

import sys
import warnings

from loa import saying

warnings.filterwarnings(
    "ignore", message="Couldn't find ffmpeg or avconv", module="pydub.utils"
)
warnings.filterwarnings(
    "ignore", message="'audioop' is deprecated", module="pydub.utils"
)


def main() -> None:
    """Runs the command line; what a person can mend is told in one line, without a traceback."""
    # A Windows console, or a service's log, may say otherwise.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    words = saying.words_of(sys.argv[1:])
    if words is not None:
        saying.say(words)
        return

    from loa.commands import app
    from loa.privacy import keep_to_ourselves
    from loa.terminal import fail

    keep_to_ourselves()
    try:
        app()
    except Exception as error:
        sentence = _plainly(error)
        if sentence is None:
            raise
        fail(sentence)


def _plainly(error: Exception) -> str | None:
    """What a person can mend, in one line; None for a bug of ours.

    The rooms are asked for their errors only now: importing them takes longer than `loa say` has
    to.
    """
    from audio.ffmpeg import FfmpegError
    from audio.voice import EngineTrouble
    from service.intake import Rejected
    from service.newsroom.errors import NewsroomError
    from service.newsroom.store.files import FilesError
    from service.settings import SettingsError

    if isinstance(error, Rejected):
        return f"{error.field}: {error}"
    if isinstance(error, OSError) and error.filename and error.strerror:
        # A home that cannot be made, a disk that is full: FilesError has no such two.
        return f"{error.filename}: {error.strerror}"
    mendable = (NewsroomError, SettingsError, EngineTrouble, FfmpegError, FilesError)
    return str(error) if isinstance(error, mendable) else None
