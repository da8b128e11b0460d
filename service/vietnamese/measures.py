"""What stands behind a figure: units, parts of them, and what they are given for."""

import re
from string import ascii_letters

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.kinds import FIGURE
from service.vietnamese.numbers import cardinal, digits, figure
from service.vietnamese.syllable import spell
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue
from service.vietnamese.unit_forms import rate_pattern, unit_pattern
from service.vietnamese.unit_senses import is_unit, meaning_here

LETTERS = frozenset(f"{ascii_letters}đĐ")
MONEY_FOLLOWS = frozenset(("tr", "Tr", "TR", "k", "K"))  # 10k VND
# What a sum is written with.
MONEY = frozenset(
    [
        "đ",
        "đồng",
        "nghìn",
        "ngàn",
        "triệu",
        "tỷ",
        "k",
        "K",
        "tr",
        "Tr",
        "VNĐ",
        "VND",
        "USD",
        "$",
    ]
)
MOST_RATES = 3  # a sum is given for: "/người/ngày/ca"
PARTED = ("tr", "m", "°", "o")  # 2tr5, 1m63, 38o5
CURRENCIES = frozenset(("$", "€", "£", "¥", "US", "USD", "EUR"))
_PRICE = re.compile(
    rf"(?P<currency>US\$|USD|EUR|[$€£¥])\s?(?P<sum>{FIGURE})(?P<magnitude>\s(?:nghìn|ngàn|triệu|tỷ))?(?![\w%])"
)
_PART = re.compile(r"\d{1,3}(?!\d|[.,]\d)")
_PER_FIGURE = re.compile(r"\s?/\s?(?=\d)")
_PER_ONE_OF = re.compile(r"\s?/\s?(?=0?1(?:\s?[^\W\d_]))")  # "25.000đ/01 suất"
_OF_A_YEAR = re.compile(r"/((?:19|20)\d\d)(?!\d)")
_PER_ONE = re.compile(r"\s?/\s?([A-ZĐ]{2,6})(?![\w&])")
_PER_WORD = re.compile(r"\s?/\s?([^\W\d_]{2,10})(?!\w)")


def measured(c: Context, said: str, end: int, rule: str) -> Said:
    """Adds the unit that stands right after a figure, and what belongs to it: 2tr5, 45 kg/ngày.

    The figure was said as `said`, by `rule`, and ends before token `end`.
    """
    place = c.tokens[end - 1].end
    unit = unit_pattern().match(c.text, place)
    if unit is None or not is_unit(c, end, unit):
        return _without_unit(c, said, end, rule)
    written = unit.group(1)
    spoken = meaning_here(c, end, unit) or tables.units()[written]
    said, place = f"{said} {spoken}", unit.end()
    for add in (_year_of_a_month, _part_of_a_unit, _currency, per):
        said, place = add(c, said, written, place)
    return Said(said, c.at(place, end), "unit")


def _year_of_a_month(c: Context, said: str, unit: str, place: int) -> tuple[str, int]:
    """9T/2025: "T" is a month before a year."""
    year = _OF_A_YEAR.match(c.text, place) if unit == "T" else None
    if year is None:
        return said, place
    return f"{said} năm {cardinal(int(year[1]), c.options.zero_tens)}", year.end()


def _part_of_a_unit(c: Context, said: str, unit: str, place: int) -> tuple[str, int]:
    """2tr5, 1m63: figures behind the unit."""
    part = _PART.match(c.text, place) if unit.lower() in PARTED else None
    if part is None:
        return said, place
    return f"{said} {_part(unit, part[0], c.options.zero_tens)}", part.end()


def _currency(c: Context, said: str, unit: str, place: int) -> tuple[str, int]:
    """10k VND, 5tr đồng: thousands and millions of what."""
    money = unit_pattern().match(c.text, place) if unit in MONEY_FOLLOWS else None
    if money is None:
        return said, place
    return f"{said} {tables.units()[money.group(1)]}", money.end()


def price(c: Context, i: int) -> Said | None:
    """ "$1.25", "USD 500", "US$ 2 tỷ": what is paid in stands before the sum,
    and is said after it.
    """
    match = _PRICE.match(c.text, c.tokens[i].start)
    previous = c.neighbour(i, -1)
    if (
        not match
        or (previous and previous.kind == "number")
        or unit_pattern().match(c.text, match.end())
    ):
        return None
    said = figure(match["sum"], c.options.zero_tens, "phẩy") + (
        match["magnitude"] or ""
    )
    return Said(
        f"{said} {tables.units()[match['currency']]}", c.at(match.end(), i), "unit"
    )


def _without_unit(c: Context, said: str, end: int, rule: str) -> Said:
    """A bare figure: a letter may touch it (30a), or what it is counted by (45/tháng)."""
    position = c.tokens[end - 1].end
    letter = c.tokens[end] if end < len(c.tokens) else None
    # 30a; "01ổ dịch" is one of them.
    glued = letter and letter.text in LETTERS and letter.start == position
    if letter and glued and not (letter.text in "xX" and between_figures(c, end)):
        return Said(f"{said} {spell(letter.text)}", end + 1, rule)
    counted = _PER_WORD.match(c.text, position)
    if counted and (counted[1] in cues(Cue.EACH) or counted[1] in tables.units()):
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
        elif (rate := _PER_ONE.match(c.text, position)) and (
            one := _counted_by(rate[1])
        ):
            said, unit = f"{said} một {one}", ""  # 936.000đ/HS/tháng
        else:
            break
        position = rate.end()
    if unit in MONEY and (match := _PER_ONE_OF.match(c.text, position)):
        position = match.end()
    elif unit and (match := _PER_FIGURE.match(c.text, position)):  # 200mm/24h
        said, position = f"{said} trên", match.end()
    return said, position


def _counted_by(abbreviation: str) -> str:
    """What a sum is given for each of, as HS in "đ/HS".

    "" where nobody knows, or where it is held against a plan.
    """
    readings = tables.abbreviations().get(abbreviation)
    if not readings or abbreviation in cues(Cue.PLAN):
        return ""
    usual = next((reading for reading in readings if not reading.needs), readings[0])
    return usual.spoken


def between_figures(c: Context, i: int) -> bool:
    """Whether a figure, or one with its unit, stands on either side."""
    right = c.neighbour(i, 1)
    # A figure, perhaps a unit, spaces
    near = [token.kind for token in c.tokens[max(0, i - 6) : i]]
    return bool(right and right.kind == "number" and "number" in near)
