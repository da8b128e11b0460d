"""Stories that a bulletin could take."""

from dataclasses import dataclass
from datetime import date, datetime

from service.newsroom.values.kinds import Priority


@dataclass(frozen=True, slots=True)
class Offer:
    """A story that could go into a station's bulletin: its public version.

    `seconds`: how long its sentences take there, for horns. `pace`: how long a syllable of it
    takes, as it was spoken.
    """

    episode_id: int
    version: int
    title: str
    slug: str
    station: str
    station_name: str
    topic: str
    priority: Priority
    published_at: datetime
    seconds: float
    title_seconds: float = 0.0  # of its first sentence alone, as it was spoken
    pace: float = 0.0
    last_aired: date | None = None  # at this station
    evergreen: bool = False
    voice: str = ""  # who reads it
    twice: bool = False  # at this station it is read twice


@dataclass(frozen=True, slots=True)
class UnusedStory:
    """A story that is not in a bulletin, and why, in Vietnamese."""

    episode_id: int
    title: str
    why: str
