"""What the line loads and saves."""

from dataclasses import dataclass
from datetime import datetime

from service.newsroom.errors import Refusal
from service.newsroom.values.episodes import Sentence
from service.newsroom.values.kinds import Standing, Step, Use
from service.newsroom.values.rules import Fallback
from service.newsroom.values.words import Term


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job: proof, with its owner, that this worker may do this step of this version.

    An audition, a recording or a source has no episode: `episode_id` and `version` are 0, and
    `audition_id`, `recording_id` or `source_id` names it. `deaths` are workers that died of it,
    `waits` how often the house could not do it.
    """

    id: int
    step: Step
    episode_id: int
    version: int
    attempts: int
    owner: str
    audition_id: int = 0
    recording_id: int = 0
    deaths: int = 0
    waits: int = 0
    source_id: int = 0


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
    # What the original was found to be; "" before it was looked at, or when nobody can say
    mime: str = ""

    @property
    def by(self) -> str:
        """Who reads, in words."""
        return self.announcer or "người đọc"


@dataclass(frozen=True, slots=True)
class ToRecord:
    """What the record step needs: the recording,
    and the text that is read in it ("" where nobody knows).
    """

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
    # Of a warning: how often it is read, each time after the tone; 0 for everything else
    alarms: int = 0
    voice: str = ""  # who will read it, "" for the installation's order of preference


@dataclass(frozen=True, slots=True)
class StoryScript:
    """A story as its approvers heard it: its sentences with their clips."""

    episode_id: int
    title: str
    sentences: tuple[Sentence, ...]
    twice: bool = False


@dataclass(frozen=True, slots=True)
class ToCompose:
    """What the write step needs for a bulletin: its own words,
    and the stories whose clips are there already.
    """

    greeting: str
    closing: str
    headlines: bool
    chimes: bool
    stories: tuple[StoryScript, ...]
    reading: dict[str, str | bool]
    edits: dict[str, str]
    disclosure_spoken: str
    terms: tuple[Term, ...]
    voice: str = ""


@dataclass(frozen=True, slots=True)
class ToSpeak:
    """What the speak step needs.

    `voice` is asked for by name, or "" for the installation's order of preference.
    """

    voice: str
    fallback: Fallback
    lines: tuple[tuple[str, int], ...]  # spoken, take
    recorded: tuple[Recording | None, ...] = ()  # by a person, line by line
    whole: Recording | None = None  # by a person, all of it
    passages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ScriptSound:
    """One clip of an episode, in order: a sentence, or all that one recording says at a stretch."""

    clip: str
    pause_ms: int  # after it
    passage: int
    written: str
    role: str
    chime: str = ""  # heard before it, by name; "" for none


@dataclass(frozen=True, slots=True)
class ToMaster:
    """What the master step needs: what is heard, and what goes into the file's tags."""

    episode_id: int
    version: int
    slug: str
    title: str
    station: str
    station_name: str
    topic: str
    date: datetime
    sounds: tuple[ScriptSound, ...]
    disclosure: str
    speaker_tempo: float
    speaker_pauses: float
    speaker_lead_in: float
    coda: str = (
        ""  # the chime that is heard last; the bed as often as there is room for
    )
    max_seconds: int | None = (
        None  # of a bulletin for horns; longer ones are planned again
    )


@dataclass(frozen=True, slots=True)
class KeptMaster:
    """A file of a version as its row tells it: what must lie in the store under `key`."""

    episode_id: int
    version: int
    kind: str
    key: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class MadeMaster:
    """A master, or a text that goes with it, whose bytes already lie under `key`.

    `cues_ms` are the times of the sentences in it.
    """

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
    label: str = ""
    target_lufs: float | None = None  # None for what is no sound
    band_lu: float = 0.0
