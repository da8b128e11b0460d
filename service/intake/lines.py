"""A line of a page or a text, and what can be seen of it alone."""

import re
from dataclasses import dataclass
from enum import StrEnum

END_MARKS = ".!?…"
CLOSERS = "”\"'’»)]"
ITEM = re.compile(
    r"(?:[-–—+*•●▪►✔☑]|\d{1,2}[.)]|\d{1,2}\.\d{1,2}\.?|[a-zđ]\)|[IVX]{1,4}\.)\s?\S.*"
)
LABEL = re.compile(r"[^\W\d_][^:.!?]{1,40}:\s?\S.*")
SHORTEST_SENTENCE_WORDS = 5
LONG_CHARS = 80


class Mark(StrEnum):
    """What the portal's own HTML says a line is."""

    NONE = ""
    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    AUTHOR = "author"
    DATE = "date"
    TOPIC = "topic"
    CAPTION = "caption"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. What follows `text` is known of HTML alone.

    `heading` is 1 to 6 for <h1> to <h6>, else 0; `linked` the share of its letters that are links;
    `inside` whether it stands in what the page marks as its article, `aside` in a menu, a side
    column, a footer; `pictured` right below a picture; `strong` in bold letters. `block` is the
    same for lines that stand in the same element, 0 where that is not known.
    """

    text: str
    mark: Mark = Mark.NONE
    heading: int = 0
    linked: float = 0.0
    inside: bool = False
    aside: bool = False
    pictured: bool = False
    strong: bool = False
    block: int = 0


def words(text: str) -> int:
    """How many words a line has."""
    return len(text.split())


def last_mark(text: str) -> str:
    """The mark that a line ends with, quotation marks and brackets put aside.

    "" when it ends with a word.
    """
    ending = text.rstrip(CLOSERS + " /")[-1:]
    return ending if ending and not ending.isalnum() else ""


def is_sentence(text: str) -> bool:
    """Whether a line is one or more whole sentences, and so no furniture of a page."""
    return (
        last_mark(text) in END_MARKS
        and last_mark(text) != ""
        and (words(text) >= SHORTEST_SENTENCE_WORDS)
    )


def is_open(text: str) -> bool:
    """Whether a line ends in the middle: "… như sau:", "… gồm có;"."""
    return last_mark(text) in {":", ";", ","}


def is_item(text: str) -> bool:
    """ "1. Thời gian", "- Như trên": an item of a list."""
    return ITEM.fullmatch(text) is not None and len(text) > 4


def is_label(text: str) -> bool:
    """ "Thời gian: 8 giờ": a name of something, and what it is."""
    return LABEL.fullmatch(text) is not None


def is_capitals(text: str) -> bool:
    """Whether nothing is in small letters."""
    return text.isupper() and sum(map(str.isalpha, text)) >= 4


def is_name(text: str) -> bool:
    """Whether it could be a person's name: two to five words, each with one capital at its head."""
    parts = text.split()
    return 2 <= len(parts) <= 5 and all(
        part[0].isupper() and part.isalpha() and not part[1:].isupper()
        for part in parts
    )
