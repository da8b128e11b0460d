"""What the newsroom takes and gives: frozen values, so that no row ever leaves the room."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from service.newsroom.errors import Held, Refusal

LOUDSPEAKER = "loa"  # who the log names when no person did it


class State(StrEnum):
    """Where an episode stands on its way."""

    RECEIVED = "received"
    WRITTEN = "written"
    SPOKEN = "spoken"
    MASTERED = "mastered"
    APPROVED = "approved"
    PUBLISHED = "published"
    HELD = "held"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What is listened to."""

    STORY = "story"
    BULLETIN = "bulletin"
    CORRECTION = "correction"
    RECORDING = "recording"


class Role(StrEnum):
    """What a person or a key may do; each may do what the ones before it may, except that `operator` only looks."""

    OPERATOR = "operator"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMIN = "admin"


class Priority(StrEnum):
    """Circular 39/2020: thường, ưu tiên, khẩn cấp."""

    NORMAL = "normal"
    PRIORITY = "priority"
    URGENT = "urgent"


class Rung(StrEnum):
    """What stands at a slot's address, the best first: how far down the ladder a station had to go."""

    URGENT = "urgent"
    PLANNED = "planned"
    AUTOMATIC = "automatic"
    EVERGREEN = "evergreen"
    PREVIOUS = "previous"
    BED = "bed"


class Step(StrEnum):
    """The work a job asks for: the steps of the line, in order."""

    WRITE = "write"
    SPEAK = "speak"
    MASTER = "master"
    PUBLISH = "publish"
    AUDITION = "audition"  # apart from the line: a few words, to be heard at once
    RECORD = "record"  # apart from it too: a person's recording, to be checked and cleaned


class Use(StrEnum):
    """What a recording is for."""

    SENTENCE = "sentence"
    EPISODE = "episode"  # the whole of one that is there
    ALONE = "alone"  # an episode of its own
    CHIME = "chime"


class Standing(StrEnum):
    """How a recording stands."""

    CHECKING = "checking"
    READY = "ready"  # in use
    REFUSED = "refused"
    LOST = "lost"  # its text was changed afterwards: somebody should know
    ASIDE = "aside"  # replaced, given up, or seen


class Lane(StrEnum):
    """Fast jobs (one changed sentence, an urgent notice) never wait behind long ones."""

    FAST = "fast"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Slot:
    """A fixed hour (`at`, "05:00") of a station, with the longest its bulletin may last, and how that is made."""

    at: str
    max_seconds: int
    weekdays: str = "1234567"  # ISO weekdays on which it is broadcast
    topics: tuple[str, ...] = ()  # slugs of what goes in; () is everything
    sources: tuple[str, ...] = ()  # stations whose news follows the station's own, in this order: district, province
    max_age_days: int = 3  # older stories are no news
    repeats: int = 0  # how many stories may have been broadcast before, that day or the day before
    greeting: str = ""  # "" is the station's
    headlines: bool = True
    chimes: bool = True
    lunar: bool = False  # the lunar date is said too
    closing: str = ""
    plan_minutes: int = 600  # before the hour: when its bulletin is drafted
    ready_minutes: int = 15  # before the hour: when the ladder is gone down if nothing is approved
    automatic: bool = False  # may a bulletin of approved stories go on the air without a person?
    previous: bool = False  # may the last bulletin's stories be broadcast again?


@dataclass(frozen=True, slots=True)
class Station:
    """A commune's radio. `voice` "" is the installation's; `fallback` and `approval` are its rules."""

    slug: str
    name: str
    place: str = ""
    description: str = ""
    voice: str = ""
    fallback: str = "provisional"  # or "hold": what to do when the preferred voice does not answer
    approval: str = "required"  # or "trusted": publish without a person
    reading: dict[str, str | bool] = field(default_factory=dict)
    greeting: str = ""
    speaker_tempo: float = 1.0  # how fast horns get it, at the same pitch
    speaker_pauses: float = 1.3  # and how much longer its pauses are
    disclosure: str = "Giọng đọc máy."  # written wherever a synthetic voice is heard
    disclosure_spoken: str = ""  # said at the end; "" for nothing
    duty: tuple[str, ...] = ()  # who is told when a slot has nothing approved: e-mail and https addresses
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """What an article is about."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as it is handed in: the text of a Story, and where it goes."""

    title: str
    paragraphs: tuple[str, ...]
    digest: str
    stations: tuple[str, ...]
    lead: str = ""
    byline: str = ""
    topic: str = ""
    published_at: datetime | None = None
    url: str = ""
    external_id: str = ""
    priority: Priority = Priority.NORMAL
    evergreen: bool = False  # a notice that is never old: kept for hours that have nothing else


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an article handed in: `news` is "created", "revised" or "unchanged"."""

    article_id: int
    episode_id: int
    news: str


@dataclass(frozen=True, slots=True)
class Article:
    """The newest revision of an article."""

    id: int
    revision: int
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    byline: str
    topic: str
    url: str
    external_id: str
    priority: Priority
    published_at: datetime | None
    received_at: datetime
    stations: tuple[str, ...]
    episode_id: int
    evergreen: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Part of a sentence that is said otherwise than it is written, by which rule, and whether to look at it."""

    start: int
    end: int
    written: str
    spoken: str
    rule: str
    doubt: bool = False


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


PROMISED_LUFS = {"app": (-16.0, 0.5), "speaker": (-13.0, 1.0), "lite": (-16.0, 0.5)}  # target and band (DESIGN 8)
SHORTEST_JUDGED_S = 3.0  # what is shorter has no loudness worth a word


@dataclass(frozen=True, slots=True)
class Master:
    """A finished file: `path` is its address below /media/, `key` where its bytes lie."""

    kind: str
    key: str
    path: str
    mime: str
    bytes: int
    sha256: str
    seconds: float
    lufs: float
    true_peak: float

    @property
    def off_lu(self) -> float:
        """How far its loudness lies from what its kind promises, in LU; 0 within the band, and for a word or two."""
        target, band = PROMISED_LUFS.get(self.kind, (self.lufs, 0.0))
        off = self.lufs - target
        return off if abs(off) > band and self.seconds > SHORTEST_JUDGED_S else 0.0


@dataclass(frozen=True, slots=True)
class Rendering:
    """One version of an episode: which text, which voice, who approved it and when."""

    version: int
    revision: int
    title: str
    cause: str
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
    approved_by: str = ""
    approved_at: datetime | None = None
    published_at: datetime | None = None
    recording: int = 0  # of the whole, by a person
    human: str = ""  # "", "some" or "all", once spoken
    announcers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """One thing listened to, as the desk sees it: its current rendering, whole."""

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

    @property
    def title(self) -> str:
        """The title of the current rendering."""
        return self.rendering.title


@dataclass(frozen=True, slots=True)
class Awaiting:
    """An episode that waits for its voice: the voice `asked` for by name ("" for its station's), and the one meant."""

    episode_id: int
    asked: str
    voice: str
    since: datetime


@dataclass(frozen=True, slots=True)
class FarEnd:
    """A voice over a network, as all workers know it.

    While it is away, `reason` and `detail` say why, and nobody calls before `closed_until`; then one call is a probe.
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
    human: str
    provisional: bool
    held: Held | None
    doubts: int


@dataclass(frozen=True, slots=True)
class Correction:
    """An episode (`slug`, `title`) that puts right what another one said; `published_at` None until it is heard."""

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


@dataclass(frozen=True, slots=True)
class Edition:
    """What the public gets of an episode: its newest published rendering. `sentences` is empty in lists."""

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
    human: str = ""  # "", "some" or "all": how much a person reads
    announcers: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()  # published ones of this edition, oldest first
    corrects: Correction | None = None  # what this edition puts right, when it is a correction
    warns_until: datetime | None = None  # when it is over, if it is a warning

    def master(self, kind: str) -> Master:
        """The finished file of that kind; KeyError when it was never made."""
        return {master.kind: master for master in self.masters}[kind]

    def best(self, *kinds: str) -> Master:
        """The first of these kinds that was made: editions from before a kind was known do not have it."""
        made = {master.kind: master for master in self.masters}
        return next(made[kind] for kind in kinds if kind in made)


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a list: `total` counts all that match."""

    editions: tuple[Edition, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Show:
    """A feed by its path, such as "stations/suoi-lanh": equal serials, equal bytes. `guid` never changes."""

    path: str
    guid: str
    serial: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Taking:
    """A version that a station's operator took, and what became of it since.

    `state` is "current", "replaced" (by `newest`), "corrected" (see `correction`) or "withdrawn" (see `why`).
    """

    episode_id: int
    version: int
    title: str
    slug: str
    taken_at: datetime
    state: str
    newest: int | None = None
    why: str = ""
    correction: Correction | None = None


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
    """A file under /media/. `standing` is "current", "superseded" (see `newest`), "withdrawn" or "unpublished"."""

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
    standing: str
    newest: str
    title: str
    withdrawn_why: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a login."""

    id: int
    name: str
    role: Role
    active: bool
    mark: str  # of the password as it is stored: another one ends the sessions of the one before


@dataclass(frozen=True, slots=True)
class Key:
    """A program's key, without its secret."""

    id: int
    name: str
    role: Role
    prefix: str
    created_at: datetime
    last_used_at: datetime | None
    revoked: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the log: who did what to which episode, when."""

    at: datetime
    who: str
    what: str
    detail: str
    episode_id: int | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job: proof, with its owner, that this worker may do this step of this version.

    An audition or a recording has no episode: `episode_id` and `version` are 0, and `audition_id` or `recording_id`
    names it.
    """

    id: int
    step: Step
    episode_id: int
    version: int
    attempts: int
    owner: str
    audition_id: int = 0
    recording_id: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """How a written form is said, whole words only, at a station or everywhere (`station` "")."""

    written: str
    spoken: str
    station: str = ""
    match_case: bool = True
    note: str = ""
    id: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """An episode in which a written form stands, and in which of its sentences."""

    episode_id: int
    title: str
    station: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Misreading:
    """A place that listeners say was read wrongly: in which sentence, which word ("" for all of it), how often.

    `replaced` tells that another version is on the air by now.
    """

    id: int
    episode_id: int
    version: int
    n: int
    title: str
    station: str
    written: str
    spoken: str
    word: str
    remarks: tuple[str, ...]
    times: int
    first_at: datetime
    last_at: datetime
    replaced: bool
    settled_by: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Audition:
    """What became of a few words somebody wanted to hear: `clip` once `state` is "ready", else perhaps an error."""

    spoken: str
    voice: str
    state: str
    clip: str
    error: str


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that somebody sent: what it is for, how it stands, and where its bytes are.

    `key` names the original file, `clip` what was made of it; `refused` says why it is not used.
    """

    id: int
    use: Use
    state: Standing
    key: str
    bytes: int
    name: str
    announcer: str
    episode_id: int
    sentence: int
    written: str
    station: str
    chime: str
    clip: str
    seconds: float
    refused: Refusal | None
    detail: str
    sent_by: str
    sent_at: datetime

    @property
    def by(self) -> str:
        """Who reads, in words."""
        return self.announcer or "người đọc"


@dataclass(frozen=True, slots=True)
class BedFile:
    """A station's own bed as an MP3 for horns."""

    key: str
    bytes: int
    sha256: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ToRecord:
    """What the record step needs: the recording, and the text that is read in it ("" where nobody knows)."""

    recording: Recording
    spoken: str


@dataclass(frozen=True, slots=True)
class ToWrite:
    """What the write step needs: the text, how the station reads, and what editors fixed before."""

    title: str
    lead: str
    paragraphs: tuple[str, ...]
    reading: dict[str, str | bool]
    edits: dict[str, str]  # written sentence → the spoken form an editor gave it
    disclosure_spoken: str = ""  # the last paragraph, when the station has one
    terms: tuple[Term, ...] = ()
    alarms: int = 0  # of a warning: how often it is read, each time after the tone; 0 for everything else


@dataclass(frozen=True, slots=True)
class StoryScript:
    """A story as its approvers heard it: its sentences with their clips."""

    episode_id: int
    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class ToCompose:
    """What the write step needs for a bulletin: its own words, and the stories whose clips are there already."""

    greeting: str
    closing: str
    headlines: bool
    chimes: bool
    stories: tuple[StoryScript, ...]
    reading: dict[str, str | bool]
    edits: dict[str, str]
    disclosure_spoken: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class ToSpeak:
    """What the speak step needs. `voice` is asked for by name, or "" for the installation's order of preference."""

    voice: str
    fallback: str
    lines: tuple[tuple[str, int], ...]  # spoken, take
    recorded: tuple[Recording | None, ...] = ()  # by a person, line by line
    whole: Recording | None = None  # by a person, all of it
    passages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ToMaster:
    """What the master step needs: clips, pauses, and what goes into the file's tags."""

    episode_id: int
    version: int
    slug: str
    title: str
    station: str
    station_name: str
    topic: str
    date: datetime
    clips: tuple[str, ...]
    pauses_ms: tuple[int, ...]
    passages: tuple[int, ...]
    written: tuple[str, ...]
    roles: tuple[str, ...]
    disclosure: str
    speaker_tempo: float
    speaker_pauses: float
    chimes: tuple[str, ...] = ()  # before each sentence, by name; "" for none
    coda: tuple[str, ...] = ()  # the chimes that are heard last
    max_seconds: int | None = None  # of a bulletin for horns; longer ones are planned again


@dataclass(frozen=True, slots=True)
class MadeMaster:
    """A master whose bytes already lie under `key`."""

    kind: str
    name: str  # app.mp3
    key: str
    mime: str
    bytes: int
    sha256: str
    seconds: float
    lufs: float
    true_peak: float
    cues_ms: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Airing:
    """One hour on one day at which a station broadcasts; `day` is Vietnam's. `missed`: it passed unattended."""

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
class Offer:
    """A story that could go into a station's bulletin: its public version.

    `seconds`: how long its sentences take there, for horns. `pace`: how long a syllable of it takes, as it was spoken.
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


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A story that is not in a bulletin, and why, in Vietnamese."""

    episode_id: int
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a bulletin is made of: its own words, its stories in order; `seconds` is how long that is expected to be."""

    title: str
    greeting: str
    closing: str
    headlines: bool
    chimes: bool
    stories: tuple[Offer, ...]
    seconds: float
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A story in a bulletin. `newest` is its public version by now, None when it was withdrawn."""

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


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin as the desk sees it: its plan's newest revision, and the one that may be broadcast, if any."""

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
    left_out: tuple[LeftOut, ...]
    planned_by: str  # who made this revision of the plan
    approved_version: int | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An airing in the agenda: the bulletins made for it, by rung, and how they stand."""

    airing: Airing
    rungs: dict[Rung, State]


@dataclass(frozen=True, slots=True)
class Serving:
    """What a slot's address answers now. `master` None: the bed that lies in the package. `why` in Vietnamese."""

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
    since: datetime | None = None  # when it took the place of something else that was made for this airing
    items: tuple[PlanItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Aired:
    """A line of a station's log: an airing, what was broadcast or stood there at its end, and how its draft stands.

    `episode_id` 0: nothing approved; `rung` is then the bed. `draft` None: no bulletin was drafted.
    """

    airing: Airing
    rung: Rung
    draft: State | None
    episode_id: int = 0
    version: int = 0
    title: str = ""
    seconds: float = 0.0
    sha256: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """The one message about an airing that had nothing approved, or about a warning that waits for approval.

    `untold` are addresses still to be told; `link` is the path of the page where somebody can approve.
    """

    id: int
    station: str
    airing: Airing | None
    episode_id: int | None
    rung: Rung
    title: str
    text: str
    link: str
    made_at: datetime
    untold: tuple[str, ...]
    tries: int
    seen_by: str = ""
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewWarning:
    """A warning as it is handed in, beside its article. `approved_by` "" when somebody must hear it first."""

    expires_at: datetime
    times: int = 3
    approved_by: str = ""
    cap_id: str = ""
    severity: str = "Unknown"
    references: tuple[str, ...] = ()  # cap_id of the warnings that it replaces


@dataclass(frozen=True, slots=True)
class Urgent:
    """A warning and where it stands: `in_force` from its approval until it expires or is ended.

    `approved_by` is who approved what is in force, or beforehand what is still being read.
    """

    episode_id: int
    title: str
    stations: tuple[str, ...]
    state: State
    version: int
    times: int
    expires_at: datetime
    expired: bool
    received_at: datetime
    received_from: str
    severity: str
    cap_id: str
    in_force: bool
    approved_by: str
    ended_why: str
    held: Held | None

    @property
    def waits(self) -> bool:
        """Whether somebody must do something before it is heard: approve it, or mend what holds it."""
        live = not (self.expired or self.in_force or self.ended_why)
        return live and (self.held is not None or not self.approved_by or self.state is State.MASTERED)
