"""Brings the files of a voice, from the web or from a folder:
goes on where it was cut off, and checks what came.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout
from urllib3.exceptions import HTTPError

from audio.catalogue.offers import NaturalVoice, VoiceFile
from audio.catalogue.shelf import VoiceShelf

# Loaded by who brings a voice: it is 4 MB, and every process looks at the shelf.
if TYPE_CHECKING:
    import requests

BLOCK = 256 * 1024
CONNECT_S, SILENT_S = 10.0, 60.0
# Of one file; a cut after which more of it is there is not counted.
TRIES = 4
PAUSE_S = 3.0
# Left on the disk besides: the database and today's news need it more.
SPARE_BYTES = 200_000_000
PART = ".part"
# How many bytes of the whole voice are here.
Progress = Callable[[int], None]


class FetchError(RuntimeError):
    """A voice could not be brought; the message says why and what to do."""


class CutOff(FetchError):
    """Nobody answers, or the line broke: what has come is kept,
    and the next try goes on from there.
    """


class WrongFile(FetchError):
    """What came is not what the catalogue pins; nothing of it is kept."""


class NoRoom(FetchError):
    """The disk is too full."""


class Supply(Protocol):
    """Where files come from."""

    @contextmanager
    def open(
        self, file: VoiceFile, start: int
    ) -> Iterator[tuple[int, Iterator[bytes]]]:
        """The file's bytes from `start` on, or from an earlier place, which is told.

        CutOff when they cannot be had.
        """
        ...


@dataclass(frozen=True, slots=True)
class Download:
    """The web.

    `mirror` is the address of a folder in which all files lie by their names; "" for their own
    places.
    """

    mirror: str = ""

    @contextmanager
    def open(
        self, file: VoiceFile, start: int
    ) -> Iterator[tuple[int, Iterator[bytes]]]:
        """See Supply."""
        import requests

        url = f"{self.mirror.rstrip('/')}/{file.name}" if self.mirror else file.url
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        try:
            with requests.get(
                url, headers=headers, stream=True, timeout=(CONNECT_S, SILENT_S)
            ) as answer:
                # Whatever is there is taken: a whole block that a broken line cuts would be lost.
                yield (
                    _start_of(answer, start),
                    iter(lambda: answer.raw.read1(BLOCK), b""),
                )
        except (requests.RequestException, HTTPError) as error:
            raise CutOff(f"{url}: {error}") from error


def _start_of(answer: "requests.Response", wanted: int) -> int:
    """From where on the answer's bytes are (RFC 9110, 14.4).

    CutOff for an answer that holds none.
    """
    if answer.status_code == 200:
        return 0
    if answer.status_code == 206:
        if answer.headers.get("Content-Range", "").startswith(f"bytes {wanted}-"):
            return wanted
        raise CutOff(f"{answer.url}: another part of the file came than was asked for")
    raise CutOff(f"{answer.url}: HTTP {answer.status_code}")


@dataclass(frozen=True, slots=True)
class Stick:
    """A folder, as on a USB stick: files are looked for by their names, in its folders too."""

    folder: Path

    @contextmanager
    def open(
        self, file: VoiceFile, start: int
    ) -> Iterator[tuple[int, Iterator[bytes]]]:
        """See Supply."""
        path = next(self.folder.rglob(file.name), None)
        if path is None:
            raise FetchError(f"{self.folder} has no file {file.name}")
        try:
            with path.open("rb") as source:
                source.seek(start)
                yield start, iter(lambda: source.read(BLOCK), b"")
        except OSError as error:
            raise CutOff(f"{path}: {error}") from error


def bring(
    offer: NaturalVoice,
    shelf: VoiceShelf,
    source: Supply,
    progress: Progress = lambda _bytes: None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Brings all files of a voice and puts it on the shelf, whole; nothing to do when it is there.

    CutOff keeps what has come for the next try; WrongFile and NoRoom leave nothing behind.
    FetchError also when another process brings it just now.
    """
    if shelf.has(offer):
        return
    coming = shelf.coming(offer)
    coming.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(coming.with_name(f"{offer.name}.lock"), timeout=0):
            _make_room(offer, coming)
            done = 0
            for file in offer.files:
                _bring_file(file, coming, source, _behind(done, progress), sleep)
                done += file.bytes
            shelf.settle(offer)
    except Timeout as error:
        raise FetchError(f"{offer.name} is being added by another process") from error
    except (WrongFile, NoRoom):
        shutil.rmtree(coming, ignore_errors=True)
        raise


def _behind(done: int, progress: Progress) -> Progress:
    """Tells the progress of one file behind those that are done."""
    return lambda here: progress(done + here)


def _make_room(offer: NaturalVoice, coming: Path) -> None:
    here = sum(path.stat().st_size for path in coming.iterdir())
    free = shutil.disk_usage(coming).free
    needed = offer.bytes - here + SPARE_BYTES
    if free < needed:
        raise NoRoom(
            f"{offer.name} needs {needed / 1e6:.0f} MB free on the disk, {free / 1e6:.0f} MB are: free some first"
        )


def _bring_file(
    file: VoiceFile,
    folder: Path,
    source: Supply,
    progress: Progress,
    sleep: Callable[[float], None],
) -> None:
    """One file, checked; what an earlier try brought is not asked for again."""
    if (folder / file.name).exists():
        return
    part = folder / f"{file.name}{PART}"
    part.touch()
    tries = TRIES
    while (here := part.stat().st_size) < file.bytes:
        try:
            _receive(file, part, source, progress)
        except CutOff as error:
            came = part.stat().st_size > here
            tries = TRIES if came else tries - 1
            if not tries:
                raise CutOff(
                    f"{error}; {part.stat().st_size / 1e6:.1f} of {file.bytes / 1e6:.1f} MB are here:"
                    " try again, it goes on from there"
                ) from error
            sleep(PAUSE_S)
    _check(file, part)
    part.rename(folder / file.name)


def _receive(file: VoiceFile, part: Path, source: Supply, progress: Progress) -> None:
    """What the source gives in one go, behind what is here.

    CutOff when the file is not whole after it.
    """
    with (
        source.open(file, part.stat().st_size) as (start, blocks),
        part.open("r+b") as out,
    ):
        out.truncate(start)
        out.seek(start)
        for block in blocks:
            out.write(block)
            progress(out.tell())
            if out.tell() > file.bytes:
                raise WrongFile(
                    f"{file.name} is longer than {file.bytes} bytes: it is another file, and was not kept"
                )
        out.flush()
        os.fsync(out.fileno())
        if out.tell() < file.bytes:
            raise CutOff(f"{file.name} ended too early")


def _check(file: VoiceFile, part: Path) -> None:
    with part.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    if digest != file.sha256:
        raise WrongFile(
            f"{file.name} has the SHA-256 {digest}, not {file.sha256}: it is another file, and was not kept"
        )
