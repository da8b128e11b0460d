"""What is made of an article, as the desk sees it."""

from dataclasses import dataclass, field
from datetime import datetime

from service.newsroom.errors import Held
from service.newsroom.values.articles import ArticleDoubt, Change, Placement
from service.newsroom.values.causes import Cause
from service.newsroom.values.kinds import Approval, Kind, Priority, State
from service.newsroom.values.rules import HumanVoice


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a rendering. Times in ms of the `app` master, None until it is mastered."""

    n: int
    written: str
    spoken: str
    pause_ms: int
    passage: int = 0
    role: str = "paragraph"
    changes: tuple[Change, ...] = ()
    edited: bool = False
    take: int = 0
    recording: int = 0  # a person's, in the place of the engine's; 0 for none
    announcer: str = ""  # who that is, when known
    clip: str = ""
    chime: str = ""  # the chime that is heard before it, by name
    story_id: int | None = None  # in a bulletin: the episode it was taken from
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class SentenceSeen:
    """A sentence as somebody looked at it before changing it; None for what they did not see."""

    written: str | None = None
    spoken: str | None = None


NOT_SEEN = SentenceSeen()
SHORTEST_JUDGED_S = 3.0  # what is shorter has no loudness worth a word


@dataclass(frozen=True, slots=True)
class Master:
    """A finished file: `path` is its address below /media/, `key` where its bytes lie.

    `target_lufs` and `band_lu` are what its recipe promised when it was made; None for texts beside
    it. `label` names it for people, in Vietnamese.
    """

    kind: str
    key: str
    path: str
    mime: str
    bytes: int
    sha256: str
    seconds: float
    lufs: float
    true_peak: float
    label: str = ""
    target_lufs: float | None = None
    band_lu: float = 0.0

    @property
    def off_lu(self) -> float:
        """How far its loudness lies from what was promised, in LU.

        0 within the band, and for a word or two.
        """
        if self.target_lufs is None or self.seconds <= SHORTEST_JUDGED_S:
            return 0.0
        off = self.lufs - self.target_lufs
        return off if abs(off) > self.band_lu else 0.0


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A correction made by hand that a newer text has no place for.

    The sentence as it was `written` here; `spoken` is the form given to it, "" when it was its
    writing that was mended.
    """

    written: str
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Rendering:
    """One version of an episode: which text, which voice,
    for which stations, who approved it and when.

    `doubts` are why somebody should look before it is heard, also where a source is trusted.
    """

    version: int
    revision: int
    title: str
    cause: Cause
    about: str  # what the cause is about, such as the number of a sentence
    opened_by: str
    opened_at: datetime
    voice: str = ""  # asked for; "" is the station's
    spoken_by: str = ""  # who really speaks, once spoken
    build: str = ""
    provisional: bool = False
    engine_calls: int = 0
    clips_reused: int = 0
    done: int = 0
    total: int = 0
    placement: Placement = field(default_factory=lambda: Placement(()))
    doubts: tuple[ArticleDoubt, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    approved_as: Approval | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    published_at: datetime | None = None
    returned_why: str = ""  # what whoever heard it would have otherwise
    returned_by: str = ""
    returned_at: datetime | None = None
    recording: int = 0  # of the whole, by a person
    human: HumanVoice = HumanVoice.NONE
    announcers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """One thing listened to, as the desk sees it: its current rendering, whole.

    `on_air` is the placement of what the public has, None while it has nothing.
    """

    id: int
    kind: Kind
    guid: str
    slug: str
    state: State
    version: int
    public_version: int | None
    article_id: int | None
    station: str
    station_name: str
    priority: Priority
    created_at: datetime
    held: Held | None
    held_detail: str
    withdrawn_why: str
    rendering: Rendering
    sentences: tuple[Sentence, ...]
    masters: tuple[Master, ...]
    on_air: Placement | None = None
    memo: dict[str, str] | None = None  # as an editor set it

    @property
    def title(self) -> str:
        """The title of the current rendering."""
        return self.rendering.title


@dataclass(frozen=True, slots=True)
class Awaiting:
    """An episode that waits for its voice: the voice `asked` for by name ("" for its station's),
    and the one meant.
    """

    episode_id: int
    asked: str
    voice: str
    since: datetime


@dataclass(frozen=True, slots=True)
class FarEnd:
    """A voice over a network, as all workers know it.

    While it is away, `reason` and `detail` say why, and nobody calls before `closed_until`; then
    one call is a probe.
    """

    engine: str
    calls: int
    troubles: int
    away_since: datetime | None = None
    closed_until: datetime | None = None
    reason: str = ""
    detail: str = ""
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """An episode that was sent back, with the remark."""

    id: int
    title: str
    returned_why: str


@dataclass(frozen=True, slots=True)
class Card:
    """A line of the desk's list."""

    id: int
    kind: Kind
    title: str
    state: State
    version: int
    public_version: int | None
    station: str
    station_name: str
    priority: Priority
    created_at: datetime
    updated_at: datetime
    done: int
    total: int
    seconds: float | None
    voice: str
    human: HumanVoice
    provisional: bool
    held: Held | None
    doubts: int
    returned_why: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """An episode (`slug`, `title`) that puts right what another one said.

    `published_at` None until it is heard.
    """

    episode_id: int
    slug: str
    title: str
    corrected_id: int
    corrected_slug: str
    corrected_title: str
    wrong: str
    right: str
    made_by: str
    made_at: datetime
    published_at: datetime | None = None
