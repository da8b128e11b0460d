"""What is broadcast at the stations' hours."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.newsroom.errors import Held
from service.newsroom.values.episodes import Master
from service.newsroom.values.kinds import Priority, State
from service.newsroom.values.offers import Offer, UnusedStory
from service.newsroom.values.rungs import Rung
from service.newsroom.values.seals import Seal
from service.newsroom.values.stations import Slot


@dataclass(frozen=True, slots=True)
class BedFile:
    """A station's own bed as an MP3 for horns."""

    key: str
    bytes: int
    sha256: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Airing:
    """One hour on one day at which a station broadcasts; `day` is Vietnam's.

    `missed`: it passed unattended.
    """

    id: int
    station: str
    at: str
    day: date
    air_at: datetime
    max_seconds: int
    missed: bool = False
    played_at: datetime | None = None
    played_by: str = ""
    played_episode_id: int | None = None
    played_version: int | None = None

    @property
    def ends_at(self) -> datetime:
        """When it is over at the latest."""
        return self.air_at + timedelta(seconds=self.max_seconds)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a bulletin is made of: its own words, its stories in order.

    `seconds` is how long that is expected to be.
    """

    title: str
    greeting: str
    closing: str
    headlines: bool
    chimes: bool
    stories: tuple[Offer, ...]
    seconds: float
    left_out: tuple[UnusedStory, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A story in a bulletin. `newest` is its public version by now, None when it was withdrawn.

    `is_gone`: this version was, and is not to be heard any more, whatever is public by now.
    """

    position: int
    episode_id: int
    version: int
    title: str
    slug: str
    station_name: str
    priority: Priority
    seconds: float
    repeat: bool
    newest: int | None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin as the desk sees it: its plan's newest revision,
    and the one that may be broadcast, if any.
    """

    episode_id: int
    airing: Airing
    rung: Rung
    title: str
    slug: str
    state: State
    version: int
    revision: int
    greeting: str
    closing: str
    headlines: bool
    chimes: bool
    seconds: float  # planned, or (`measured`) on the finished file for horns
    measured: bool
    items: tuple[PlanItem, ...]
    left_out: tuple[UnusedStory, ...]
    planned_by: str  # who made this revision of the plan
    by_house: bool  # that was no person and no program
    put_away: bool  # withdrawn by the house: nothing was left of it, or a story in it was withdrawn
    approved_version: int | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    held: Held | None = None

    @property
    def is_spoilt(self) -> bool:
        """Whether it reads a story that was withdrawn."""
        return any(item.is_gone for item in self.items)

    @property
    def kept(self) -> list[int]:
        """The stories in it that can still be heard, by their episodes, in order."""
        return [item.episode_id for item in self.items if item.newest is not None]


@dataclass(frozen=True, slots=True)
class SlotHour:
    """A slot of a station on one day: what is asked about, whether or not a row of it is there."""

    slot: Slot
    day: date
    air_at: datetime


@dataclass(frozen=True, slots=True)
class BulletinState:
    """How far a bulletin has come: the version at the desk, and how that stands."""

    state: State
    version: int


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """An airing in the agenda: the bulletins made for it, by rung, and how they stand."""

    airing: Airing
    rungs: dict[Rung, BulletinState]


@dataclass(frozen=True, slots=True)
class BoardHour:
    """An hour of a station on a day, as the board shows it.

    None and 0 for what has not come yet.
    """

    station: str
    at: str
    day: date
    played_at: datetime | None = None
    episode_id: int | None = None
    state: State | None = None
    version: int | None = None
    approved_version: int | None = None
    taken_version: int | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitingBulletin:
    """A station's bulletin that waits for approval, in this version.

    `sound` is its address below /media/ as browsers play it; None when there is none.
    """

    episode_id: int
    version: int
    station_name: str
    sound: str | None


@dataclass(frozen=True, slots=True)
class AlikeBulletins:
    """Bulletins of one hour that say the same; each has its station's own standing greeting.

    One that must be heard by itself is in no group: `is_doubtful`, or `is_changed` by somebody at
    the desk.
    """

    air_at: datetime
    titles: tuple[str, ...]
    bulletins: tuple[WaitingBulletin, ...]
    is_doubtful: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Serving:
    """What a slot's address answers now.

    `master` None: the bed that lies in the package. `why` in Vietnamese.
    """

    airing: Airing
    rung: Rung
    why: str
    episode_id: int = 0
    version: int = 0
    title: str = ""
    slug: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None
    provisional: bool = False
    master: Master | None = None
    made_at: datetime | None = None
    since: datetime | None = (
        None  # when it took the place of something else that was made for this airing
    )
    items: tuple[PlanItem, ...] = ()
    seal: Seal | None = None  # None: approved before approvals were signed


@dataclass(frozen=True, slots=True)
class Draft:
    """How the bulletin stands that people approve for an airing.

    `approved` tells whether any version ever was.
    """

    state: State
    version: int
    approved: bool


@dataclass(frozen=True, slots=True)
class Aired:
    """A line of a station's log: an airing, what was broadcast or stood there at its end,
    and how its draft stands.

    `episode_id` 0: nothing approved; `rung` is then the bed. `draft` None: no bulletin was drafted.
    """

    airing: Airing
    rung: Rung
    draft: Draft | None
    episode_id: int = 0
    version: int = 0
    title: str = ""
    seconds: float = 0.0
    sha256: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None
