"""How words are said: entries, what listeners report, what is tried."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.newsroom.values.rules import AuditionState


@dataclass(frozen=True, slots=True)
class Term:
    """How a written form is said, whole words only, at a station or everywhere (`station` "").

    `engine` "" is every voice; else only voices of that engine are told so.
    """

    written: str
    spoken: str
    station: str = ""
    match_case: bool = True
    note: str = ""
    id: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None
    engine: str = ""


def said_by(engine: str, terms: Iterable[Term]) -> list[Term]:
    """The entries that a voice of this engine is told, one for each written form.

    A station's own win over those for everywhere; of one place, those for the engine.
    """
    own = [term for term in terms if term.engine in ("", engine)]
    own.sort(key=lambda term: (bool(term.station), bool(term.engine)))
    return list({term.written: term for term in own}.values())


@dataclass(frozen=True, slots=True)
class MendedSentence:
    """A sentence that an editor had said otherwise, at a station."""

    station: str
    written: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Mention:
    """An episode in which a written form stands, and in which of its sentences."""

    episode_id: int
    title: str
    station: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Misreading:
    """A place that listeners say was read wrongly: in which sentence,
    which word ("" for all of it), how often.

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
    """What became of a few words somebody wanted to hear:
    `clip` once it is ready, else perhaps an error.
    """

    spoken: str
    voice: str
    state: AuditionState
    clip: str
    error: str
