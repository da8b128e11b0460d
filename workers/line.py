"""The line: write, speak, master, publish. Each step loads, does, saves; running one again is harmless."""

import logging
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from audio.booth import Line, Recording
from audio.ffmpeg import FfmpegError
from audio.master import LostClips, Master
from audio.recording import Refused
from audio.throttle import Abandoned
from audio.voice import EngineTrouble, Voice
from service.actions.aloud import Announcer, doubts_of_reading
from service.newsroom.errors import Conflict, Held, Invalid, Refusal
from service.newsroom.jobs import MOST_ATTEMPTS
from service.newsroom.store.files import FilesError
from service.newsroom.values import ArticleDoubt, Fallback, Job, Step, ToCompose, ToMaster, ToSpeak
from workers.composing import alarm, compose
from workers.finishing import Shelf, keep, recipes_for, script_of, tags_of
from workers.recorded import NotForHorns, by_machine, cast, taken_in
from workers.speaking import HOLD_FOR, Speech, speak_lines
from workers.studio import Hold, Studio

log = logging.getLogger("loa.line")

Stopped = Callable[[], bool]


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
        # Whatever a step stumbles over must neither end the lane nor lose the job.
        except Exception as error:
            log.exception("job %d (%s of episode %d) failed", job.id, job.step, job.episode_id)
            _again(job, at, Held.GAVE_UP, f"{type(error).__name__}: {error}")


def write(job: Job, at: Studio, _stopped: Stopped) -> None:
    """Text → sentences with their spoken form."""
    task = at.newsroom.steps.load_writing(job)
    if task is None:
        at.newsroom.steps.drop(job)
        return
    announcer = Announcer(task.reading, task.terms, task.disclosure_spoken)
    doubts: tuple[ArticleDoubt, ...] = ()
    if isinstance(task, ToCompose):
        sentences = compose(task, announcer)
    else:
        sentences = announcer.read(task.title, task.lead, task.paragraphs, task.edits)
        doubts = doubts_of_reading(sentences)
        if task.alarms and sentences:
            sentences = alarm(sentences, task.alarms)
    if not sentences:
        raise Hold(Held.EMPTY, "")
    at.newsroom.steps.save_written(job, sentences, doubts)


def speak(job: Job, at: Studio, stopped: Stopped) -> None:
    """Sentences → clips, in one voice throughout: the one asked for, or as the station's rule allows another."""
    task = at.newsroom.steps.load_speaking(job)
    if task is None:
        at.newsroom.steps.drop(job)
        return
    order = at.voices.order(task.voice, task.fallback)
    speech = _spoken_by_machine(task, order, job, at, stopped)
    recording = speech.recording if speech else Recording((), 0, 0)
    at.newsroom.steps.save_spoken(
        job,
        cast(task, recording.keys, at.newsroom),
        voice=str(speech.voice) if speech else "",
        build=speech.build if speech else "",
        provisional=speech is not None and speech.voice != order[0],
        engine_calls=recording.engine_calls,
        clips_reused=recording.clips_reused,
    )


def _spoken_by_machine(
    task: ToSpeak, order: Sequence[Voice], job: Job, at: Studio, stopped: Stopped
) -> Speech | None:
    """The lines that no person reads; None when people read all."""
    lines = [Line(*task.lines[n]) for n in by_machine(task)]
    return speak_lines(lines, order, at, job, stopped) if lines else None


def master(job: Job, at: Studio, _stopped: Stopped) -> None:
    """Clips → finished files, transcripts and chapters, kept under names of their own until they are saved."""
    task = at.newsroom.steps.load_mastering(job)
    if task is None:
        at.newsroom.steps.drop(job)
        return
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        try:
            masters = _masters_of(task, at, Path(folder))
        except LostClips as lost:
            log.warning("episode %d: %s; they are spoken again", task.episode_id, lost)
            if not at.newsroom.steps.speak_again(job):
                raise Hold(Held.STORAGE, str(lost)) from lost
            return
        excess_s = _seconds_too_long(task, masters)
        if excess_s > 0:
            if not at.newsroom.bulletins.shorten(job, excess_s):
                raise Hold(Held.TOO_LONG, f"{excess_s:.0f} s")
            return
        kept = keep(task, masters, Shelf.of_attempt(at.newsroom.files, job))
    if not at.newsroom.steps.save_mastered(job, kept):
        for dropped in kept:
            at.newsroom.files.delete(dropped.key)


def _masters_of(task: ToMaster, at: Studio, folder: Path) -> list[Master]:
    return at.make(
        recipes_for(task, at.recipes),
        script_of(task, at.newsroom),
        at.newsroom.clips,
        at.newsroom.passages,
        lambda script_cues_ms: tags_of(task, script_cues_ms),
        folder,
    )


def _seconds_too_long(task: ToMaster, masters: Sequence[Master]) -> float:
    """By how much the longest file for horns is longer than its slot; 0 or less when all fit."""
    if task.max_seconds is None:
        return 0.0
    lengths = [made.seconds for made in masters if made.recipe.for_horns]
    return max(lengths, default=0.0) - task.max_seconds


def publish(job: Job, at: Studio, _stopped: Stopped) -> None:
    """The approved version becomes the public one."""
    at.newsroom.steps.save_published(job)


def audition(job: Job, at: Studio, stopped: Stopped) -> None:
    """A few words to a clip, in the voice asked for and no other."""
    task = at.newsroom.auditions.load(job)
    if task is None:
        at.newsroom.steps.drop(job)
        return
    order = at.voices.order(task.voice, Fallback.HOLD)
    try:
        speech = speak_lines([Line(task.spoken)], order, at, job, stopped)
    except EngineTrouble as trouble:
        at.newsroom.auditions.save(job, error=HOLD_FOR[trouble.reason].why)
    else:
        at.newsroom.auditions.save(job, clip=speech.recording.keys[0])


def take_in(job: Job, at: Studio, _stopped: Stopped) -> None:
    """A person's recording, as it came → a clip in its place, or the reason why not."""
    task = at.newsroom.recordings.load(job)
    if task is None:
        at.newsroom.steps.drop(job)
        return
    try:
        taken = taken_in(task, at.newsroom, at.limits)
        at.newsroom.recordings.save(job, taken.clip, taken.seconds, taken.bed, taken.mime)
    except Refused as refused:
        at.newsroom.recordings.refuse(job, Refusal(refused.fault), str(refused))
    except NotForHorns as error:
        at.newsroom.recordings.refuse(job, Refusal.NOT_FOR_HORNS, str(error))
    except FfmpegError as error:
        at.newsroom.recordings.refuse(job, Refusal.GAVE_UP, str(error))
    except Invalid as error:
        at.newsroom.recordings.refuse(job, Refusal.TEXT_CHANGED, str(error))
    except Conflict as error:
        # The text is just being read anew: in a moment it may fit.
        if job.attempts >= MOST_ATTEMPTS:
            at.newsroom.recordings.refuse(job, Refusal.BUSY, str(error))
        else:
            _again(job, at, Held.GAVE_UP, str(error))


STEPS: dict[Step, Callable[[Job, Studio, Stopped], None]] = {
    Step.WRITE: write,
    Step.SPEAK: speak,
    Step.MASTER: master,
    Step.PUBLISH: publish,
    Step.AUDITION: audition,
    Step.RECORD: take_in,
}


def _again(job: Job, at: Studio, reason: Held, detail: str) -> None:
    """Gives the job back for a while, longer each time, until it has been tried often enough."""
    if job.attempts < MOST_ATTEMPTS:
        at.newsroom.jobs.release(job, timedelta(seconds=2**job.attempts), detail)
    elif job.step is Step.RECORD:
        at.newsroom.recordings.refuse(job, Refusal.GAVE_UP, detail)
    else:
        at.newsroom.steps.hold(job, reason, detail)


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
