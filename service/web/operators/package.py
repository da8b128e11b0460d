"""A package for a USB stick: the approved files of an hour or a day under names that sort, lists, and checksums."""

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from service.newsroom.text import fold
from service.web.media import Body
from service.web.operators.broadcasts import Broadcast
from service.web.operators.slots import title_of
from service.web.words import local

# Bytes around a stored file in a ZIP whose sizes follow the data (APPNOTE 4.3), and at its end.
LOCAL, DESCRIPTOR, CENTRAL, END = 30, 16, 46, 22
BOM = "\ufeff"  # or an old Notepad shows Vietnamese as noise


@dataclass(frozen=True, slots=True)
class Track:
    """A broadcast in a package; `number` is its place."""

    number: int
    broadcast: Broadcast

    @property
    def name(self) -> str:
        """ASCII, within FAT32's rules, and sorts in the order of playing."""
        return f"{self.number:02}-{self.broadcast.file_name}"


@dataclass(frozen=True, slots=True)
class Package:
    """A ZIP that is written while it is sent."""

    files: tuple[tuple[str, Body], ...]

    @property
    def size(self) -> int:
        """How many bytes `blocks` gives."""
        return END + sum(
            LOCAL + DESCRIPTOR + CENTRAL + 2 * len(name) + body.size for name, body in self.files
        )

    def blocks(self) -> Iterator[bytes]:
        """The ZIP, piece by piece; nothing is compressed, for MP3 cannot be."""
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
            for name, body in self.files:
                about = zipfile.ZipInfo(name, local(body.modified).timetuple()[:6])
                about.external_attr = 0o644 << 16
                with archive.open(about, "w") as entry:
                    for block in body.read(0, body.size):
                        entry.write(block)
                        yield sink.taken()
                yield sink.taken()
        yield sink.taken()


def package_of(broadcasts: Sequence[Broadcast], station_name: str, now: datetime) -> Package:
    """Broadcasts in their order, with a playlist, a running order to read and to print, and SHA256SUMS."""
    tracks = [Track(number, each) for number, each in enumerate(broadcasts, start=1)]
    files = [(track.name, track.broadcast.body) for track in tracks]
    files += [
        ("PHAT.M3U", _text(_playlist(tracks), now)),
        (
            "THU-TU.TXT",
            _text(
                BOM
                + _dos(render_template("speaker/order.txt", **_told(tracks, station_name, now))),
                now,
            ),
        ),
        (
            "THU-TU.HTM",
            _text(render_template("speaker/order.html", **_told(tracks, station_name, now)), now),
        ),
    ]
    sums = "".join(f"{body.sha256}  {name}\n" for name, body in files)
    return Package((*files, ("SHA256SUMS", _text(sums, now))))


class _Sink(io.RawIOBase):
    """Where zipfile writes to: it cannot go back, and what it wrote is taken away at once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keeps a copy until it is taken."""
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """All that was written since."""
        found, self._parts = b"".join(self._parts), []
        return found


def _told(tracks: Sequence[Track], station_name: str, now: datetime) -> dict[str, object]:
    return {"tracks": tracks, "station_name": station_name, "now": now, "title_of": title_of}


def _playlist(tracks: Sequence[Track]) -> str:
    """M3U as the oldest players read it: ASCII, lines end as in DOS."""
    lines = ["#EXTM3U"]
    for track in tracks:
        title = fold(title_of(track.broadcast)).encode("ascii", "ignore").decode().capitalize()
        lines += [f"#EXTINF:{round(track.broadcast.seconds)},{title}", track.name]
    return _dos("\n".join(lines) + "\n")


def _dos(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _text(text: str, now: datetime) -> Body:
    data = text.encode()

    def read(start: int, length: int) -> Iterator[bytes]:
        yield data[start : start + length]

    return Body("text/plain", len(data), hashlib.sha256(data).hexdigest(), now, read)
