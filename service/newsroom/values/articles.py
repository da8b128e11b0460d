"""News that comes in."""

from dataclasses import dataclass
from datetime import datetime

from service.newsroom.values.kinds import Priority


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
