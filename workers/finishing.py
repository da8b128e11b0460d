"""What the masters of an episode are made of, and what is kept beside them:
tags, transcripts, chapters.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from audio.bundle import Bundle
from audio.chime import Chime
from audio.clips import Shelf as ClipShelf
from audio.master import Master
from audio.recipes import Recipe
from audio.stitch import Sound
from audio.tags import Chapter as TagChapter
from audio.tags import Tags
from audio.throttle import Abandoned
from audio.voice import RATE, SAMPLE_BYTES
from service.newsroom import Newsroom
from service.newsroom.store.files import Files
from service.newsroom.values import Job, MadeMaster, ScriptSound, ToMaster
from service.podcast import Chapter, chapters_json, cover, reading_page, vtt
from service.podcast import Line as Caption
from service.vietnamese import Role
from workers.recorded import chime_on_shelf

T = TypeVar("T")
CuesMs = Sequence[tuple[int, int]]

COVER_PX = (
    600  # in the file's tags: enough for a lock screen, small enough for a data plan
)
CHIME_PAUSE_MS = 400
# The passage of what is heard last; further rounds of it count downwards
CODA_PASSAGE = -1
# The shortest slot has room for the longest music and the longest words before it.
LONGEST_BED_S = 4 * 64
LONGEST_WORDS_S = 56


def recipes_for(task: ToMaster, recipes: Sequence[Recipe]) -> list[Recipe]:
    """All masters, those for horns as the station wants them."""
    return [
        replace(
            recipe,
            tempo=task.speaker_tempo,
            pauses=task.speaker_pauses,
            lead_in_ms=round(task.speaker_lead_in * 1000),
        )
        if recipe.for_horns
        else recipe
        for recipe in recipes
    ]


def name_of(task: ToMaster) -> str:
    """What its masters are known by from version to version."""
    return f"episode {task.episode_id}"


@contextmanager
def passages_of(task: ToMaster, newsroom: Newsroom) -> Iterator[ClipShelf]:
    """Where finished parts are found, and left when all went well.

    Each lies for itself, where other episodes find it: two hundred bulletins of one morning may
    differ by a greeting. Only where a call takes its time, a story's lie together.
    """
    is_far = newsroom.passages.at_once > 1
    if task.max_seconds is not None or not is_far:
        yield newsroom.passages
        return
    bundle = Bundle(newsroom.passages, name_of(task))
    yield bundle
    bundle.close()


def script_of(task: ToMaster, newsroom: Newsroom) -> list[Sound]:
    """What is heard, in order: chimes, of which the last stands alone, and sentences."""
    script: list[Sound] = []
    for sound in task.sounds:
        if sound.chime:
            script.append(_chime(sound.chime, sound.passage, task.station, newsroom))
        script.append(Sound(sound.clip, sound.pause_ms, sound.passage))
    return script + _coda(task, newsroom)


def _coda(task: ToMaster, newsroom: Newsroom) -> list[Sound]:
    """What is heard last: once, but music as often as there is room for.

    Nothing, where a station's own music is longer than the room that its slot leaves.
    """
    if not task.coda:
        return []
    sound = _chime(task.coda, CODA_PASSAGE, task.station, newsroom)
    music = newsroom.clips.get(sound.clip) if task.coda == Chime.BED else None
    if music is None or task.max_seconds is None:
        return [sound]
    room_s = task.max_seconds - LONGEST_WORDS_S
    once_s = len(music) / SAMPLE_BYTES / RATE / task.speaker_tempo
    if once_s > room_s:
        return []
    rounds = max(1, int(min(room_s, LONGEST_BED_S) / once_s))
    return [replace(sound, passage=CODA_PASSAGE - round_) for round_ in range(rounds)]


def _chime(name: str, passage: int, station: str, newsroom: Newsroom) -> Sound:
    chime = Chime(name)
    pause_ms = 0 if chime is Chime.BED else CHIME_PAUSE_MS
    return Sound(chime_on_shelf(newsroom, station, chime), pause_ms, passage)


def cues_of_sentences(sounds: Sequence[ScriptSound], cues: Sequence[T]) -> list[T]:
    """The cues of the sentences, out of those of everything that is heard."""
    remaining = iter(cues)
    spoken: list[T] = []
    for sound in sounds:
        if sound.chime:
            next(remaining)
        spoken.append(next(remaining))
    return spoken


def tags_of(task: ToMaster, script_cues_ms: CuesMs) -> Tags:
    """What players show of an episode; its chapters at the times of one master."""
    return Tags(
        title=task.title,
        artist=task.station_name,
        album=task.topic or task.station_name,
        date=task.date,
        comment=task.disclosure,
        cover=cover(task.station_name, task.topic, COVER_PX),
        chapters=chapters_of(
            task.sounds, cues_of_sentences(task.sounds, script_cues_ms)
        ),
    )


def chapters_of(
    sounds: Sequence[ScriptSound], cues_ms: CuesMs
) -> tuple[TagChapter, ...]:
    """Chapters at the headings; none for a story without headings."""
    starts = [n for n, sound in enumerate(sounds) if sound.role == Role.HEADING]
    if not starts:
        return ()
    if starts[0] != 0:
        starts.insert(0, 0)  # players expect the first chapter at the beginning
    ends_ms = [cues_ms[start][0] for start in starts[1:]] + [cues_ms[-1][1]]
    return tuple(
        TagChapter(sounds[start].written, cues_ms[start][0], end_ms)
        for start, end_ms in zip(starts, ends_ms, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Attended:
    """A shelf of clips that gives and takes nothing more once we are told to stop:
    a long master is put down.

    Abandoned then, at the next clip or passage: a second or so of work.
    """

    shelf: ClipShelf
    stopped: Callable[[], bool]

    @property
    def at_once(self) -> int:
        """As many questions as do the shelf good."""
        return self.shelf.at_once

    def get(self, key: str) -> bytes | None:
        """As the shelf gives it."""
        self._go_on()
        return self.shelf.get(key)

    def put(self, key: str, data: bytes) -> None:
        """As the shelf keeps it."""
        self._go_on()
        self.shelf.put(key, data)

    def _go_on(self) -> None:
        if self.stopped():
            raise Abandoned


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of one attempt: bytes behind a key never change, so no two attempts share one."""

    files: Files
    folder: str

    @classmethod
    def of_attempt(cls, files: Files, job: Job) -> "Shelf":
        """Where this attempt of the job keeps its files."""
        return cls(
            files, f"masters/{job.episode_id}/{job.version}/{job.id}-{job.attempts}"
        )

    def keep_master(
        self, master: Master, task: ToMaster, cues_ms: CuesMs
    ) -> MadeMaster:
        """Puts a master into the store."""
        recipe = master.recipe
        key = f"{self.folder}/{recipe.name}"
        self.files.put_file(key, master.path)
        return MadeMaster(
            kind=recipe.kind,
            name=f"{task.slug}-{task.version}{recipe.ending}",
            key=key,
            mime=recipe.mime,
            bytes=master.bytes,
            sha256=master.sha256,
            seconds=master.seconds,
            lufs=master.lufs,
            true_peak=master.true_peak,
            cues_ms=tuple(cues_ms),
            label=recipe.label,
            target_lufs=recipe.chain.target_lufs,
            band_lu=recipe.band_lu,
        )

    def keep_text(self, kind: str, name: str, mime: str, text: str) -> MadeMaster:
        """Puts what is read rather than heard into the store."""
        data = text.encode()
        key = f"{self.folder}/{name}"
        self.files.put(key, data)
        return MadeMaster(
            kind=kind,
            name=name,
            key=key,
            mime=mime,
            bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            seconds=0.0,
            lufs=0.0,
            true_peak=0.0,
        )


def keep(task: ToMaster, masters: Sequence[Master], shelf: Shelf) -> list[MadeMaster]:
    """Puts masters, each with its transcript, and what goes with the rich one into the store."""
    kept: list[MadeMaster] = []
    for master in masters:
        cues_ms = cues_of_sentences(task.sounds, master.cues_ms)
        captions = [
            Caption(*cue_ms, sound.written, sound.passage)
            for cue_ms, sound in zip(cues_ms, task.sounds, strict=True)
        ]
        kept.append(shelf.keep_master(master, task, cues_ms))
        kept.append(
            shelf.keep_text(*master.recipe.transcript, "text/vtt", vtt(captions))
        )
        if master.recipe.rich:
            page = reading_page(task.title, captions)
            kept.append(
                shelf.keep_text("transcript-page", "transcript.html", "text/html", page)
            )
            kept += _kept_chapters(task, cues_ms, shelf)
    return kept


def _kept_chapters(task: ToMaster, cues_ms: CuesMs, shelf: Shelf) -> list[MadeMaster]:
    chapters = chapters_of(task.sounds, cues_ms)
    if not chapters:
        return []
    listed = chapters_json([Chapter(each.start_ms, each.title) for each in chapters])
    name, mime = "chapters.json", "application/json+chapters"
    return [shelf.keep_text("chapters", name, mime, listed)]


@dataclass(slots=True)
class HeardFirst:
    """The files of one attempt; that which people wait for is heard while the others are made."""

    task: ToMaster
    job: Job
    newsroom: Newsroom
    kept: list[MadeMaster] = field(default_factory=list)

    def hear(self, master: Master) -> None:
        """Keeps a master before the episode is mastered: the desk plays it."""
        self.kept = keep(self.task, [master], self._shelf)
        self.newsroom.steps.save_heard(self.job, self.kept)

    def all_of(self, masters: Sequence[Master]) -> list[MadeMaster]:
        """All files of the version; what is kept already is not written again."""
        kinds = {file.kind for file in self.kept}
        others = [each for each in masters if each.recipe.kind not in kinds]
        return [*self.kept, *keep(self.task, others, self._shelf)]

    @property
    def _shelf(self) -> Shelf:
        return Shelf.of_attempt(self.newsroom.files, self.job)
