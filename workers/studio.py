"""What the line works with, and how a step says that an episode must wait for a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from audio.booth import Patience
from audio.master import Master, make
from audio.recipes import RECIPES, Recipe
from audio.throttle import UNTHROTTLED, Throttle
from service.newsroom import Newsroom
from service.newsroom.errors import Held
from workers.recorded import Limits
from workers.voices import Voices


class Hold(Exception):
    """The episode must wait for a person."""

    def __init__(self, reason: Held, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Studio:
    """What the line works with.

    `stopped` asks it to put its work down; `recipes` are the kinds of masters it makes; `make` makes them.
    """

    newsroom: Newsroom
    voices: Voices
    stopped: Callable[[], bool] = lambda: False
    patience: Patience | None = None
    throttle: Throttle = UNTHROTTLED
    recipes: Sequence[Recipe] = tuple(RECIPES.values())
    make: Callable[..., list[Master]] = make
    limits: Limits = field(default_factory=Limits)
