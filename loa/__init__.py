"""The composition root: reads the environment, puts the rooms together, and is the command line."""

import sys
import warnings
from typing import TYPE_CHECKING

warnings.filterwarnings("ignore", message="Couldn't find ffmpeg or avconv", module="pydub.utils")
warnings.filterwarnings("ignore", message="'audioop' is deprecated", module="pydub.utils")

if TYPE_CHECKING:
    from flask import Flask

    from service.front import Gateway


def main() -> None:
    """Runs the command line; what a person can mend is told in one line, without a traceback."""
    from audio.ffmpeg import FfmpegError
    from audio.voice import EngineTrouble
    from loa.commands import app
    from loa.privacy import keep_to_ourselves
    from loa.terminal import fail
    from service.intake import Rejected
    from service.newsroom.errors import NewsroomError
    from service.newsroom.store.files import FilesError
    from service.settings import SettingsError

    keep_to_ourselves()
    for stream in (
        sys.stdout,
        sys.stderr,
    ):  # a Windows console, or a service's log, may say otherwise
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except Rejected as error:
        fail(f"{error.field}: {error}")
    except (NewsroomError, SettingsError, EngineTrouble, FfmpegError, FilesError) as error:
        fail(str(error))


def wsgi() -> "Flask":
    """The web application, as any WSGI server may load it."""
    from loa.web_app import application

    return application()


def gateway() -> "Gateway":
    """The web application behind its front: what the web's process serves."""
    from loa.web_app import gateway

    return gateway()
