"""What a portal's page carries besides its article: a table of lines,
each with what it is and how far it reaches.
"""

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from service.intake.limits import LONGEST_LINE_CHARS
from service.intake.lines import is_sentence, words
from service.intake.page.interface import is_interface
from service.intake.story import Why

LONGEST_CAPTION_WORDS = 12
MOST_PLACEHOLDER_WORDS = 6
# What portals hang counters and buttons in: "- Đã xem: 305", "| In trang".
PARTED = re.compile(r" [|•·] ")
HUNG = re.compile(r"[-–—•·*|] ?| ?[|·]$")
OF_TOOLS = frozenset((Why.COUNTER, Why.BUTTON))


class Extent(StrEnum):
    """How much a row takes with it."""

    LINE = "line"
    NEXT = "next"  # and the caption below
    CAPTION = "caption"  # may end like a sentence
    SECTION = "section"  # and what is below, up to the article if that comes later
    EDGE = "edge"  # a sentence of the page's frame: never within the article
    ASK = "ask"  # the same, and what is below as with a section: its answers


OF_FRAME = frozenset((Extent.EDGE, Extent.ASK))


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of line. `counter` is a line that looks alike and is none."""

    why: Why
    reach: Extent
    pattern: re.Pattern[str]
    example: str
    counter: str


INTERFACE = Row(Why.BUTTON, Extent.LINE, re.compile(r"(?!)"), "", "")


def furniture(text: str) -> Row | None:
    """What kind of furniture a line is; None when it may be part of an article.

    A sentence is none, whatever it begins with, but for those that only frames of pages hold.
    """
    # No portal's furniture is that long, and no pattern should look at a paragraph.
    if len(text) > LONGEST_LINE_CHARS:
        return None
    small = text.lower()
    sentence = is_sentence(text) and not _is_placeholder(text)
    for row in rows():
        # “Chia sẻ khó khăn với bà con, …” begins like a button: a whole sentence is never taken for
        # one.
        if sentence and not _may_be_sentence(row, text):
            continue
        if row.pattern.fullmatch(small):
            return row
    if sentence:
        return None
    return INTERFACE if is_interface(text) else _hung(small)


def _hung(small: str) -> Row | None:
    """The counters and buttons that stand in one line: "- Đã xem: 305", "Thích: 3 | Chia sẻ: 1"."""
    bare = (HUNG.sub("", piece, count=1) for piece in PARTED.split(small))
    pieces = [piece for piece in bare if piece]
    tools = [_tool(piece) for piece in pieces]
    return tools[0] if tools and pieces != [small] and all(tools) else None


def _is_placeholder(text: str) -> bool:
    """ "Viết bình luận của bạn...": what stands in an empty field."""
    return text.endswith(("...", "…")) and words(text) <= MOST_PLACEHOLDER_WORDS


def _tool(small: str) -> Row | None:
    """The counter or button that a line is without the mark in which it hangs.

    No other row: "- Địa chỉ: …" is an item of an article.
    """
    tools = (row for row in rows() if row.why in OF_TOOLS)
    return next((row for row in tools if row.pattern.fullmatch(small)), None)


def entry(text: str) -> Row | None:
    """The row of a menu's entry that stands behind a bullet: "• Trang chủ"."""
    small = HUNG.sub("", text, count=1).lower()
    menu = (row for row in rows() if row.why is Why.MENU)
    return next((row for row in menu if row.pattern.fullmatch(small)), None)


def _may_be_sentence(row: Row, text: str) -> bool:
    short = words(text) <= LONGEST_CAPTION_WORDS
    return row.reach in OF_FRAME or (row.reach is Extent.CAPTION and short)


@cache
def rows() -> tuple[Row, ...]:
    """The table, in its order: the first that fits decides."""
    text = (files("service.intake.page") / "furniture.tsv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("# "))
    return tuple(
        Row(Why(why), Extent(reach), re.compile(pattern), example, counter)
        for why, reach, pattern, example, counter in csv.reader(
            lines, delimiter="\t", quoting=csv.QUOTE_NONE
        )
    )
