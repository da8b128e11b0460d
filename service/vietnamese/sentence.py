"""The values of the reading: passages in, sentences with their spoken form and every change out."""

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a passage is on the page: headings are followed by a longer pause than paragraphs."""

    TITLE = "title"
    LEAD = "lead"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LINE = "line"  # one of several short ones in a row: of a poem, a list, a table
    # Said at the end of everything, and only once where several are put together
    CLOSING = "closing"


class Passage(NamedTuple):
    """A stretch of written text that stands by itself: a title, a lead, a paragraph."""

    text: str
    role: Role = Role.PARAGRAPH


class Options(NamedTuple):
    """How this station reads, where regions differ.

    The defaults are the conventions of docs/reading.md.
    """

    zero_tens: str = "lẻ"  # 105: "một trăm lẻ năm"; or "linh"
    # 05-CT/TW: "xê tê trên tê vê kép", but nothing before "của Bộ Chính trị"; or always "spelled";
    # or "dropped"
    party_codes: str = "usual"
    # Unknown foreign words: respelled for a Vietnamese voice; or "given", as they are
    foreign: str = "spelled"
    mung: bool = False  # days 1-10: "mùng hai" instead of "hai"
    minutes: bool = False  # 7h30: "bảy giờ ba mươi phút" instead of "bảy giờ ba mươi"


class Term(NamedTuple):
    """An entry of the pronunciation dictionary: whole words only.

    A station's own win over global ones.
    """

    written: str
    spoken: str
    match_case: bool = True
    note: str = ""


class Change(NamedTuple):
    """`written[start:end]` of a sentence became `spoken` by `rule`; `doubt` asks an editor to look.

    `rivals` are the other words it may stand for, the likeliest first.
    """

    start: int
    end: int
    written: str
    spoken: str
    rule: str
    doubt: bool = False
    rivals: tuple[str, ...] = ()


class Sentence(NamedTuple):
    """What is shown and what is said: `pause_ms` is the silence after it in the `app` master."""

    written: str
    spoken: str
    pause_ms: int
    changes: tuple[Change, ...] = ()
    passage: int = 0
