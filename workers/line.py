"""The line: write, speak, master, publish.

Each step loads, does, saves; running one again is harmless.
"""

import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from audio.booth import Line, Recording
from audio.clips import AtHand
from audio.master import LostClips, Master
from audio.recipes import RECIPES
from audio.recording import Refused
from audio.voice import EngineTrouble, Voice
from service.actions import polling
from service.actions.aloud import Announcer, doubts_of_reading
from service.apart import failure, told
from service.newsroom.errors import Conflict, Held, Invalid, Refusal, Unavailable
from service.newsroom.jobs import DEATHS_UNTIL_ALONE, MOST_ATTEMPTS, MOST_DEATHS
from service.newsroom.text import without_folders
from service.newsroom.values import (
    ArticleDoubt,
    Fallback,
    Job,
    MadeMaster,
    Outcome,
    Step,
    ToCompose,
    ToMaster,
    ToSpeak,
    Trouble,
)
from service.newsroom.values.words import said_by
from workers.composing import alarm, compose
from workers.failures import About, Decision, decision_on
from workers.finishing import (
    Attended,
    HeardFirst,
    Shelf,
    keep,
    name_of,
    passages_of,
    recipes_for,
    script_of,
    tags_of,
)
from workers.heartbeat import Stopped, heartbeat
from workers.measuring import measure
from workers.recorded import NotForHorns, by_machine, cast, taken_in
from workers.speaking import HOLD_FOR, Speech, speak_lines
from workers.studio import Hold, HouseTrouble, Studio

log = logging.getLogger("loa.line")

SETTLE_EVERY_S = 2.0
LEVELS = {
    About.NOBODY: logging.INFO,
    About.ARTICLE: logging.WARNING,
    About.HOUSE: logging.WARNING,
    About.OURSELVES: logging.ERROR,
}
OUTCOMES = {
    About.ARTICLE: Outcome.FAILED,
    About.HOUSE: Outcome.WAITED,
    About.OURSELVES: Outcome.RETRIED,
}
# After a look that stumbled over what no portal can cause, and after one that its workers died of.
POLLED_AGAIN, POLLED_LATER = timedelta(minutes=10), timedelta(days=1)


def work(job: Job, at: Studio) -> None:
    """Does a claimed job, and ends it one way or another: saved,
    held, or given back to be tried again.

    A job of which workers died goes alone, in a child process; in the end, not at all.
    """
    if job.deaths >= MOST_DEATHS:
        _settle(
            at, lambda: _end_held(job, at, Held.STOPS_THE_MACHINE, f"{job.deaths} lần")
        )
        return
    with heartbeat(job, at.newsroom.jobs) as lost:
        stopped = _either(lost, at.stopped)
        if at.apart is not None and job.deaths >= DEATHS_UNTIL_ALONE:
            _work_apart(job, at, at.apart, stopped)
        else:
            work_here(job, replace(at, stopped=stopped))
        if lost():
            at.tally.note(job.step, Outcome.LEASE_LOST, 0.0)


def work_here(job: Job, at: Studio) -> None:
    """Does a claimed job in this process.

    What it fails of decides what becomes of it (failures.py).
    """
    # Whatever a step stumbles over must neither end the lane nor lose the job.
    began = time.monotonic()
    error = failure(lambda: STEPS[job.step](job, at, at.stopped))
    seconds = time.monotonic() - began
    if error is None:
        at.tally.note(job.step, Outcome.DONE, seconds)
        with suppress(Unavailable):  # without it they wait their time
            at.newsroom.jobs.go_on(job.step)
        return
    decision = decision_on(error)
    if decision.about is not About.NOBODY:
        at.tally.note(job.step, _outcome(decision, job), seconds)
    level = LEVELS[decision.about]
    trace = error if decision.about is About.OURSELVES else None
    what = f"{job.step} of episode {job.episode_id}"
    log.log(level, "job %d (%s): %s", job.id, what, told(error), exc_info=trace)
    _settle(at, lambda: _carry_out(decision, job, at, error))


def _outcome(decision: Decision, job: Job) -> Outcome:
    """How a try that failed is counted; the last one of a job has failed for good."""
    is_last = decision.about is About.OURSELVES and job.attempts >= MOST_ATTEMPTS
    return Outcome.FAILED if is_last else OUTCOMES[decision.about]


def _carry_out(decision: Decision, job: Job, at: Studio, error: Exception) -> None:
    match decision.about:
        case About.NOBODY:
            at.newsroom.jobs.release(job, counts=False)
        case About.HOUSE:
            at.newsroom.jobs.wait_for_house(
                job, decision.trouble, without_folders(str(error))
            )
        case About.ARTICLE:
            detail = error.detail if isinstance(error, Hold) else str(error)
            _end_held(job, at, decision.reason, detail)
        case About.OURSELVES:
            _again(job, at, decision.reason, f"{type(error).__name__}: {error}")


def _settle(at: Studio, note: Callable[[], object]) -> None:
    """Notes what became of a job, as soon as the database can be asked.

    A lease that ended says it too.
    """
    while True:
        try:
            note()
            return
        except Unavailable:
            if at.stopped():
                return
            time.sleep(SETTLE_EVERY_S)


def _work_apart(
    job: Job, at: Studio, apart: Callable[[Job, Stopped], int | None], stopped: Stopped
) -> None:
    """In a child process, so that only the child dies of it."""
    log.warning(
        "job %d: %d workers died of it, it goes alone in a child process",
        job.id,
        job.deaths,
    )
    code = apart(job, stopped)
    if code is None:
        _settle(at, lambda: at.newsroom.jobs.release(job, counts=False))
    elif code != 0:
        log.error("job %d: its child died (exit code %d)", job.id, code)
        _settle(at, lambda: at.newsroom.jobs.died(job))


def _either(one: Stopped, other: Stopped) -> Stopped:
    return lambda: one() or other()


def write(job: Job, at: Studio, _stopped: Stopped) -> None:
    """Text → sentences with their spoken form."""
    task = at.newsroom.steps.load_writing(job)
    if task is None:
        at.newsroom.steps.drop(job)
        return
    # Whoever stands in for this voice says what was written for it.
    engine = at.voices.order(task.voice, Fallback.HOLD)[0].engine
    terms = said_by(engine, task.terms)
    announcer = Announcer(task.reading, terms, task.disclosure_spoken)
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
    """Sentences → clips, in one voice throughout: the one asked for,
    or as the station's rule allows another.
    """
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


def master(job: Job, at: Studio, stopped: Stopped) -> None:
    """Clips → finished files, transcripts and chapters,
    kept under names of their own until they are saved.
    """
    task = at.newsroom.steps.load_mastering(job)
    if task is None:
        at.newsroom.steps.drop(job)
        return
    files = HeardFirst(task, job, at.newsroom)
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        try:
            # What must fit a slot may be made again, shorter: nobody hears it before.
            heard = files.hear if task.max_seconds is None else None
            masters = _masters_of(task, at, Path(folder), stopped, heard)
        except LostClips as lost:
            log.warning("episode %d: %s; they are spoken again", task.episode_id, lost)
            if not at.newsroom.steps.speak_again(job):
                raise HouseTrouble(Trouble.STORE, str(lost)) from lost
            return
        excess_s = _seconds_too_long(task, masters)
        if excess_s > 0:
            if not at.newsroom.bulletins.shorten(job, excess_s):
                raise Hold(Held.TOO_LONG, f"{excess_s:.0f} s")
            return
        kept = files.all_of(masters)
    if not at.newsroom.steps.save_mastered(job, kept):
        _drop(kept, at)


def remaster(job: Job, at: Studio, stopped: Stopped) -> None:
    """Files of a version that are gone, made again from its clips.

    The version stays where it is.
    """
    task = at.newsroom.masters.load(job)
    if task is None:
        at.newsroom.steps.drop(job)
        return
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        try:
            masters = _masters_of(task, at, Path(folder), stopped)
        except LostClips as lost:
            # Another take would be another sound than the one that was approved.
            raise Hold(Held.STORAGE, str(lost)) from lost
        kept = keep(task, masters, Shelf.of_attempt(at.newsroom.files, job))
    if not at.newsroom.masters.save(job, kept):
        _drop(kept, at)


def _drop(files: Iterable[MadeMaster], at: Studio) -> None:
    """Files of an attempt that came too late: nobody asks for them."""
    for file in files:
        at.newsroom.files.delete(file.key)


def _masters_of(
    task: ToMaster,
    at: Studio,
    folder: Path,
    stopped: Stopped,
    heard: Callable[[Master], None] | None = None,
) -> list[Master]:
    with passages_of(task, at.newsroom) as passages:
        return at.make(
            recipes_for(task, at.recipes or tuple(RECIPES.values())),
            script_of(task, at.newsroom),
            # Outermost: whoever is told to stop takes no clip more, not even one that is at hand.
            Attended(AtHand(at.newsroom.clips), stopped),
            Attended(passages, stopped),
            lambda script_cues_ms: tags_of(task, script_cues_ms),
            folder,
            name_of(task),
            heard,
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
    began = time.monotonic()
    try:
        speech = speak_lines([Line(task.spoken)], order, at, job, stopped)
    except EngineTrouble as trouble:
        at.newsroom.auditions.save(job, error=HOLD_FOR[trouble.reason].why)
    else:
        at.newsroom.auditions.save(job, clip=speech.recording.keys[0])
        measure(speech, time.monotonic() - began, at)


def take_in(job: Job, at: Studio, _stopped: Stopped) -> None:
    """A person's recording, as it came → a clip in its place, or the reason why not."""
    task = at.newsroom.recordings.load(job)
    if task is None:
        at.newsroom.steps.drop(job)
        return
    try:
        taken = taken_in(task, at.newsroom, at.limits)
        at.newsroom.recordings.save(
            job, taken.clip, taken.seconds, taken.bed, taken.mime
        )
    except Refused as refused:
        at.newsroom.recordings.refuse(job, Refusal(refused.fault), str(refused))
    except NotForHorns as error:
        at.newsroom.recordings.refuse(job, Refusal.NOT_FOR_HORNS, str(error))
    except Invalid as error:
        at.newsroom.recordings.refuse(job, Refusal.TEXT_CHANGED, str(error))
    except Conflict as error:
        # The text is just being read anew: in a moment it may fit.
        if job.attempts >= MOST_ATTEMPTS:
            at.newsroom.recordings.refuse(job, Refusal.BUSY, str(error))
        else:
            _again(job, at, Held.GAVE_UP, str(error))


def poll(job: Job, at: Studio, _stopped: Stopped) -> None:
    """One look at a source of news."""
    polling.poll(at.newsroom, job)


STEPS: dict[Step, Callable[[Job, Studio, Stopped], None]] = {
    Step.WRITE: write,
    Step.SPEAK: speak,
    Step.MASTER: master,
    Step.PUBLISH: publish,
    Step.AUDITION: audition,
    Step.RECORD: take_in,
    Step.POLL: poll,
    Step.REMASTER: remaster,
}


def _again(job: Job, at: Studio, reason: Held, detail: str) -> None:
    """Gives the job back for a while, longer each time, until it has been tried often enough."""
    if job.step is Step.POLL:
        at.newsroom.sources.items.rest(job, at.newsroom.now() + POLLED_AGAIN)
    elif job.attempts < MOST_ATTEMPTS:
        at.newsroom.jobs.release(job, timedelta(seconds=2**job.attempts), detail)
    else:
        _end_held(job, at, reason, detail)


def _end_held(job: Job, at: Studio, reason: Held, detail: str) -> None:
    """A person must look at it: at the episode, or at the recording that was sent."""
    if job.step is Step.RECORD:
        at.newsroom.recordings.refuse(job, Refusal.GAVE_UP, detail)
    elif job.step is Step.POLL:
        # No episode can be held; the portal may answer otherwise tomorrow.
        at.newsroom.sources.items.rest(job, at.newsroom.now() + POLLED_LATER)
    else:
        at.newsroom.steps.hold(job, reason, detail)
