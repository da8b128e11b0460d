"""What a feed is made of: plain values, with every address absolute and every time aware."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """A show. `link` is its page for people, `address` its feed, `guid` its name in Podcasting 2.0."""

    title: str
    description: str
    link: str
    address: str
    image: str
    author: str
    guid: str
    email: str = ""
    language: str = "vi"
    category: str = "News"


@dataclass(frozen=True, slots=True)
class Item:
    """An episode in a feed. `bytes` is the sound's true length, `seconds` its duration."""

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
    chapters: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of a transcript: milliseconds of the finished file."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled place in an episode."""

    start_ms: int
    title: str
