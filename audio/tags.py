"""What is written into a file for players to show: ID3v2.3 by ffmpeg, Vorbis comments for Opus."""

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from audio.ffmpeg import RAW, run
from audio.mp3 import id3_size
from audio.stitch import silence


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled stretch of a file, in ms."""

    title: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Tags:
    """What players show of a file. `cover` is a JPEG or None; `language` an ISO 639-2 code."""

    title: str
    artist: str
    album: str
    date: datetime
    comment: str = ""
    language: str = "vie"
    cover: bytes | None = None
    chapters: tuple[Chapter, ...] = ()

    def plain(self) -> "Tags":
        """The words alone, for files that must be small or simple."""
        return replace(self, cover=None, chapters=())

    def words(self) -> dict[str, str]:
        """By the names that ffmpeg and Vorbis comments share; nothing that is empty."""
        values = {
            "title": self.title,
            "artist": self.artist,
            "album": self.album,
            "date": self.date.strftime("%Y-%m-%d"),
            "genre": "Podcast",
            "language": self.language,
            "comment": self.comment,
        }
        lines = {name: " ".join(value.split()) for name, value in values.items()}
        return {name: line for name, line in lines.items() if line}


def id3(tags: Tags) -> bytes:
    """An ID3v2.3 tag: old players see nothing in 2.4, and read diacritics in no older one."""
    with tempfile.TemporaryDirectory(prefix="loa-") as scratch:
        folder = Path(scratch)
        meta = folder / "tags.txt"
        tagged = folder / "tagged.mp3"
        meta.write_text(_ffmetadata(tags), encoding="utf-8")
        inputs = [*RAW, "-i", "pipe:0", "-f", "ffmetadata", "-i", str(meta)]
        maps = ["-map", "0:a", "-map_metadata", "1", "-map_chapters", "1"]
        if tags.cover:
            cover = folder / "cover.jpg"
            cover.write_bytes(tags.cover)
            inputs += ["-i", str(cover)]
            maps += AS_A_COVER
        # The tag is all we want of the file: a moment of silence carries it.
        run([*inputs, *maps, *AS_ID3, str(tagged)], [silence(100)])
        data = tagged.read_bytes()
    return data[: id3_size(data)]


AS_A_COVER = (
    "-map",
    "2:v",
    "-c:v",
    "copy",
    "-disposition:v",
    "attached_pic",
    "-metadata:s:v",
    "comment=Cover (front)",
)
AS_ID3 = ("-c:a", "libmp3lame", "-id3v2_version", "3", "-write_xing", "0", "-f", "mp3")


def _ffmetadata(tags: Tags) -> str:
    """ffmpeg's own metadata format, in which = ; # \\ and line ends are escaped."""
    lines = [";FFMETADATA1"]
    lines += [f"{name}={_escaped(value)}" for name, value in tags.words().items()]
    for chapter in tags.chapters:
        title = " ".join(chapter.title.split())
        lines += [
            "[CHAPTER]",
            "TIMEBASE=1/1000",
            f"START={chapter.start_ms}",
            f"END={chapter.end_ms}",
            f"title={_escaped(title)}",
        ]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "=;#\\" else char for char in text)
