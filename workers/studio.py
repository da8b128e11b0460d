"""What the line works with, and how a step says that an episode must wait for a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audio.throttle import UNTHROTTLED, Throttle
from service.newsroom import Newsroom
from service.newsroom.errors import Held
from service.newsroom.values import Job, Trouble
from workers.limits import Limits
from workers.tally import Tally
from workers.voices import Voices

# What makes sound is loaded with the first work: it takes 12 MB, and most of the day a commune's
# machine has none.
if TYPE_CHECKING:
    from audio.booth import Patience
    from audio.master import Master
    from audio.recipes import Recipe


def _make(*given: Any) -> "list[Master]":
    from audio.master import make

    return make(*given)


class Hold(Exception):
    """The episode must wait for a person."""

    def __init__(self, reason: Held, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class HouseTrouble(Exception):
    """The house cannot do it now, whatever the article says."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Studio:
    """What the line works with.

    `stopped` asks it to put its work down; `recipes` are the kinds of masters it makes (None:
    all); `make` makes them. `apart` does a job in a child process and gives its exit code (None: it was told to
    stop); without it, all is done here. `tally` counts what steps ended with.
    """

    newsroom: Newsroom
    voices: Voices
    stopped: Callable[[], bool] = lambda: False
    patience: "Patience | None" = None
    throttle: Throttle = UNTHROTTLED
    recipes: "Sequence[Recipe] | None" = None
    make: "Callable[..., list[Master]]" = _make
    limits: Limits = field(default_factory=Limits)
    apart: Callable[[Job, Callable[[], bool]], int | None] | None = None
    tally: Tally = field(default_factory=Tally)
