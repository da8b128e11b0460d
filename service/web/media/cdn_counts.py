"""Listeners of a CDN, counted from its logs as those are whom we send sound ourselves."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO, cast

from cachetools import LRUCache

from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.values import Listening, Media
from service.web.media.audience import enough_of, is_listener
from service.web.media.cdn_logs import LoggedSound, LogReader
from service.zone import VIETNAM

AT_ONCE = 5_000  # lines
MOST_REMEMBERED = 10_000  # sounds, and parts whose place nobody tells
Part = tuple[date, str, str, int, str]


@dataclass(slots=True)
class Counted:
    """What came of a log: lines read now, sounds sent to listeners, downloads, lines in no
    format.
    """

    lines: int = 0
    listened: int = 0
    downloads: int = 0
    strange: int = 0
    first_strange: str = ""


@dataclass(slots=True)
class CdnCounts:
    """Counts what logs tell. A log may be read while it grows, and again: each line counts once."""

    newsroom: Newsroom
    _sounds: "LRUCache[tuple[int, int, str], Media | None]" = field(
        default_factory=lambda: LRUCache(MOST_REMEMBERED)
    )
    _reached: "LRUCache[Part, int]" = field(
        default_factory=lambda: LRUCache(MOST_REMEMBERED)
    )

    def read(self, path: Path) -> Counted:
        """Counts what of a log was not read yet; OSError when it cannot be read.

        `forget` is called after the last: days go through several logs.

        A line without its end is still being written: it is read the next time.
        """
        with _opened(path) as log:
            beginning = _beginning(log)
            if beginning is None:
                return Counted()
            position = self.newsroom.read_logs.position(beginning.digest)
            reader, counted = LogReader(), Counted()
            list(reader.read(iter(beginning.head)))  # columns are named there alone
            log.seek(position)
            for lines in _batches(log):
                self._count(reader, lines, counted)
                position += sum(map(len, lines))
                self.newsroom.read_logs.reached(beginning.digest, position)
        counted.strange, counted.first_strange = reader.strange, reader.first_strange
        return counted

    def forget(self) -> None:
        """Forgets who listened on days whose logs must be in."""
        self.newsroom.downloads.forget()

    def _count(self, reader: LogReader, lines: list[bytes], counted: Counted) -> None:
        days: dict[date, list[Listening]] = {}
        texts = (line.decode("utf-8", "replace") for line in lines)
        today = self.newsroom.downloads.today()
        for taken in reader.read(texts):
            listening = self._listening(taken) if taken else None
            if taken and listening:
                day = min(taken.at.astimezone(VIETNAM).date(), today)
                days.setdefault(day, []).append(listening)
        counted.lines += len(lines)
        for day, listenings in sorted(days.items()):
            counted.listened += len(listenings)
            counted.downloads += self.newsroom.downloads.take_all(listenings, day)

    def _listening(self, taken: LoggedSound) -> Listening | None:
        """As the web notes it; None for robots and for what is no sound of ours."""
        media = self._media(taken)
        if media is None or not media.seconds or not is_listener(taken.agent):
            return None
        start = taken.start
        # Nobody tells which part: they are taken to follow one another
        if start is None:
            day = taken.at.astimezone(VIETNAM).date()
            part = day, taken.address, taken.agent, media.episode_id, media.kind
            start = self._reached.get(part, 0)
            self._reached[part] = start + taken.size
        return Listening(
            f"{taken.address}\0{taken.agent}",
            media.episode_id,
            media.kind,
            (min(start, media.bytes), min(start + taken.size, media.bytes)),
            enough_of(media.bytes, media.seconds),
            taken.address,
        )

    def _media(self, taken: LoggedSound) -> Media | None:
        key = taken.episode_id, taken.version, taken.name
        if key not in self._sounds:
            try:
                self._sounds[key] = self.newsroom.editions.media(*key)
            except NotFound:
                self._sounds[key] = None
        return self._sounds[key]


def _opened(path: Path) -> BinaryIO:
    if path.suffix == ".gz":
        return cast(BinaryIO, gzip.open(path, "rb"))
    return path.open("rb")


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The lines before a log's first entry, and what it is known by when it grows or is renamed."""

    head: list[str]
    digest: str


def _beginning(log: BinaryIO) -> _Beginning | None:
    """None while no entry is whole: all logs of a CDN have one head, their entries differ."""
    digest = hashlib.sha256()
    head: list[str] = []
    for line in log:
        if not line.endswith(b"\n"):
            break
        digest.update(line)
        is_entry = line.strip() and not line.startswith(b"#")
        if is_entry:
            return _Beginning(head, digest.hexdigest())
        head.append(line.decode("utf-8", "replace"))
    return None


def _batches(log: BinaryIO) -> Iterator[list[bytes]]:
    """Whole lines, some thousands at a time."""
    lines: list[bytes] = []
    for line in log:
        if not line.endswith(b"\n"):
            break
        lines.append(line)
        if len(lines) == AT_ONCE:
            yield lines
            lines = []
    if lines:
        yield lines
