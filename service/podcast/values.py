"""What a feed is made of: plain values, with every address absolute and every time aware."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Who had a part in a show or an episode; `role` and `group` are of the podcast taxonomy."""

    name: str
    role: str
    group: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often to expect something new: an RFC 5545 rule, and the same in words."""

    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class Paging:
    """The other documents of a feed (RFC 5005): `older` and `newer` than this one,
    "" where there is none.

    `archived` marks a document that is full: nothing will be added to it.
    """

    current: str
    last: str
    older: str = ""
    newer: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A show. `link` is its page for people, `address` its feed, `guid` its name in Podcasting 2.0.

    `hub` is told of news (WebSub); `moved_to` is the feed's address from now on, when the show
    moves.
    """

    title: str
    description: str
    link: str
    address: str
    image: str
    author: str
    guid: str
    email: str = ""
    language: str = "vi"
    category: tuple[str, str] = ("News", "Daily News")
    place: str = ""
    country: str = "VN"
    people: tuple[Person, ...] = ()
    frequency: Frequency | None = None
    by_machine: bool = True  # read aloud by a machine
    hub: str = ""
    moved_to: str = ""
    paging: Paging | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A line that a reader of the item must not miss, with a link to more."""

    text: str
    link: str
    label: str


@dataclass(frozen=True, slots=True)
class Lite:
    """The same sound in fewer bytes; `sha256` is hexadecimal."""

    address: str
    mime: str
    bytes: int
    seconds: float
    sha256: str
    title: str


@dataclass(frozen=True, slots=True)
class Item:
    """An episode in a feed. `bytes` is the sound's true length, `seconds` its duration.

    `season` and `number` are for what is counted: the bulletins of a year.
    """

    guid: str
    title: str
    summary: str
    text: str
    link: str
    published_at: datetime
    sound: str
    mime: str
    bytes: int
    seconds: float
    image: str = ""
    transcript: str = ""
    transcript_page: str = ""
    chapters: str = ""
    author: str = ""
    notes: tuple[Note, ...] = ()
    lite: Lite | None = None
    people: tuple[Person, ...] = ()
    season: int | None = None
    number: int | None = None
    by_machine: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of a transcript: milliseconds of the finished file,
    and the paragraph it belongs to.
    """

    start_ms: int
    end_ms: int
    text: str
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled place in an episode."""

    start_ms: int
    title: str
