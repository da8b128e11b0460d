"""What a unit is where it is no unit, or another than its row says:
125A is a house, "67t" an age.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from service.vietnamese.context import Context
from service.vietnamese.rules import Sign, first_verdict
from service.vietnamese.tables import cues, mentions
from service.vietnamese.tables.cue import Cue

FEVER = range(35, 43)  # degrees of a body: 38o5
LONGEST_MINUTES = 4  # digits
BEST_MARK = 10  # of an examination
# See NO_UNITS.
SELDOM_UNITS = frozenset(
    [
        "o",
        "N",
        "E",
        "p",
        "A",
        "H",
        "K",
        "CV",
        "SP",
        "WP",
        "EC",
        "SC",
        "WG",
        "WDG",
        "SL",
        "GR",
        "ND",
    ]
)
# See MEANINGS
AMBIGUOUS = frozenset(["t", "T", "tr", "m2", "m3", "GB", "K", "g", "đ", "Đ"])
# 95SP, of a pesticide.
GLUED_ONLY = frozenset(("SP", "WP", "EC", "SC", "WG", "WDG", "SL", "GR", "ND"))
_OF_THE_CLOCK = re.compile(r"\d[hg]\d{0,2}\s?[-–]\s?\d{1,2}$")
_PLAIN = re.compile(r"\d{1,2}(?:\.\d{1,2})?")


class Unit(NamedTuple):
    """A unit right after a figure: how it is written, and what stands around the two."""

    c: Context
    end: int
    match: re.Match[str]

    @property
    def written(self) -> str:
        """Without the space before it."""
        return self.match[1]

    @property
    def is_glued(self) -> bool:
        """Whether it touches the figure."""
        return self.match[0] == self.match[1]

    @property
    def figure(self) -> str:
        """What it counts, as it is written."""
        return self.c.tokens[self.end - 1].text

    def follows(self, tells: Cue, count: int = 3) -> bool:
        """Whether one of the last words before the figure is such a cue."""
        return not cues(tells).isdisjoint(self.c.before(self.end - 1, count).split())

    def near(self, tells: Cue) -> bool:
        """Whether such a cue stands anywhere near."""
        return mentions(self.c.near(self.end - 1), tells)


def is_unit(c: Context, end: int, match: re.Match[str]) -> bool:
    """Whether a letter is a unit here: 16A (a house is 125A),
    7H (a class is 7H), 500K (5K is a slogan).
    """
    if match[1] not in SELDOM_UNITS:
        return True
    return not first_verdict(NO_UNITS, Unit(c, end, match))


# What is written as a unit, and is none where the sign holds.
NO_UNITS: tuple[Sign[Unit], ...] = (
    Sign(
        "o but of a fever",
        True,
        lambda unit: (
            unit.written == "o"
            and not (
                unit.figure in map(str, FEVER)
                and unit.c.text[unit.match.end() : unit.match.end() + 1].isdigit()
            )
        ),
        "sốt 38o5",
        "sốt ba mươi tám độ năm",
    ),
    Sign(
        "N and E but of a place",
        True,
        lambda unit: unit.written in ("N", "E") and unit.figure.isdigit(),
        "tổ 5N",
        "tổ năm nờ",
    ),
    Sign(
        "p of a picture",
        True,
        lambda unit: unit.written == "p" and len(unit.figure) >= LONGEST_MINUTES,
        "phim 1080p",
        "phim một nghìn không trăm tám mươi pê",
    ),
    Sign(
        "A but of a current",
        True,
        lambda unit: unit.written == "A" and not unit.follows(Cue.ELECTRIC),
        "nhà 125A",
        "nhà một trăm hai mươi lăm a",
    ),
    Sign(
        "H but of the clock",
        True,
        lambda unit: (
            unit.written == "H" and unit.c.before(unit.end - 1) not in cues(Cue.CLOCK)
        ),
        "nhà 7H",
        "nhà bảy hát",
    ),
    Sign(
        "K of a slogan, of gold",
        True,
        lambda unit: (
            unit.written == "K"
            and (len(unit.figure) == 1 or unit.follows(Cue.NO_MONEY))
        ),
        "thông điệp 5K",
        "thông điệp năm ca",
    ),
    Sign(
        "letters of a pesticide, apart",
        True,
        lambda unit: unit.written in GLUED_ONLY and not unit.is_glued,
        "có 12 SP",
        "có mười hai sản phẩm",
    ),
    Sign(
        "CV but of an engine",
        True,
        lambda unit: unit.written == "CV" and not unit.near(Cue.ENGINE),
        "gửi 90 CV",
        "gửi chín mươi công văn",
    ),
)


class Meaning(NamedTuple):
    """What a unit is where it is not what its row says."""

    name: str
    holds: Callable[[Unit], bool]
    spoken: str
    example: str
    reading: str


# Read from above: the first that holds is meant.
MEANINGS = (
    Meaning(
        "of age, alone",
        lambda unit: unit.match[0] in ("t", "T") and _is_age(unit),
        "tuổi",
        "Bà Hà Thị Mỷ, 67t, ở thôn 3",
        "Bà Hà Thị Mỷ, sáu mươi bảy tuổi, ở thôn ba",
    ),
    Meaning(
        "of age, in brackets",
        lambda unit: unit.written in ("t", "T") and _is_in_brackets(unit),
        "tuổi",
        "bà Mỷ (78t)",
        "bà Mỷ, bảy mươi tám tuổi",
    ),
    Meaning(
        "tonnes",
        lambda unit: unit.written in ("t", "T") and unit.follows(Cue.LOADED),
        "tấn",
        "xe 5T",
        "xe năm tấn",
    ),
    Meaning(
        "of age",
        lambda unit: unit.written in ("t", "T") and unit.follows(Cue.AGED),
        "tuổi",
        "trẻ 5T",
        "trẻ năm tuổi",
    ),
    Meaning(
        "pages",
        lambda unit: (
            unit.written == "tr"
            and unit.c.text.startswith(".", unit.match.end())
            and " sách " in unit.c.near(unit.end - 1)
        ),
        "trang",
        "sách dày 320 tr.",
        "sách dày ba trăm hai mươi trang.",
    ),
    Meaning(
        "a metre twenty",
        lambda unit: unit.match[0] == "m2" and _is_a_height(unit),
        "mét hai",
        "trẻ cao 1m2",
        "trẻ cao một mét hai",
    ),
    Meaning(
        "a metre thirty",
        lambda unit: unit.match[0] == "m3" and _is_a_height(unit),
        "mét ba",
        "trẻ cao 1m3",
        "trẻ cao một mét ba",
    ),
    Meaning(
        "beds",
        lambda unit: unit.written == "GB" and unit.near(Cue.BEDS),
        "giường bệnh",
        "bệnh viện 250 GB",
        "bệnh viện hai trăm năm mươi giường bệnh",
    ),
    Meaning(
        "of a race",
        lambda unit: unit.written == "K" and unit.follows(Cue.RUN, 6),
        "ki lô mét",
        "chạy cự ly 10K",
        "chạy cự ly mười ki lô mét",
    ),
    Meaning(
        "of the clock",
        lambda unit: unit.match[0] == "g" and _ends_a_span_of_hours(unit),
        "giờ",
        "từ 7g - 11g",
        "từ bảy giờ đến mười một giờ",
    ),
    Meaning(
        "marks of an examination",
        lambda unit: unit.written in ("đ", "Đ") and _is_a_mark(unit),
        "điểm",
        "đạt 9,25đ môn Toán",
        "đạt chín phẩy hai năm điểm môn Toán",
    ),
)


def meaning_here(c: Context, end: int, match: re.Match[str]) -> str:
    """What a unit is where it is not what its row says; else ""."""
    if match[1] not in AMBIGUOUS:
        return ""
    unit = Unit(c, end, match)
    return next((meaning.spoken for meaning in MEANINGS if meaning.holds(unit)), "")


def _is_age(unit: Unit) -> bool:
    """Whether "67t" is an age: it stands alone, after a person."""
    alone = unit.c.text.startswith((",", ")", " -"), unit.match.end())
    return alone and unit.follows(Cue.PERSON, 6)


def _is_in_brackets(unit: Unit) -> bool:
    left, right = unit.c.beside(unit.end - 1, -1), unit.c.beside(unit.end, 1)
    return bool(left and right and left.text == "(" and right.text in "),")


def _is_a_height(unit: Unit) -> bool:
    return len(unit.figure) == 1 and unit.follows(Cue.TALL)


def _ends_a_span_of_hours(unit: Unit) -> bool:
    start = unit.c.tokens[unit.end - 1].end
    return _OF_THE_CLOCK.search(unit.c.text, max(0, start - 12), start) is not None


def _is_a_mark(unit: Unit) -> bool:
    """9,25đ is no money, which has no decimals; 9đ is a mark where marks are told of."""
    value = unit.figure.replace(",", ".")
    if not _PLAIN.fullmatch(value) or float(value) > BEST_MARK:
        return False
    return "," in unit.figure or unit.near(Cue.MARKS)
