"""The line: write, speak, master, publish. Each step loads, does, saves; running one again is harmless."""

import hashlib
import logging
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from audio.booth import Line, Patience, Recording, record
from audio.chimes import Chime
from audio.ffmpeg import FfmpegError
from audio.master import LostClips, Master, make
from audio.recipes import RECIPES, Recipe
from audio.recording import Refused
from audio.stitch import Sound
from audio.tags import Chapter as Mark
from audio.tags import Tags
from audio.throttle import UNTHROTTLED, Abandoned, Throttle
from audio.voice import RATE, SAMPLE_BYTES, EngineTrouble, Reason, Voice
from service.actions.aloud import Announcer
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Held, Invalid, Refusal
from service.newsroom.jobs import MOST_ATTEMPTS
from service.newsroom.store.files import FilesError
from service.newsroom.values import Job, MadeMaster, Step, ToCompose, ToMaster
from service.podcast import Chapter, chapters_json, cover, reading_page, vtt
from service.podcast import Line as Caption
from service.vietnamese import Role
from workers.composing import alarm, compose
from workers.recorded import Limits, NotForHorns, by_machine, cast, chime_on_shelf, taken_in
from workers.voices import Voices

log = logging.getLogger("loa.line")
T = TypeVar("T")

COVER_PX = (
    600  # in the file's tags: enough for a phone's lock screen, small enough for its data plan
)
PROGRESS_EVERY_S = 0.3
LOST_CLIPS = "clips lost"
CHIME_PAUSE_MS = 400
LONGEST_BED_S, WORDS_S = (
    4 * 64,
    56,
)  # music at most; words before it at most: the shortest slot has room for both
CODA = -1  # the passage of what is heard last, and downwards
ENDINGS = {
    "app": ".mp3",
    "speaker": "-speaker.mp3",
    "lite": ".opus",
}  # some apps name what they save by this alone
TRANSCRIPTS = {  # each master's own: kind and name
    "app": ("transcript", "transcript.vtt"),
    "speaker": ("speaker-transcript", "speaker.vtt"),
    "lite": ("lite-transcript", "lite.vtt"),
}
HOLD_FOR = {
    Reason.UNREACHABLE: Held.VOICE_UNREACHABLE,
    Reason.REFUSED: Held.VOICE_REFUSED,
    Reason.SLOW: Held.VOICE_SLOW,
    Reason.BAD_SOUND: Held.BAD_SOUND,
    Reason.UNKNOWN_VOICE: Held.UNKNOWN_VOICE,
    Reason.UNSPEAKABLE: Held.UNSPEAKABLE,
    Reason.BROKEN: Held.VOICE_BROKEN,
}
FALLS_BACK = (
    Reason.UNREACHABLE,
    Reason.REFUSED,
    Reason.SLOW,
    Reason.BROKEN,
)  # the voice's fault, not the text's


class Hold(Exception):
    """The episode must wait for a person."""

    def __init__(self, reason: Held, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Studio:
    """What the line works with; `stopped` asks it to put its work down, `make` makes masters."""

    newsroom: Newsroom
    voices: Voices
    stopped: Callable[[], bool] = lambda: False
    patience: Patience | None = None
    throttle: Throttle = UNTHROTTLED
    make: Callable[..., list[Master]] = make
    limits: Limits = field(default_factory=Limits)


def work(job: Job, at: Studio) -> None:
    """Does a claimed job, and ends it one way or another: saved, held, or given back to be tried again."""
    with _heartbeat(job, at) as lost:
        try:
            STEPS[job.step](job, at, lambda: lost() or at.stopped())
        except Abandoned:
            at.newsroom.jobs.release(job, counts=False)
        except Hold as hold:
            at.newsroom.steps.hold(job, hold.reason, hold.detail)
        except EngineTrouble as trouble:
            at.newsroom.steps.hold(job, HOLD_FOR[trouble.reason], str(trouble))
        except FfmpegError as error:
            at.newsroom.steps.hold(job, Held.MASTERING, str(error))
        except FilesError as error:
            _again(job, at, Held.STORAGE, str(error))
        except (
            Exception
        ) as error:  # whatever a step stumbles over must neither end the lane nor lose the job
            log.exception("job %d (%s of episode %d) failed", job.id, job.step, job.episode_id)
            _again(job, at, Held.GAVE_UP, f"{type(error).__name__}: {error}")


def write(job: Job, at: Studio, _stopped: Callable[[], bool]) -> None:
    """Text → sentences with their spoken form."""
    task = at.newsroom.steps.load_writing(job)
    if task is None:
        return at.newsroom.steps.drop(job)
    announcer = Announcer(task.reading, task.terms, task.disclosure_spoken)
    if isinstance(task, ToCompose):
        sentences = compose(task, announcer)
    else:
        sentences = announcer.read(task.title, task.lead, task.paragraphs, task.edits)
        if task.alarms and sentences:
            sentences = alarm(sentences, task.alarms)
    if not sentences:
        raise Hold(Held.EMPTY, "")
    at.newsroom.steps.save_written(job, sentences)
    return None


def speak(job: Job, at: Studio, stopped: Callable[[], bool]) -> None:
    """Sentences → clips, in one voice throughout: the one asked for, or as the station's rule allows another."""
    task = at.newsroom.steps.load_speaking(job)
    if task is None:
        return at.newsroom.steps.drop(job)
    spoken, voice, build, provisional = Recording((), 0, 0), "", "", False
    if lines := [Line(*task.lines[n]) for n in by_machine(task)]:
        order = at.voices.order(task.voice, task.fallback)
        spoken, speaker, build = _record(lines, order, at, job, stopped)
        voice, provisional = str(speaker), speaker != order[0]
    at.newsroom.steps.save_spoken(
        job,
        cast(task, spoken.keys, at.newsroom),
        voice=voice,
        build=build,
        provisional=provisional,
        engine_calls=spoken.engine_calls,
        clips_reused=spoken.clips_reused,
    )
    return None


def master(job: Job, at: Studio, _stopped: Callable[[], bool]) -> None:
    """Clips → finished files, transcripts and chapters, kept under names of their own until they are saved."""
    task = at.newsroom.steps.load_mastering(job)
    if task is None:
        return at.newsroom.steps.drop(job)
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        try:
            masters = at.make(
                recipes_for(task),
                script_of(task, at.newsroom),
                at.newsroom.clips,
                at.newsroom.passages,
                lambda cues: tags_of(task, spoken_of(task, cues)),
                Path(folder),
            )
        except LostClips as lost:
            log.warning("episode %d: %s; they are spoken again", task.episode_id, lost)
            if not at.newsroom.steps.speak_again(job, LOST_CLIPS):
                raise Hold(Held.STORAGE, str(lost)) from lost
            return None
        if (
            task.max_seconds is not None
            and (excess := _seconds_of(masters, "speaker") - task.max_seconds) > 0
        ):
            if not at.newsroom.bulletins.shorten(job, excess):
                raise Hold(Held.TOO_LONG, f"{excess:.0f} s")
            return None
        made = _keep(job, task, masters, at)
    if not at.newsroom.steps.save_mastered(job, made):
        for dropped in made:
            at.newsroom.files.delete(dropped.key)
    return None


def publish(job: Job, at: Studio, _stopped: Callable[[], bool]) -> None:
    """The approved version becomes the public one."""
    at.newsroom.steps.save_published(job)


def audition(job: Job, at: Studio, stopped: Callable[[], bool]) -> None:
    """A few words to a clip, in the voice asked for and no other."""
    task = at.newsroom.auditions.load(job)
    if task is None:
        return at.newsroom.steps.drop(job)
    try:
        recording, _, _ = _record(
            [Line(task.spoken)], at.voices.order(task.voice, "hold"), at, job, stopped
        )
    except EngineTrouble as trouble:
        at.newsroom.auditions.save(job, error=HOLD_FOR[trouble.reason].why)
    else:
        at.newsroom.auditions.save(job, clip=recording.keys[0])
    return None


def take_in(job: Job, at: Studio, _stopped: Callable[[], bool]) -> None:
    """A person's recording, as it came → a clip in its place, or the reason why not."""
    task = at.newsroom.recordings.load(job)
    if task is None:
        return at.newsroom.steps.drop(job)
    try:
        found = taken_in(task, at.newsroom, at.limits)
        at.newsroom.recordings.save(job, found.clip, found.seconds, found.bed)
    except Refused as refused:
        at.newsroom.recordings.refuse(job, Refusal(refused.fault), str(refused))
    except NotForHorns as error:
        at.newsroom.recordings.refuse(job, Refusal.NOT_FOR_HORNS, str(error))
    except FfmpegError as error:
        at.newsroom.recordings.refuse(job, Refusal.GAVE_UP, str(error))
    except Invalid as error:
        at.newsroom.recordings.refuse(job, Refusal.TEXT_CHANGED, str(error))
    except Conflict as error:  # the text is just being read anew: in a moment
        if job.attempts >= MOST_ATTEMPTS:
            at.newsroom.recordings.refuse(job, Refusal.BUSY, str(error))
        else:
            _again(job, at, Held.GAVE_UP, str(error))
    return None


STEPS: dict[Step, Callable[[Job, Studio, Callable[[], bool]], None]] = {
    Step.WRITE: write,
    Step.SPEAK: speak,
    Step.MASTER: master,
    Step.PUBLISH: publish,
    Step.AUDITION: audition,
    Step.RECORD: take_in,
}


def recipes_for(task: ToMaster) -> list[Recipe]:
    """All masters, the one for horns as the station wants it."""
    horns = replace(RECIPES["speaker"], tempo=task.speaker_tempo, pauses=task.speaker_pauses)
    return [horns if recipe.kind == "speaker" else recipe for recipe in RECIPES.values()]


def script_of(task: ToMaster, newsroom: Newsroom) -> list[Sound]:
    """What is heard, in order: chimes, of which the last stands alone, and sentences."""
    script: list[Sound] = []
    for clip, pause, passage, chime in zip(
        task.clips, task.pauses_ms, task.passages, _chimes(task), strict=True
    ):
        if chime:
            script.append(_chime(chime, passage, task.station, newsroom))
        script.append(Sound(clip, pause, passage))
    return script + _coda(task, newsroom)


def _coda(task: ToMaster, newsroom: Newsroom) -> list[Sound]:
    """What is heard last; not at all, where a station's own bed is longer than there is room for."""
    if not task.coda:
        return []
    sound = _chime(task.coda, CODA, task.station, newsroom)
    bed = newsroom.clips.get(sound.clip) if task.coda == Chime.BED else None
    if bed is None or task.max_seconds is None:
        return [sound]
    room, once = task.max_seconds - WORDS_S, len(bed) / SAMPLE_BYTES / RATE / task.speaker_tempo
    times = max(1, int(min(room, LONGEST_BED_S) / once)) if once <= room else 0
    return [replace(sound, passage=CODA - n) for n in range(times)]


def _chimes(task: ToMaster) -> tuple[str, ...]:
    return task.chimes or ("",) * len(task.clips)


def _chime(name: str, passage: int, station: str, newsroom: Newsroom) -> Sound:
    chime = Chime(name)
    return Sound(
        chime_on_shelf(newsroom, station, chime),
        0 if chime is Chime.BED else CHIME_PAUSE_MS,
        passage,
    )


def spoken_of(task: ToMaster, cues: Sequence[T]) -> list[T]:
    """The cues of the sentences, out of those of everything that is heard."""
    rest = iter(cues)
    found: list[T] = []
    for chime in _chimes(task):
        if chime:
            next(rest)
        found.append(next(rest))
    return found


def _seconds_of(masters: Sequence[Master], kind: str) -> float:
    return next((each.seconds for each in masters if each.kind == kind), 0.0)


def tags_of(task: ToMaster, cues_ms: Sequence[tuple[int, int]]) -> Tags:
    """What players show of an episode; its chapters as one master has them."""
    return Tags(
        title=task.title,
        artist=task.station_name,
        album=task.topic or task.station_name,
        date=task.date,
        comment=task.disclosure,
        cover=cover(task.station_name, task.topic, COVER_PX),
        chapters=marks_of(task.written, task.roles, cues_ms),
    )


def marks_of(
    written: Sequence[str], roles: Sequence[str], cues_ms: Sequence[tuple[int, int]]
) -> tuple[Mark, ...]:
    """Chapters at the headings; none for a story without headings."""
    starts = [i for i, role in enumerate(roles) if role == Role.HEADING]
    if not starts:
        return ()
    starts = [0, *starts] if starts[0] else starts
    ends = [cues_ms[start][0] for start in starts[1:]] + [cues_ms[-1][1]]
    return tuple(
        Mark(written[start], cues_ms[start][0], end)
        for start, end in zip(starts, ends, strict=True)
    )


def _record(
    lines: Sequence[Line], order: Sequence[Voice], at: Studio, job: Job, stopped: Callable[[], bool]
) -> tuple[Recording, Voice, str]:
    """The whole in the first voice that answers; the trouble of the preferred one when none does."""
    first: EngineTrouble | None = None
    for voice in order:
        try:
            engine = at.voices.engine(voice.engine)
            recording = record(
                lines,
                voice,
                engine,
                at.newsroom.clips,
                on_progress=_now_and_then(partial(at.newsroom.steps.progress, job)),
                stopped=stopped,
                patience=at.patience,
                throttle=at.throttle,
            )
            return recording, voice, engine.build()
        except EngineTrouble as trouble:
            first = first or trouble
            if trouble.reason not in FALLS_BACK:
                raise
            log.warning("episode %d: %s does not speak: %s", job.episode_id, voice, trouble)
    raise first or EngineTrouble(Reason.UNKNOWN_VOICE, "no voice is set")


def _now_and_then(tell: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Progress, written as often as a person can see it."""
    told_at = -PROGRESS_EVERY_S

    def maybe(done: int, total: int) -> None:
        nonlocal told_at
        now = time.monotonic()
        if done == total or now - told_at >= PROGRESS_EVERY_S:
            told_at = now
            tell(done, total)

    return maybe


def _keep(job: Job, task: ToMaster, masters: Sequence[Master], at: Studio) -> list[MadeMaster]:
    """Puts the files into the store under keys no other attempt uses: bytes behind a key never change."""
    folder = f"masters/{task.episode_id}/{task.version}/{job.id}-{job.attempts}"
    made: list[MadeMaster] = []
    for found in masters:
        key = f"{folder}/{found.name}"
        cues = tuple(spoken_of(task, found.cues_ms))
        at.newsroom.files.put_file(key, found.path)
        made.append(
            MadeMaster(
                found.kind,
                f"{task.slug}-{task.version}{ENDINGS[found.kind]}",
                key,
                found.mime,
                found.bytes,
                found.sha256,
                found.seconds,
                found.lufs,
                found.true_peak,
                cues,
            )
        )
        lines = zip(cues, task.written, task.passages, strict=True)
        captions = [Caption(*cue, text, passage) for cue, text, passage in lines]
        kind, name = TRANSCRIPTS[found.kind]
        made.append(_text(at, folder, kind, name, "text/vtt", vtt(captions)))
        if found.kind == "app":
            page = reading_page(task.title, captions)
            made.append(_text(at, folder, "transcript-page", "transcript.html", "text/html", page))
    if marks := marks_of(task.written, task.roles, spoken_of(task, masters[0].cues_ms)):
        listed = chapters_json([Chapter(mark.start_ms, mark.title) for mark in marks])
        made.append(
            _text(at, folder, "chapters", "chapters.json", "application/json+chapters", listed)
        )
    return made


def _text(at: Studio, folder: str, kind: str, name: str, mime: str, text: str) -> MadeMaster:
    data = text.encode()
    at.newsroom.files.put(f"{folder}/{name}", data)
    return MadeMaster(
        kind,
        name,
        f"{folder}/{name}",
        mime,
        len(data),
        hashlib.sha256(data).hexdigest(),
        0.0,
        0.0,
        0.0,
    )


def _again(job: Job, at: Studio, reason: Held, detail: str) -> None:
    """Gives the job back for a while, longer each time, until it has been tried often enough."""
    if job.attempts >= MOST_ATTEMPTS and job.step is Step.RECORD:
        at.newsroom.recordings.refuse(job, Refusal.GAVE_UP, detail)
    elif job.attempts >= MOST_ATTEMPTS:
        at.newsroom.steps.hold(job, reason, detail)
    else:
        at.newsroom.jobs.release(job, timedelta(seconds=2**job.attempts), detail)


@contextmanager
def _heartbeat(job: Job, at: Studio) -> Iterator[Callable[[], bool]]:
    """Renews the job's lease while it is worked on; what it yields tells when the job was taken over."""
    done, lost = threading.Event(), threading.Event()

    def beat() -> None:
        while not done.wait(at.newsroom.jobs.lease.total_seconds() / 4):
            if not at.newsroom.jobs.renew(job):
                lost.set()
                return

    heart = threading.Thread(target=beat, name=f"heart-{job.id}", daemon=True)
    heart.start()
    try:
        yield lost.is_set
    finally:
        done.set()
        heart.join()
