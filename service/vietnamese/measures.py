"""What stands behind a figure: units, parts of them, and what they are given for."""

import re
from collections.abc import Callable
from functools import cache
from string import ascii_letters
from typing import NamedTuple

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.kinds import FIGURE
from service.vietnamese.numbers import cardinal, digits, figure
from service.vietnamese.rules import Sign, first_verdict
from service.vietnamese.syllable import spell
from service.vietnamese.tables import cues

LETTERS = frozenset(f"{ascii_letters}đĐ")
MONEY_FOLLOWS = frozenset(("tr", "Tr", "TR", "k", "K"))  # 10k VND
BEFORE_A_FIGURE = frozenset(("tr", "Tr", "TR", "p", "m", "o"))  # 2tr5, 3p20s, 1m63
MONEY = frozenset(
    ["đ", "đồng", "nghìn", "ngàn", "triệu", "tỷ", "k", "K", "tr", "Tr", "VNĐ", "VND", "USD", "$"]
)  # what a sum is written with
FEVER = range(35, 43)  # degrees of a body: 38o5
LONGEST_MINUTES = 4  # digits
MOST_RATES = 3  # a sum is given for: "/người/ngày/ca"
BEST_MARK = 10  # of an examination
PARTED = ("tr", "m", "°", "o")  # 2tr5, 1m63, 38o5
CURRENCIES = frozenset(("$", "€", "£", "¥", "US", "USD", "EUR"))
SELDOM_UNITS = frozenset(
    ["o", "N", "E", "p", "A", "H", "K", "CV", "SP", "WP", "EC", "SC", "WG", "WDG", "SL", "GR", "ND"]
)  # see NO_UNITS
AMBIGUOUS = frozenset(["t", "T", "tr", "m2", "m3", "GB", "K", "g", "đ", "Đ"])  # see MEANINGS
GLUED_ONLY = frozenset(
    ("SP", "WP", "EC", "SC", "WG", "WDG", "SL", "GR", "ND")
)  # 95SP, of a pesticide
_PRICE = re.compile(
    rf"(?P<currency>US\$|USD|EUR|[$€£¥])\s?(?P<sum>{FIGURE})(?P<magnitude>\s(?:nghìn|ngàn|triệu|tỷ))?(?![\w%])"
)
_OF_THE_CLOCK = re.compile(r"\d[hg]\d{0,2}\s?[-–]\s?\d{1,2}$")
_PLAIN = re.compile(r"\d{1,2}(?:\.\d{1,2})?")
_PART = re.compile(r"\d{1,3}(?!\d|[.,]\d)")
_PER_FIGURE = re.compile(r"\s?/\s?(?=\d)")
_PER_ONE_OF = re.compile(r"\s?/\s?(?=0?1(?:\s?[^\W\d_]))")  # "25.000đ/01 suất"
_OF_A_YEAR = re.compile(r"/((?:19|20)\d\d)(?!\d)")
_PER_ONE = re.compile(r"\s?/\s?([A-ZĐ]{2,6})(?![\w&])")
_PER_WORD = re.compile(r"\s?/\s?([^\W\d_]{2,10})(?!\w)")


def measured(c: Context, said: str, end: int, rule: str) -> Said:
    """Adds the unit that stands right after a figure, and "/ngày" or "/kg" after that."""
    position = c.tokens[end - 1].end
    unit = unit_pattern().match(c.text, position)
    if unit is None or not _is_unit(c, end, unit):
        return _without_unit(c, said, end, rule)
    written = unit.group(1)
    unit_said = _in_context(c, end, unit) or tables.units()[written]
    said, position = f"{said} {unit_said}", unit.end()
    if written == "T" and (year := _OF_A_YEAR.match(c.text, position)):  # 9T/2025
        said, position = f"{said} năm {cardinal(int(year[1]), c.options.zero_tens)}", year.end()
    if part := _PART.match(c.text, position) if written.lower() in PARTED else None:
        said, position = f"{said} {_part(written, part[0], c.options.zero_tens)}", part.end()
    if written in MONEY_FOLLOWS and (
        money := unit_pattern().match(c.text, position)
    ):  # 10k VND, 5tr đồng
        said, position = f"{said} {tables.units()[money.group(1)]}", money.end()
    said, position = per(c, said, written, position)
    return Said(said, c.at(position, end), "unit")


def price(c: Context, i: int) -> Said | None:
    """ "$1.25", "USD 500", "US$ 2 tỷ": what is paid in stands before the sum, and is said after it."""
    found = _PRICE.match(c.text, c.tokens[i].start)
    previous = c.neighbour(i, -1)
    if (
        not found
        or (previous and previous.kind == "number")
        or unit_pattern().match(c.text, found.end())
    ):
        return None
    said = figure(found["sum"], c.options.zero_tens, "phẩy") + (found["magnitude"] or "")
    return Said(f"{said} {tables.units()[found['currency']]}", c.at(found.end(), i), "unit")


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

    def follows(self, tells: str, count: int = 3) -> bool:
        """Whether one of the last words before the figure is such a cue."""
        return not cues(tells).isdisjoint(self.c.before(self.end - 1, count).split())

    def near(self, tells: str) -> bool:
        """Whether such a cue stands anywhere near."""
        around = self.c.near(self.end - 1)
        return any(f" {cue} " in around for cue in cues(tells))


def _is_unit(c: Context, end: int, match: re.Match[str]) -> bool:
    """Whether a letter is a unit here: 16A (a house is 125A), 7H (a class is 7H), 500K (5K is a slogan)."""
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
        lambda unit: unit.written == "A" and not unit.follows("electric"),
        "nhà 125A",
        "nhà một trăm hai mươi lăm a",
    ),
    Sign(
        "H but of the clock",
        True,
        lambda unit: unit.written == "H" and unit.c.before(unit.end - 1) not in cues("clock"),
        "nhà 7H",
        "nhà bảy hát",
    ),
    Sign(
        "K of a slogan, of gold",
        True,
        lambda unit: unit.written == "K" and (len(unit.figure) == 1 or unit.follows("no money")),
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
        lambda unit: unit.written == "CV" and not unit.near("engine"),
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
        lambda unit: unit.written in ("t", "T") and unit.follows("loaded"),
        "tấn",
        "xe 5T",
        "xe năm tấn",
    ),
    Meaning(
        "of age",
        lambda unit: unit.written in ("t", "T") and unit.follows("aged"),
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
        lambda unit: unit.written == "GB" and unit.near("beds"),
        "giường bệnh",
        "bệnh viện 250 GB",
        "bệnh viện hai trăm năm mươi giường bệnh",
    ),
    Meaning(
        "of a race",
        lambda unit: unit.written == "K" and unit.follows("run", 6),
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


def _in_context(c: Context, end: int, match: re.Match[str]) -> str:
    """What a unit is where it is not what its row says; else ""."""
    if match[1] not in AMBIGUOUS:
        return ""
    unit = Unit(c, end, match)
    return next((meaning.spoken for meaning in MEANINGS if meaning.holds(unit)), "")


def _is_age(unit: Unit) -> bool:
    """Whether "67t" is an age: it stands alone, after a person."""
    alone = unit.c.text.startswith((",", ")", " -"), unit.match.end())
    return alone and unit.follows("person", 6)


def _is_in_brackets(unit: Unit) -> bool:
    left, right = unit.c.beside(unit.end - 1, -1), unit.c.beside(unit.end, 1)
    return bool(left and right and left.text == "(" and right.text in "),")


def _is_a_height(unit: Unit) -> bool:
    return len(unit.figure) == 1 and unit.follows("tall")


def _ends_a_span_of_hours(unit: Unit) -> bool:
    start = unit.c.tokens[unit.end - 1].end
    return _OF_THE_CLOCK.search(unit.c.text, max(0, start - 12), start) is not None


def _is_a_mark(unit: Unit) -> bool:
    """9,25đ is no money, which has no decimals; 9đ is a mark where marks are told of."""
    value = unit.figure.replace(",", ".")
    if not _PLAIN.fullmatch(value) or float(value) > BEST_MARK:
        return False
    return "," in unit.figure or unit.near("marks")


def _without_unit(c: Context, said: str, end: int, rule: str) -> Said:
    """A bare figure: a letter may touch it (30a), or what it is counted by (45/tháng)."""
    position = c.tokens[end - 1].end
    letter = c.tokens[end] if end < len(c.tokens) else None
    glued = (
        letter and letter.text in LETTERS and letter.start == position
    )  # 30a; "01ổ dịch" is one of them
    if letter and glued and not (letter.text in "xX" and between_figures(c, end)):
        return Said(f"{said} {spell(letter.text)}", end + 1, rule)
    counted = _PER_WORD.match(c.text, position)
    if counted and (counted[1] in cues("each") or counted[1] in tables.units()):
        said, position = per(c, said, "", position)
        return Said(said, c.at(position, end), "unit")
    return Said(said, end, rule)


def _part(unit: str, text: str, zero_tens: str) -> str:
    """What follows a unit as its part: 2tr5 is 2.500.000, 1m63 is a metre sixty-three."""
    if unit.lower() == "tr":
        return f"{cardinal(int(text.ljust(3, '0')), zero_tens)} nghìn"
    return digits(text) if text[0] == "0" else cardinal(int(text), zero_tens)


def per(c: Context, said: str, unit: str, position: int) -> tuple[str, int]:
    """Adds "/kg" or "/người/năm": "một ki lô gam", "một người một năm"; "trên" before figures."""
    for _ in range(MOST_RATES):
        if rate := rate_pattern().match(c.text, position):
            said += f" một {tables.units().get(rate[1], rate[1])}"
        elif (rate := _PER_ONE.match(c.text, position)) and (one := _counted_by(rate[1])):
            said, unit = f"{said} một {one}", ""  # 936.000đ/HS/tháng
        else:
            break
        position = rate.end()
    if unit in MONEY and (found := _PER_ONE_OF.match(c.text, position)):
        position = found.end()
    elif unit and (found := _PER_FIGURE.match(c.text, position)):  # 200mm/24h
        said, position = f"{said} trên", found.end()
    return said, position


def _counted_by(abbreviation: str) -> str:
    """What a sum is given for each of, as HS in "đ/HS"; "" where nobody knows, or where it is held against a plan."""
    readings = tables.abbreviations().get(abbreviation)
    if not readings or abbreviation in cues("plan"):
        return ""
    usual = next((reading for reading in readings if not reading.needs), readings[0])
    return usual.spoken


def between_figures(c: Context, i: int) -> bool:
    """Whether a figure, or one with its unit, stands on either side."""
    right = c.neighbour(i, 1)
    near = [token.kind for token in c.tokens[max(0, i - 6) : i]]  # a figure, perhaps a unit, spaces
    return bool(right and right.kind == "number" and "number" in near)


@cache
def unit_pattern() -> re.Pattern[str]:
    """A unit right after a figure, with at most one space between."""
    forms = sorted(tables.units(), key=len, reverse=True)
    ends = {
        form: r"(?:(?![^\W\d_])|(?=x\d))" if form in BEFORE_A_FIGURE else r"(?![^\W_])"
        for form in forms
    }
    ends["đ"] = ends["Đ"] = r"(?![^\W_]|/[vcVC](?!\w))"  # "25 đ/v" and "3 Đ/C" are people
    written = "|".join(
        re.escape(form) + (ends[form] if form[-1].isalnum() else "") for form in forms
    )
    initials = re.escape("".join({form[0] for form in forms}))
    return re.compile(rf"\s?(?=[{initials}])({written})")


@cache
def rate_pattern() -> re.Pattern[str]:
    """What a price or speed is given for: /kg, /ngày."""
    forms = "|".join(
        re.escape(form)
        for form in sorted(tables.units(), key=len, reverse=True)
        if form[-1].isalnum()
    )
    return re.compile(
        rf"\s?/\s?((?:{forms})(?!\w)|[a-zà-ỹđ]{{2,10}}(?: [a-zà-ỹđ]{{2,10}}(?=/))?(?!\w))"
    )
