"""A Story is what intake hands on: news as people wrote it, without the page it stood on."""

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Doubt(StrEnum):
    """Why an editor should look at the whole article.

    The newsroom's ArticleDoubt has the same names.
    """

    ENCODING = "encoding"  # it was converted from another encoding
    LOST_LETTERS = "lost_letters"  # "Th?ng b?o": nobody can mend it
    SCRIPT_WALL = "script_wall"  # "You need to enable JavaScript to run this app."
    SOFT_404 = "soft_404"  # it says that there is no such page
    NO_DATE = "no_date"  # of a page: a typed text needs none
    UNSURE_TITLE = "unsure_title"  # several lines could be the title
    UNSURE_BODY = (
        "unsure_body"  # lines near the article may belong to it, or to the page
    )


class Why(StrEnum):
    """Why a line that came with an article is not read."""

    MENU = "menu"  # the portal's name, its menu, the way to this page
    DATELINE = "dateline"  # it became `published_at`, or is another time of the page
    COUNTER = "counter"  # views, ratings, marks
    BUTTON = "button"  # print, share, size of letters
    CAPTION = "caption"  # of a picture
    ATTACHMENT = "attachment"
    BYLINE = "byline"  # it became `byline`, or names a source
    TOPIC = "topic"  # it became `topic`
    RELATED = "related"  # titles of other news, and all below
    COMMENTS = "comments"
    WIDGET = "widget"  # weather, polls, links, statistics
    FOOTER = "footer"  # who is responsible, address, licence
    LETTERHEAD = "letterhead"  # of an official document
    SIGNATURE = "signature"  # of a document or an e-mail, and to whom it went
    MAIL = "mail"  # headers and greeting of an e-mail, and what it quotes
    POST = "post"  # marks of a social network
    CROSSED_OUT = "crossed_out"  # <s>, <del>
    COUNT = "count"  # the number of a table's row
    CUE = "cue"  # "(Nhạc cắt)": what the studio does meanwhile
    REPEATED = "repeated"  # the title once more
    OUTSIDE = "outside"  # it stands away from the article, and nothing says what it is


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that is not read. `before` is the paragraph (from 0) before which it stood."""

    text: str
    why: Why
    before: int = 0


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """What was made of a picture: JPEG by name (large, card, cover).

    `digest` is that of what it was made of, SHA-256 in hexadecimal; `width` and `height` (pixels)
    are those of the large one.
    """

    digest: str
    width: int
    height: int
    sizes: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Story:
    """One piece of news.

    Every text is NFC and stripped; `published_at` is aware (Asia/Ho_Chi_Minh if unsaid).

    `title` is never empty, and `lead` and `paragraphs` together hold at least one sentence.
    `byline` and `topic` are shown, not read aloud, as are the picture behind the address `picture`
    and its caption; each is "" when the page named none. `views` is how often its portal says it
    was read. `left_out` holds every line that came in and is not read, in its order; `doubts` why
    somebody should look. `enclosed` is the picture that lay in the file itself, which has no
    address until somebody keeps it.
    """

    title: str
    paragraphs: tuple[str, ...]
    lead: str = ""
    byline: str = ""
    topic: str = ""
    published_at: datetime | None = None
    url: str = ""
    picture: str = ""
    picture_caption: str = ""
    views: int | None = None
    left_out: tuple[LeftOut, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    enclosed: SmallPicture | None = None

    @property
    def digest(self) -> str:
        """SHA-256 hex of all that a reader sees: the same story twice has the same digest."""
        parts = [self.title, self.lead, *self.paragraphs, self.byline, self.topic]
        parts.append(self.published_at.isoformat() if self.published_at else "")
        text = "\x1f".join(unicodedata.normalize("NFC", part) for part in parts)
        return hashlib.sha256(text.encode()).hexdigest()

    def with_line(self, number: int) -> "Story":
        """The story with a line that was left out (counted from 0) read after all,
        where it stood.
        """
        line = self.left_out[number]
        paragraphs = list(self.paragraphs)
        paragraphs.insert(min(line.before, len(paragraphs)), line.text)
        below = [
            replace(other, before=other.before + (other.before >= line.before))
            for other in self.left_out[number + 1 :]
        ]
        left_out = (*self.left_out[:number], *below)
        return replace(self, paragraphs=tuple(paragraphs), left_out=left_out)


@dataclass(frozen=True, slots=True)
class Given:
    """What the sender says about the news; it wins over what the text seems to say.

    Times are ISO 8601.

    Each field is one of Story's of the same name.
    """

    title: str = ""
    lead: str = ""
    topic: str = ""
    byline: str = ""
    url: str = ""
    picture: str = ""
    picture_caption: str = ""
    published_at: str = ""


# Fields that are addresses of the web.
ADDRESSES = frozenset(("url", "picture"))


class Rejected(ValueError):
    """What came in cannot become a Story.

    `field` names the input at fault (`body`, `title`, `url`, `format`, `published_at`, …), `reason`
    is a stable code in snake_case, and the message tells the sender, in English, what happened and
    what to do. `message_vi` says the same to an editor.
    """

    def __init__(self, field: str, reason: str, message: str, message_vi: str) -> None:
        super().__init__(message)
        self.field = field
        self.reason = reason
        self.message_vi = message_vi
