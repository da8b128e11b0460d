"""News that comes in."""

import hashlib
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime
from enum import StrEnum

from service.newsroom.values.kinds import Priority
from service.newsroom.values.rules import News


class ArticleDoubt(StrEnum):
    """Why somebody should look at an article as a whole before it is heard.

    A source that is trusted publishes only what has none. All but the last four are given by
    intake.
    """

    ENCODING = "encoding"  # it was converted from another encoding (TCVN3, VNI, windows-1258, …)
    LOST_LETTERS = (
        "lost_letters"  # "Th?ng b?o": letters were lost on the way, nobody can mend it
    )
    SCRIPT_WALL = "script_wall"  # "You need to enable JavaScript to run this app."
    SOFT_404 = "soft_404"  # a page that says that there is no such page
    NO_DATE = "no_date"  # a page whose date was not seen
    UNSURE_TITLE = "unsure_title"  # several lines could be the title
    UNSURE_BODY = (
        "unsure_body"  # lines near the article may belong to it, or to the page
    )
    SOURCE = "source"  # it comes from a polled source that is not trusted
    SHRUNK = "shrunk"  # less than half of what the revision before said
    UNKNOWN_SYLLABLES = "unknown_syllables"  # more than a fifth is no Vietnamese
    CORRECTION_LOST = (
        "correction_lost"  # what was mended here no longer has a place in it
    )


@dataclass(frozen=True, slots=True)
class OmittedLine:
    """A line that came with an article and is not read. `why` is one of intake's reasons.

    `before` is the paragraph (counted from 0) before which it stood: there it goes when an editor
    takes it back.
    """

    text: str
    why: str
    before: int = 0


class SourceKind(StrEnum):
    """What kind of sender an article comes from."""

    KEY = "key"  # a program
    PERSON = "person"  # a login
    FEED = "feed"
    HOOK = "hook"  # a portal that pushes
    HOUSE = "house"  # the command line, samples


@dataclass(frozen=True, slots=True)
class Source:
    """Where articles come from: the same external id from another source is another article."""

    kind: SourceKind
    name: str


@dataclass(frozen=True, slots=True)
class Placement:
    """At which stations (slugs, the home first) a version is heard, and how it counts there.

    It belongs to the version: whoever approves the version approves it for these.
    """

    stations: tuple[str, ...]
    priority: Priority = Priority.NORMAL
    evergreen: bool = False


# What is shown with an article and not heard, and what people call it: a change of it is noted at
# once, without a new version.
SHOWN_BESIDE = {
    "byline": "tác giả",
    "published_at": "thời gian đăng",
    "picture": "ảnh",
    "picture_caption": "chú thích ảnh",
}


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What is told of an article, whether it comes in or is here:
    what a Story says, and how it counts.
    """

    title: str
    paragraphs: tuple[str, ...]
    _: KW_ONLY
    lead: str = ""
    byline: str = ""
    topic: str = ""
    published_at: datetime | None = None
    url: str = ""
    picture: str = ""  # the address of the one that is shown with it
    picture_caption: str = ""
    views: int | None = None  # as the portal itself counts them
    external_id: str = ""
    priority: Priority = Priority.NORMAL
    evergreen: bool = (
        False  # a notice that is never old: kept for hours that have nothing else
    )
    left_out: tuple[OmittedLine, ...] = ()
    doubts: tuple[ArticleDoubt, ...] = ()


@dataclass(frozen=True, slots=True)
class NewArticle(ArticleText):
    """An article as it is handed in, for the stations with these slugs, its home first."""

    digest: str
    stations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an article handed in.

    `approved_before` is the version that was approved with this very text, when there is one.
    """

    article_id: int
    episode_id: int
    news: News
    approved_before: int | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another article of these days that says nearly the same: its episode,
    and the share that they have in common.
    """

    episode_id: int
    title: str
    station_name: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleText):
    """The newest revision of an article.

    Its placement is that of the newest version, in force or not.
    """

    id: int
    revision: int
    received_at: datetime
    stations: tuple[str, ...]
    episode_id: int

    @property
    def mark(self) -> str:
        """Tells this state of the article from any other, but for how often a portal's readers saw
        it.
        """
        told = repr(replace(self, views=None))
        return hashlib.sha256(told.encode()).hexdigest()[:MARK_CHARS]


MARK_CHARS = 16  # of a digest: nobody's edit has another's by chance
BY_TERM = "term"  # the rule of a change that the dictionary asked for
CHOSEN = "chosen"  # the rule of a change whose reading an editor chose among rivals


@dataclass(frozen=True, slots=True)
class Change:
    """Part of a sentence that is said otherwise than it is written,
    by which rule, and whether to look at it.

    `rivals` are the other words it may stand for, the likeliest first. The rule CHOSEN is an
    editor's choice among them.
    """

    start: int
    end: int
    written: str
    spoken: str
    rule: str
    doubt: bool = False
    rivals: Sequence[str] = ()
