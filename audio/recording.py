"""A person's recording becomes house PCM that sits beside what is spoken:
decoded, checked, cleaned and levelled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import numpy as np

from audio import ogg
from audio.chain import Band, shaped
from audio.ffmpeg import FfmpegError, decode_strangers, promise_of
from audio.frames import BLOCK, FRAME, Levels, heard_from, levels_of
from audio.level import fade, level, levelled, loudness, overwrite
from audio.voice import RATE, SAMPLE_BYTES, Pcm

# Of what is done to a recording.
BUILD = "1"
# Wind, a table that is touched, mains hum.
RUMBLE = (
    Band("highpass", 75, 0.5412),
    Band("highpass", 75, 1.3066),
)
# About what engines give; `beside` sets it to those around it.
SPEECH_LUFS = -20.0
# Peaks over loudness: higher ones a master's limiter would take, and the sentence would sound
# softer.
CREST_DB = 13.0
MUSIC_CEILING_DB = -2.0
# Milliseconds in and out: music may ring on, speech begins softly by itself.
MUSIC_FADES = (5, 40)
SPEECH_FADES = (8, 25)
# People are slower and freer than engines.
SHORTEST_S = 0.3
SHORTEST_SYLLABLE_S = 0.08
LONGEST_SYLLABLE_S = 1.6
SPARE_S = 4.0
# A file that holds so much less than its header promises was not sent whole.
CUT_OFF_S = 1.0
SILENT_DB = -55.0
QUIETEST_SPEECH_LUFS = -50.0
# More samples than this share at full scale are heard as tearing.
FULL_SCALE = 32_600
MOST_CLIPPED = 0.002
LEAST_OVER_NOISE_DB = 12.0
# Frames: a tap on the button is shorter than any sound of speech.
FIRM, FIRM_OF = 4, 5
# A WAV that was written without going back says about this much.
STREAMED = 0xFFFFF000
# Bytes, at most.
OGG_PAGE = 65_307
# Lengths of an MP4's box that mean something else.
TO_THE_END, LARGE_BOX = 0, 1
# Frames left at both ends: consonants begin softly, vowels die away in the room.
BEFORE, AFTER = 5, 12
NOTHING_DB = -120.0


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
    """What a recording has to be: at most `longest_s`, and, when it is speech,
    of a length for so many syllables.

    `syllables` 0 is speech of any length; `music` is not held against the noise around it, nor is
    its bass cut.
    """

    longest_s: float
    syllables: int = 0
    music: bool = False
    lufs: float = SPEECH_LUFS


@dataclass(frozen=True, slots=True)
class Cleaned:
    """House PCM, and what was measured: seconds cut off at both ends,
    and how far speech stood over the noise (dB).
    """

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
    levels = levels_of(pcm)
    _refuse_silent_or_clipped(pcm, levels)
    over_noise_db = 0.0
    if not wanted.music:
        overwrite(pcm, shaped(pcm, RUMBLE))
        levels = levels_of(pcm)
        over_noise_db = _heard_over_noise(levels)
    begin, end = _ends(levels, music=wanted.music)
    frame_bytes = FRAME * SAMPLE_BYTES
    pcm = pcm[begin * frame_bytes : end * frame_bytes]
    _check_length(_seconds(pcm), wanted.syllables)
    _set_level(pcm, wanted)
    trimmed_s = whole_s - _seconds(pcm)
    return Cleaned(bytes(pcm), trimmed_s, over_noise_db, promise.mime)


def _refuse_silent_or_clipped(pcm: Pcm, levels: Levels) -> None:
    loudest = float(np.percentile(levels, 98)) if levels.size else NOTHING_DB
    if loudest < SILENT_DB:
        raise Refused(Fault.SILENT, f"the loudest is {loudest:.0f} dBFS")
    clipped = _clipped(pcm)
    if clipped > MOST_CLIPPED:
        raise Refused(Fault.CLIPPED, f"{clipped:.1%} of it is at full scale")


def _heard_over_noise(levels: Levels) -> float:
    """How far speech stands over the noise, dB.

    Refused where that is not enough to be understood.
    """
    over_noise_db = _over_noise(levels)
    if over_noise_db < LEAST_OVER_NOISE_DB:
        raise Refused(
            Fault.NOISY, f"speech stands {over_noise_db:.0f} dB over the noise"
        )
    return over_noise_db


def _set_level(pcm: memoryview, wanted: Wanted) -> None:
    """Brings it to the loudness that is wanted, and lets it begin and end softly; in place."""
    lufs = loudness(pcm)
    if lufs < QUIETEST_SPEECH_LUFS:
        raise Refused(Fault.SILENT, f"it is {lufs:.0f} LUFS")
    ceiling_db = MUSIC_CEILING_DB if wanted.music else wanted.lufs + CREST_DB
    level(pcm, wanted.lufs, ceiling_db)
    fade_in_ms, fade_out_ms = MUSIC_FADES if wanted.music else SPEECH_FADES
    fade(pcm, fade_in_ms, fade_out_ms)


def beside(pcm: bytes, neighbours_lufs: float) -> bytes:
    """A cleaned recording as loud as those around it.

    In steps of half a unit, so that an edit seldom moves it.
    """
    lufs = round(2 * neighbours_lufs) / 2
    if lufs == SPEECH_LUFS:
        return pcm
    return levelled(pcm, lufs, lufs + CREST_DB)


def _torn(path: Path) -> bool:
    """Whether a WAV, Ogg or M4A file ends where its own structure goes on.

    ffmpeg reads the first two without a word, and takes the third, whose index is written last, for
    no sound at all.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] == b"RIFF" and head[8:] == b"WAVE":
            return _is_torn_wav(head, size)
        if head[:4] == b"OggS":
            return _is_torn_ogg(file, size)
        if head[4:8] == b"ftyp":
            return any(at + length > size for at, length in _boxes(file, size))
    return False


def _is_torn_wav(head: bytes, size: int) -> bool:
    promised = int.from_bytes(head[4:8], "little")
    # Its head is not counted; a byte may be missing where sizes are rounded up.
    return promised < STREAMED and promised + 8 > size + 1


def _is_torn_ogg(file: BinaryIO, size: int) -> bool:
    file.seek(max(0, size - 2 * OGG_PAGE))
    end = file.read()
    page = end[end.rfind(b"OggS") :]
    has_head = len(page) > ogg.COUNT
    count = page[ogg.COUNT] if has_head else 0
    lacing = page[ogg.LACING : ogg.LACING + count]
    return len(page) < ogg.LACING + len(lacing) + sum(lacing)


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
    shortest = max(SHORTEST_S, SHORTEST_SYLLABLE_S * syllables)
    longest = SPARE_S + LONGEST_SYLLABLE_S * syllables
    if seconds < shortest:
        raise Refused(Fault.TOO_SHORT, f"{seconds:.1f} s for {syllables} syllables")
    # Without a text it may be as long as it likes.
    if syllables and seconds > longest:
        raise Refused(Fault.TOO_LONG, f"{seconds:.1f} s for {syllables} syllables")


def _clipped(pcm: Pcm) -> float:
    """The share of samples at full scale."""
    samples = np.frombuffer(pcm, "<i2")
    torn = 0
    for block in np.array_split(samples, len(samples) // BLOCK + 1):
        torn += int(np.count_nonzero(block >= FULL_SCALE))
        torn += int(np.count_nonzero(block <= -FULL_SCALE))
    return torn / max(1, len(samples))


def _over_noise(levels: Levels) -> float:
    """How far the loud frames stand over the quiet ones, dB:
    between words a good recording is quiet.
    """
    quiet, loud = np.percentile(levels, (10, 90))
    return float(loud - quiet)


def _ends(levels: Levels, *, music: bool) -> tuple[int, int]:
    """The first and the last frame worth keeping: where sound lasts,
    with a little before and after.
    """
    is_heard = levels > heard_from(levels, music=music)
    heard_of_next = np.convolve(is_heard, np.ones(FIRM_OF, int), "valid")
    firm = np.flatnonzero(heard_of_next >= FIRM)
    if not firm.size:
        raise Refused(Fault.SILENT, "nothing in it lasts")
    first, last = firm[0], firm[-1]
    begin = first + int(np.argmax(is_heard[first:]))
    backwards = is_heard[last : last + FIRM_OF][::-1]
    end = last + FIRM_OF - int(np.argmax(backwards))
    return max(0, begin - BEFORE), min(len(levels), end + AFTER)


def _seconds(pcm: Pcm) -> float:
    return len(pcm) / SAMPLE_BYTES / RATE
