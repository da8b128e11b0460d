"""A person's recording becomes house PCM that sits beside what is spoken: decoded, checked, cleaned and levelled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from audio.chain import Band, shaped
from audio.ffmpeg import FfmpegError, decode_strangers, promise_of
from audio.level import fade, level, levelled, loudness, overwrite
from audio.voice import RATE, SAMPLE_BYTES, Pcm

Levels = npt.NDArray[np.float32]  # dBFS, a value for each frame

BUILD = "1"  # of what is done to a recording
FRAME = RATE // 100  # 10 ms
BLOCK = 60 * RATE  # samples looked at together
RUMBLE = (
    Band("highpass", 75, 0.5412),
    Band("highpass", 75, 1.3066),
)  # wind, a table that is touched, mains hum
SPEECH_LUFS = -20.0  # about what engines give; `beside` sets it to those around it
CREST_DB = 13.0  # peaks over loudness: higher ones a master's limiter would take, and the sentence would sound softer
MUSIC_CEILING_DB = -2.0
SHORTEST_S = 0.3
SHORTEST_SYLLABLE_S, LONGEST_SYLLABLE_S, SPARE_S = (
    0.08,
    1.6,
    4.0,
)  # people are slower and freer than engines
CUT_OFF_S = 1.0  # a file that holds so much less than its header promises was not sent whole
SILENT_DB, QUIETEST_SPEECH_LUFS = -55.0, -50.0
FULL_SCALE, CLIPPED = 32_600, 0.002
LEAST_OVER_NOISE_DB = 12.0
FIRM, FIRM_OF = 4, 5  # frames: a tap on the button is shorter than any sound of speech
PAUSE, LONGEST_PAUSE, PAUSE_WORTH = (
    18,
    120,
    4.0,
)  # frames; a long pause outweighs four times its length in distance
STREAMED = 0xFFFFF000  # a WAV that was written without going back says about this much
OGG_PAGE = 65_307  # bytes, at most
TO_THE_END, LARGE_BOX = 0, 1  # lengths of an MP4's box that mean something else
BEFORE, AFTER = (
    5,
    12,
)  # frames left at both ends: consonants begin softly, vowels die away in the room


class Fault(StrEnum):
    """Why a recording is not taken."""

    NO_SOUND = "no_sound"
    CUT_OFF = "cut_off"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    SILENT = "silent"
    CLIPPED = "clipped"
    NOISY = "noisy"


class Refused(Exception):
    """A recording that cannot be used; `fault` says why, the message adds the figures."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a recording has to be: at most `longest_s`, and, when it is speech, of a length for so many syllables.

    `syllables` 0 is speech of any length; `music` is not held against the noise around it, nor is its bass cut.
    """

    longest_s: float
    syllables: int = 0
    music: bool = False
    lufs: float = SPEECH_LUFS


@dataclass(frozen=True, slots=True)
class Cleaned:
    """House PCM, and what was measured: seconds cut off at both ends, and how far speech stood over the noise (dB)."""

    pcm: bytes
    trimmed_s: float
    over_noise_db: float
    mime: str  # of the file it was in, as ffmpeg found it; "" when ffmpeg did not say

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.pcm) / SAMPLE_BYTES / RATE


def clean(path: Path, wanted: Wanted) -> Cleaned:
    """The recording in a file as a clip; Refused tells what is wrong with it."""
    promise = promise_of(path)
    pcm = memoryview(_decoded(path, wanted.longest_s, promise.seconds))
    whole_s = _seconds(pcm)
    levels = _levels(pcm)
    _refuse_silent_or_clipped(pcm, levels)
    over_noise_db = 0.0
    if not wanted.music:
        overwrite(pcm, shaped(pcm, RUMBLE))
        levels = _levels(pcm)
        over_noise_db = _heard_over_noise(levels)
    begin, end = _ends(levels, music=wanted.music)
    pcm = pcm[begin * FRAME * SAMPLE_BYTES : end * FRAME * SAMPLE_BYTES]
    _check_length(_seconds(pcm), wanted.syllables)
    _set_level(pcm, wanted)
    return Cleaned(bytes(pcm), whole_s - _seconds(pcm), over_noise_db, promise.mime)


def _refuse_silent_or_clipped(pcm: Pcm, levels: Levels) -> None:
    loudest = float(np.percentile(levels, 98)) if levels.size else -120.0
    if loudest < SILENT_DB:
        raise Refused(Fault.SILENT, f"the loudest is {loudest:.0f} dBFS")
    clipped = _clipped(pcm)
    if clipped > CLIPPED:
        raise Refused(Fault.CLIPPED, f"{clipped:.1%} of it is at full scale")


def _heard_over_noise(levels: Levels) -> float:
    """How far speech stands over the noise, dB; refused where that is not enough to be understood."""
    over_noise_db = _over_noise(levels)
    if over_noise_db < LEAST_OVER_NOISE_DB:
        raise Refused(Fault.NOISY, f"speech stands {over_noise_db:.0f} dB over the noise")
    return over_noise_db


def _set_level(pcm: memoryview, wanted: Wanted) -> None:
    """Brings it to the loudness that is wanted, and lets it begin and end softly; in place."""
    lufs = loudness(pcm)
    if lufs < QUIETEST_SPEECH_LUFS:
        raise Refused(Fault.SILENT, f"it is {lufs:.0f} LUFS")
    ceiling_db = MUSIC_CEILING_DB if wanted.music else wanted.lufs + CREST_DB
    fade_in_ms, fade_out_ms = (5, 40) if wanted.music else (8, 25)
    level(pcm, wanted.lufs, ceiling_db)
    fade(pcm, fade_in_ms, fade_out_ms)


def beside(pcm: bytes, neighbours_lufs: float) -> bytes:
    """A cleaned recording as loud as those around it; in steps of half a unit, so that an edit seldom moves it."""
    lufs = round(2 * neighbours_lufs) / 2
    return pcm if lufs == SPEECH_LUFS else levelled(pcm, lufs, lufs + CREST_DB)


def cut(pcm: bytes, weights: Sequence[float]) -> list[bytes]:
    """A cleaned recording in parts, one for each weight (how much is said in it), cut in the middle of pauses.

    Each joint is the long pause nearest to where the weights let expect it. Where no pause is left for a joint, the
    part is empty: what was said is in the part before it. Joined again, the parts are the recording.
    """
    whole = len(pcm) // SAMPLE_BYTES
    pauses = _pauses(_levels(pcm))
    expected = np.cumsum(weights)[:-1] / sum(weights) * whole / FRAME
    joints = _nearest(expected.tolist(), pauses, whole, skipped=max(400.0, 0.1 * whole / FRAME))
    at = [0, *(min(joint * FRAME, whole) for joint in joints), whole]
    return [pcm[begin * SAMPLE_BYTES : end * SAMPLE_BYTES] for begin, end in pairwise(at)]


def _pauses(levels: Levels) -> list[tuple[int, int]]:
    """Where nothing is heard for a while: the middle of each pause, and its length, in frames."""
    if not levels.size:
        return []
    heard = np.concatenate(([True], levels > _threshold(levels, music=False), [True]))
    edges = np.flatnonzero(np.diff(heard.astype(np.int8)))
    return [
        (int(a + b) // 2, int(b - a))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
        if b - a >= PAUSE
    ]


class Move(Enum):
    """What a joint does with a pause: cuts there, has none, or leaves it to the joints after it."""

    TAKE = auto()
    SKIP = auto()
    NOT_YET = auto()


def _nearest(
    expected: Sequence[float], pauses: Sequence[tuple[int, int]], end: int, skipped: float
) -> list[int]:
    """A place for each expected joint, in order, by least cost: the way to a pause, less what a long pause is worth.

    A joint without a pause costs `skipped` and lies where the next one does, the last ones at the `end`.
    """
    # Dynamic programming: row n holds the least costs when joint n may take one of the first m pauses.
    costs = [0.0] * (len(pauses) + 1)
    moves: list[list[Move]] = []
    for joint in expected:
        costs, row = _next_row(joint, costs, pauses, skipped)
        moves.append(row)
    return _way_back(moves, pauses, end)


def _next_row(
    joint: float, before: Sequence[float], pauses: Sequence[tuple[int, int]], skipped: float
) -> tuple[list[float], list[Move]]:
    """The least cost up to and with a joint, for each number of pauses that may be taken, and how it came about."""
    costs = [before[0] + skipped]
    moves = [Move.SKIP]
    for m, (place, length) in enumerate(pauses, start=1):
        worth = PAUSE_WORTH * min(length, LONGEST_PAUSE)
        choices = {
            Move.TAKE: before[m - 1] + abs(place - joint) - worth,
            Move.SKIP: before[m] + skipped,
            Move.NOT_YET: costs[-1],
        }
        best = min(choices, key=lambda move: choices[move])
        costs.append(choices[best])
        moves.append(best)
    return costs, moves


def _way_back(
    moves: Sequence[Sequence[Move]], pauses: Sequence[tuple[int, int]], end: int
) -> list[int]:
    """The place of each joint, followed from the last one back."""
    places, m = [end] * len(moves), len(pauses)
    for n in reversed(range(len(moves))):
        while moves[n][m] is Move.NOT_YET:
            m -= 1
        if moves[n][m] is Move.TAKE:
            m -= 1
            places[n] = pauses[m][0]
        elif n + 1 < len(places):
            places[n] = places[n + 1]
    return places


def _torn(path: Path) -> bool:
    """Whether a WAV, Ogg or M4A file ends where its own structure goes on: ffmpeg reads the first two without a word,
    and takes the third, whose index is written last, for no sound at all.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] == b"RIFF" and head[8:] == b"WAVE":
            promised = int.from_bytes(head[4:8], "little")
            return promised < STREAMED and promised + 8 > size + 1
        if head[:4] == b"OggS":
            file.seek(max(0, size - 2 * OGG_PAGE))
            end = file.read()
            last = end[end.rfind(b"OggS") :]
            sizes = last[27 : 27 + last[26]] if len(last) > 26 else b""
            return len(last) < 27 + len(sizes) + sum(sizes)
        if head[4:8] == b"ftyp":
            return any(at + length > size for at, length in _boxes(file, size))
    return False


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[int, int]]:
    """Where each outermost box of an MP4 begins, and its length (ISO/IEC 14496-12, 4.2)."""
    at = 0
    while at < size:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == TO_THE_END:
            return
        if length == LARGE_BOX:
            length = int.from_bytes(head[8:], "big")
        yield at, max(length, 8)
        at += max(length, 8)


def _decoded(path: Path, longest_s: float, promised: float | None) -> bytearray:
    if _torn(path):
        raise Refused(Fault.CUT_OFF, "the file ends before its header says")
    if promised is not None and promised > longest_s + 1:
        raise Refused(Fault.TOO_LONG, f"{promised:.0f} s, at most {longest_s:.0f}")
    try:
        pcm = decode_strangers(path, longest_s + 2)
    except FfmpegError as error:
        raise Refused(Fault.NO_SOUND, str(error)) from error
    seconds = _seconds(pcm)
    if seconds > longest_s + 1:
        raise Refused(Fault.TOO_LONG, f"more than {longest_s:.0f} s")
    if not pcm:
        raise Refused(Fault.NO_SOUND, "there is no sound in it")
    if promised is not None and promised - seconds > CUT_OFF_S:
        raise Refused(Fault.CUT_OFF, f"{seconds:.1f} s of {promised:.1f} s came")
    return pcm


def _check_length(seconds: float, syllables: int) -> None:
    if seconds < max(SHORTEST_S, SHORTEST_SYLLABLE_S * syllables):
        raise Refused(Fault.TOO_SHORT, f"{seconds:.1f} s for {syllables} syllables")
    if syllables and seconds > SPARE_S + LONGEST_SYLLABLE_S * syllables:
        raise Refused(Fault.TOO_LONG, f"{seconds:.1f} s for {syllables} syllables")


def _levels(pcm: Pcm) -> Levels:
    """How loud each frame is, dBFS; block by block, for an hour is long."""
    samples = np.frombuffer(pcm, "<i2")
    samples = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    found = [
        np.einsum("ij,ij->i", part, part) / FRAME
        for part in (
            block.astype(np.float32) / 32768
            for block in np.array_split(samples, len(samples) * FRAME // BLOCK + 1)
        )
    ]
    return np.asarray(10 * np.log10(np.maximum(np.concatenate(found), 1e-12)), np.float32)


def _clipped(pcm: Pcm) -> float:
    """The share of samples at full scale."""
    samples = np.frombuffer(pcm, "<i2")
    parts = np.array_split(samples, len(samples) // BLOCK + 1)
    torn = sum(
        np.count_nonzero(part >= FULL_SCALE) + np.count_nonzero(part <= -FULL_SCALE)
        for part in parts
    )
    return torn / max(1, len(samples))


def _over_noise(levels: Levels) -> float:
    """How far the loud frames stand over the quiet ones, dB: between words a good recording is quiet."""
    quiet, loud = np.percentile(levels, (10, 90))
    return float(loud - quiet)


def _threshold(levels: Levels, *, music: bool) -> float:
    """The level from which a frame counts as heard."""
    if music:
        return -60.0
    quiet, loud = np.percentile(levels, (5, 95))
    return float(np.clip(quiet + 9.0, max(-62.0, loud - 40.0), loud - 12.0))


def _ends(levels: Levels, *, music: bool) -> tuple[int, int]:
    """The first and the last frame worth keeping: where sound lasts, with a little before and after."""
    heard = levels > _threshold(levels, music=music)
    firm = np.flatnonzero(np.convolve(heard, np.ones(FIRM_OF, int), "valid") >= FIRM)
    if not firm.size:
        raise Refused(Fault.SILENT, "nothing in it lasts")
    begin = firm[0] + int(np.argmax(heard[firm[0] :]))
    end = firm[-1] + FIRM_OF - int(np.argmax(heard[firm[-1] : firm[-1] + FIRM_OF][::-1]))
    return max(0, begin - BEFORE), min(len(levels), end + AFTER)


def _seconds(pcm: Pcm) -> float:
    return len(pcm) / SAMPLE_BYTES / RATE
