"""Lines to clips: in the first voice that answers, with progress that people can follow."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from audio.booth import Line, Recording, record
from audio.voice import EngineTrouble, Reason, Voice
from service.newsroom.errors import Held
from service.newsroom.values import Job
from workers.studio import Studio

log = logging.getLogger("loa.line")

PROGRESS_EVERY_S = 0.3  # as often as a person can see it

HOLD_FOR = {
    Reason.UNREACHABLE: Held.VOICE_UNREACHABLE,
    Reason.REFUSED: Held.VOICE_REFUSED,
    Reason.SLOW: Held.VOICE_SLOW,
    Reason.BAD_SOUND: Held.BAD_SOUND,
    Reason.UNKNOWN_VOICE: Held.UNKNOWN_VOICE,
    Reason.UNSPEAKABLE: Held.UNSPEAKABLE,
    Reason.BROKEN: Held.VOICE_BROKEN,
}
# The voice's fault, not the text's: another voice may do better.
FALLS_BACK = (Reason.UNREACHABLE, Reason.REFUSED, Reason.SLOW, Reason.BROKEN)


@dataclass(frozen=True, slots=True)
class Speech:
    """What was spoken, by which voice, on which build of its engine."""

    recording: Recording
    voice: Voice
    build: str


def speak_lines(
    lines: Sequence[Line],
    order: Sequence[Voice],
    studio: Studio,
    job: Job,
    stopped: Callable[[], bool],
) -> Speech:
    """All lines in the first voice of `order` that answers.

    Raises the EngineTrouble of the preferred voice when none does, and at once when it is the
    text's fault; Abandoned when `stopped` says so.
    """
    preferred_trouble: EngineTrouble | None = None
    for voice in order:
        try:
            engine = studio.voices.engine(voice.engine)
            recording = record(
                lines,
                voice,
                engine,
                studio.newsroom.clips,
                on_progress=_now_and_then(partial(studio.newsroom.steps.progress, job)),
                stopped=stopped,
                patience=studio.patience,
                throttle=studio.throttle,
            )
            return Speech(recording, voice, engine.build())
        except EngineTrouble as trouble:
            preferred_trouble = preferred_trouble or trouble
            if trouble.reason not in FALLS_BACK:
                raise
            log.warning(
                "episode %d: %s does not speak: %s", job.episode_id, voice, trouble
            )
    raise preferred_trouble or EngineTrouble(Reason.UNKNOWN_VOICE, "no voice is set")


def _now_and_then(write: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Writes progress now and then, and always its end."""
    written_at = -PROGRESS_EVERY_S

    def progress(done: int, total: int) -> None:
        nonlocal written_at
        now = time.monotonic()
        if done == total or now - written_at >= PROGRESS_EVERY_S:
            written_at = now
            write(done, total)

    return progress
