"""a/b: a day, a fraction, a share or a count, by what stands around it."""

import re

from service.vietnamese.context import Context, Said, words
from service.vietnamese.dates import (
    ALWAYS,
    AMOUNTS,
    BEFORE_DAY,
    COUNTED,
    HOUSES,
    LARGEST_PART,
    SHARED,
    after_the_hour,
    day,
    in_a_calendar,
    is_day,
    of_a_range_of_parts,
)
from service.vietnamese.measures import measured, unit_pattern
from service.vietnamese.numbers import cardinal, figure, integer, month, ordinal, part
from service.vietnamese.scores import is_score_of_a_set

PRESSURE = words("áp ha")  # huyết áp 13/8
ABOUT = ("gần", "hơn", "khoảng", "quá")
LONGEST_MONTH = 2  # digits
# What a share counts whole, as "3/5 thôn"; of an amount it is a fraction, as "1/5 số hộ".
WHOLE_COUNTED = COUNTED - words("số diện dân tổng lượng")
_DAYS_AND_MONTH = re.compile(r"([0-3]?\d),([0-3]?\d)\s?/\s?(0?[1-9]|1[0-2])")


def ratio(c: Context, i: int) -> Said:
    """a/b: a date, a fraction, a share or a count, by what stands around it."""
    over, under = c.tokens[i].parts["over"], c.tokens[i].parts["under"]
    zero_tens = c.options.zero_tens
    before = c.before(i)
    a, b = integer(over), integer(under)
    if before in BEFORE_DAY and (
        days := _DAYS_AND_MONTH.fullmatch(c.tokens[i].text)
    ):  # "ngày 01,02/9"
        said = f"{cardinal(int(days[1]))}, {cardinal(int(days[2]))} tháng {month(int(days[3]))}"
        return Said(said, i + 1, "date")
    if a is not None and b is not None and a < b <= LARGEST_PART and (mixed := _mixed(c, i)):
        return mixed
    if a is not None and b is not None and len(under) <= LONGEST_MONTH:
        if not of_a_range_of_parts(c, i) and _is_date(c, i, a, b):
            return Said(day(c, i, a, b), i + 1, "date")
        if is_score_of_a_set(c, i):
            return Said(f"{figure(over, zero_tens)} {figure(under, zero_tens)}", i + 1, "number")
        if _can_be_nothing_else(c, i, a, b):
            return Said(day(c, i, a, b), i + 1, "date")
    if (
        a is not None and b is not None and len(over) == 4 and b in (a + 1, (a + 1) % 100)
    ):  # 2025/2026, 2025/26
        return Said(f"{figure(over, zero_tens)} {figure(under, zero_tens)}", i + 1, "number")
    if before == "thứ" and a is not None:
        said = f"{ordinal(a)} trên {figure(under, zero_tens)}"
    elif a is not None and b is not None and _is_fraction(c, i, a, b):
        said = part(over, under, zero_tens)
    else:
        said = f"{figure(over, zero_tens)} trên {figure(under, zero_tens)}"
    return measured(c, said, i + 1, "ratio")


def _is_date(c: Context, i: int, a: int, b: int) -> bool:
    """A day by what stands around it, or 05/3 by the way it is written."""
    if is_day(c, i, a, b):
        return True
    written = after_the_hour(c, i) or (c.tokens[i].text[0] == "0" and c.after(i) not in COUNTED)
    return written and in_a_calendar(a, b)


def _can_be_nothing_else(c: Context, i: int, a: int, b: int) -> bool:
    """29/11 is more than its whole, and no address: a day."""
    following = c.after(i)
    return (
        b < a
        and in_a_calendar(a, b)
        and (a, b) != ALWAYS
        and c.before(i) not in HOUSES | AMOUNTS | PRESSURE
        and "lệ" not in c.before(i, 2)
        and following not in COUNTED
        and unit_pattern().match(c.text, c.tokens[i].end) is None
    )


def _mixed(c: Context, i: int) -> Said | None:
    """The part of "5 1/2"."""
    whole = c.tokens[i - 2] if i > 1 else None
    if not (whole and whole.kind == "number" and c.tokens[i - 1].kind == "space"):
        return None
    over, under = c.tokens[i].parts["over"], c.tokens[i].parts["under"]
    return measured(c, f"và {part(over, under, c.options.zero_tens)}", i + 1, "ratio")


def _is_fraction(c: Context, i: int, a: int, b: int) -> bool:
    """ "1/5 số hộ" is a fifth; "3/5 thôn" and "7/9 huy chương" are counts, "ngõ 3/5" an address."""
    before, following = c.before(i), c.after(i)
    previous = c.neighbour(i, -1)
    beside = (
        previous.text.lower() if previous else ""
    )  # "2/3 dân số, 3/4 diện tích": no number of a house
    if before == "vòng" and a == 1:  # 1/16
        return True
    if not 0 < a < b <= LARGEST_PART or ("lệ" in before and following != "số") or beside in HOUSES:
        return False
    if following in WHOLE_COUNTED:
        return (
            before in ABOUT and b <= 5
        )  # "khoảng 2/3 hộ dân": who counts them one by one need not guess
    part = b <= 5 or following in SHARED or before in (*ABOUT, "chiếm")
    return (
        part
        or not following[:1].isalpha()
        or unit_pattern().match(c.text, c.tokens[i].end) is not None
    )
