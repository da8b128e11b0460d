"""People's recordings on the line: cleaned once, laid beside what the machine speaks,
made again from the original.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from audio.chime import Chime
from audio.chimes import PIECES, place
from audio.chimes.press import press
from audio.clips import sound_key
from audio.cutting import cut
from audio.ffmpeg import FfmpegError
from audio.gate import syllables_of
from audio.level import loudness
from audio.recording import Cleaned, Wanted, beside, clean
from service.newsroom import Newsroom
from service.newsroom.values import BedFile, Recording, ToRecord, ToSpeak, Use
from workers.limits import Limits

BLOCK = 1 << 20
# So many sentences tell how loud a voice is.
ENOUGH = 60
A_DAY_S = 86_400.0


class NotForHorns(Exception):
    """A station's bed that cannot be brought to the loudness of horns.

    The message has the figures.
    """


@dataclass(frozen=True, slots=True)
class Taken:
    """A recording that was found good: its clip's key, its length,
    and a station's bed as a file for horns.

    `mime` is what ffmpeg found the original to be, "" when it did not say.
    """

    clip: str
    seconds: float
    mime: str
    bed: BedFile | None = None


def taken_in(task: ToRecord, newsroom: Newsroom, limits: Limits) -> Taken:
    """Cleans a recording and lays it on the shelf.

    Audio.recording.Refused or NotForHorns when it cannot be used.
    """
    found = _cleaned(
        task.recording, _wanted(task.recording, task.spoken, limits), newsroom
    )
    key = sound_key(found.pcm)
    newsroom.clips.put(key, found.pcm)
    bed = _bed(key, newsroom) if task.recording.chime == Chime.BED else None
    return Taken(key, found.seconds, found.mime, bed)


def _bed(clip: str, newsroom: Newsroom) -> BedFile:
    """The bed pressed once, so that hours which have nothing else need no encoder."""
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        try:
            made = press(clip, newsroom.clips, Path(folder))
        except FfmpegError as error:
            raise NotForHorns(str(error)) from error
        key = f"recordings/beds/{made.sha256}.mp3"
        newsroom.files.put_file(key, made.path)
        return BedFile(key, made.bytes, made.sha256, made.seconds)


def by_machine(task: ToSpeak) -> list[int]:
    """Which sentences (from 0) the engine speaks."""
    if task.whole:
        return []
    return [
        n for n in range(len(task.lines)) if not (task.recorded and task.recorded[n])
    ]


def cast(task: ToSpeak, spoken: Sequence[str], newsroom: Newsroom) -> tuple[str, ...]:
    """Each sentence's clip: `spoken` by the machine, in order, where no person reads it."""
    if task.whole:
        return _parts(task, task.whole, newsroom)
    if not any(task.recorded):
        return tuple(spoken)
    lufs = _loudness(spoken[:: len(spoken) // ENOUGH + 1], newsroom)
    machine = iter(spoken)
    return tuple(
        _beside(each, lufs, newsroom) if each else next(machine)
        for each in task.recorded
    )


def chime_on_shelf(newsroom: Newsroom, station: str, chime: Chime) -> str:
    """The key of a chime's clip, which lies on the shelf: the station's own, or the house's."""
    own = newsroom.recordings.chimes(station).get(chime)
    if own is None:
        return place(chime, newsroom.clips)
    sound_of(own, newsroom)
    return own.clip


def sound_of(recording: Recording, newsroom: Newsroom) -> bytes:
    """A recording's house PCM.

    Made again from its original, under the same key, when its clip is lost.
    """
    pcm = newsroom.clips.get(recording.clip)
    if pcm is None:
        anything = Limits(A_DAY_S, A_DAY_S)  # it was found good once
        pcm = _cleaned(recording, _wanted(recording, "", anything), newsroom).pcm
        newsroom.clips.put(recording.clip, pcm)
    return pcm


def _wanted(recording: Recording, spoken: str, limits: Limits) -> Wanted:
    """What the recording must be to be taken; `spoken` is what it reads, "" when nobody can say."""
    if recording.use is Use.CHIME:
        chime = Chime(recording.chime)
        return Wanted(limits.of_chime(chime), music=True, lufs=PIECES[chime].lufs)
    if not spoken:
        return Wanted(limits.recording_s)
    return Wanted(limits.recording_s, syllables=syllables_of(spoken))


def _cleaned(recording: Recording, wanted: Wanted, newsroom: Newsroom) -> Cleaned:
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        path = Path(folder) / "recording"
        with path.open("wb") as file:
            for start in range(0, recording.bytes, BLOCK):
                for block in newsroom.files.stream(
                    recording.key, start, min(BLOCK, recording.bytes - start)
                ):
                    file.write(block)
        return clean(path, wanted)


def _parts(task: ToSpeak, whole: Recording, newsroom: Newsroom) -> tuple[str, ...]:
    """For each sentence the stretch of the whole that its paragraph is heard in."""
    words = zip(task.passages, task.lines, strict=True)
    paragraphs = [
        [line for _, (line, _) in lines]
        for _, lines in groupby(words, key=lambda pair: pair[0])
    ]
    parts = cut(
        sound_of(whole, newsroom),
        [float(sum(map(syllables_of, lines))) for lines in paragraphs],
    )
    clips: list[str] = []
    for lines, part in zip(paragraphs, parts, strict=True):
        clips += [_kept(part, newsroom) if part else clips[-1]] * len(lines)
    return tuple(clips)


def _beside(recording: Recording, lufs: float | None, newsroom: Newsroom) -> str:
    pcm = sound_of(recording, newsroom)
    return _kept(pcm if lufs is None else beside(pcm, lufs), newsroom)


def _loudness(clips: Sequence[str], newsroom: Newsroom) -> float | None:
    """How loud the machine speaks here; None when it does not."""
    sound = b"".join(pcm for key in clips if (pcm := newsroom.clips.get(key)))
    return loudness(sound) if sound else None


def _kept(pcm: bytes, newsroom: Newsroom) -> str:
    key = sound_key(pcm)
    newsroom.clips.put(key, pcm)
    return key
