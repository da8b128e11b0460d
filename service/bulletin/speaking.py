"""Whether voices are quick enough: what must be spoken within which hours, and whether that goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Task:
    """Seconds of sound by each voice, to be spoken after `begins` and before `ends`."""

    begins: datetime
    ends: datetime
    sound_s: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Overload:
    """Hours in which more must be spoken than there is time for, in seconds."""

    begins: datetime
    ends: datetime
    needed_s: float
    available_s: float


def overload(tasks: Sequence[Task], speeds: Mapping[str, float]) -> Overload | None:
    """The hours that are overrun the most, None when everything is ready in time.

    `speeds` are voices' seconds of sound in a second, one sentence at a time; a voice without one
    counts as quick. This is the processor demand criterion of earliest-deadline scheduling: all
    goes if, between any beginning and any end, what lies wholly within fits.
    """
    loads = _loads(tasks, speeds)
    worst: Overload | None = None
    for begins in {begins for begins, _ in loads}:
        needed_s = 0.0
        # An hour that ends before this one begins says nothing about it.
        for ends in sorted({ends for _, ends in loads if ends > begins}):
            needed_s += sum(
                seconds
                for (since, until), seconds in loads.items()
                if since >= begins and until == ends
            )
            available_s = (ends - begins).total_seconds()
            excess_s = needed_s - available_s
            if excess_s > (worst.needed_s - worst.available_s if worst else 0.0):
                worst = Overload(begins, ends, needed_s, available_s)
    return worst


def _loads(
    tasks: Iterable[Task], speeds: Mapping[str, float]
) -> dict[tuple[datetime, datetime], float]:
    """Seconds of work by their hours."""
    loads: dict[tuple[datetime, datetime], float] = {}
    for task in tasks:
        seconds = sum(
            sound_s / speeds[voice]
            for voice, sound_s in task.sound_s.items()
            if voice in speeds
        )
        hours = task.begins, task.ends
        loads[hours] = loads.get(hours, 0.0) + seconds
    return loads
