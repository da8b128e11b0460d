"""What listeners, apps and operators get, and how many took it."""

from dataclasses import dataclass
from datetime import date, datetime

from service.newsroom.values.episodes import Correction, Master, Sentence
from service.newsroom.values.kinds import Kind
from service.newsroom.values.pictures import Illustration
from service.newsroom.values.rules import HumanVoice, MediaStanding, TakingState
from service.newsroom.values.stations import Topic


@dataclass(frozen=True, slots=True)
class Brief:
    """A line of a list for loudspeakers: what an episode is called,
    how long it sounds, what corrects it.
    """

    episode_id: int
    slug: str
    title: str
    seconds: float
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """What the public gets of an episode: its newest published rendering.

    `sentences` is empty in lists.
    """

    episode_id: int
    version: int
    guid: str
    slug: str
    kind: Kind
    title: str
    lead: str
    byline: str
    topic: Topic | None
    station: str
    station_name: str
    voice: str
    provisional: bool
    disclosure: str  # what listeners are told of who reads
    approved_by: str
    approved_at: datetime | None
    written_at: datetime  # the article's own date, or when it came
    first_published_at: datetime
    published_at: datetime
    masters: tuple[Master, ...]
    sentences: tuple[Sentence, ...] = ()
    place: str = ""
    ordinal: int | None = None  # of a bulletin, in its station's year
    human: HumanVoice = HumanVoice.NONE
    announcers: tuple[str, ...] = ()
    # Published ones of this edition, oldest first
    corrections: tuple[Correction, ...] = ()
    corrects: Correction | None = (
        None  # what this edition puts right, when it is a correction
    )
    warns_until: datetime | None = None  # when it is over, if it is a warning
    picture: Illustration | None = None
    memo: dict[str, str] | None = None  # as an editor set it

    @property
    def is_read_by_machine(self) -> bool:
        """Whether any of it is."""
        return self.human is not HumanVoice.ALL

    def master(self, kind: str) -> Master:
        """The finished file of that kind; KeyError when it was never made."""
        return {master.kind: master for master in self.masters}[kind]

    def best(self, *kinds: str) -> Master:
        """The first of these kinds that was made:
        editions from before a kind was known do not have it.
        """
        made = {master.kind: master for master in self.masters}
        return next(made[kind] for kind in kinds if kind in made)


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a list: `total` counts all that match."""

    editions: tuple[Edition, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of an excerpt; `is_hit` where it is what was searched for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line of a text around what was searched for, and whether the text goes on at its ends."""

    pieces: tuple[Snippet, ...]
    goes_on_before: bool
    goes_on_after: bool


@dataclass(frozen=True, slots=True)
class Show:
    """A feed by its path, such as "stations/suoi-lanh": equal serials, equal bytes.

    `guid` never changes.
    """

    path: str
    guid: str
    serial: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Taking:
    """A version that a station's operator took, and what became of it since.

    It was replaced by `newest`, corrected by `correction` or withdrawn for `why`.
    """

    episode_id: int
    version: int
    title: str
    slug: str
    taken_at: datetime
    state: TakingState
    newest: int | None = None
    why: str = ""
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """That a station's operator, or a box of theirs, took a version to broadcast."""

    station: str
    episode_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Listening:
    """That somebody was sent the bytes from `span[0]` up to `span[1]` of an episode's sound of a
    kind.

    `enough` bytes of it are a download. `listener` tells people apart, `address` is where they call
    from ("" for nobody knows).
    """

    listener: str
    episode_id: int
    kind: str
    span: tuple[int, int]
    enough: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class DownloadDay:
    """How many listeners took an episode, or all of them, on a day in Vietnam; by kind of file."""

    day: date
    kinds: dict[str, int]

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True)
class Media:
    """A file under /media/; `newest` is the address of what superseded it.

    `has_open_copy`: whether everybody can read it where the bucket is public (LOA_MEDIA_URL).
    """

    episode_id: int
    version: int
    kind: str
    name: str
    key: str
    mime: str
    bytes: int
    seconds: float
    sha256: str
    modified: datetime
    standing: MediaStanding
    newest: str
    title: str
    withdrawn_why: str
    has_open_copy: bool = False
