"""Masters: one recording at its loudness, encoded and tagged for those who hear it, measured on what was written."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from audio.ffmpeg import RAW, FfmpegError, stream
from audio.loudness import Meter, PerMs, gated, highest_near, limiter, profile, turned
from audio.stitch import Cue, Stitched, stitch
from audio.voice import RATE

LAME_DB = -0.45  # LAME scales its input by 0.95 at low bit rates
CLOSE_LU, MOST_ROUNDS, MOST_GAIN_DB = 0.05, 20, 40.0
MP3_RATE, MP3_FRAME = 44_100, 1152
MOST_DRIFT_S = 0.030  # a file whose length differs more from its cues is not let out


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled stretch of a file; `start` and `end` in samples of house PCM."""

    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tags:
    """What is written into the file for players to show. `cover` is a JPEG or None."""

    title: str
    artist: str
    album: str
    date: datetime
    comment: str = ""
    cover: bytes | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of master: for whom, how loud, in which format."""

    kind: str
    name: str
    mime: str
    target_lufs: float
    ceiling_db: float  # of the limiter, below −1 dBTP by what the encoder overshoots
    encoder: tuple[str, ...]
    encoder_db: float = 0.0  # what the encoder itself does to the level, measured


RECIPES = {
    recipe.kind: recipe
    for recipe in (
        Recipe(
            "app",
            "app.mp3",
            "audio/mpeg",
            target_lufs=-16.0,
            ceiling_db=-2.5,
            encoder=("-c:a", "libmp3lame", "-b:a", "64k", "-ar", "44100", "-id3v2_version", "3", "-f", "mp3"),
            encoder_db=LAME_DB,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Master:
    """A finished file, still in a folder of the caller's. `lufs` and `true_peak` (dBTP) were measured on it."""

    kind: str
    path: Path
    name: str
    mime: str
    bytes: int
    sha256: str
    seconds: float
    lufs: float
    true_peak: float
    cues: tuple[Cue, ...] = field(default=())


def make(
    kinds: Sequence[str],
    clips: Sequence[bytes],
    pauses_ms: Sequence[int],
    tags: Tags,
    folder: Path,
    *,
    chapters: Callable[[tuple[Cue, ...]], Sequence[Chapter]] = lambda cues: (),
) -> list[Master]:
    """Masters of these kinds from one stitch, written into `folder`.

    FfmpegError when one cannot be made or does not have the length its cues promise; then none of them counts.
    """
    stitched = stitch(clips, pauses_ms)
    return [_make(RECIPES[kind], stitched, tags, chapters(stitched.cues), folder) for kind in kinds]


def _make(recipe: Recipe, stitched: Stitched, tags: Tags, chapters: Sequence[Chapter], folder: Path) -> Master:
    path = folder / recipe.name
    heard = _encode(turned(stitched.pcm, _gain(stitched.pcm, recipe)), recipe, tags, chapters, path)
    data = path.read_bytes()
    wanted = stitched.samples / RATE
    for told in (heard.samples / RATE, told_length(data)):
        if abs(told - wanted) > MOST_DRIFT_S:
            raise FfmpegError(f"{recipe.name} is {told:.3f} s long, its cues say {wanted:.3f} s")
    return Master(
        kind=recipe.kind,
        path=path,
        name=recipe.name,
        mime=recipe.mime,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        seconds=wanted,
        lufs=round(heard.lufs, 2),
        true_peak=round(heard.true_peak, 2),
        cues=stitched.cues,
    )


def told_length(mp3: bytes) -> float:
    """The seconds that an MP3's own header (Xing/Info with LAME's delay and padding) tells players; −1 without one."""
    tags = 0
    if mp3.startswith(b"ID3"):  # its size: four bytes of seven bits
        tags = 10 + sum(byte << shift for byte, shift in zip(mp3[6:10], (21, 14, 7, 0), strict=True))
    at = max(mp3.find(mark, tags, tags + MP3_FRAME) for mark in (b"Info", b"Xing"))
    if at < 0:
        return -1.0
    frames = int.from_bytes(mp3[at + 8 : at + 12], "big")
    skipped = int.from_bytes(mp3[at + 141 : at + 144], "big")  # 12 bits of delay, 12 bits of padding
    return (frames * MP3_FRAME - (skipped >> 12) - (skipped & 0xFFF)) / MP3_RATE


def _gain(pcm: bytes, recipe: Recipe) -> PerMs:
    """Gain, then the limiter; what the limiter takes away is given back by a larger gain, until it is right.

    Worked out on energies and peaks of milliseconds (the limiter moves slowly enough for that), applied once.
    """
    energy, peak = profile(pcm)
    near = highest_near(peak)
    target, ceiling = recipe.target_lufs - recipe.encoder_db, recipe.ceiling_db - recipe.encoder_db
    gain_db = min(target - gated(energy), MOST_GAIN_DB)
    for _ in range(MOST_ROUNDS):
        factor = 10 ** (gain_db / 20)
        gain = limiter(near * factor, ceiling) * factor
        missing = target - gated(energy * gain**2)
        if abs(missing) < CLOSE_LU or gain_db >= MOST_GAIN_DB:
            break
        gain_db += missing
    return gain


def _encode(sound: Iterable[bytes], recipe: Recipe, tags: Tags, chapters: Sequence[Chapter], path: Path) -> Meter:
    """Writes the file, and measures what a player will hear: ffmpeg decodes each frame right after encoding it.

    The file must be seekable: only there can LAME write the header that makes the length exact.
    """
    with tempfile.TemporaryDirectory(prefix="loa-", dir=path.parent) as scratch:
        meta = Path(scratch) / "tags.txt"
        meta.write_text(_metadata(tags, chapters), encoding="utf-8")
        inputs = [*RAW, "-i", "pipe:0", "-f", "ffmetadata", "-i", str(meta)]
        maps = ["-map", "0:a", "-map_metadata", "1", "-map_chapters", "1"]
        if tags.cover:
            cover = Path(scratch) / "cover.jpg"
            cover.write_bytes(tags.cover)
            inputs += ["-i", str(cover)]
            maps += ["-map", "2:v", "-c:v", "copy", "-disposition:v", "attached_pic"]
            maps += ["-metadata:s:v", "comment=Cover (front)"]
        part = Path(scratch) / "part"
        made = [*inputs, *maps, "-ac", "1", *recipe.encoder, str(part)]
        heard = ["-dec", "0:0", "-filter_complex", f"[dec:0]aresample={RATE}[heard]", "-map", "[heard]"]
        meter, odd = Meter(), b""
        for block in stream([*made, *heard, *RAW, "pipe:1"], sound):
            whole = odd + block
            odd = whole[len(whole) // 2 * 2 :]
            meter.add(whole[: len(whole) // 2 * 2])
        part.replace(path)
    return meter.finish()


def _metadata(tags: Tags, chapters: Sequence[Chapter]) -> str:
    """ffmpeg's own metadata format, in which = ; # \\ and line ends are escaped."""

    def clean(text: str) -> str:
        text = " ".join(text.split())
        return "".join(f"\\{char}" if char in "=;#\\" else char for char in text)

    lines = [";FFMETADATA1"]
    values = {
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "date": tags.date.strftime("%Y-%m-%d"),
        "genre": "Podcast",
        "language": "vie",
        "comment": tags.comment,
    }
    lines += [f"{name}={clean(value)}" for name, value in values.items() if value]
    for chapter in chapters:
        lines += ["[CHAPTER]", f"TIMEBASE=1/{RATE}", f"START={chapter.start}", f"END={chapter.end}"]
        lines.append(f"title={clean(chapter.title)}")
    return "\n".join(lines) + "\n"
