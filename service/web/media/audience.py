"""The audience: who is a listener and who a robot, and how much of a sound makes a download."""

from functools import lru_cache
from math import ceil

# Of sound: the podcast measurement guidelines (IAB) count a download from a minute on
ENOUGH_S = 60
APPS = ("Overcast/",)  # which the list of robots takes for one


@lru_cache(maxsize=4096)  # a list of a thousand patterns, asked at each part of a sound
def is_listener(agent: str) -> bool:
    """Whether a program of that name plays for somebody:
    one without a name, or a robot, does not.
    """
    return agent.startswith(APPS) or (bool(agent) and not is_robot(agent))


def enough_of(size: int, seconds: float) -> int:
    """How many bytes make a download: a minute of sound, or the whole of what is shorter."""
    return min(size, ceil(size * ENOUGH_S / seconds)) if seconds > 0 else size


def is_robot(agent: str) -> bool:
    """Whether a program of that name is on the list of robots, which is loaded with the first who
    asks: 3 MB.
    """
    from crawleruseragents import is_crawler

    return bool(is_crawler(agent))
