"""A package for a USB stick: the approved files of an hour or a day under names that sort,
lists, and checksums.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from service.newsroom.text import fold
from service.web.media import Body
from service.web.operators.broadcasts import Broadcast
from service.web.operators.slots import title_of
from service.web.words import local

# Bytes of the headers of a stored file in a ZIP but for its name (APPNOTE 4.3), and of the end.
LOCAL, CENTRAL, END = 30, 46, 22
VERSION, UNIX = 20, 3  # 2.0 is needed to unpack; rights are as Unix writes them
# What a double click on Windows does with the checksums. ASCII alone: an old console shows
# Vietnamese as noise. Windows 7 writes a digest with spaces between its bytes.
CHECK_HEAD = """@echo off
setlocal enabledelayedexpansion
cd /d "%~dp0"
set SAI=
"""
CHECK_END = """if defined SAI (echo Co tep bi hong: hay tai lai goi nay.) else (echo Moi tep deu dung.)
pause
exit /b
:XEM
set TINH=
for /f "skip=1 delims=" %%H in ('certutil -hashfile %1 SHA256') do if not defined TINH set TINH=%%H
set TINH=!TINH: =!
if /i "!TINH!"=="%2" (echo DUNG %~1) else (echo SAI  %~1& set SAI=1)
exit /b
"""
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
            LOCAL + CENTRAL + 2 * len(name) + body.size for name, body in self.files
        )

    def blocks(self) -> Iterator[bytes]:
        """The ZIP, piece by piece; nothing is compressed, for MP3 cannot be.

        Each file is read twice, first for its checksum: sizes and checksum stand before the data,
        as readers want them who unpack what they have not whole (Android, set-top boxes, Java's
        ZipInputStream, busybox).
        """
        directory, place = b"", 0
        for name, body in self.files:
            entry = _Entry(
                name.encode("ascii"), body.size, _checksum(body), local(body.modified)
            )
            directory += entry.central(place)
            yield entry.local()
            yield from body.read(0, body.size)
            place += len(entry.local()) + body.size
        count, size = len(self.files), len(directory)
        yield directory + struct.pack(
            "<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, place, 0
        )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A stored file's two headers (APPNOTE 4.3.7 and 4.3.12)."""

    name: bytes
    size: int
    checksum: int
    modified: datetime

    def local(self) -> bytes:
        """What stands before the data."""
        return b"PK\3\4" + self._common() + self.name

    def central(self, place: int) -> bytes:
        """What stands in the directory; `place` is where the local header begins."""
        made_by = struct.pack("<H", UNIX << 8 | VERSION)
        rest = struct.pack("<3H2L", 0, 0, 0, 0o100644 << 16, place)
        return b"PK\1\2" + made_by + self._common() + rest + self.name

    def _common(self) -> bytes:
        day = (
            (self.modified.year - 1980) << 9
            | self.modified.month << 5
            | self.modified.day
        )
        clock = (
            self.modified.hour << 11
            | self.modified.minute << 5
            | self.modified.second // 2
        )
        flags, stored, extra = 0, 0, 0
        numbers = (
            VERSION,
            flags,
            stored,
            clock,
            day,
            self.checksum,
            self.size,
            self.size,
        )
        return struct.pack("<5H3L2H", *numbers, len(self.name), extra)


def _checksum(body: Body) -> int:
    value = 0
    for block in body.read(0, body.size):
        value = zlib.crc32(block, value)
    return value


def package_of(
    broadcasts: Sequence[Broadcast], station_name: str, now: datetime
) -> Package:
    """Broadcasts in their order, with a playlist,
    a running order to read and to print, and their checksums for whatever machine.
    """
    tracks = [Track(number, each) for number, each in enumerate(broadcasts, start=1)]
    files = [(track.name, track.broadcast.body) for track in tracks]
    files += [
        ("PHAT.M3U", _text(_playlist(tracks), now)),
        (
            "THU-TU.TXT",
            _text(
                BOM
                + _dos(
                    render_template(
                        "speaker/order.txt", **_told(tracks, station_name, now)
                    )
                ),
                now,
            ),
        ),
        (
            "THU-TU.HTM",
            _text(
                render_template(
                    "speaker/order.html", **_told(tracks, station_name, now)
                ),
                now,
            ),
        ),
    ]
    sums = "".join(f"{body.sha256}  {name}\n" for name, body in files)
    calls = "".join(f'call :XEM "{name}" {body.sha256}\n' for name, body in files)
    check = _dos(CHECK_HEAD + calls + CHECK_END)
    return Package(
        (*files, ("SHA256SUMS", _text(sums, now)), ("KIEM-TRA.BAT", _text(check, now)))
    )


def _told(
    tracks: Sequence[Track], station_name: str, now: datetime
) -> dict[str, object]:
    return {
        "tracks": tracks,
        "station_name": station_name,
        "now": now,
        "title_of": title_of,
    }


def _playlist(tracks: Sequence[Track]) -> str:
    """M3U as the oldest players read it: ASCII, lines end as in DOS."""
    lines = ["#EXTM3U"]
    for track in tracks:
        title = (
            fold(title_of(track.broadcast))
            .encode("ascii", "ignore")
            .decode()
            .capitalize()
        )
        lines += [f"#EXTINF:{round(track.broadcast.seconds)},{title}", track.name]
    return _dos("\n".join(lines) + "\n")


def _dos(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _text(text: str, now: datetime) -> Body:
    data = text.encode()

    def read(start: int, length: int) -> Iterator[bytes]:
        yield data[start : start + length]

    return Body("text/plain", len(data), hashlib.sha256(data).hexdigest(), now, read)
