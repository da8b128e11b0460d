"""A turn at an engine: who calls a far end asks here first,
so that all who call it together are patient with it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from audio.voice import Engine

# Waits so many seconds; gives something true when all is given up.
Pause = Callable[[float], object]


class Abandoned(Exception):
    """Somebody asked to stop; what was spoken so far is kept."""


class Throttle(Protocol):
    """Limits and outages of engines, shared by all who call them, wherever they run."""

    def turn(self, engine: Engine, pause: Pause) -> AbstractContextManager[None]:
        """One call is made within: waits for it to be allowed, and learns from how it went.

        EngineTrouble that was not `asked` when the far end is known to be away; Abandoned when
        `pause` says so.
        """
        ...


class _Unthrottled:
    def turn(self, engine: Engine, pause: Pause) -> AbstractContextManager[None]:
        """See Throttle."""
        return nullcontext()


# For engines of this machine, and for one file made by hand.
UNTHROTTLED: Throttle = _Unthrottled()
