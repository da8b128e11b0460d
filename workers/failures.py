"""What a step of the line that failed means: one table from error to decision.

Two kinds of failure end differently. What is *about the article* (its text, its voice, its length)
is held at once, with its reason, for a person. What is *about the house* (store, database, disk,
encoder that could not write, memory) is nobody's to mend in an article: the job waits, at most a
minute at a time, for as long as it takes. Anything else is a mistake of ours, and is tried again a
few times.
"""

import errno
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from audio.ffmpeg import FfmpegError
from audio.throttle import Abandoned
from audio.voice import EngineTrouble
from service.newsroom.errors import Held, Unavailable
from service.newsroom.store.files import FilesError
from service.newsroom.values import Trouble
from workers.speaking import HOLD_FOR
from workers.studio import Hold, HouseTrouble

PROBE_BYTES = 1_000_000  # enough that a full disk shows
# What ffmpeg's last lines say when it is not the sound's fault (strerror(3) of these).
CANNOT_WRITE = (
    "No space left on device",
    "Disk quota exceeded",
    "Read-only file system",
    "Input/output error",
    "Permission denied",
    "Too many open files",
)


class About(StrEnum):
    """Whose matter a failure is, and so what becomes of the job."""

    NOBODY = "nobody"  # told to stop: put down, nothing is counted
    ARTICLE = "article"  # held at once
    HOUSE = "house"  # waits for as long as it takes
    OURSELVES = "ourselves"  # tried again a few times, then held


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a job: `reason` where its article is held,
    `trouble` where it waits for the house.
    """

    about: About
    reason: Held = Held.GAVE_UP
    trouble: Trouble = Trouble.DISK


@dataclass(frozen=True, slots=True)
class Rule:
    """An error, and the decision on it; the first rule that fits is taken."""

    error: type[BaseException]
    decide: Callable[[BaseException], Decision]
    only_if: Callable[[BaseException], bool] = lambda _error: True


def _house(trouble: Trouble) -> Callable[[BaseException], Decision]:
    return lambda _error: Decision(About.HOUSE, trouble=trouble)


def _encoder_cannot_write(error: BaseException) -> bool:
    """ffmpeg says so, or we cannot write there either."""
    return (
        any(words in str(error) for words in CANNOT_WRITE) or not _scratch_is_writable()
    )


def _scratch_is_writable() -> bool:
    try:
        with tempfile.TemporaryFile(prefix="loa-") as file:
            file.write(bytes(PROBE_BYTES))
            file.flush()
    except OSError:
        return False
    return True


def _is_memory(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno == errno.ENOMEM


RULES = (
    Rule(Abandoned, lambda _error: Decision(About.NOBODY)),
    Rule(Hold, lambda error: Decision(About.ARTICLE, reason=error.reason)),  # type: ignore[attr-defined]
    Rule(HouseTrouble, lambda error: Decision(About.HOUSE, trouble=error.trouble)),  # type: ignore[attr-defined]
    Rule(
        EngineTrouble,
        lambda error: Decision(About.ARTICLE, reason=HOLD_FOR[error.reason]),  # type: ignore[attr-defined]
    ),
    Rule(FfmpegError, _house(Trouble.ENCODER), only_if=_encoder_cannot_write),
    Rule(FfmpegError, lambda _error: Decision(About.ARTICLE, reason=Held.MASTERING)),
    Rule(Unavailable, _house(Trouble.DATABASE)),
    Rule(FilesError, _house(Trouble.STORE)),
    Rule(MemoryError, _house(Trouble.MEMORY)),
    Rule(OSError, _house(Trouble.MEMORY), only_if=_is_memory),
    Rule(OSError, _house(Trouble.DISK)),
    Rule(Exception, lambda _error: Decision(About.OURSELVES)),
)


def decision_on(error: BaseException) -> Decision:
    """What becomes of the job whose step raised this."""
    rules = (
        rule for rule in RULES if isinstance(error, rule.error) and rule.only_if(error)
    )
    return next(rules).decide(error)
